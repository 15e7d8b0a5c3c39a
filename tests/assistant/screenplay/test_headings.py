"""Slug lines are told from action and taken apart, in six languages."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.screenplay.headings import is_heading, parse_heading, scene_number
from tests.conftest import ROOT

CASES = ROOT / "tests" / "cases" / "headings"
TIMES = {"DAY", "NIGHT", "MORNING", "AFTERNOON", "EVENING", "DAWN", "DUSK", None}


def cases(*names: str) -> list[tuple[str, list[Any]]]:
    found: list[tuple[str, list[Any]]] = []
    for name in names:
        found += yaml.safe_load(Path(CASES / f"{name}.yaml").read_text("utf-8")).items()
    return found


@pytest.mark.parametrize(("text", "expected"), cases("en", "romance", "german"))
def test_a_slug_line_is_taken_apart(text: str, expected: list[Any]) -> None:
    heading = parse_heading(text)
    assert is_heading(text)
    assert [heading.int_ext, heading.set, heading.time_of_day, heading.inherits] == expected[:4]
    if len(expected) > 4:
        assert heading.language == expected[4]


@pytest.mark.parametrize("text", yaml.safe_load((CASES / "not.yaml").read_text("utf-8")))
def test_action_is_no_slug_line(text: str) -> None:
    assert not is_heading(text)


def test_a_forced_heading_is_taken_apart_too() -> None:
    heading = parse_heading("THE LOST CABIN - NIGHT")
    assert (heading.int_ext, heading.set, heading.time_of_day) == (None, "THE LOST CABIN", "NIGHT")
    assert parse_heading("CRACKED REARVIEW MIRROR").set == "CRACKED REARVIEW MIRROR"


@pytest.mark.parametrize(
    ("text", "int_ext", "place"),
    [
        ("FLASHBACK - INT. HOUSE - DAY", "INT", "HOUSE"),
        ("INTERCUT: INT. KITCHEN / EXT. STREET - DAY", "INT/EXT", "KITCHEN / STREET"),
        ("INTERCUT - INT. KITCHEN / INT. CAR - DAY", "INT", "KITCHEN / CAR"),
        ("INTERCUT -- DODGE & MUSTANG -- DAY", None, "INTERCUT - DODGE & MUSTANG"),
    ],
)
def test_a_label_before_the_slug_line_is_no_place(text: str, int_ext: str | None, place: str) -> None:
    heading = parse_heading(text)
    assert (heading.int_ext, heading.set, heading.time_of_day) == (int_ext, place, "DAY")


def test_what_was_written_of_the_time_is_kept() -> None:
    assert parse_heading("INT. HOUSE - NIGHT (FLASHBACK)").time_written == "NIGHT (FLASHBACK)"
    assert parse_heading("int. house - day - 3:00 pm").time_written == "day - 3:00 pm"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12A. INT. CABIN - DAY", "12A"),
        ("A12 INT. CABIN - DAY A12", "A12"),
        ("INT. CABIN - DAY #7-B#", "7-B"),
        ("INT. 221B BAKER STREET - DAY", None),
        ("INT. CABIN - DAY", None),
    ],
)
def test_a_scene_number_beside_the_heading(text: str, number: str | None) -> None:
    assert scene_number(text) == number


@given(st.text(max_size=400))
@example("1" * 240)
@example("-" * 240)
@example("INT." + " " * 20_000 + "x")
def test_any_text_can_be_asked(text: str) -> None:
    heading = parse_heading(text)
    assert heading.time_of_day in TIMES
    assert heading.int_ext is None or text.strip()
    assert is_heading(text) in {True, False}


@given(
    st.sampled_from(["INT.", "EXT.", "INT./EXT.", "I/E", "EST."]),
    st.from_regex(r"[A-Z]{3,12}( [A-Z]{3,9})?", fullmatch=True).filter(
        lambda place: parse_heading(f"INT. {place}").set == place and "EXT" not in place and "INT" not in place
    ),
    st.sampled_from([" - ", " – ", " — ", ", ", ". ", " / "]),
    st.sampled_from(["DAY", "NIGHT", "NOCHE", "NUIT", "NACHT", "NOTTE", "NOITE", "DUSK"]),
)
def test_every_opening_and_separator_gives_the_same_parts(side: str, place: str, between: str, time: str) -> None:
    heading = parse_heading(f"{side} {place}{between}{time}")
    assert heading.set == place
    assert heading.time_written == time
    assert is_heading(heading.text)
