"""Rules said at the terminal: shown, confirmed, kept, in force on the next board, named where they clash."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.app import App
from assistant.interfaces.cli.main import cli
from assistant.schedule import check
from tests.assistant.interfaces.test_cli import FERRY, run

DRAFT = ("--time", "1.5")
SAID = (
    "The lead is out 3–4 March; the wheelhouse only at night and not on weekends; shoot the harbour office last. "
    "Everybody likes the parrot."
)


@pytest.fixture(scope="module")
def broken_down(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example script broken down, with a calendar."""
    folder = tmp_path_factory.mktemp("said") / "production"
    run("init", folder, "--title", "The Ferry")
    run("breakdown", FERRY, "-P", folder, "-f", "json")
    with (folder / "production.toml").open("a", encoding="utf-8") as file:
        file.write("\n[schedule]\nstart = 2027-03-01\ndays = 10\n")
    return folder


@pytest.fixture
def shoot(broken_down: Path) -> Path:
    """The same with no said rule in force."""
    for kept in run("schedule", "rules", "--json", "-P", broken_down).json["said"]:
        run("schedule", "forget", kept["id"], "-P", broken_down)
    return broken_down


def strips(folder: Path) -> dict[str, date]:
    board = run("schedule", "show", "--json", "-P", folder).json
    return {label: date.fromisoformat(day["date"]) for day in board["days"] for label in day["strips"]}


def test_said_rules_hold_on_the_board_and_the_judge_sees_them(shoot: Path) -> None:
    told = run("schedule", "rule", SAID, "--yes", "--json", "-P", shoot).json
    assert [rule["kind"] for rule in told["rules"]] == ["never", "band", "never", "last"]
    assert all(rule["quote"] in SAID and rule["kept"] for rule in told["rules"])
    assert [item["quote"] for item in told["unread"]] == ["Everybody likes the parrot."]
    run("schedule", "--fresh", *DRAFT, "-P", shoot)
    placed = strips(shoot)
    app = App.open(shoot)
    problem = app.boards.problem()
    scenes = {strip.label: strip for strip in problem.strips}
    away = {date(2027, 3, 3), date(2027, 3, 4)}
    assert not [label for label, day in placed.items() if "1" in scenes[label].cast and day in away]
    wheelhouse = [strip for strip in problem.strips if strip.set == "FERRY - WHEELHOUSE"]
    assert {strip.band for strip in wheelhouse} == {"N"}
    assert not [strip for strip in wheelhouse if placed[strip.label].weekday() > 4]
    assert max(placed.values()) == placed["2"] == placed["10"]
    judged = check(problem, app.boards.kept.board().schedule)
    assert not judged.hard


def test_a_board_that_breaks_a_said_rule_is_judged_by_its_quote(shoot: Path) -> None:
    run("schedule", "--fresh", *DRAFT, "-P", shoot)
    day = strips(shoot)["9"]
    run("schedule", "rule", f"Peter is out on {day.day} {day:%B}", "--yes", "-P", shoot)
    done = run("schedule", "check", "-P", shoot, code=16)
    assert f"Peter is out on {day.day}" in done.out
    before = strips(shoot)
    run("schedule", *DRAFT, "-P", shoot)
    after = strips(shoot)
    moved = [label for label in before if before[label] != after[label]]
    assert after["9"] != day and 0 < len(moved) <= 8  # as little as can be
    run("schedule", "check", "-P", shoot)
    assert "Peter is out on" in run("schedule", "explain", "9", "-P", shoot).out


def test_what_clashes_is_named_by_its_words_with_the_way_back(shoot: Path) -> None:
    run("schedule", "rule", "Ida only on 2 March", "--yes", "-P", shoot)
    (kept,) = run("schedule", "rules", "--json", "-P", shoot).json["said"]
    done = run("schedule", *DRAFT, "-P", shoot, code=16)
    assert "“Ida only on 2 March”" in done.err and f"pa schedule forget {kept['id']}" in done.err


def test_a_call_or_a_length_that_clashes_is_found_by_trying_without(shoot: Path) -> None:
    run("schedule", "rule", "2 shooting days", "--yes", "-P", shoot)
    done = run("schedule", *DRAFT, "-P", shoot, code=16)
    assert "“2 shooting days”" in done.err and "pa schedule forget" in done.err


def test_nothing_counts_before_a_person_says_so(shoot: Path) -> None:
    done = run("schedule", "rule", "Nora is out 2 March", "-P", shoot, code=17)
    assert "NORA: never on Tue 2 Mar 2027" in done.out and "A rule waits for a person" in done.err
    proposed = run("schedule", "rule", "Nora is out 2 March", "--json", "-P", shoot, code=17).json
    assert proposed["rules"][0]["kept"] is None
    assert run("schedule", "rules", "--json", "-P", shoot).json["said"] == []


