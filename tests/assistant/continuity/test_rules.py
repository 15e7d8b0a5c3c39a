"""Script days and conflicts by rules, case by case, and what holds of the example script."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.continuity import look_sheet, match, read_continuity, script_days
from assistant.domain.continuity import CONFLICT_KINDS, STATE_KINDS, Continuity
from assistant.domain.screenplay import Screenplay
from assistant.screenplay import characters, parse, parse_bytes
from tests.conftest import ROOT

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text("utf-8"))
FERRY = ROOT / "examples" / "the-ferry" / "the-ferry.fountain"


def made(scenes: list[tuple[str, str]]) -> Screenplay:
    """A script of these headings and texts."""
    text = "\n\n".join(f"{heading}\n\n{body or 'A clock ticks.'}" for heading, body in scenes)
    return parse_bytes(f"{text}\n".encode(), "made.fountain")


@pytest.fixture(scope="module")
def ferry() -> tuple[Screenplay, Continuity]:
    script = parse(FERRY)
    return script, read_continuity(script, characters(script))


@pytest.mark.parametrize("case", CASES["days"], ids=lambda case: case["name"])
def test_days(case: dict[str, Any]) -> None:
    script = made([(heading, text) for heading, text, _ in case["scenes"]])
    days = script_days(script)
    assert [day.label for day in days] == [label for *_, label in case["scenes"]]
    assert all(day.reason for day in days)


@pytest.mark.parametrize("case", CASES["conflicts"], ids=lambda case: case["name"])
def test_conflicts(case: dict[str, Any]) -> None:
    known = ("INT. HALL - DAY", "ADA (34) reads.\n\nADA\nGood.")
    script = made([known, *case["scenes"].items()])
    found = read_continuity(script, characters(script)).conflicts
    assert [item.kind for item in found] == ([case["kind"]] if "kind" in case else [])
    for item in found:
        for quote in item.evidence:
            line = next(line for line in script.scene(quote.scene).lines if line.number == quote.line)
            assert quote.text in line.text


@pytest.mark.parametrize("case", CASES["states"], ids=lambda case: case["kind"])
def test_states(case: dict[str, Any]) -> None:
    script = made([("EXT. YARD - DAY", f"ADA (34), gaunt, reads.\n\nADA\nGood.\n\n{case['text']}")])
    found = read_continuity(script, characters(script)).states
    assert (case["subject"], case["value"]) in {(one.subject, one.value) for one in found if one.kind == case["kind"]}


def test_every_kind_has_its_case() -> None:
    assert {case["kind"] for case in CASES["states"]} == set(STATE_KINDS)
    assert {case["kind"] for case in CASES["conflicts"] if "kind" in case} == set(CONFLICT_KINDS)


def test_every_quote_of_a_state_stands_in_the_script(ferry: tuple[Screenplay, Continuity]) -> None:
    script, found = ferry
    for state in found.states:
        if state.quote:
            assert any(
                state.quote.text in line.text
                for line in script.scene(state.quote.scene).lines
                if line.number == state.quote.line
            )
        else:
            assert state.kind == "wardrobe" and state.value == ""  # open: the script does not say


def test_the_slips_of_the_example_are_found_and_nothing_else(ferry: tuple[Screenplay, Continuity]) -> None:
    script, found = ferry
    told = [(item.kind, [script.scene(one).label for one in item.scenes]) for item in found.conflicts]
    assert told == [("prop", ["14", "21"]), ("wound", ["13", "24"])]


def test_wounds_heal_and_garments_change_from_scene_to_scene(ferry: tuple[Screenplay, Continuity]) -> None:
    _, found = ferry
    palm = [(one.value, one.scene, one.until) for one in found.states if one.value.startswith("left hand")]
    assert palm == [("left hand: gash", 14, 20), ("left hand: bandaged", 21, 30), ("left hand: scar", 31, None)]
    nora = [one for one in found.states if one.subject == "NORA" and one.kind == "wardrobe" and one.value]
    assert [one.change for one in nora] == sorted(one.change for one in nora)
    assert nora[0].value == "coat: red wool coat" and nora[0].change == 1


def test_a_flashback_keeps_its_own_states(ferry: tuple[Screenplay, Continuity]) -> None:
    _, found = ferry
    assert all(found.label(state.scene) == "X1" for state in found.standing(17))
    assert all(found.label(state.scene) != "X1" for state in found.standing(19))


def test_a_correction_is_followed(ferry: tuple[Screenplay, Continuity]) -> None:
    script, _ = ferry
    label = {day.scene: day.label for day in script_days(script, {5: "N4", 26: "X9"})}
    assert (label[4], label[5], label[6], label[24], label[26], label[27]) == ("N1", "N4", "N4", "D5", "X9", "D5")


def test_a_look_sheet_says_only_what_is_quoted(ferry: tuple[Screenplay, Continuity]) -> None:
    script, found = ferry
    nora = next(one for one in characters(script) if one.name == "NORA")
    sheet = look_sheet(nora, found)
    assert sheet.prompt == "Nora Vance, 52 years old, broad, weathered"
    assert all(state.quote for state in (*sheet.lasting, *sheet.passing))


def test_scenes_shot_apart_and_next_to_each_other_must_match(ferry: tuple[Screenplay, Continuity]) -> None:
    script, found = ferry
    cast = {n: frozenset({"NORA", "IDA"}) for n in range(1, 32)}
    notes = match(script, found, cast, {"1": [14], "2": [15, 16], "3": [31]})
    pairs = {(note.day, note.scene, note.other_day, note.other): note for note in notes}
    direct = pairs["1", 14, "2", 15]
    assert direct.direct and "left hand: gash" in {state.value for state in direct.items}
    assert ("2", 15, "2", 16) not in pairs and not any(note.scene == 31 for note in notes)
