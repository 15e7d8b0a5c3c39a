"""A second unit from production.toml to every paper and back in from a schedule file."""

from pathlib import Path

import openpyxl
import pytest

from assistant.exports.uss_read import read_uss
from tests.assistant.interfaces.test_cli import ferry_with, run
from tests.assistant.workflows.test_match import words_of

TOML = """
[schedule]
start = 2027-03-01
days = 6

[[schedule.units]]
name = "2nd"
scenes = ["7", "12A", "23"]
either = ["6"]
start = 2027-03-06
days = 2
days_off = []
"""


@pytest.fixture(scope="module")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = ferry_with(tmp_path_factory.mktemp("units") / "production", TOML)
    run("schedule", "--time", "1.5", "-P", folder)
    return folder


def board(folder: Path) -> dict[str, list[str]]:
    days = run("schedule", "show", "--json", "-P", folder).json["days"]
    return {f"{day['unit']} {day['day']} {day['date']}": day["strips"] for day in days}


def test_its_scenes_are_on_its_own_dates(shoot: Path) -> None:
    second = {key: strips for key, strips in board(shoot).items() if key.startswith("2nd")}
    assert set(second) <= {"2nd 1 2027-03-06", "2nd 1 2027-03-07", "2nd 2 2027-03-07"}
    placed = {scene for strips in second.values() for scene in strips}
    assert {"7", "12A", "23"} <= placed <= {"7", "12A", "23", "6"}
    assert not [v for v in run("schedule", "check", "--json", "-P", shoot).json["violations"] if v["hard"]]


def test_day_one_of_the_unit_is_told_and_called(shoot: Path) -> None:
    told = run("schedule", "explain", "2nd/D1", "--json", "-P", shoot).json["facts"]
    assert told[0].startswith("Day 1 (2nd unit) is Saturday, 6 March 2027")
    sheet = run("callsheet", "2nd/D1", "--json", "-P", shoot).json
    assert sheet["title"] == "Day 1 (2nd unit)" and sheet["date"] == "Sat, 06 Mar 2027"
    run("callsheet", "2nd/d1", "-P", shoot)
    paper = words_of((shoot / "schedule" / "callsheet-2nd-day-1.pdf").read_bytes())
    assert "2nd" in paper and "06 Mar 2027" in paper
    assert "The board has 2nd/D1" in run("callsheet", "2nd/D7", "-P", shoot, code=11).err
    assert "no day of a unit called '3rd'" in run("callsheet", "3rd/D1", "-P", shoot, code=11).err


def test_every_paper_names_the_unit(shoot: Path) -> None:
    run("schedule", "export", "-f", "html,pdf,xlsx,csv,ics,uss", "-P", shoot)
    papers = shoot / "schedule"
    (html,) = papers.glob("*-stripboard.html")
    page = html.read_text(encoding="utf-8")
    assert "End of Day 1 (2nd unit)" in page and 'day 1 (2nd unit) sat, 06 mar 2027"' in page, "the filter finds it"
    for name in ("stripboard", "one-liner", "shooting-schedule"):
        (path,) = papers.glob(f"*-{name}.pdf")
        assert "Day 1 (2nd unit)" in words_of(path.read_bytes())
    (sheet,) = papers.glob("*.xlsx")
    rows = [str(row[0].value) for row in openpyxl.load_workbook(sheet).worksheets[0].iter_rows()]
    assert "2nd 1" in rows and any(text.startswith("End of Day 1 (2nd unit)") for text in rows)
    (calendar,) = papers.glob("*.ics")
    assert "shoot day 1 (2nd unit)" in calendar.read_text(encoding="utf-8")
    (uss,) = papers.glob("*.uss")
    boards = (read_uss(uss).stripboards or ())[0].boards
    assert {"stripboard", "2nd unit", "boneyard"} == {one.name for one in boards}


def test_out_and_in_again_keeps_the_units(shoot: Path) -> None:
    run("schedule", "export", "-f", "uss", "-P", shoot)
    before = board(shoot)
    run("schedule", "import", next((shoot / "schedule").glob("*.uss")), "--keep", "-P", shoot)
    assert board(shoot) == before


def test_a_strip_of_either_unit_is_locked_to_the_units_day(shoot: Path) -> None:
    told = run("schedule", "what-if", "--move", "6:2nd/D1", "--json", "-P", shoot).json
    assert told["unit"] == "2nd" and told["date"] == "2027-03-06"
    assert "with the 2nd unit" in run("schedule", "lock", "6", "2nd/D1", "-P", shoot).err
    run("schedule", "--time", "1.5", "-P", shoot)
    assert "6" in board(shoot)["2nd 1 2027-03-06"]
    why = run("schedule", "explain", "6", "-P", shoot).out
    assert "by the 2nd unit" in why and "shot by the main or 2nd unit" in why
