"""How good is choosing a model per task, and climbing when an answer fails? Scored on any table of scores and costs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from evals import policies
from evals.curves import aiq, cost_for, curve
from evals.learn import out_of_fold
from evals.policies import Point
from evals.tables import Floats, Pair, Table, load

SEEDS = 20
Report = dict[str, Any]


def run(data: Path, out: Path | None = None) -> Report:
    """Score every routing table in a folder; raises FileNotFoundError when there is none."""
    tables = [table for path in sorted(data.glob("*.csv")) if (table := load(path)) is not None]
    if not tables:
        raise FileNotFoundError(f"{data} holds no CSV with task, model, score, cost or weak, strong columns")
    report = {t.name: score_table(t) if isinstance(t, Table) else score_pair(t) for t in tables}
    if out is not None:
        out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return report


def score_table(table: Table) -> Report:
    """Policies fitted on the training split, or on halves over 20 seeds where there is none."""
    if table.train is not None:
        return _scored(table.rows(table.train), table.rows(~table.train)) | {"split": "given"}
    runs = []
    for seed in range(SEEDS):
        mask = policies.halves(len(table.tasks), seed)
        runs.append(_scored(table.rows(mask), table.rows(~mask)))
    return _averaged(runs) | {"split": f"halves, {SEEDS} seeds"}


def score_pair(pair: Pair) -> Report:
    """Who is sent to the strong model: at random, by length, by task, by what the weak answer looks like."""
    gain = pair.strong - pair.weak
    report: Report = {
        "items": len(pair.weak),
        "weak": float(pair.weak.mean()),
        "strong": float(pair.strong.mean()),
        "oracle": float(np.maximum(pair.weak, pair.strong).mean()),
        "random": _averaged([_gap(pair, np.random.default_rng(s).random(len(gain))) for s in range(SEEDS)]),
    }
    for name, column in zip(pair.names, pair.features.T, strict=True):
        report[f"by {name}"] = _gap(pair, column + 1e-9 * np.random.default_rng(0).random(len(gain)))
    if len(set(pair.tasks)) > 1:
        for label, per_task in (("10 a task", 10), ("20 a task", 20), ("half", 0)):
            report[f"per task, {label}"] = _averaged([_by_task(pair, per_task, seed) for seed in range(SEEDS)])
    if pair.names:
        one = [_gap(pair, out_of_fold(pair.features, gain, repeats=1))]
        report["cascade features, 5-fold"] = _averaged(one)
        report["cascade features, 5-fold x 10"] = _gap(pair, out_of_fold(pair.features, gain))
    return report


def show(report: Report) -> str:
    """The figures as lines of text."""
    lines: list[str] = []
    for name, figures in report.items():
        lines.append(name)
        for key, value in figures.items():
            if isinstance(value, dict):
                parts = "  ".join(f"{k} {_number(v)}" for k, v in value.items())
                lines.append(f"  {key:34} {parts}")
            else:
                lines.append(f"  {key:34} {_number(value)}")
    return "\n".join(lines)


def _scored(train: Table, test: Table) -> Report:
    alone, swept = policies.singles(test), policies.sweep(train, test)
    dearest = max(alone, key=lambda p: p.quality)
    lowest, highest = min(p.cost for p in alone), max(p.cost for p in alone)
    report: Report = {
        "items": len(test.tasks),
        "best single": _point(dearest),
        "cheapest single": _point(min(alone, key=lambda p: p.cost)),
        "random": _point(Point(float(test.cost.mean()), float(test.score.mean()))),
        "best per task": _point(policies.evaluate(test, policies.best_per_task(train))),
        "cheapest within .02 per task": _point(policies.evaluate(test, policies.cheapest_within(train))),
        "dataset oracle": _point(policies.evaluate(test, policies.best_per_task(test))),
        "oracle": _point(policies.oracle(test)),
        "zero router": {"aiq": aiq(alone, lowest, highest)} | _at(alone, dearest.quality),
        "per task": {"aiq": aiq(swept, lowest, highest)} | _at(swept, dearest.quality),
    }
    for error in (0.0, 0.1, 0.2):
        chains = policies.best_chains(train, error)
        points = [policies.cascade(test, chain, error, np.random.default_rng(1)) for chain in chains]
        figures = {"aiq": aiq(points, lowest, highest), "quality": max(p.quality for p in points)}
        report[f"cascade, verifier errs {error:.0%}"] = figures | _at(points, dearest.quality)
    return report


def _point(point: Point) -> Report:
    return {"quality": point.quality, "cost": point.cost}


def _at(points: Sequence[Point], best: float) -> Report:
    """What the best single model's quality, and 95 % of it, cost."""
    return {f"cost at {share:.0%}": cost_for(points, share * best) for share in (1.0, 0.95)}


def _gap(pair: Pair, score: Floats) -> Report:
    made = curve(score, pair.weak, pair.strong)
    return {"apgr": made.apgr, "cpt50": made.cpt(0.5), "cpt80": made.cpt(0.8)}


def _by_task(pair: Pair, per_task: int, seed: int) -> Report:
    """A task's gap, measured on a few of its items, scores the rest; ties are broken at random."""
    rng, labels = np.random.default_rng(seed), np.array(pair.tasks)
    held = np.ones(len(labels), dtype=bool)
    score = rng.random(len(labels)) * 1e-6
    for task in sorted(set(pair.tasks)):
        items = rng.permutation(np.flatnonzero(labels == task))
        calibration = items[: per_task or len(items) // 2]
        held[calibration] = False
        score[items] += (pair.strong - pair.weak)[calibration].mean() if len(calibration) else 0.0
    rest = Pair(pair.name, (), pair.weak[held], pair.strong[held], pair.features[held], pair.names)
    return _gap(rest, score[held])


def _averaged(runs: Sequence[Report]) -> Report:
    """Means over runs, level by level; the spread of a figure beside it where there are several."""
    out: Report = {}
    for key in runs[0]:
        values = [r[key] for r in runs]
        if isinstance(values[0], dict):
            out[key] = _averaged(values)
        else:
            known = [v for v in values if v is not None]
            out[key] = float(np.mean(known)) if known else None
            if len(known) > 1 and key in {"apgr", "quality", "aiq"}:
                out[f"{key} sd"] = float(np.std(known))
    return out


def _number(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else "-" if value is None else str(value)
