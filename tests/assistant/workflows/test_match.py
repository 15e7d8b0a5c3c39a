"""What must match, from a stored board to the call sheet: each pair of scenes on both its days, and no other."""

from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from assistant.app import App
from assistant.domain.schedule import DayPlan, Schedule
from assistant.exports.boards.pdf import callsheet
from assistant.exports.continuity.matching import match_rows
from assistant.store.schedules import Board
from assistant.workflows.schedule_book import board_book
from tests.conftest import ROOT

FERRY = ROOT / "examples" / "the-ferry" / "the-ferry.fountain"
DAYS = (["14", "16", "30"], ["15", "13"], ["12", "12A", "1"])


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    """The example, read for continuity, on a board of three days."""
    made = App.init(tmp_path_factory.mktemp("match"), "Match")
    made.breakdown(FERRY)
    made.supervisor().run()
    keep(made, DAYS)
    return made


def keep(app: App, days: tuple[list[str], ...]) -> Board:
    """A board of these scenes, the rest in the boneyard."""
    named = {scene.label: scene.ordinal for scene in app.store.screenplay(1).scenes if not scene.omitted}
    plans = tuple(
        DayPlan(date(2026, 12, at), tuple(named[label] for label in labels)) for at, labels in enumerate(days, start=1)
    )
    placed = {ordinal for plan in plans for ordinal in plan.scenes}
    left = tuple(ordinal for ordinal in named.values() if ordinal not in placed)
    app.boards.kept.keep(1, Schedule(plans, left), {"lower_bound": 0, "bound_how": "none"}, "made")
    return app.boards.kept.board(None)


def rows(app: App, day: int) -> dict[tuple[str, str], dict[str, object]]:
    """The list of a day by its pairs of scenes."""
    board = app.boards.kept.board(None)
    told = match_rows(app.store.screenplay(1), app.supervisor().known_match(board, str(day)))
    return {(row["scene"], row["other"]): row for row in told}


def test_each_pair_stands_on_both_its_days(app: App) -> None:
    lists = {day: rows(app, day) for day in (1, 2, 3)}
    assert lists[1]["14", "15"]["place"] == "after" and lists[1]["14", "15"]["shot"] == "to be shot on day 2"
    assert lists[2]["15", "14"]["place"] == "before" and lists[2]["15", "14"]["shot"] == "shot on day 1"
    assert lists[1]["14", "15"]["items"] == lists[2]["15", "14"]["items"]
    pairs = {(scene, other) for found in lists.values() for scene, other in found}
    assert pairs == {(other, scene) for scene, other in pairs}


def test_a_run_cut_apart_is_a_direct_cut_and_a_flashback_is_no_neighbour(app: App) -> None:
    assert rows(app, 1)["14", "15"]["link"] == "direct cut"
    assert not any("16" in pair for day in (1, 2, 3) for pair in rows(app, day))


def test_scenes_of_one_day_and_things_that_are_gone_are_left_out(app: App) -> None:
    assert ("12", "12A") not in rows(app, 3)
    values = [item["what"] for day in (1, 2, 3) for row in rows(app, day).values() for item in row["items"]]  # type: ignore[attr-defined]
    assert values and not any(str(value).endswith(("given away", "put down", "taken off")) for value in values)


def test_the_supervisor_and_the_board_agree(app: App) -> None:
    watch = app.supervisor()
    plan = watch.scheduled(1)
    assert {day: len(scenes) for day, scenes in plan.items()} == {"1": 3, "2": 2, "3": 3}
    by_hand = [note for note in watch.match(1, plan) if note.day == "2"]
    assert tuple(by_hand) == watch.known_match(app.boards.kept.board(None), "2")


def test_the_call_sheet_carries_the_list(app: App) -> None:
    board = app.boards.kept.board(None)
    book = board_book(app.boards.problem_of(board), board, app.book(1))
    told = match_rows(app.store.screenplay(1), app.supervisor().known_match(board, "2"))
    text = words_of(callsheet(book, 2, told))
    assert "MUST MATCH" in text and "Sc. 14, the scene before it" in text and "shot on day 1" in text
    assert "MUST MATCH" not in words_of(callsheet(book, 2))


def words_of(paper: bytes) -> str:
    """All words of a PDF in one line."""
    document = pypdfium2.PdfDocument(paper)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def test_without_continuity_there_is_no_list(tmp_path: Path) -> None:
    bare = App.init(tmp_path / "bare", "Bare")
    bare.breakdown(FERRY)
    assert bare.supervisor().known_match(keep(bare, DAYS), "1") == ()
