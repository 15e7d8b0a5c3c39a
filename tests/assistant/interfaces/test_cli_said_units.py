"""Scenes given to units in a sentence: shown, kept, drafted, explained, priced, taken back, named in a clash."""

from pathlib import Path

import pytest

from tests.assistant.interfaces.test_cli import ferry_with, run

TOML = """
[schedule]
start = 2027-03-01
days = 7

[[schedule.units]]
name = "2nd"
scenes = ["7"]
start = 2027-03-06
days = 2
days_off = []
"""


@pytest.fixture(scope="module")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ferry_with(tmp_path_factory.mktemp("said-units") / "production", TOML)


def second(folder: Path) -> set[str]:
    days = run("schedule", "show", "--json", "-P", folder).json["days"]
    return {scene for day in days if day["unit"] == "2nd" for scene in day["strips"]}


def test_a_unit_shoots_the_scenes_it_is_said_to_until_that_is_taken_back(shoot: Path) -> None:
    told = run("schedule", "rule", "The second unit shoots scenes 12A and 23", "--yes", "-P", shoot).out
    assert "scenes 12A and 23: shot by the 2nd unit" in told and "“The second unit shoots scenes 12A and 23”" in told
    text = "Scene 7 with the main unit. Either unit may shoot scene 6."
    rows = run("schedule", "rule", text, "--yes", "--json", "-P", shoot).json["rules"]
    assert [(row["kept"], row["kind"], row["others"]) for row in rows] == [
        ("R2", "unit", ["1st"]),
        ("R3", "unit", ["1st", "2nd"]),
    ]
    run("schedule", "--time", "1.5", "-P", shoot)
    assert {"12A", "23"} <= second(shoot) <= {"12A", "23", "6"}
    assert not [v for v in run("schedule", "check", "--json", "-P", shoot).json["violations"] if v["hard"]]
    listed = run("schedule", "rules", "--json", "-P", shoot).json["said"]
    assert [row["words"] for row in listed] == [
        "scenes 12A and 23: shot by the 2nd unit",
        "scene 7: shot by the main unit",
        "scene 6: shot by the main or 2nd unit",
    ]
    assert "scene 23 is shot by the 2nd unit" in run("schedule", "explain", "23", "-P", shoot).out
    why = " ".join(run("schedule", "explain", "23", "--json", "-P", shoot).json["facts"])
    assert "“The second unit shoots scenes 12A and 23” (R1)" in why and "(R2)" not in why
    priced = run("schedule", "what-if", "--drop", "R1", "--json", "--time", "1", "-P", shoot).json
    assert priced["cost_with"] - priced["cost_without"] == priced["saving"] and "R1: The second unit" in priced["words"]
    for rule in ("R1", "R2", "R3"):
        run("schedule", "forget", rule, "-P", shoot)
    run("schedule", "--time", "1.5", "-P", shoot)
    assert second(shoot) == {"7"}, "the file's word again"


def test_a_unit_that_is_not_defined_is_said(shoot: Path) -> None:
    done = run("schedule", "rule", "The third unit shoots scene 7", "-P", shoot, code=10)
    told = " ".join(done.out.split())
    assert "there is no unit called 'third', only main and 2nd; define it under [[schedule.units]] in" in told
    assert "No rule could be read." in done.err


def test_a_clash_with_a_scenes_own_date_names_the_sentence(shoot: Path) -> None:
    text = "Scene 23 with the main unit. Scene 23 only on Saturday 6 March."
    kept = run("schedule", "rule", text, "--yes", "--json", "-P", shoot).json["rules"]
    done = run("schedule", "--time", "1.5", "-P", shoot, code=16)
    said = " ".join(done.err.split())
    assert "“Scene 23 with the main unit.”" in said and f"pa schedule forget {kept[0]['kept']}" in said
    for rule in kept:
        run("schedule", "forget", rule["kept"], "-P", shoot)
