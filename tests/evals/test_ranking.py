"""Three loopback models of known quality are ranked rightly on forty samples, and the router takes another one then."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.app import App
from assistant.breakdown import RULES_VERSION
from assistant.interfaces.cli.main import cli
from assistant.wiring import card_files, ranking
from evals.__main__ import main
from evals.core import BUILT_IN
from routers.scorecards import load, load_data
from tests.evals.making import BROKEN, CHEAP, GOOD, broken, reader, registry, teller
from tests.loopback import Loopback, Reply

SAMPLES = 36  # all annotated scenes of the example scripts
LOCAL = {"models": {"forbid": ["builtin"], "on_prem_only": True}}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a production, its rows, runs of the three models, and the production's scorecards."""
    folder = tmp_path_factory.mktemp("three")
    with Loopback() as server:
        server.script("good", Reply(text=reader(0.95)))
        server.script("cheap", Reply(text=reader(0.6)))
        server.script("broken", Reply(text=broken))
        rows = registry(folder, server)
        app = App.init(folder / "p", "Three")
        rows.replace(folder / "p" / "models.yaml")
        words = ["run", "breakdown", "--limit", "40", "--budget", "5", "--save"]
        words += [word for name in (GOOD, CHEAP, BROKEN) for word in ("--model", name)]
        own = card_files(app.folder)[1]
        places = ["--models", str(folder / "p" / "models.yaml"), "--runs", str(folder / "runs"), "--cards", str(own)]
        assert main([*words, *places]) == 0
    return folder


