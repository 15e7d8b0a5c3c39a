"""A series keeps several scripts; a recap may be asked of one of them."""

import pytest

from assistant.app import App
from assistant.errors import NotFound
from assistant.store import Draft
from assistant.workflows.episodes import episode_of

TITLES = {"salt-101.fountain": "Salt - Episode 1: Low Tide", "salt-102.fountain": "Salt - Episode 2: The Pilot"}


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> App:
    """Two episodes; the first came in a second time, changed."""
    folder = tmp_path_factory.mktemp("series")
    app = App.init(folder / "salt", "Salt")
    for name, title in TITLES.items():
        path = folder / name
        path.write_text(
            f"Title: {title}\n\nINT. QUAY - DAY\n\nThe bell of {title[-5:]} rings over wet stone.\n", "utf-8"
        )
        app.ingest(path)
    again = folder / "salt-101.fountain"
    again.write_text(again.read_text("utf-8").replace("wet stone", "dry stone"), "utf-8")
    app.ingest(again)
    app.ingest(folder / "salt-102.fountain")
    return app


@pytest.mark.parametrize(
    ("episode", "words"),
    [
        ("1", "dry stone"),
        ("episode 1", "dry stone"),
        ("E02", "Pilot rings"),
        ("the pilot", "Pilot rings"),
        ("", "stone"),
    ],
)
def test_an_episode_is_retold_by_number_or_name(series: App, episode: str, words: str) -> None:
    given = series.talk("ann").recap(episode=episode)
    assert words in given.text and not given.cut


def test_an_episode_that_is_not_there_names_those_that_are(series: App) -> None:
    with pytest.raises(NotFound, match="episode 7") as caught:
        series.talk("ann").recap(episode="7")
    assert "Low Tide" in caught.value.hint and "The Pilot" in caught.value.hint


@pytest.mark.parametrize(
    ("wanted", "seq"),
    [("3", 1), ("12", 2), ("1", None), ("2", None), ("Ep. 03", 1), ("1x12", 2), ("dawn", 2), ("s01e03", 1)],
)
def test_numbers_are_whole_and_stand_after_a_mark(wanted: str, seq: int | None) -> None:
    drafts = [
        Draft(1, "a", "show_s01e03.fountain", "Show 2", "", ""),
        Draft(2, "b", "show-ep12-dawn.fdx", "", "", ""),
    ]
    if seq is None:
        with pytest.raises(NotFound):
            episode_of(drafts, wanted)
    else:
        assert episode_of(drafts, wanted).seq == seq
