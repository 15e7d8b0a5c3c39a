"""A person at the keyboard, in a table and in Final Draft: every word kept, undone, counted once, never lost."""

import csv
import dataclasses
import json
import os
import pty
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from assistant.app import App
from assistant.domain.categories import Category
from assistant.interfaces.cli.review_card import card
from assistant.interfaces.cli.review_screen import Sitting, sit
from assistant.review import Wanted
from tests.assistant.interfaces.test_cli import FERRY, run
from tests.loopback.ends import ready

ENTER, ESCAPE, CLEAR = "\r", "\x1b", "\x15"


@pytest.fixture(scope="module")
def broken_down(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example script broken down, with its workbook and its tagged script."""
    folder = tmp_path_factory.mktemp("ferry") / "production"
    run("init", folder, "--title", "The Ferry")
    run("breakdown", FERRY, "-P", folder, "-f", "xlsx,fdx")
    return folder


@pytest.fixture
def ferry(broken_down: Path, tmp_path: Path) -> Path:
    """The same, fresh for each test, because words are said on it."""
    return Path(shutil.copytree(broken_down, tmp_path / "production"))


def typed(folder: Path, keys: str, wanted: Wanted | None = None) -> App:
    """Keys pressed in a review, as a terminal would send them."""
    app = App.open(folder)
    with create_pipe_input() as keyboard:
        keyboard.send_text(keys)
        sit(Sitting(app.desk("ana"), wanted or Wanted(Category.PROPS)), input=keyboard, output=DummyOutput())
    app.desk().count()
    return app


def words(app: App) -> list[tuple[str, str, dict[str, str], str]]:
    return [(item.action, item.who, item.change, item.why) for item in app.desk().log.history()]


def props(app: App) -> list[Any]:
    return [item for item in app.desk().items(Wanted(Category.PROPS, status=None)) if item.element]


def merges(app: App) -> int:
    return len([item for item in app.desk().items(Wanted(Category.PROPS)) if item.merge])


def test_accept_reject_with_a_reason_edit_skip_and_quit(ferry: Path) -> None:
    skip = "s" * merges(App.open(ferry))
    app = typed(ferry, f"{skip}ar{'not in shot'}{ENTER}e{CLEAR}old thing{ENTER}{CLEAR}set dr{ENTER}sq")
    assert words(app) == [
        ("accept", "ana", {}, ""),
        ("reject", "ana", {}, "not in shot"),
        ("edit", "ana", {"name": "old thing", "category": "set_dressing"}, ""),
    ]
    edited = [item for item in app.store.breakdown(1).elements if item.status == "edited"]
    assert [(item.name, item.category) for item in edited] == [("old thing", Category.SET_DRESSING)]


def test_undo_gives_back_one_word_or_a_whole_kind(ferry: Path) -> None:
    waiting = len(App.open(ferry).desk().items(Wanted(Category.PROPS)))
    skip = "s" * merges(App.open(ferry))
    app = typed(ferry, f"{skip}auAuq")
    assert len(app.desk().items(Wanted(Category.PROPS))) == waiting
    assert [item[0] for item in words(app)].count("undo") == 1 + len(props(app))
    assert app.router.ledger.learned() == [], "what was taken back says nothing of a model"


def test_all_of_a_kind_and_the_end_of_the_queue(ferry: Path) -> None:
    skip = "s" * merges(App.open(ferry))
    app = typed(ferry, f"{skip}Aq")
    assert {item.element.status for item in props(app)} == {"accepted"}
    learned = app.router.ledger.learned()
    assert len(learned) == len(props(app))
    assert {(row.task, row.model, row.good, row.source) for row in learned} == {
        ("breakdown", "builtin/rules", 1.0, "review")
    }
    for _ in range(2):
        App.open(ferry).desk().count()
    assert len(app.router.ledger.learned()) == len(learned), "each word counts once"


def test_an_escape_leaves_the_question_and_a_wrong_category_is_told(ferry: Path) -> None:
    skip = "s" * merges(App.open(ferry))
    app = typed(ferry, f"{skip}e{ENTER}{CLEAR}gizmos{ENTER}{CLEAR}weap{ENTER}q")
    assert words(app) == [("edit", "ana", {"category": "weapons"}, "")]


def test_the_card_shows_the_words_in_their_scene(ferry: Path) -> None:
    desk = App.open(ferry).desk()
    item = props(App.open(ferry))[0]
    shown = card(item, (12, 301), desk.script, (), 100)
    assert "12 of 301" in shown and "▸" in shown and item.element.name in shown
    quoted = [line for line in shown.splitlines() if "▸" in line]
    assert f"{item.element.evidence.line:>5} ▸" in quoted[0].replace("\x1b[1m", "")


def test_joined_names_are_one_and_two_names_stay_two(tmp_path: Path) -> None:
    script = tmp_path / "smith.fountain"
    speech = "\n\nINT. HUT - DAY\n\nA rope hangs.\n\nMR. SMITH\nQuiet.\n\nSMITH\nQuieter.\n\nANNA\nSo.\n"
    script.write_text("Title: Smith" + speech + "\n\nEXT. PIER - DAY\n\nAnna waits.\n\nSMITH\nNow?\n\nANNA\nNow.\n")
    folder = tmp_path / "p"
    run("init", folder)
    run("breakdown", script, "-P", folder, "-f", "json")
    app = App.open(folder)
    proposal = app.store.breakdown(1).merges[0]
    assert (proposal.keep, proposal.other) == ("SMITH", "MR. SMITH")
    typed(folder, "aq", Wanted())
    cast = {member.name: member for member in app.store.breakdown(1).cast}
    assert set(cast) == {"SMITH", "ANNA"}
    assert (cast["SMITH"].aliases, cast["SMITH"].scenes, cast["SMITH"].speeches) == (("MR. SMITH",), (1, 2), 3)
    names = [item.name for item in app.store.breakdown(1).elements if item.category is Category.CAST]
    assert sorted(names) == ["ANNA", "ANNA", "SMITH", "SMITH"]
    assert app.store.breakdown(1).merges == ()
    typed(folder, "uq", Wanted())  # nothing to take back in a new sitting
    app.desk("ana").say(app.desk("ana").word("merge:cast:SMITH:MR. SMITH", "reject"))
    assert {member.name for member in app.store.breakdown(1).cast} == {"SMITH", "MR. SMITH", "ANNA"}
    script.write_text(script.read_text() + "\n\nEXT. ROAD - DAY\n\nA cart.\n\nMR. SMITH\nHm.\n\nMR. SMITH\nHm hm.\n")
    run("breakdown", script, "-P", folder, "-f", "json")
    assert app.store.breakdown(2).merges == (), "two that are not one are not asked about again, whichever is kept"


def test_a_pipe_is_told_that_somebody_has_to_decide(ferry: Path) -> None:
    done = run("review", "-P", ferry, code=17)
    assert "proposals wait" in done.err and "--from" in done.err


def test_decisions_from_a_table(ferry: Path, tmp_path: Path) -> None:
    rows = run("review", "status", "--json", "-P", ferry).json["items"]
    ids = [row["id"] for row in rows if row.get("category") == "props"][:3]
    table = tmp_path / "decisions.csv"
    table.write_text(
        f"id,decision,name,category,why\n{ids[0]},accept,,,\n{ids[1]},no,,,not ours\n{ids[2]},e,hero prop,Weapons,\n",
        encoding="utf-8",
    )
    assert "3 decided" in run("review", "--from", table, "--who", "ben", "-P", ferry).err
    assert "0 decided (nothing new), 3 known" in run("review", "--from", table, "-P", ferry).err
    history = run("review", "history", ids[2], "--json", "-P", ferry).json["decisions"]
    assert [(item["who"], item["action"], item["change"]) for item in history] == [
        ("ben", "edit", {"name": "hero prop", "category": "weapons"})
    ]
    counts = run("review", "status", "--json", "-P", ferry).json["counts"]
    assert (counts["props"]["accepted"], counts["props"]["rejected"], counts["weapons"]["edited"]) == (1, 1, 1)
    good = sorted(row.good for row in App.open(ferry).router.ledger.learned())
    assert good == [0.0, 0.0, 1.0]


def test_one_wrong_row_and_nothing_is_decided(ferry: Path, tmp_path: Path) -> None:
    ids = [row["id"] for row in run("review", "status", "--json", "-P", ferry).json["items"] if row.get("category")]
    table = tmp_path / "decisions.csv"
    table.write_text(f"id;decision;category\n{ids[0]};accept;\nnobody;accept;\n{ids[1]};edit;porps\n{ids[2]};maybe;\n")
    done = run("review", "--from", table, "-P", ferry, code=10)
    assert "3 rows can not be taken" in done.err
    assert "row 3: There is no element 'nobody'" in done.err
    assert "row 4: 'porps' is no category. Did you mean props?" in done.err and "row 5:" in done.err
    assert App.open(ferry).desk().log.history() == []


def test_decisions_typed_into_the_workbook_come_back(ferry: Path) -> None:
    path = next((ferry / "breakdown").glob("*.xlsx"))
    workbook = load_workbook(path)
    sheet = workbook["Props"]
    head = {cell.value: cell.column for cell in sheet[1]}
    for row, decision, note in ((2, "accept", None), (3, "reject", "cut in the edit"), (4, "edit", "Set Dressing")):
        sheet.cell(row, head["Decision"], decision)
        sheet.cell(row, head["New name or note"], note)
    sheet.cell(5, head["Decision"], "edit")
    sheet.cell(5, head["Element"], "lucky coin")
    ids = [sheet.cell(row, head["Id"]).value for row in (2, 3, 4, 5)]
    workbook.save(path)
    assert run("review", "import", path, "--json", "-P", ferry).json["decided"] == {"accept": 1, "reject": 1, "edit": 2}
    newest = App.open(ferry).desk().log.newest()
    assert [(newest[i].action, newest[i].why, newest[i].change) for i in ids] == [
        ("accept", "", {}),
        ("reject", "cut in the edit", {}),
        ("edit", "", {"category": "set_dressing"}),
        ("edit", "", {"name": "lucky coin"}),
    ]


def test_tags_changed_in_final_draft_come_back(ferry: Path, tmp_path: Path) -> None:
    path = next((ferry / "breakdown").glob("*.fdx"))
    assert run("review", "import", path, "--json", "-P", ferry).json["decided"] == {}
    app = App.open(ferry)
    element = next(item.element for item in props(app) if item.element.name in item.element.evidence.text)
    definition = f'Label="{element.name}"'
    text = path.read_text(encoding="utf-8")
    assert definition in text
    changed = tmp_path / "changed.fdx"
    changed.write_text(text.replace(definition, 'Label="renamed by hand"'), encoding="utf-8")
    decided = run("review", "import", changed, "--json", "-P", ferry).json["decided"]
    assert set(decided) == {"edit"}
    assert App.open(ferry).desk().log.newest()[element.id].change == {"name": "renamed by hand"}


def test_a_tag_taken_off_and_one_put_on(ferry: Path, tmp_path: Path) -> None:
    path = next((ferry / "breakdown").glob("*.fdx"))
    text = path.read_text(encoding="utf-8")
    bare = tmp_path / "bare.fdx"
    bare.write_text(re.sub(r' TagNumber="[0-9,]+"', "", text, count=1), encoding="utf-8")
    assert run("review", "import", bare, "--json", "-P", ferry).json["decided"] == {"reject": 1}
    assert run("review", "import", path, "--json", "-P", ferry).json["decided"] == {"accept": 1}, "the tag is back"
    app = App.open(ferry)
    desk = app.desk("ana")
    gone = next(item.element for item in props(app) if item.element.name in item.element.evidence.text)
    first = app.book()
    trimmed = [
        dataclasses.replace(part, elements=tuple(item for item in part.elements if item.id != gone.id))
        for part in app.store.breakdown(1, decided=False).scenes
    ]
    app.store.save_breakdown(1, dataclasses.replace(first.breakdown, scenes=tuple(trimmed)))
    run("review", "import", path, "-P", ferry)
    added = [item for item in app.store.breakdown(1).elements if item.source.model == "person"]
    assert [(item.name, item.category, item.status, item.evidence.line) for item in added] == [
        (gone.name, gone.category, "accepted", gone.evidence.line)
    ]
    assert desk.count() == 0 and len(app.router.ledger.learned()) == 2, "what a person put in says nothing of a model"


def test_a_changed_script_is_a_draft_and_no_review(ferry: Path, tmp_path: Path) -> None:
    path = next((ferry / "breakdown").glob("*.fdx"))
    other = tmp_path / "other.fdx"
    other.write_text(path.read_text(encoding="utf-8").replace("Ida", "Ada"), encoding="utf-8")
    assert "pa ingest" in run("review", "import", other, "-P", ferry, code=10).err


def test_a_file_that_is_none_is_a_sentence(ferry: Path, tmp_path: Path) -> None:
    for name, content in (("a.xlsx", b"no zip"), ("b.csv", b"\xff\xfe\x00"), ("c.csv", b"a,b\n1,2\n")):
        (tmp_path / name).write_bytes(content)
        run("review", "import", tmp_path / name, "-P", ferry, code=10)
    run("review", "import", tmp_path / "d.doc", "-P", ferry, code=11)


def test_a_killed_review_has_lost_no_word(ferry: Path) -> None:
    lead, follow = pty.openpty()
    command = [sys.executable, "-m", "assistant", "review", "-P", str(ferry), "-c", "vehicles", "--who", "ana"]
    child = subprocess.Popen(command, stdin=follow, stdout=follow, stderr=follow, env={**os.environ, "TERM": "xterm"})
    try:
        _until(lambda: _drain(lead) > 0)
        for wanted in (1, 2, 3):
            os.write(lead, b"a")
            _until(lambda wanted=wanted: _drain(lead) >= 0 and _said(ferry) >= wanted)  # type: ignore[misc]
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        os.close(lead)
        os.close(follow)
    app = App.open(ferry)
    assert [item[0] for item in words(app)] == ["accept"] * 3
    elements = [item for item in app.desk().log.history() if not item.subject.startswith("merge:")]
    assert len(app.router.ledger.learned()) == len(elements), "counted when somebody next sits down"


def _drain(lead: int) -> int:
    size = 0
    while ready([lead], 0):
        size += len(os.read(lead, 65536))
    return size


def _said(folder: Path) -> int:
    with sqlite3.connect(folder / ".pa" / "production.db", timeout=30) as db:
        return int(db.execute("select count(*) from decision").fetchone()[0])


def _until(true: Any) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "the review did not answer"
        time.sleep(0.02)


def test_ids_of_the_csv_are_the_ids_of_decisions(ferry: Path) -> None:
    run("breakdown", "-P", ferry, "-f", "csv,json")
    path = next((ferry / "breakdown").glob("*-elements.csv"))
    with path.open(encoding="utf-8-sig", newline="") as file:
        ids = {row["Id"] for row in csv.DictReader(file)}
    assert ids == set(App.open(ferry).desk().known)
    assert json.loads(next((ferry / "breakdown").glob("*.json")).read_text(encoding="utf-8"))["scenes"]