def test_what_can_not_be_read_is_an_error_that_says_why(shoot: Path) -> None:
    done = run("schedule", "rule", "Marlowe is out on 2 March.", "--yes", "-P", shoot, code=10)
    assert "nothing in this production is called 'marlowe'" in done.out
    assert "no rule could be read" in done.err.casefold()


@pytest.mark.parametrize("how", ["stdin", "file"])
def test_notes_come_from_a_file_or_a_pipe(shoot: Path, tmp_path: Path, how: str) -> None:
    notes = "# Notes\n\n- Win is out on 2 March\n- Oskar costs 900 a day\n"
    (tmp_path / "notes.md").write_text(notes, encoding="utf-8")
    words = ["-"] if how == "stdin" else ["--file", str(tmp_path / "notes.md")]
    line = ["schedule", "rule", *words, "--yes", "--json", "-P", str(shoot)]
    done = CliRunner().invoke(cli, line, input=notes if how == "stdin" else None)
    told: dict[str, Any] = json.loads(done.stdout)
    assert [(rule["kind"], rule["names"]) for rule in told["rules"]] == [("never", ["WIN"]), ("wage", ["OSKAR"])]


def test_a_said_rule_is_priced_listed_and_taken_back(shoot: Path) -> None:
    run("schedule", "rule", "Shoot the harbour office last", "--yes", "--who", "Ana", "-P", shoot)
    run("schedule", "--fresh", *DRAFT, "-P", shoot)
    (kept,) = run("schedule", "rules", "--json", "-P", shoot).json["said"]
    assert (kept["who"], kept["model"], kept["kind"], kept["costs"]) == ("Ana", "builtin/rules", "last", None)
    outcome = run("schedule", "what-if", "--drop", "harbour office last", *DRAFT, "--json", "-P", shoot).json
    assert outcome["rule"] == kept["id"] and outcome["saving"] >= 0
    shown = run("schedule", "rules", "--costs", "--time", "1", "-P", shoot).out
    assert kept["id"] in shown and "scenes 2 and 10 after every other scene" in shown
    run("schedule", "forget", kept["id"], "-P", shoot)
    assert run("schedule", "rules", "--json", "-P", shoot).json["said"] == []
    run("schedule", "forget", kept["id"], "-P", shoot, code=11)


def test_said_rules_stand_beside_those_of_production_toml(shoot: Path) -> None:
    toml = shoot / "production.toml"
    before = toml.read_text(encoding="utf-8")
    try:
        toml.write_text(f'{before}\n[schedule.cast.NORA]\nout = ["2027-03-01"]\n', encoding="utf-8")
        run("schedule", "rule", "Nora is out 2 March. We shoot on Saturdays too.", "--yes", "-P", shoot)
        problem = App.open(shoot).boards.problem()
        closed = {day for window in problem.windows for day in window.never}
        assert closed == {date(2027, 3, 1), date(2027, 3, 2)}
        assert date(2027, 3, 6) in {day.date for day in problem.days}
    finally:
        toml.write_text(before, encoding="utf-8")


def test_a_strip_a_day_and_the_board_are_told_in_prose(shoot: Path) -> None:
    run("schedule", "rule", "The wheelhouse only at night", "--yes", "-P", shoot)
    run("schedule", "--fresh", *DRAFT, "-P", shoot)
    placed = strips(shoot)
    scene = " ".join(run("schedule", "explain", "13", "--prose", "-P", shoot).out.split())
    assert "Scene 13 (INT FERRY - WHEELHOUSE" in scene and f"{placed['13']:%A}" in scene
    assert "“The wheelhouse only at night”" in scene and "by builtin/rules" in scene
    day = run("schedule", "explain", "D1", "--json", "--prose", "-P", shoot).json
    assert day["facts"] == day["prose"] and day["cut"] == [] and "Day 1 is" in day["facts"][0]
    whole = run("schedule", "explain", "-P", shoot).out
    assert "shooting days, from" in whole and "No hard rule is broken." in whole
    run("schedule", "explain", "D99", "-P", shoot, code=11)


def test_a_question_why_is_answered_from_the_board(shoot: Path) -> None:
    run("schedule", "rule", "Shoot the harbour office last", "--yes", "-P", shoot)
    run("schedule", "--fresh", *DRAFT, "-P", shoot)
    facts = run("schedule", "explain", "10", "--json", "-P", shoot).json["facts"]
    answer = run("ask", "Why is scene 10 shot on that day?", "--json", "-P", shoot).json
    assert [claim["text"] for claim in answer["claims"]] == facts
    assert any("“Shoot the harbour office last”" in fact for fact in facts)
    assert all(claim["citations"] for claim in answer["claims"]) and not answer["refused"]
