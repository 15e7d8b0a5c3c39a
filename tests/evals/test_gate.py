"""The gate: the built-in model is as good as its baselines; a planted regression is caught and clean runs pass."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from evals import gate
from evals.__main__ import main
from evals.core import BUILT_IN, Log, Output, Place, Row, Score, log_from
from evals.running import LOG
from evals.tasks import TASKS, fits
from tests.conftest import ROOT

HERE = (  # what has samples without scripts from elsewhere
    "parsing",
    "eighths",
    "breakdown",
    "synopsis",
    "retrieval",
    "answers",
    "refusal",
    "schedule",
    "schedule-rules",
    "script-days",
    "continuity",
    "routing",
    "injection",
)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Log]:
    runs = tmp_path_factory.mktemp("runs")
    assert main(["run", *HERE, "--runs", str(runs)]) == 0
    found = [log_from(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(runs.rglob(LOG))]
    return {log.task: log for log in found}


@pytest.mark.parametrize("task", HERE)
def test_the_built_in_model_is_as_good_as_it_was(task: str, logs: dict[str, Log]) -> None:
    verdict = gate.judge(logs[task])
    assert verdict.ok, str(verdict)


def test_every_task_with_samples_here_is_held_to_its_baseline() -> None:
    assert set(HERE) == {name for name, task in TASKS.items() if fits(task, BUILT_IN) and task.samples(Place(ROOT))}


def dropped(log: Log, points: float) -> Log:
    """The same run with so much of what was right in its scenes gone, spread over all of them."""

    def less(row: Row) -> Row:
        parts = dict(row.score.parts)
        parts["found"] = max(0.0, parts["found"] - 1.6 * points * parts["wanted"])
        return replace(row, score=replace(row.score, parts=parts))

    return Log(log.task, log.model, log.reducer, log.prompt, log.data, 0, [less(row) for row in log.rows], log.total)


def test_a_planted_regression_of_five_points_is_caught(logs: dict[str, Log], tmp_path: Path) -> None:
    gate.write(logs["breakdown"], tmp_path)
    planted = dropped(logs["breakdown"], 0.05)
    verdict = gate.judge(planted, tmp_path)
    assert 0.045 < -verdict.change.value < 0.06
    assert not verdict.ok and "fell by" in str(verdict)


@pytest.mark.parametrize("task", sorted(path.stem for path in gate.BASELINES.glob("*.json")))
def test_five_points_lost_anywhere_are_caught_in_every_task_and_twenty_clean_runs_pass(
    task: str, tmp_path: Path
) -> None:
    log = replace(gate.read(task).log, task="planted")
    gate.write(log, tmp_path)
    assert all(gate.judge(log, tmp_path).ok for _ in range(20))
    for seed in range(3):
        verdict = gate.judge(fallen(log, 0.05, random.Random(seed)), tmp_path)
        assert not verdict.ok, str(verdict)


def fallen(log: Log, points: float, rng: random.Random) -> Log:
    """The same run with samples that went wrong, drawn one by one until the figure is so much lower."""
    rows = list(log.rows)
    lower = replace(log, rows=rows)
    for at in rng.sample(range(len(rows)), len(rows)):
        if log.value - lower.value >= points:
            break
        score = rows[at].score
        rows[at] = replace(
            rows[at], score=Score(0.0, {**score.parts, "found": 0.0, "right": 0.0} if score.parts else {})
        )
    return lower


def test_a_regression_in_one_sample_alone_is_caught_where_it_is_large(logs: dict[str, Log], tmp_path: Path) -> None:
    gate.write(logs["parsing"], tmp_path)
    rows = [replace(row, score=Score(0.0)) if row.sample == "plain" else row for row in logs["parsing"].rows]
    log = replace(logs["parsing"], rows=rows)
    parts = {"found": 0.0, "wanted": 2.0, "right": 0.0, "claimed": 2.0}
    log.rows[0] = replace(log.rows[0], score=Score(0.0, parts))
    assert not gate.judge(log, tmp_path).ok


def test_twenty_clean_runs_pass(logs: dict[str, Log], tmp_path: Path) -> None:
    """Runs of the built-in model are the same; so are these with the noise of a model that answers otherwise now
    and then, a point up or down in every other sample."""
    gate.write(logs["breakdown"], tmp_path)
    for seed in range(20):
        assert gate.judge(noisy(logs["breakdown"], seed), tmp_path).ok


def noisy(log: Log, seed: int) -> Log:
    rng = random.Random(seed)

    def moved(row: Row) -> Row:
        parts = dict(row.score.parts)
        step = rng.choice((-1, 0, 0, 1))
        parts["found"] = min(parts["wanted"], max(0.0, parts["found"] + step))
        return replace(row, score=replace(row.score, parts=parts))

    return replace(log, rows=[moved(row) for row in log.rows])


def test_a_baseline_whose_data_changed_says_so(logs: dict[str, Log], tmp_path: Path) -> None:
    gate.write(logs["parsing"], tmp_path)
    rows = [replace(row, target=["other"]) for row in logs["parsing"].rows]
    verdict = gate.judge(replace(logs["parsing"], rows=rows), tmp_path)
    assert not verdict.ok and "have changed" in verdict.why


def test_the_command_ends_with_one_on_a_regression(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = json.loads((gate.BASELINES / "script-days.json").read_text(encoding="utf-8"))
    (tmp_path / "script-days.json").write_text(json.dumps(base), encoding="utf-8")
    assert main(["gate", "--baselines", str(tmp_path)]) == 0
    for row in base["rows"].values():
        row["value"] = 1.1
    (tmp_path / "script-days.json").write_text(json.dumps(base), encoding="utf-8")
    assert main(["gate", "script-days", "--baselines", str(tmp_path)]) == 1
    assert "FAIL" in capsys.readouterr().out


def test_what_is_not_here_is_skipped_and_said(tmp_path: Path) -> None:
    log = Log("t", "m", "mean", "", "", 0, [Row(name, Score(1.0), Output(None)) for name in "ab"], 2)
    gate.write(log, tmp_path)
    part = gate.judge(replace(log, rows=log.rows[:1]), tmp_path)
    assert part.ok and part.compared == 1 and "1 skipped: their scripts are not here" in str(part)
    nothing = str(gate.judge(replace(log, rows=[]), tmp_path))
    assert nothing.startswith("skip") and "2 skipped" in nothing


def test_a_gate_that_compares_nothing_does_not_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = Log("parsing", "m", "mean", "", "", 0, [Row("of another day", Score(1.0), Output(None))], 1)
    gate.write(log, tmp_path)
    assert main(["gate", "--baselines", str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith("skip")
