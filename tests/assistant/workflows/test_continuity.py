"""Continuity with a model behind it: gold is found, lies are refuted by quotes, people's words outlive the draft."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.app import App
from assistant.domain.screenplay import Screenplay
from assistant.errors import NotFound, SettingsError
from assistant.screenplay import characters, parse
from evals.data.continuity_mutations import PLANTS, Planted, Stage
from tests.assistant.workflows.making import NOBODY, cutting, fenced, model
from tests.conftest import ROOT
from tests.loopback import Loopback, Reply, Request

FERRY = ROOT / "examples" / "the-ferry" / "the-ferry.fountain"
PINNED = {"models": {"pin": {**NOBODY, "continuity": "onprem/mine"}, "concurrency": 4}}


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


def asked(folder: Path, server: Loopback, **row: Any) -> App:
    """A production whose continuity is asked of a model of the server."""
    app = App.init(folder, "Made", PINNED)
    app.write_models({"models": {"onprem/mine": model(server, "mine", **row)}})
    return app


def stored(app: App, script: Screenplay, sha: str = "f" * 64) -> int:
    """A script as a draft, without an index."""
    return app.store.add_draft(replace(script, sha256=sha), "made.fountain").seq


def unlike(one: Planted, gold: list[Planted]) -> bool:
    """Neither the same words nor the same kind in the same scene: each conflict must be one of its own."""
    return all(one.what != other.what and (one.kind, one.scenes[1]) != (other.kind, other.scenes[1]) for other in gold)


def days_told(request: Request) -> str:
    """A model that leaves every day to the rules, or nothing where it is not asked for days."""
    ordinals = re.findall(r"^\[(\d+)\]", fenced(request, "scenes"), re.MULTILINE)
    return json.dumps({"days": [{"scene": int(one), "day": "D1", "quote": None, "why": ""} for one in ordinals]})


def but(reply: Any) -> Any:
    """A model that answers about states as it is told, and leaves the days to the rules."""

    def answer(request: Request) -> str:
        if fenced(request, "scenes"):
            return days_told(request)
        return reply if isinstance(reply, str) else str(reply(request))

    return answer


def all_planted() -> tuple[Screenplay, list[Planted]]:
    """The example with one conflict of each kind in it that finds a place, all at once."""
    script = parse(FERRY)
    gold: list[Planted] = []
    for seed, plant in enumerate(PLANTS * 2):
        if plant.__name__ in {"inside_out", "headed", "twice", "renamed", "light"}:  # not two action lines
            continue
        people = [one for one in characters(script) if one.name in {"NORA", "IDA", "WIN", "OSKAR", "PETER"}]
        one = plant(Stage(script, people, random.Random(seed)))
        if one is not None and unlike(one, gold):
            script, _ = one.script, gold.append(one)
    return script, gold


def oracle(script: Screenplay, gold: list[Planted]) -> Any:
    """A model that reports each planted conflict where it is shown both its scenes, word for word."""

    def line_with(ordinal: int, mark: str) -> str:
        texts = [line.text for line in script.scene(ordinal).lines]
        return next(text for text in reversed(texts) if mark in text)

    def reply(request: Request) -> str:
        ordinal = int(re.search(r"This is scene (\d+)", request.json["messages"][-1]["content"])[1])  # type: ignore[index]
        shown = {int(number) for number in re.findall(r"^\[(\d+)\]", fenced(request, "earlier"), re.MULTILINE)}
        told = [
            {
                "kind": one.kind,
                "severity": "high",
                "subject": "NORA" if "NORA" in script.scene(ordinal).text.upper() else "it",
                "what": one.what,
                "earlier_scene": one.scenes[0],
                "earlier_quote": line_with(one.scenes[0], one.marks[0]),
                "quote": line_with(ordinal, one.marks[1]),
            }
            for one in gold
            if one.scenes[1] == ordinal and (one.scenes[0] in shown or one.scenes[0] == ordinal)
        ]
        return json.dumps({"states": [], "conflicts": told})

    return reply


def test_gold_is_found(tmp_path: Path, server: Loopback) -> None:
    script, gold = all_planted()
    app = asked(tmp_path / "p", server)
    seq = stored(app, script)
    server.script("mine", Reply(text=but(oracle(script, gold))))
    found = app.supervisor().run(seq)
    hit = [one for one in gold if any(item.scenes == one.scenes and item.kind == one.kind for item in found.conflicts)]
    assert len(gold) >= 10
    assert len(hit) >= 0.95 * len(gold), [one.what for one in gold if one not in hit]
    assert {item.source.model for item in found.conflicts} == {"onprem/mine"}


def lie(request: Request) -> str:
    """A model that invents quotes, quotes scenes it was not shown, and calls a thing its own contradiction."""
    ordinal = int(re.search(r"This is scene (\d+)", request.json["messages"][-1]["content"])[1])  # type: ignore[index]
    text = fenced(request, "scene").splitlines()[-1]
    base = {"kind": "prop", "severity": "high", "subject": "lantern", "what": "It is there twice."}
    invented = base | {"earlier_scene": 1, "earlier_quote": "a zebra walks in", "quote": text}
    unshown = base | {"earlier_scene": 999, "earlier_quote": text, "quote": text}
    itself = base | {"earlier_scene": ordinal, "earlier_quote": text, "quote": text}
    state = {"subject": "NORA", "kind": "wound", "value": "left eye: gone", "quote": "she has lost her left eye"}
    return json.dumps({"states": [state], "conflicts": [invented, unshown, itself]})


def test_lies_are_refuted_by_quotes_and_counted(tmp_path: Path, server: Loopback) -> None:
    app = asked(tmp_path / "p", server)
    seq = stored(app, parse(FERRY))
    server.script("mine", Reply(text=but(lie)))
    found = app.supervisor().run(seq)
    assert not [item for item in found.conflicts if item.source.model == "onprem/mine"]
    assert not [state for state in found.states if state.value == "left eye: gone"]
    assert found.rejected >= 4 * 30
    assert [item.subject for item in found.conflicts] == ["brass lantern", "NORA"]  # what rules see is still there


def test_an_answered_scene_is_not_asked_again(tmp_path: Path, server: Loopback) -> None:
    app = asked(tmp_path / "p", server)
    script = parse(FERRY)
    seq = stored(app, script)
    server.script("mine", Reply(text=but('{"states": [], "conflicts": []}')))
    app.supervisor().run(seq)
    before = len(server.requests)
    app.supervisor().run(seq)
    assert len(server.requests) == before == 30 + 2  # two windows of scenes for the script days
    last = script.scenes[-1]
    changed = replace(last, lines=(*last.lines, replace(last.lines[1], number=9000, text="Nora waves.", kind="action")))
    again = stored(app, replace(script, scenes=(*script.scenes[:-1], changed)), "e" * 64)
    app.supervisor().run(again)
    assert len(server.requests) == before + 2  # the scene, and the window that it is in


# Long scenes


def long_script(folder: Path) -> Screenplay:
    """A scene of eighty paragraphs in which Mara is hurt early and late, after a short one."""
    rows = [f"Mara lights lantern {n}.\n\nMARA\nLine {n}, said slowly." for n in range(80)]
    rows[3] += "\n\nA splinter cuts Mara's left hand."
    rows[77] += "\n\nShe dabs at the bandage on her right hand."
    path = folder / "long.fountain"
    path.write_text("EXT. PIER - NIGHT\n\nMARA (30) waits.\n\nINT. BOATHOUSE - NIGHT\n\n" + "\n\n".join(rows) + "\n")
    return parse(path)


def kept_findings(request: Request) -> str:
    """A model that answers with what rules found in the part it is shown."""
    return fenced(request, "findings")


def test_a_long_scene_is_asked_in_parts_and_joined(tmp_path: Path, server: Loopback) -> None:
    script = long_script(tmp_path)
    app = asked(tmp_path / "p", server, window=6000, max_output=3000)
    server.script("mine", Reply(text=but(kept_findings)))
    found = app.supervisor().run(stored(app, script))
    parts = [fenced(request, "scene") for request in server.requests if "BOATHOUSE" in fenced(request, "scene")]
    assert len(parts) > 2
    assert all(sum(f"lantern {n}." in part for part in parts) == 1 for n in range(80))
    mine = [item for item in found.states if item.kind == "wound"]
    assert [item.value.partition(":")[0] for item in mine] == ["left hand", "right hand"]
    assert [item.kind for item in found.conflicts] == ["wound"]
    assert {item.source.model for item in (*mine, *found.conflicts)} == {"onprem/mine"}


def test_an_answer_that_breaks_off_is_asked_for_in_smaller_parts(tmp_path: Path, server: Loopback) -> None:
    script = long_script(tmp_path)
    app = asked(tmp_path / "p", server)

    def short(request: Request) -> str:
        text = but(kept_findings)(request)
        return str(text) if len(fenced(request, "scene")) < 1500 else str(text)[:20]

    server.script("mine", cutting(short))
    found = app.supervisor().run(stored(app, script))
    assert [item.kind for item in found.conflicts] == ["wound"]
    assert {item.source.model for item in found.conflicts} == {"onprem/mine"}


def test_what_is_cut_off_even_in_the_smallest_part_is_left_to_the_rules(tmp_path: Path, server: Loopback) -> None:
    script = long_script(tmp_path)
    app = asked(tmp_path / "p", server, max_output=2000)
    server.script("mine", cutting(lambda request: days_told(request) if fenced(request, "scenes") else '{"states": ['))
    found = app.supervisor().run(stored(app, script))
    assert [item.kind for item in found.conflicts] == ["wound"]
    assert {item.source.model for item in found.conflicts} == {"builtin/rules"}


# A person's word


@pytest.fixture
def ferry(tmp_path: Path) -> App:
    app = App.init(tmp_path / "ferry", "The Ferry")
    stored(app, parse(FERRY))
    return app


def next_draft(app: App) -> int:
    """The script with a new first scene: every ordinal moves by one."""
    script = parse(FERRY)
    first = script.scenes[0]
    heading = replace(first.heading, text="INT. LIGHTHOUSE - DAY", set="LIGHTHOUSE", time_of_day="DAY")
    line = replace(first.lines[0], text=heading.text, number=9001)
    action = replace(first.lines[1], number=9002, kind="action", text="A keeper counts gulls.")
    added = replace(first, number="0", heading=heading, lines=(line, action), synopsis=None)
    scenes = [added, *(replace(scene, ordinal=scene.ordinal + 1) for scene in script.scenes)]
    return stored(app, replace(script, scenes=tuple(scenes)), "d" * 64)


def test_a_dismissal_outlives_the_draft(ferry: App) -> None:
    watch = ferry.supervisor("ann")
    wound = next(item for item in watch.run(1).conflicts if item.kind == "wound")
    with pytest.raises(SettingsError, match="reason"):
        watch.dismiss(1, wound.id, " ")
    with pytest.raises(NotFound):
        watch.dismiss(1, "nothing", "why not")
    watch.dismiss(1, wound.id[:6], "she hurt the other one too")
    seq = next_draft(ferry)
    after = {item.kind: item for item in watch.run(seq).conflicts}
    assert after["wound"].dismissed == "she hurt the other one too" and after["wound"].id == wound.id
    assert [item.kind for item in watch.run(seq).open_conflicts] == ["prop"]
    watch.reinstate(seq, wound.id)
    assert len(watch.run(seq).open_conflicts) == 2


def test_a_script_day_set_right_is_followed_and_outlives_the_draft(ferry: App) -> None:
    watch = ferry.supervisor()
    assert watch.set_day(1, 27, "d3") == "D3"
    label = {day.scene: day.label for day in watch.days(1)}
    assert (label[26], label[27], label[28], label[29]) == ("D2", "D3", "D3", "D4")
    seq = next_draft(ferry)
    moved = {day.scene: day.label for day in watch.days(seq)}
    assert (moved[27], moved[28], moved[30]) == ("D2", "D3", "D4")
    assert ferry.book(seq).script_days[28] == "D3"
    watch.set_day(seq, 28, "auto")
    assert {day.scene: day.label for day in watch.days(seq)}[28] == "D2"
    with pytest.raises(SettingsError, match="no script day"):
        watch.set_day(1, 3, "tuesday")


def test_a_renamed_character_still_called_the_old_name(ferry: App) -> None:
    script = parse(FERRY)
    told = [
        replace(
            scene,
            lines=tuple(
                replace(line, text=line.text.replace("WIN", "MAB").replace("Win ", "Mab "))
                if scene.ordinal != 10
                else replace(line, text="MAB" if line.text == "WIN" else line.text)
                for line in scene.lines
            ),
        )
        for scene in script.scenes
    ]
    seq = stored(ferry, replace(script, scenes=tuple(told)), "c" * 64)
    found = [item for item in ferry.supervisor().run(seq).conflicts if item.kind == "name"]
    assert found and found[0].subject == "MAB" and "WIN" in found[0].what
