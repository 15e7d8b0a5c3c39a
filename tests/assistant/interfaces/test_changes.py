"""A new draft at the terminal: told when it comes in, shown, answered scene by scene, settled."""

import html
import re
from pathlib import Path

import pytest

from assistant.app import App
from assistant.exports.change_marks import marked
from tests.assistant.interfaces.test_cli import FERRY, run
from tests.assistant.review.drafts import draft


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two drafts: in the second, scene 1 has other words, 12A is cut and 3A is new; every prop was decided before."""
    root = tmp_path_factory.mktemp("ferry")
    folder = root / "production"
    run("init", folder, "--title", "The Ferry")
    run("breakdown", FERRY, "-P", folder, "-f", "json")
    desk = App.open(folder).desk("ana")
    desk.say(*(desk.word(identity, "accept") for identity in desk.known))
    text = FERRY.read_text(encoding="utf-8")
    scenes = re.split(r"(?m)(?=^\.?(?:INT|EXT|I/E|OMITTED)[^\n]*#[^#\n]+#$)", text)
    first = next(n for n, scene in enumerate(scenes) if "#1#" in scene.split("\n")[0])
    cut = next(n for n, scene in enumerate(scenes) if "#12A#" in scene.split("\n")[0])
    third = next(n for n, scene in enumerate(scenes) if "#3#" in scene.split("\n")[0])
    scenes[first] = scenes[first].rstrip() + "\n\nA brass telescope stands on the rail.\n\n"
    scenes[third] += "INT. CHART ROOM - DAY #3A#\n\nA parrot naps on a barometer.\n\n"
    del scenes[cut]
    second = root / "blue.fountain"
    second.write_text("".join(scenes), encoding="utf-8")
    told = run("ingest", second, "-P", folder).err
    assert "Draft 1 (White) → 2 (Blue):" in told and "1 added" in told and "1 cut" in told
    told = run("breakdown", "-P", folder, "-f", "json").err
    assert "decisions carried over" in told
    return folder


def test_each_change_is_listed_with_what_it_is(ferry: Path) -> None:
    shown = run("diff", "--json", "-P", ferry).json
    assert (shown["old"]["colour"], shown["new"]["colour"]) == ("White", "Blue")
    changes = {(row["scene"], row["was"]): row["kinds"] for row in shown["changes"]}
    assert changes[(None, "12A")] == ["cut"]
    assert changes[("3A", None)] == ["added"]
    assert "reworded" in changes[("1", "1")]
    assert "12A" in run("diff", "-P", ferry).out


def test_the_report_is_one_page_that_asks_for_nothing(ferry: Path, tmp_path: Path) -> None:
    page = tmp_path / "changes.html"
    run("diff", "--html", page, "-P", ferry)
    text = html.unescape(page.read_text(encoding="utf-8"))
    assert "<ins>A brass telescope stands on the rail.</ins>" in text
    assert "default-src 'none'" in text and "http" not in text.replace("http-equiv", "")
    assert "@media print" in text and "Blue" in text


def test_what_lies_aside_is_listed_under_its_old_number(ferry: Path) -> None:
    rows = run("aside", "--json", "-P", ferry).json["aside"]
    assert rows and {row["scene"] for row in rows} == {"ALT 12A"}
    assert {row["why"] for row in rows} == {"scene cut"}
    assert "ALT 12A" in run("aside", "-P", ferry).out


def test_changes_are_turned_down_and_the_draft_settled(ferry: Path) -> None:
    lying = len(run("aside", "--json", "-P", ferry).json["aside"])
    assert run("diff", "--apply", "-P", ferry, code=11).err.startswith("error: No change was turned down")
    assert "No change of a scene 77" in run("diff", "--reject", "77", "-P", ferry, code=11).err
    run("diff", "--reject", "12A,3A", "--all", "--who", "ana", "-P", ferry)
    said = {row["scene"] or row["was"]: row["decision"] for row in run("diff", "--json", "-P", ferry).json["changes"]}
    assert (said["12A"], said["3A"], said["1"]) == ("rejected", "rejected", "accepted")
    history = run("review", "history", "--json", "-P", ferry).json["decisions"]
    assert {item["who"] for item in history if item["subject"].startswith("change:2:")} == {"ana"}
    run("diff", "--apply", "-P", ferry)
    assert [row["seq"] for row in run("drafts", "--json", "-P", ferry).json["drafts"]] == [1, 2, 3]
    numbers = [row["number"] for row in run("scenes", "--json", "-P", ferry).json["scenes"]]
    first = [row["number"] for row in run("scenes", "--json", "-d", "1", "-P", ferry).json["scenes"]]
    assert numbers == first
    told = run("breakdown", "-P", ferry, "-f", "json").err
    assert " 0 set aside" in told, "what lay aside is back with its scene"
    back = {item.id: item for item in App.open(ferry).store.breakdown(3).elements}
    assert lying and sum(1 for item in back.values() if item.status == "accepted") >= lying
    changes = {row["scene"]: row["kinds"] for row in run("diff", "1", "3", "--json", "-P", ferry).json["changes"]}
    assert set(changes) == {"1"}


def test_a_single_draft_has_no_changes(tmp_path: Path) -> None:
    run("init", tmp_path / "p")
    run("ingest", FERRY, "-P", tmp_path / "p")
    assert "only one draft" in run("diff", "-P", tmp_path / "p", code=11).err


def test_words_are_marked_where_they_changed() -> None:
    old, new = draft(("1", "quay")).scenes[0], draft(("1", "quay_reworded")).scenes[0]
    lines = marked(old, new)
    assert [line.touched for line in lines] == [False, True, False, True]
    assert [(part.fate, part.text) for part in lines[1].parts][1:3] == [("gone", "nineteen"), ("come", "twenty-one")]
    joined = "".join(part.text for line in lines for part in line.parts if part.fate != "gone")
    assert joined == "".join(line.text for line in new.lines)
    before = "".join(part.text for line in lines for part in line.parts if part.fate != "come")
    assert before == "".join(line.text for line in old.lines)