def told(ran: Path, capsys: pytest.CaptureFixture[str], precision: str) -> dict[str, object]:
    capsys.readouterr()
    places = ["--models", str(ran / "p" / "models.yaml"), "--runs", str(ran / "runs")]
    assert main(["rank", "--task", "breakdown", "--precision", precision, "--json", *places]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_they_are_ranked_by_quality_with_intervals_and_bills(ran: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models = told(ran, capsys, "standard")["models"]
    assert isinstance(models, list)
    assert [row["model"] for row in models] == [GOOD, CHEAP, BROKEN]
    assert all(row["n"] == SAMPLES <= 40 for row in models)
    good, cheap, bad = models
    assert good["low"] > cheap["high"] and cheap["low"] > bad["high"]
    assert good["usd_per_sample"] > cheap["usd_per_sample"] > 0 < good["seconds"]


def test_the_choice_follows_the_precision(ran: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(ran, capsys, "standard")["chosen"] == CHEAP
    assert told(ran, capsys, "final")["chosen"] == GOOD


def test_the_router_of_a_production_changes_its_choice(ran: Path) -> None:
    app = App.open(ran / "p", LOCAL)
    own = card_files(app.folder)[1]
    text = own.read_text(encoding="utf-8")
    own.unlink()
    before = App.open(ran / "p", LOCAL).llm.plan("breakdown").chosen
    own.write_text(text, encoding="utf-8")
    after = app.llm.plan("breakdown")
    final = App.open(ran / "p", {**LOCAL, "production": {"precision": "final"}}).llm.plan("breakdown")
    assert before is not None and before.row.id == BROKEN  # nothing known: the cheapest of equals
    assert after.chosen is not None and after.chosen.row.id == CHEAP
    assert final.chosen is not None and final.chosen.row.id == GOOD
    rows = {row["model"]: row for row in ranking(after, app.router.cards, app.folder)}
    assert rows[CHEAP]["chosen"] and rows[CHEAP]["measured_usd"] > 0
    assert rows[GOOD]["trials"] == SAMPLES and not rows[GOOD]["stale"]


def test_the_same_holds_for_another_task(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Loopback() as server:
        for name, right in (("good", 1.0), ("cheap", 0.7), ("broken", 0.0)):
            server.script(name, Reply(text=teller(right)))
        places = ["--models", str(registry(tmp_path, server)), "--runs", str(tmp_path / "runs")]
        words = [word for name in (GOOD, CHEAP, BROKEN) for word in ("--model", name)]
        assert main(["run", "synopsis", "--limit", "40", "--budget", "5", *words, *places]) == 0
    chosen = {}
    for precision in ("draft", "final"):
        capsys.readouterr()
        assert main(["rank", "--task", "synopsis", "--precision", precision, "--json", *places]) == 0
        told = json.loads(capsys.readouterr().out)
        assert [row["model"] for row in told["models"]] == [GOOD, CHEAP, BROKEN]
        assert all(row["n"] <= 40 for row in told["models"])
        chosen[precision] = told["chosen"]
    assert chosen == {"draft": CHEAP, "final": GOOD}


def test_another_prompt_or_other_data_makes_them_stale(ran: Path) -> None:
    own = card_files(ran / "p")[1]
    text = own.read_text(encoding="utf-8")
    version, data = load(own)[0].prompt, load_data(own)["breakdown"]
    for changed in (
        text.replace(f'"prompt": "{version}"', '"prompt": "0"'),
        text.replace(f'of": {{"breakdown": "{data}"', 'of": {"breakdown": "other"'),
    ):
        assert changed != text
        own.write_text(changed, encoding="utf-8")
        app = App.open(ran / "p", LOCAL)
        plan = app.llm.plan("breakdown")
        assert all(c.standing.stale for c in plan.candidates if c.row.id in {GOOD, CHEAP, BROKEN})
    own.write_text(text, encoding="utf-8")


def test_the_built_in_model_is_stale_when_its_rules_have_changed(ran: Path, tmp_path: Path) -> None:
    app = App.init(tmp_path / "rules", "Rules")
    own = card_files(app.folder)[1]
    assert main(["run", "breakdown", "--runs", str(tmp_path / "runs"), "--cards", str(own), "--save"]) == 0
    row = next(row for row in load(own) if row.model == BUILT_IN)
    assert row.prompt == f"rules {RULES_VERSION}"
    assert not ranked(app.folder)["stale"]
    own.write_text(own.read_text(encoding="utf-8").replace(row.prompt, "rules 0"), encoding="utf-8")
    told = ranked(app.folder)
    assert told["stale"] and told["prompt"] == row.prompt
    table = CliRunner().invoke(cli, ["models", "rank", "--task", "breakdown", "-P", str(app.folder)]).stdout
    assert "stale" in table.replace("stale = older", "") and f"rules {RULES_VERSION}" in table


def ranked(folder: Path) -> dict[str, object]:
    """The built-in model's row of `pa models rank`."""
    given = CliRunner().invoke(cli, ["models", "rank", "--task", "breakdown", "-P", str(folder), "--json"])
    rows = {row["model"]: row for row in json.loads(given.stdout)["models"]}
    return dict(rows[BUILT_IN])


def test_an_older_run_is_said_to_be_stale(ran: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "parsing", "--runs", str(tmp_path)]) == 0
    path = next(tmp_path.rglob("log.json"))
    whole = path.read_text(encoding="utf-8")
    for changed, why in (("prompt", f"rules 0, now rules {RULES_VERSION}"), ("data", "other data now")):
        log = json.loads(whole)
        log[changed] = "rules 0" if changed == "prompt" else "0"
        path.write_text(json.dumps(log), encoding="utf-8")
        capsys.readouterr()
        assert main(["rank", "--task", "parsing", "--runs", str(tmp_path), "--json"]) == 0
        assert [row["stale"] for row in json.loads(capsys.readouterr().out)["models"]] == [why]


def test_a_run_says_what_it_may_cost_and_asks_for_leave(ran: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = ["--models", str(ran / "p" / "models.yaml"), "--runs", str(ran / "none")]
    assert main(["run", "breakdown", "--model", GOOD, *places]) == 14
    said = capsys.readouterr().err
    assert "36 calls" in said and "budget" in said
    assert not (ran / "none").exists()


def test_the_page_is_whole_in_itself(ran: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert main(["report", "--runs", str(ran / "runs"), "--against", str(ran / "runs"), "--out", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert "http://" not in text and "https://" not in text and "src=" not in text
    assert text.count("<circle") == 3 and text.count("class='sample") == 3 * SAMPLES
    assert "against the earlier run" in text and "missed props" in text
