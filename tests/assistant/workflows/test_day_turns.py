"""Script days read by a model: turns with a quote are taken where the script states no time, and only there."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.app import App
from assistant.continuity import script_days, windows
from assistant.screenplay import parse
from tests.assistant.workflows.making import NOBODY, cutting, fenced, model
from tests.conftest import ROOT
from tests.loopback import Loopback, Reply, Request

DAYS = ROOT / "evals" / "data" / "continuity_days.jsonl"
PINNED = {"models": {"pin": {**NOBODY, "continuity": "onprem/mine"}, "concurrency": 2}}
SCRIPT = """INT. BAKERY - DAY

MARTA (40) kneads dough.

MARTA
Tomorrow, then.

INT. BAKERY - DAY

Marta, in a fresh apron, stacks yesterday's loaves.

INT. BAKERY - CONTINUOUS

She counts them.

INT. ORCHARD - DAY

A girl of six, Marta's eyes, climbs a tree that was felled long ago.

INT. ORCHARD - DAY

The girl falls.

INT. BAKERY - DAY

Marta looks up.

INT. CELLAR - NIGHT

The day after, flour everywhere.

EXT. YARD - DAY

Chickens.
"""
GOLD = ["D1", "D2", "D2", "X1", "X1", "D2", "N3", "D4"]
RULES = ["D1", "D1", "D1", "D1", "D1", "D1", "N2", "D3"]
QUOTES = {
    2: "stacks yesterday's loaves",
    3: "She counts them",
    4: "a tree that was felled long ago",
    5: None,
    7: "The day after",
}


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


def made(folder: Path, server: Loopback, text: str = SCRIPT) -> tuple[App, int]:
    """A production with the script, whose continuity is asked of a model of the server."""
    app = App.init(folder / "p", "Made", PINNED)
    app.write_models({"models": {"onprem/mine": model(server, "mine")}})
    path = folder / "made.fountain"
    path.write_text(text, encoding="utf-8")
    return app, app.store.add_draft(parse(path), "made.fountain").seq


def asked_for(request: Request) -> list[int]:
    """The ordinals of a question about days."""
    return [int(one) for one in re.findall(r"^\[(\d+)\]", fenced(request, "scenes"), re.MULTILINE)]


def answering(labels: list[str], quotes: dict[int, str | None]) -> Callable[[Request], str]:
    """A model that has these labels and quotes in mind; of states it says nothing."""

    def reply(request: Request) -> str:
        ordinals = asked_for(request)
        rows = [
            {"scene": one, "day": labels[one - 1], "quote": quotes.get(one), "why": f"read in {one}"}
            for one in ordinals
        ]
        return json.dumps({"days": rows} if ordinals else {"states": [], "conflicts": []})

    return reply


def labels_of(app: App, seq: int) -> list[str]:
    """Each scene's script day."""
    return [day.label for day in app.supervisor().days(seq)]


def test_rules_alone_see_what_is_said(tmp_path: Path) -> None:
    path = tmp_path / "made.fountain"
    path.write_text(SCRIPT, encoding="utf-8")
    assert [day.label for day in script_days(parse(path))] == RULES


def test_a_good_answer_is_merged_with_the_rules(tmp_path: Path, server: Loopback) -> None:
    app, seq = made(tmp_path, server)
    server.script("mine", Reply(text=answering(GOLD, QUOTES)))
    found = app.supervisor().run(seq)
    assert [day.label for day in found.days] == GOLD
    turn = found.days[1]
    assert (turn.reason, turn.source.model) == ("read in 2", "onprem/mine")
    assert turn.quote is not None and turn.quote.text == "stacks yesterday's loaves"
    assert found.days[6].source.model == "builtin/rules"  # the words say it: a fact needs no model
    assert labels_of(app, seq) == GOLD  # kept: asked of nobody
    assert app.book(seq).script_days[4] == "X1"


def test_what_was_answered_is_not_asked_again(tmp_path: Path, server: Loopback) -> None:
    app, seq = made(tmp_path, server)
    server.script("mine", Reply(text=answering(GOLD, QUOTES)))
    app.supervisor().run(seq)
    before = len(server.requests)
    app.supervisor().run(seq)
    assert len(server.requests) == before


def test_a_person_has_the_last_word(tmp_path: Path, server: Loopback) -> None:
    app, seq = made(tmp_path, server)
    server.script("mine", Reply(text=answering(GOLD, QUOTES)))
    watch = app.supervisor()
    watch.set_day(seq, 2, "D1")
    assert [day.label for day in watch.run(seq).days] == ["D1", "D1", "D1", "X1", "X1", "D1", "N2", "D3"]


def test_continuous_is_a_fact_whatever_a_model_says(tmp_path: Path, server: Loopback) -> None:
    app, seq = made(tmp_path, server)
    wrong = ["D1", "D2", "D3", "X1", "X1", "D3", "N4", "D5"]
    server.script("mine", Reply(text=answering(wrong, QUOTES)))
    assert [day.label for day in app.supervisor().run(seq).days] == GOLD


