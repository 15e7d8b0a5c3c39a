"""The terminal as a newcomer uses it: real files, real exit codes, JSON that programs can read."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.interfaces.cli.main import cli
from tests.conftest import ROOT

FERRY = ROOT / "examples" / "the-ferry" / "the-ferry.fountain"
TRAM = ROOT / "examples" / "el-ultimo-tranvia" / "el-ultimo-tranvia.fountain"


def run(*words: str | Path, code: int = 0) -> "Done":
    """One `pa` command in this process, checked for its exit code."""
    done = CliRunner().invoke(cli, [str(word) for word in words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.stderr
    return Done(done.stdout, done.stderr)


def ferry_with(folder: Path, toml: str) -> Path:
    """A production of the example script, broken down, with more in its production.toml."""
    run("init", folder, "--title", "The Ferry")
    run("breakdown", FERRY, "-P", folder, "-f", "json")
    with (folder / "production.toml").open("a", encoding="utf-8") as file:
        file.write(toml)
    return folder


class Done:
    """What a command printed."""

    def __init__(self, out: str, err: str) -> None:
        self.out = out
        self.err = err

    @property
    def json(self) -> dict:  # type: ignore[type-arg]
        return json.loads(self.out)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A production with the example script broken down."""
    folder = tmp_path_factory.mktemp("ferry") / "production"
    run("init", folder, "--title", "The Ferry")
    run("breakdown", FERRY, "-P", folder)
    return folder


def test_a_script_in_a_breakdown_out(ferry: Path) -> None:
    names = {path.suffix for path in (ferry / "breakdown").iterdir()}
    assert names == {".html", ".xlsx", ".csv", ".json"}
    book = json.loads((ferry / "breakdown" / "the-ferry.json").read_text(encoding="utf-8"))
    assert len(book["scenes"]) == 31
    text = {number: line for number, line in enumerate(FERRY.read_text(encoding="utf-8").splitlines(), start=1)}
    for scene in book["scenes"]:
        for element in scene["elements"]:
            quote = element["evidence"]
            assert quote["quote"] in text[quote["line"]].replace("*", "").replace("_", "")


def test_json_goes_to_stdout_alone(ferry: Path) -> None:
    done = run("breakdown", "--json", "-P", ferry)
    assert done.json["script"]["title"].casefold() == "the ferry"
    assert done.err == ""
    assert done.json["run"]["models"] == ["builtin/rules"]


def test_the_second_time_nothing_is_asked(ferry: Path) -> None:
    with sqlite3.connect(ferry / ".pa" / "production.db") as db:
        before = db.execute("select count(*) from router_attempt").fetchone()
        run("breakdown", FERRY, "-P", ferry)
        assert db.execute("select count(*) from router_attempt").fetchone() == before


def test_scenes_cast_elements_and_one_scene(ferry: Path) -> None:
    assert "12A" in run("scenes", "-P", ferry).out
    assert "omitted" in run("scenes", "-P", ferry).out
    cast = run("cast", "--json", "-P", ferry).json
    assert [member["id"] for member in cast["cast"]] == [str(n) for n in range(1, len(cast["cast"]) + 1)]
    props = run("elements", "-c", "props", "--json", "-P", ferry).json["elements"]
    assert props and {element["category"] for element in props} == {"props"}
    shown = run("show", "12a", "--json", "-P", ferry).json
    assert shown["number"] == "12A" and shown["lines"][0]["kind"] == "heading"


