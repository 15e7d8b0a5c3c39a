"""The schedule in the terminal: a board from nothing but a script, locks that hold, rules from production.toml."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.assistant.interfaces.test_cli import FERRY, run
from tests.conftest import ROOT

DRAFT = ("--time", "1.5")


@pytest.fixture(scope="module")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example script broken down and drafted."""
    folder = tmp_path_factory.mktemp("shoot") / "production"
    run("init", folder, "--title", "The Ferry")
    run("breakdown", FERRY, "-P", folder, "-f", "json")
    with (folder / "production.toml").open("a", encoding="utf-8") as file:
        file.write('\n[schedule]\nstart = 2026-03-02\nholidays = ["2026-03-04"]\n')
    run("schedule", *DRAFT, "-P", folder)
    return folder


def test_a_board_from_a_script_places_every_scene_once(shoot: Path) -> None:
    board = run("schedule", "show", "--json", "-P", shoot).json
    placed = [label for day in board["days"] for label in day["strips"]]
    scenes = [s for s in run("scenes", "--json", "-P", shoot).json["scenes"] if not s["omitted"]]
    assert sorted(placed) == sorted(s["number"] for s in scenes)
    assert not [v for v in board["violations"] if v["hard"]]
    assert board["days"][0]["date"] >= "2026-03-02"
    assert "2026-03-04" not in {day["date"] for day in board["days"]}
    assert 0 < board["cost"]["lower_bound"] <= board["cost"]["total"]


def test_the_day_out_of_days_adds_up(shoot: Path) -> None:
    chart = run("dood", "--json", "-P", shoot).json
    for row in chart["rows"]:
        assert row["work"] == sum(1 for cell in row["cells"] if "W" in cell)
        assert row["total"] == row["work"] + row["hold"]
    assert "NORA" in run("dood", "-P", shoot).out


def test_a_lock_holds_and_moves_little(shoot: Path) -> None:
    before = run("schedule", "show", "--json", "-P", shoot).json
    run("schedule", "lock", "12", "D1", "-P", shoot)
    run("schedule", *DRAFT, "-P", shoot)
    after = run("schedule", "show", "--json", "-P", shoot).json
    assert "12" in after["days"][0]["strips"]
    was = {label: day["date"] for day in before["days"] for label in day["strips"]}
    now = {label: day["date"] for day in after["days"] for label in day["strips"]}
    assert sum(was[label] != now[label] for label in was) <= 6
    run("schedule", "lock", "12", "off", "-P", shoot)
    assert len(run("schedule", "list", "--json", "-P", shoot).json["boards"]) >= 2


def test_a_strip_a_rule_and_a_move_are_explained(shoot: Path) -> None:
    reason = run("schedule", "explain", "12A", "--json", "-P", shoot).json
    assert reason["reasons"] and reason["others"]
    assert any(row["costs"] for row in run("schedule", "rules", "--json", "-P", shoot).json["rules"])
    moved = run("schedule", "what-if", "--move", "1:D2", "--json", "-P", shoot).json
    assert set(moved) >= {"extra", "broken"}
    dropped = run("schedule", "what-if", "--drop", "day_cost", "--time", "1", "--json", "-P", shoot).json
    assert dropped["saving"] > 0


def test_rules_that_can_not_hold_together_are_an_answer(shoot: Path, tmp_path: Path) -> None:
    run("init", tmp_path / "p")
    run("breakdown", FERRY, "-P", tmp_path / "p", "-f", "json")
    with (tmp_path / "p" / "production.toml").open("a", encoding="utf-8") as file:
        file.write("\n[schedule]\ndays = 1\nstart = 2026-03-02\n")
    done = run("schedule", "--time", "1", "-P", tmp_path / "p", code=16)
    assert "can not hold together" in done.err and "hint:" in done.err


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('strat = "2026-03-02"', "'strat' is not known"),
        ('start = "soon"', "is no date"),
        ('[schedule.scenes."99"]\nminutes = 10', "'99' is not known"),
        ("[schedule.rules]\nturnaround_hour = 3", "Did you mean 'turnaround_hours'?"),
        ('days_off = ["someday"]', "no weekday"),
    ],
)
def test_a_wrong_setting_is_named(shoot: Path, tmp_path: Path, toml: str, said: str) -> None:
    copy = tmp_path / "production.toml"
    text = (shoot / "production.toml").read_text(encoding="utf-8").split("[schedule]")[0]
    copy.write_text(text, encoding="utf-8")
    (shoot / "production.toml").replace(tmp_path / "kept.toml")
    try:
        (shoot / "production.toml").write_text(f"{text}\n[schedule]\n{toml}\n", encoding="utf-8")
        assert said in run("schedule", *DRAFT, "-P", shoot, code=12).err
    finally:
        (tmp_path / "kept.toml").replace(shoot / "production.toml")


