"""`pa continuity` as a script supervisor uses it: files, JSON, a dismissal, a day, a match list, notes from the set."""

import csv
from pathlib import Path

import pytest

from tests.assistant.interfaces.test_cli import FERRY, run


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("continuity") / "production"
    run("init", folder, "--title", "The Ferry")
    run("ingest", FERRY, "-P", folder)
    run("continuity", "run", "-P", folder)
    return folder


def test_papers_are_written(ferry: Path) -> None:
    names = {path.name for path in (ferry / "continuity").iterdir()}
    assert {"the-ferry-continuity.pdf", "the-ferry-looks.pdf", "the-ferry-looks.md"} <= names
    assert {"the-ferry-continuity.xlsx", "the-ferry-continuity.json", "the-ferry-continuity-states.csv"} <= names
    assert (ferry / "continuity" / "the-ferry-continuity.pdf").read_bytes().startswith(b"%PDF-")
    with (ferry / "continuity" / "the-ferry-continuity-conflicts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["Scene"], row["Other scene"]) for row in rows] == [("14", "21"), ("13", "24")]
    looks = (ferry / "continuity" / "the-ferry-looks.md").read_text(encoding="utf-8")
    assert "> Nora Vance, 52 years old, broad, weathered" in looks and "Sc. 1, l. 25" in looks


def test_json_quotes_stand_in_the_script(ferry: Path) -> None:
    told = run("continuity", "show", "-P", ferry, "--json").json
    text = {number: line for number, line in enumerate(FERRY.read_text(encoding="utf-8").splitlines(), start=1)}
    assert told["schema"] == "pa.continuity/1"
    assert {day["label"] for day in told["script_days"]} == {"D1", "N1", "X1", "D2", "D3"}
    quotes = [quote for item in told["conflicts"] for quote in item["evidence"]]
    quotes += [state["evidence"] for state in told["states"] if state["evidence"]]
    assert len(quotes) > 50
    assert all(quote["quote"] in text[quote["line"]] for quote in quotes)


def test_a_scene_and_a_character(ferry: Path) -> None:
    scene = run("continuity", "scene", "18", "-P", ferry).out
    assert "script day N1" in scene and "left hand: gash" in scene and "since 13" in scene
    nora = run("continuity", "character", "nora", "-P", ferry, "--json").json
    assert nora["look"].startswith("Nora Vance, 52 years old")
    assert "Near it: NORA" in run("continuity", "character", "norra", "-P", ferry, code=11).err


def test_dismiss_and_take_back(ferry: Path) -> None:
    found = run("continuity", "conflicts", "-P", ferry, "--json").json["conflicts"]
    wound = next(item["id"] for item in found if item["kind"] == "wound")
    assert "reason" in run("continuity", "dismiss", wound, "-P", ferry, code=12).err
    run("continuity", "dismiss", wound, "--why", "both are hurt", "-P", ferry)
    left = run("continuity", "conflicts", "-P", ferry, "--json").json["conflicts"]
    assert [item["kind"] for item in left] == ["prop"]
    every = run("continuity", "conflicts", "--all", "-P", ferry, "--json").json["conflicts"]
    assert [item["dismissed"] for item in every] == [None, "both are hurt"]
    run("continuity", "dismiss", wound, "--undo", "-P", ferry)
    assert len(run("continuity", "conflicts", "-P", ferry, "--json").json["conflicts"]) == 2


def test_a_day_set_by_hand(ferry: Path) -> None:
    run("continuity", "day", "26", "D3", "-P", ferry)
    days = {row["scene"]: row["script_day"] for row in run("continuity", "-P", ferry, "--json").json["scenes"]}
    assert (days["25"], days["26"], days["27"], days["28"]) == ("D2", "D3", "D3", "D4")
    run("continuity", "day", "26", "auto", "-P", ferry)
    assert "D3" in run("continuity", "day", "26", "someday", "-P", ferry, code=12).err


def test_what_must_match_on_a_day(ferry: Path, tmp_path: Path) -> None:
    plan = tmp_path / "days.csv"
    plan.write_text("day,scene\n1,13\n2,14; 15\n3,27\n", encoding="utf-8")
    told = run("continuity", "match", "2", "--days", plan, "-P", ferry, "--json").json
    first = told["notes"][0]
    assert (first["scene"], first["other_scene"], first["other_day"], first["direct"]) == ("14", "13", "1", True)
    assert "left hand: gash" in {item["value"] for item in first["items"]}
    assert "no schedule" in run("continuity", "match", "2", "-P", ferry, code=11).err


def test_notes_from_the_set_are_kept_and_found(ferry: Path, tmp_path: Path) -> None:
    run("continuity", "note", "18", "Scarf lay on the left bench", "--take", "3", "--who", "ann", "-P", ferry)
    rows = tmp_path / "notes.csv"
    rows.write_text("scene;take;note\n18;4;Urn steamed from the start\n20;1;Crate faced aft\n", encoding="utf-8")
    assert "2 notes kept" in run("continuity", "note", "--from", rows, "-P", ferry).err
    assert "0 notes kept" in run("continuity", "note", "--from", rows, "-P", ferry).err
    notes = run("continuity", "note", "-P", ferry, "--json").json["notes"]
    assert [(note["scene"], note["take"]) for note in notes] == [("18", "3"), ("18", "4"), ("20", "1")]
    from assistant.app import App

    found = App.open(ferry).knowledge.search("crate faced aft", 3)
    assert found[0].passage.kind == "note" and "Crate faced aft" in found[0].passage.text
    assert "Crate faced aft" not in run("continuity", "scene", "18", "-P", ferry).out
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("scene,remark\n1,x\n", encoding="utf-8")
    assert "column note" in run("continuity", "note", "--from", wrong, "-P", ferry, code=10).err


def test_the_report_draws_the_story(ferry: Path) -> None:
    run("breakdown", "-P", ferry)
    page = (ferry / "breakdown" / "the-ferry.html").read_text(encoding="utf-8")
    assert 'id="continuity"' in page and "Wardrobe, change 1: red wool coat (1–" in page
    assert page.count('class="conflict item"') == 2