def test_a_length_is_put_right_by_hand_and_given_back(ferry: Path) -> None:
    before = run("show", "1", "--json", "-P", ferry).json["eighths"]
    run("length", "1", "2 1/8", "-P", ferry)
    shown = run("show", "1", "--json", "-P", ferry).json
    assert (shown["eighths"], shown["eighths_source"]) == (17, "override")
    run("length", "1", "auto", "-P", ferry)
    assert run("show", "1", "--json", "-P", ferry).json["eighths"] == before
    assert "is not a length" in run("length", "1", "2/3", "-P", ferry, code=2).err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("show", "99"), 11, "There is no scene 99"),
        (("elements", "-c", "porps"), 11, "Did you mean props?"),
        (("breakdown", "--format", "pfd"), 12, "There is no format"),
        (("trace", "nothing"), 11, "no attempt"),
        (("models", "show", "nova"), 12, "No model is called"),
    ],
)
def test_what_is_not_there_is_a_sentence_and_a_code(ferry: Path, words: tuple[str, ...], code: int, said: str) -> None:
    done = run(*words, "-P", ferry, code=code)
    assert said in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.fountain", b"", "is empty"),
        ("binary.fountain", bytes(range(256)) * 40, ""),
        ("prose.txt", b"Once upon a time there was a bridge.\n\nIt fell.\n", "scene heading"),
        ("bomb.fdx", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><FinalDraft>&a;</FinalDraft>', ""),
    ],
)
def test_a_file_that_is_no_script_leaves_nothing_behind(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("breakdown", tmp_path / name, code=10)
    assert said in done.err and "error:" in done.err and "hint:" in done.err
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_outside_a_production_one_is_made_beside_the_script_and_said_so(tmp_path: Path) -> None:
    script = tmp_path / "tram.fountain"
    script.write_bytes(TRAM.read_bytes())
    assert str(tmp_path / "tram.pa") in run("breakdown", script, "-f", "json").err
    assert (tmp_path / "tram.pa" / "breakdown").is_dir()
    assert "Made a production" not in run("breakdown", script, "-f", "json").err


def test_the_doctor_finds_all_well(ferry: Path) -> None:
    checks = run("doctor", "--json", "-P", ferry).json["checks"]
    assert {check["state"] for check in checks} == {"ok"}


def test_the_choice_is_explained_and_nothing_has_left(ferry: Path) -> None:
    plan = run("route", "explain", "--json", "-P", ferry).json
    assert plan["chosen"] == "builtin/rules"
    assert all(item["rules"] for item in plan["candidates"] if item["model"] != "builtin/rules")
    assert run("egress", "-P", ferry).out.strip() == "Nothing has left this machine."
    spent = run("costs", "--json", "-P", ferry).json["spent"]
    assert [(row["task"], row["model"], row["usd"]) for row in spent] == [("breakdown", "builtin/rules", 0.0)]


def test_a_model_of_ones_own_is_added_checked_and_shown(tmp_path: Path) -> None:
    run("init", tmp_path / "p")
    words = ("models", "add", "onprem/mine", "--wire", "openai/mine", "--base-url", "http://127.0.0.1:9", "-P")
    run(*words, tmp_path / "p")
    assert run("models", "show", "onprem/mine", "--json", "-P", tmp_path / "p").json["wire"] == "openai/mine"
    assert "onprem/mine" in run("models", "list", "-P", tmp_path / "p").out
    assert "onprem/mine" in run("models", "check", "-P", tmp_path / "p").out


def test_an_unknown_setting_names_the_nearest(tmp_path: Path) -> None:
    run("init", tmp_path / "p")
    toml = tmp_path / "p" / "production.toml"
    toml.write_text(toml.read_text().replace("precision =", "presicion ="))
    done = run("scenes", "-P", tmp_path / "p", code=12)
    assert "Unknown setting `production.presicion`" in done.err and "`precision`" in done.err


def test_killed_at_any_moment_it_goes_on_and_asks_nothing_twice(tmp_path: Path) -> None:
    script = tmp_path / "ferry.fountain"
    script.write_bytes(FERRY.read_bytes())
    database = tmp_path / "ferry.pa" / ".pa" / "production.db"
    command = [sys.executable, "-m", "assistant", "breakdown", str(script), "-f", "json"]
    environment = {**os.environ, "PA_CONCURRENCY": "1"}
    for wanted in (1, 12):
        child = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment)
        while child.poll() is None and _answers(database) < wanted:
            time.sleep(0.002)
        child.send_signal(signal.SIGKILL)
        child.wait()
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(database) as db:
        kept, asked = db.execute("select count(*) from result").fetchone()[0], _attempts(db)
    assert kept == 30
    assert asked <= 30 + 2, "at most the call on the wire at each kill was asked again"
    book = json.loads((tmp_path / "ferry.pa" / "breakdown" / "the-ferry.json").read_text(encoding="utf-8"))
    assert sum(len(scene["elements"]) for scene in book["scenes"]) > 200


def _answers(database: Path) -> int:
    if not database.exists():
        return 0
    with sqlite3.connect(database, timeout=30) as db:
        try:
            return int(db.execute("select count(*) from result").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def _attempts(db: sqlite3.Connection) -> int:
    return int(db.execute("select count(*) from router_attempt where outcome = 'ok'").fetchone()[0])


def test_bedrock_without_credentials_is_a_sentence(ferry: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(ferry / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(ferry / "none"))
    done = run("models", "sync", "bedrock", "--region", "eu-west-1", "-P", ferry, code=12)
    assert "Bedrock in eu-west-1 can not be asked" in done.err and "hint:" in done.err
