"""The routing figures by their recipes, on made-up tables and on the reference data where it is at hand."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from evals import routing
from evals.__main__ import main
from evals.curves import aiq, arena, cost_for, curve, hull
from evals.learn import out_of_fold
from evals.policies import best_per_task, cascade, cheapest_within, evaluate, oracle
from evals.tables import Pair, Table, load
from tests.conftest import SHARED


def table(**over: object) -> Table:
    """Two tasks; `dear` is better at one of them only."""
    score = np.array([[1, 1], [0, 1], [0, 1], [1, 1], [1, 1], [1, 0]], dtype=float)
    cost = np.tile([1.0, 10.0], (6, 1))
    return Table("t", ("cheap", "dear"), ("hard",) * 3 + ("easy",) * 3, score, cost, None)


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_per_task_choice_takes_the_best_of_each() -> None:
    assert best_per_task(table()) == {"hard": 1, "easy": 0}
    assert evaluate(table(), best_per_task(table())) == (5.5, 1.0)
    assert oracle(table()) == (4.0, 1.0)


def test_cheapest_within_takes_the_cheap_where_it_is_as_good() -> None:
    assert cheapest_within(table(), eps=0.7) == {"hard": 0, "easy": 0}
    assert cheapest_within(table(), eps=0.02) == {"hard": 1, "easy": 0}


def test_equally_good_and_cheap_goes_to_the_better_all_round() -> None:
    score = np.array([[0.50, 0.51], [0.9, 0.1]])
    made = Table("t", ("a", "b"), ("x", "y"), score, np.ones((2, 2)), None)
    assert cheapest_within(made)["x"] == 0


def test_a_cascade_pays_for_every_attempt() -> None:
    rng = np.random.default_rng(0)
    assert cascade(table(), (0, 1), 0.0, rng) == pytest.approx((1 + 2 * 10 / 6, 1.0))
    assert cascade(table(), (1,), 0.0, rng) == pytest.approx((10.0, 5 / 6))


def test_a_perfect_score_closes_the_gap_early_and_a_random_one_halfway() -> None:
    rng = np.random.default_rng(1)
    weak, strong = (rng.random(4000) < 0.5).astype(float), (rng.random(4000) < 0.9).astype(float)
    assert curve(rng.random(4000), weak, strong).apgr == pytest.approx(0.5, abs=0.05)
    perfect = curve(strong - weak + 1e-6 * rng.random(4000), weak, strong)
    assert perfect.apgr > 0.85
    assert perfect.cpt(0.5) < 25 < curve(rng.random(4000), weak, strong).cpt(0.5)


def test_the_hull_keeps_what_no_mix_beats() -> None:
    points = [(1.0, 0.2), (2.0, 0.5), (3.0, 0.55), (4.0, 0.8), (5.0, 0.7)]
    assert hull(points) == [(1.0, 0.2), (2.0, 0.5), (4.0, 0.8)]
    assert aiq([(0.0, 0.0), (1.0, 1.0)], 0.0, 1.0) == pytest.approx(0.5)
    assert aiq([(0.0, 0.4)], 0.0, 2.0) == pytest.approx(0.4)
    assert cost_for(points, 0.65) == pytest.approx(3.0)
    assert cost_for(points, 0.9) is None


def test_the_arena_score_of_a_known_row() -> None:
    assert arena(0.6901, 0.0475) == pytest.approx(0.697, abs=0.001)
    assert arena(0.5234, 0.176) == pytest.approx(0.533, abs=0.001)


def test_learning_is_the_same_every_time_and_finds_what_is_there() -> None:
    rng = np.random.default_rng(2)
    features = np.column_stack([rng.integers(1, 500, 600), rng.integers(0, 2, 600)]).astype(float)
    gain = (features[:, 0] > 250).astype(float)
    first = out_of_fold(features, gain, repeats=2)
    assert (first == out_of_fold(features, gain, repeats=2)).all()
    assert np.corrcoef(first, gain)[0, 1] > 0.7
    noise = out_of_fold(features, rng.random(600), repeats=2)
    assert abs(np.corrcoef(noise, gain)[0, 1]) < 0.3


def test_any_long_table_is_read(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"task": task, "item": n, "model": model, "score": int(model == "b" or n % 2), "cost": 1 + (model == "b")}
        for task in ("x", "y")
        for n in range(30)
        for model in ("a", "b")
    ]
    made = load(write(tmp_path / "long.csv", rows))
    assert isinstance(made, Table)
    assert (made.models, made.score.shape) == (("a", "b"), (60, 2))
    report = routing.run(tmp_path)["long"]
    assert report["best single"] == {"quality": 1.0, "quality sd": 0.0, "cost": 2.0}
    assert report["oracle"]["cost"] == pytest.approx(1.5, abs=0.1)


def test_a_wide_table_needs_prices(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"split": s, "task": "x", "m1": 1, "m2": 0} for s in ("train", "test")]
    path = write(tmp_path / "wide.csv", rows)
    with pytest.raises(ValueError, match="no price for m1, m2"):
        load(path)
    write(tmp_path / "prices.csv", [{"model": m, "usd_per_million": p} for m, p in (("m1", 1), ("m2", 2))])
    made = load(path)
    assert isinstance(made, Table)
    assert made.cost.tolist() == [[1, 2], [1, 2]]


def test_a_pair_with_tasks_is_scored_per_task(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    rows: list[dict[str, object]] = [
        {"task": f"t{n % 4}", "weak": int(rng.random() < (0.9 if n % 4 else 0.1)), "strong": 1} for n in range(400)
    ]
    made = load(write(tmp_path / "pair.csv", rows))
    assert isinstance(made, Pair)
    report = routing.score_pair(made)
    assert report["per task, 20 a task"]["apgr"] > report["random"]["apgr"] + 0.1


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    assert "routing" in capsys.readouterr().out
    assert main(["run", "routing-tables", "--data", str(tmp_path)]) == 10
    assert "holds no CSV" in capsys.readouterr().err


def test_the_bars_on_the_reference_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = SHARED / "routerdata"
    if not data.is_dir():
        pytest.skip("../shared/routerdata is not here")
    assert main(["run", "routing-tables", "--data", str(data), "--out", str(tmp_path / "report.json")]) == 0
    assert "cheapest within .02 per task" in capsys.readouterr().out
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    chosen = report["llmrouter_scores"]["cheapest within .02 per task"]
    assert round(chosen["quality"], 4) >= 0.6006
    assert chosen["cost"] <= 0.61 + 1e-9
    climbed = report["routellm_gsm8k"]["cascade features, 5-fold x 10"]
    assert climbed["apgr"] >= 0.678
    assert climbed["cpt50"] <= 24.5
