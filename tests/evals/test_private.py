"""People's decisions become a set of the production's own, in its folder, scored only on what they judged."""

import json
from pathlib import Path

import pytest

from assistant.app import App
from assistant.wiring import card_files
from evals import private
from evals.__main__ import main
from evals.core import Output, Sample
from routers.scorecards import load
from tests.assistant.workflows.making import script

TEXT = {
    "INT. BARN - NIGHT": "OLE (40) lights a lantern and lifts a rope.\n\nOLE\nWho is there?",
    "EXT. YARD - DAY": "A dog barks at the tractor. OLE drops a bucket.",
    "EXT. ROAD - DAY": "OLE waits.",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A production where a person accepted the lantern and the bucket, and rejected the rope."""
    base = tmp_path_factory.mktemp("own")
    app = App.init(base / "p", "Own")
    app.breakdown(script(base, TEXT))
    desk = app.desk("ada")
    words = {"lantern": "accept", "bucket": "accept", "rope": "reject"}
    wanted = {item.name: item.id for item in app.store.breakdown(app.store.current_draft().seq).elements}
    for name, action in words.items():
        desk.say(desk.word(wanted[name], action))  # type: ignore[arg-type]
    return base / "p"


def test_decisions_become_a_set_in_the_productions_own_folder(folder: Path) -> None:
    path, count = private.write(folder)
    assert path.is_relative_to(folder / ".pa") and count == 2
    head, *rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert "private" in head["provenance"]
    assert [row[1] for row in rows[0]["must"]] == ["lantern"]
    assert [row[1] for row in rows[0]["rejected"]] == ["rope"]


def test_a_model_is_scored_on_it_and_the_production_keeps_the_card(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["from-review", "--production", str(folder), "--model", "builtin/rules", "--save", "--json"]
    assert main([*words, "--runs", str(folder / "unused")]) == 0
    told = json.loads(capsys.readouterr().out)["runs"][0]
    assert told["task"] == "review" and told["n"] == 2
    assert told["value"] == pytest.approx(2 * 1.0 * (2 / 3) / (1.0 + 2 / 3), abs=1e-4)  # both found, one of three wrong
    own = card_files(folder)[1]
    assert [(row.task, row.model, row.trials) for row in load(own)] == [("breakdown", "builtin/rules", 2.0)]
    assert not (folder / "unused").exists()


def test_without_decisions_there_is_nothing_to_measure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    App.init(tmp_path / "new", "New").breakdown(script(tmp_path, TEXT))
    assert main(["from-review", "--production", str(tmp_path / "new"), "--model", "builtin/rules", "--save"]) == 11
    assert "Nobody has decided" in capsys.readouterr().err
    assert not card_files(tmp_path / "new")[1].exists()


def test_an_eval_sends_nothing_where_the_work_would_not(folder: Path) -> None:
    place = private.place(folder, Path())
    assert place.settings["production"]["data_class"] == "confidential"
    (folder / "production.toml").write_text(
        (folder / "production.toml")
        .read_text(encoding="utf-8")
        .replace('data_class = "confidential"', 'data_class = "embargoed"'),
        encoding="utf-8",
    )
    assert private.place(folder, Path()).settings["production"]["data_class"] == "embargoed"


def test_claims_that_nobody_judged_count_neither_way() -> None:
    target = {"must": [["props", "lantern", None, None]], "may": [], "rejected": [["props", "rope", None, None]]}
    sample = Sample("a", {}, target)
    assert private.scorer(sample, Output([["props", "lantern", "q"], ["sound", "bang", "q"]])).value == 1.0
    assert private.scorer(sample, Output([["props", "lantern", "q"], ["props", "rope", "q"]])).value < 1.0
    assert private.scorer(sample, Output([])).parts["wanted"] == 1.0
