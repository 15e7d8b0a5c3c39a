"""Headings that name no time: the schedule takes day or night from the script day, and says so."""

from datetime import date
from pathlib import Path

import pytest

from assistant.app import App
from assistant.exports.boards.plain import plain
from assistant.workflows.schedule_book import board_book
from tests.assistant.workflows.making import script

SCENES = {
    "EXT. HARBOUR - DAY": "MARA (40) waits for a boat.",
    "EXT. HARBOUR - BREAKWATER": "She sits down on a bollard.",
    "INT. BAR - NIGHT": "IVO (30) pours milk.",
    "EXT. ALLEY": "MARA runs. A cat looks after her.",
    "INT. STAIRCASE": "MARA climbs, two steps at a time.",
}


@pytest.fixture
def app(tmp_path: Path) -> App:
    made = App.init(tmp_path / "p", "Milk", {"schedule": {"start": date(2027, 3, 1), "days": 4}})
    made.breakdown(script(tmp_path, SCENES, "milk.fountain"))
    return made


def test_a_silent_heading_has_the_light_of_its_script_day(app: App) -> None:
    strips = app.boards.problem().strips
    assert [strip.light for strip in strips] == ["DAY", "(DAY)", "NIGHT", "(NIGHT)", "(NIGHT)"]
    assert [strip.band for strip in strips] == ["D", "D", "S", "N", "S"], "a dark interior fits any call"


def test_a_persons_script_day_changes_the_call(app: App) -> None:
    app.supervisor("Ana").set_day(1, 4, "D2")
    alley = app.boards.problem().strips[3]
    assert (alley.light, alley.band) == ("(DAY)", "D")


def test_papers_say_which_light_is_assumed_and_use_its_colour(app: App) -> None:
    board = app.boards.draft(1.0, fresh=False, place_new=False)
    data = plain(board_book(app.boards.problem_of(board), board, app.book(1)))
    shown = {strip["set"]: (strip["time"], strip["key"]) for day in data["days"] for strip in day["strips"]}
    assert data["assumed"] and shown["ALLEY"] == ("(NIGHT)", "ext-night")
    assert shown["BAR"] == ("NIGHT", "int-night") and shown["HARBOUR - BREAKWATER"] == ("(DAY)", "ext-day")