@pytest.mark.parametrize(
    ("labels", "quotes"),
    [
        (GOLD, {2: "three weeks later", 4: "she remembers", 5: "still remembering", 7: "much later"}),  # not there
        (GOLD, {2: "INT. BAKERY - DAY", 4: None, 7: None}),  # headings are read by rules
        (["D9", "D8", "D7", "D6", "D5", "D4", "D3", "D2"], QUOTES),  # backwards
        (["Monday"] * 8, QUOTES),  # no script days
    ],
)
def test_lies_leave_the_rules_alone(
    tmp_path: Path, server: Loopback, labels: list[str], quotes: dict[int, str | None]
) -> None:
    app, seq = made(tmp_path, server)
    server.script("mine", Reply(text=answering(labels, quotes)))
    found = app.supervisor().run(seq)
    assert [day.label for day in found.days] == RULES
    assert {day.source.model for day in found.days} == {"builtin/rules"}


def test_invented_quotes_are_counted(tmp_path: Path, server: Loopback) -> None:
    app, seq = made(tmp_path, server)
    server.script("mine", Reply(text=answering(GOLD, {**QUOTES, 2: "three weeks later"})))
    found = app.supervisor().run(seq)
    assert [day.label for day in found.days][:4] == ["D1", "D1", "D1", "X1"] and found.rejected == 1


def test_an_answer_that_breaks_off_is_asked_for_in_halves(tmp_path: Path, server: Loopback) -> None:
    app, seq = made(tmp_path, server)
    whole = answering(GOLD, QUOTES)

    def short(request: Request) -> str:
        return whole(request) if len(asked_for(request)) <= 3 else '{"days": [{"scene": 1, "da'

    server.script("mine", cutting(short))
    assert [day.label for day in app.supervisor().run(seq).days] == GOLD


def test_a_model_that_never_comes_to_an_end_leaves_the_rules(tmp_path: Path, server: Loopback) -> None:
    app, seq = made(tmp_path, server)
    whole = answering(GOLD, QUOTES)
    server.script("mine", cutting(lambda request: '{"days": [' if asked_for(request) else whole(request)))
    assert [day.label for day in app.supervisor().run(seq).days] == RULES


def test_windows_share_a_scene_and_lose_none(tmp_path: Path) -> None:
    path = tmp_path / "made.fountain"
    path.write_text(SCRIPT, encoding="utf-8")
    scenes = parse(path).scenes
    for most, longest in ((200, 24), (100_000, 3), (1, 2)):
        cut = list(windows(scenes, most, longest))
        assert [one.ordinal for window in cut for one in window.scenes[window.follows :]] == list(range(1, 9))
        assert all(a.scenes[-1] is b.scenes[0] for a, b in zip(cut, cut[1:], strict=False))


def test_words_of_the_scene_before_may_say_it(tmp_path: Path, server: Loopback) -> None:
    app, seq = made(tmp_path, server)
    server.script("mine", Reply(text=answering(GOLD, {**QUOTES, 2: "Tomorrow, then."})))
    day = app.supervisor().run(seq).days[1]
    assert day.label == "D2" and day.quote is not None and day.quote.scene == 1


def test_unsaid_nights_are_read_by_a_model_that_knows_them(tmp_path: Path, server: Loopback, corpus: Path) -> None:
    """The annotated script whose nights the rules can not count: a model that answers from the annotation."""
    rows = [json.loads(line) for line in DAYS.read_text(encoding="utf-8").splitlines()]
    row = next(row for row in rows if row.get("script") == "seoul-identity")
    gold = {int(scene): label for scene, label in row["days"].items()}
    app, seq = made(tmp_path, server)
    script = parse(corpus / row["file"])
    seq = app.store.add_draft(script, "seoul.fountain").seq
    last = gold[max(gold)]
    labels = [gold.get(scene.ordinal, last) for scene in script.scenes]

    def quote(ordinal: int) -> str | None:
        lines = [line.text for line in script.scene(ordinal).lines[1:] if line.kind in {"action", "dialogue"}]
        return next((text for text in lines if len(text) > 20), None)

    quotes = {scene.ordinal: quote(scene.ordinal) for scene in script.scenes}
    server.script("mine", Reply(text=answering(labels, quotes)))
    found = {day.scene: day.label for day in app.supervisor().run(seq).days}
    assert sum(found[scene] == label for scene, label in gold.items()) >= 0.95 * len(gold)


def test_long_scripts_are_joined_from_windows(tmp_path: Path, server: Loopback) -> None:
    text = (
        SCRIPT
        + "\n".join(f"\nINT. ROOM {n} - DAY\n\nNobody." for n in range(30))
        + "\n\nINT. ATTIC - DAY\n\nA week on.\n"
    )
    app, seq = made(tmp_path, server, text)
    labels = [*GOLD, *["D4"] * 30, "D5"]

    def local(request: Request) -> str:
        """Days counted from 1 in each window, as a model that sees only the window does."""
        rows = json.loads(answering(labels, {**QUOTES, 39: "A week on"})(request))
        first = min((int(row["day"][1:]) for row in rows.get("days", []) if row["day"][0] in "DN"), default=1) - 1
        for row in rows.get("days", []):
            row["day"] = row["day"][0] + str(int(row["day"][1:]) - (first if row["day"][0] in "DN" else 0))
        return json.dumps(rows)

    server.script("mine", Reply(text=local))
    assert [day.label for day in app.supervisor().run(seq).days] == labels
    assert sum(bool(asked_for(request)) for request in server.requests) == 2