@pytest.fixture(scope="module")
def handed_over(shoot: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drafted board as a schedule file."""
    folder = tmp_path_factory.mktemp("out")
    run("schedule", "export", "-f", "uss", "-o", folder, "-b", "1", "-P", shoot)
    return next(folder.glob("*.uss"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another production of the same script, with no schedule and no word about one."""
    folder = tmp_path_factory.mktemp("other") / "production"
    run("init", folder, "--title", "The Ferry")
    run("breakdown", FERRY, "-P", folder, "-f", "json")
    return folder


def test_a_schedule_made_elsewhere_is_judged_and_kept_only_on_request(handed_over: Path, other: Path) -> None:
    done = run("schedule", "import", handed_over, "-P", other)
    assert "No hard rule is broken" in done.out and "Nothing is kept" in done.err
    run("schedule", "show", "-P", other, code=11)
    told = run("schedule", "import", handed_over, "--json", "-P", other).json
    assert told["board"] is None and told["unknown"] == told["missing"] == []


def test_a_kept_import_is_the_same_board_and_can_be_made_cheaper(shoot: Path, handed_over: Path, other: Path) -> None:
    assert run("schedule", "import", handed_over, "--keep", "--json", "-P", other).json["board"] == 1
    first = run("schedule", "show", "-b", "1", "--json", "-P", shoot).json
    brought = run("schedule", "show", "-b", "1", "--json", "-P", other).json
    assert brought["days"] == first["days"]  # dates too, though this production names no first day
    assert not [v for v in brought["violations"] if v["hard"]]
    run("schedule", "--improve", *DRAFT, "-P", other)
    better = run("schedule", "show", "--json", "-P", other).json
    assert better["cost"]["total"] <= brought["cost"]["total"]
    assert not [v for v in better["violations"] if v["hard"]]
    rows = run("schedule", "list", "--json", "-P", other).json["boards"]
    assert [row["why"] for row in rows] == [f"imported from {handed_over.name}", "improved"]
    assert run("schedule", "compare", "1", "2", "--json", "-P", other).json["days"]
    run("schedule", "--improve", "--fresh", *DRAFT, "-P", other, code=2)


def test_an_import_needs_a_production_with_a_script(
    handed_over: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "pa breakdown SCRIPT" in run("schedule", "import", handed_over, code=11).err
    run("init", tmp_path / "p")
    assert "No script" in run("schedule", "import", handed_over, "-P", tmp_path / "p", code=11).err
    wrong = tmp_path / "wrong.uss"
    wrong.write_text("{}")
    run("ingest", FERRY, "-P", tmp_path / "p")
    assert "not a Universal Schedule Standard" in run("schedule", "import", wrong, "-P", tmp_path / "p", code=10).err
    said = run("schedule", "import", handed_over, "-P", tmp_path / "p").out
    assert "cast is not judged" in said


def test_a_shoot_without_a_first_day_keeps_the_one_of_its_board(other: Path) -> None:
    before = run("schedule", "show", "--json", "-P", other).json["dates"][0]
    run("schedule", "--fresh", *DRAFT, "-P", other)
    assert run("schedule", "show", "--json", "-P", other).json["dates"][0] == before


def test_ctrl_c_keeps_the_best_board_so_far(shoot: Path, tmp_path: Path) -> None:
    folder = tmp_path / "stopped"
    shutil.copytree(shoot, folder)
    command = [sys.executable, "-m", "assistant", "schedule", "--time", "300", "--improve", "-P", str(folder)]
    boards = len(run("schedule", "list", "--json", "-P", folder).json["boards"])
    for seconds in (4, 15, 60):  # on a busy machine the program may still be starting
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        time.sleep(seconds)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=120)
        if running.returncode == 0:
            break
    assert running.returncode == 0, said
    assert "the best board so far is kept" in said
    kept = run("schedule", "list", "--json", "-P", folder).json["boards"]
    assert len(kept) == boards + 1 and kept[-1]["seconds"] < 250 and kept[-1]["why"] == "improved"


def test_a_whole_day_is_locked_in_its_order_and_opened_again(shoot: Path) -> None:
    before = run("schedule", "show", "--json", "-P", shoot).json["days"]
    second = before[1]
    told = run("schedule", "lock", "D2", "--order", "-P", shoot).err
    assert told.startswith("Day 2, ") and f"its {len(second['strips'])} strips stay, in this order" in told
    locks = run("schedule", "lock", "--json", "-P", shoot).json["locks"]
    assert [lock["scene"] for lock in locks] == ["", *second["strips"]]
    assert [lock["place"] for lock in locks] == [None, *range(1, len(second["strips"]) + 1)]
    assert "the whole day" in run("schedule", "lock", "-P", shoot).out
    run("schedule", "--fresh", "--seed", "5", *DRAFT, "-P", shoot)
    after = run("schedule", "show", "--json", "-P", shoot).json
    (same,) = [day for day in after["days"] if day["date"] == second["date"]]
    assert same["strips"] == second["strips"]
    other = next(label for day in before if day is not second for label in day["strips"])
    outcome = run("schedule", "what-if", "--move", f"{other}:{second['date']}", "--json", "-P", shoot).json
    assert any("entered a locked day" in words for words in outcome["broken"])
    assert "is open again" in run("schedule", "lock", "D2", "off", "-P", shoot).err
    assert "Nothing is locked" in run("schedule", "lock", "-P", shoot).err


def test_a_strip_is_locked_to_its_place(shoot: Path) -> None:
    days = run("schedule", "show", "--json", "-P", shoot).json["days"]
    label = days[0]["strips"][1]
    assert "as strip 2 of the day" in run("schedule", "lock", label, "--order", "-P", shoot).err
    run("schedule", "--fresh", "--seed", "3", *DRAFT, "-P", shoot)
    after = run("schedule", "show", "--json", "-P", shoot).json["days"]
    assert next(day["strips"][1] for day in after if day["date"] == days[0]["date"]) == label
    assert "--order holds the place" in run("schedule", "lock", label, "D3", "--order", "-P", shoot, code=2).err
    run("schedule", "lock", label, "off", "-P", shoot)
