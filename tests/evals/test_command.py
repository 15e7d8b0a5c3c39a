"""`pa evals` hands its words on, and says what is wrong in one sentence with the documented exit code."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.interfaces.cli.main import cli
from evals.__main__ import main

PA = CliRunner()


def test_pa_hands_words_and_options_on(tmp_path: Path) -> None:
    listed = PA.invoke(cli, ["evals", "list", "--json"])
    assert listed.exit_code == 0
    names = [row["task"] for row in json.loads(listed.stdout)["tasks"]]
    assert {"parsing", "eighths", "breakdown", "synopsis", "retrieval", "answers", "refusal"} <= set(names)
    assert {"schedule", "script-days", "routing", "injection"} <= set(names)
    ran = PA.invoke(cli, ["evals", "run", "parsing", "--limit", "5", "--runs", str(tmp_path), "--json"])
    assert ran.exit_code == 0
    assert json.loads(ran.stdout)["runs"][0]["n"] == 5


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["run", "weather"], 11, "There is no task weather"),
        (["rank", "--task", "breakdown"], 11, "No finished run"),
        (["report"], 11, "no finished run"),
        (["run", "routing-tables"], 11, "--data"),
        (["from-review", "--production", "nowhere"], 11, "nowhere"),
    ],
)
def test_what_is_wrong_is_said(
    words: list[str], code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--runs", str(tmp_path / "none")]) == code
    assert said in capsys.readouterr().err


def test_two_runs_are_compared_sample_by_sample(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        assert main(["run", "parsing", "--runs", str(tmp_path / name)]) == 0
    changed = next((tmp_path / "b").rglob("log.json"))
    log = json.loads(changed.read_text(encoding="utf-8"))
    log["rows"][0]["score"] = {"value": 0.0, "parts": {}, "why": ["planted"]}
    changed.write_text(json.dumps(log), encoding="utf-8")
    capsys.readouterr()
    places = [str(next((tmp_path / name).rglob("log.json"))) for name in ("a", "b")]
    assert main(["compare", *places, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [item["sample"] for item in told["samples"]] == ["plain"]
    assert told["change"]["value"] < 0


def test_the_page_shows_line_by_line_what_differs_from_an_earlier_run(tmp_path: Path) -> None:
    assert main(["run", "parsing", "--runs", str(tmp_path / "new")]) == 0
    log = json.loads(next((tmp_path / "new").rglob("log.json")).read_text(encoding="utf-8"))
    log["rows"][0]["score"]["value"] = 0.5
    log["rows"][0]["output"]["answer"] = [["1", "INT. ELSEWHERE - DAY"]]
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "log.json").write_text(json.dumps(log), encoding="utf-8")
    page = tmp_path / "page.html"
    places = ["--runs", str(tmp_path / "new"), "--against", str(tmp_path / "old")]
    assert main(["report", *places, "--out", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert "samples that differ: 1" in text and "<em>was 0.500</em>" in text
    assert "<del>- 1 · INT. ELSEWHERE - DAY</del>" in text and "<ins>+ " in text
    assert text.index("sample changed") < text.index("class='sample'")  # what changed stands first


def test_the_model_ranking_of_a_production_names_task_and_versions(tmp_path: Path) -> None:
    PA.invoke(cli, ["init", str(tmp_path / "p")])
    ranked = PA.invoke(cli, ["models", "rank", "--task", "breakdown", "-P", str(tmp_path / "p"), "--json"])
    rows = json.loads(ranked.stdout)["models"]
    assert ranked.exit_code == 0 and sum(row["chosen"] for row in rows) == 1
    assert all(row["prompt"] for row in rows)
    table = PA.invoke(cli, ["models", "rank", "-P", str(tmp_path / "p")])
    assert "prompt version" in table.stdout
