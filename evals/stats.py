"""How far a figure may be off: bootstrap intervals over samples, alone and for the difference of two runs."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evals.core import PARTS, Log, Reducer, Score

DRAWS = 2000
Floats = NDArray[np.float64]


class Interval(NamedTuple):
    """A figure and the bounds it lies between."""

    value: float
    low: float
    high: float


def interval(log: Log, level: float = 0.95, seed: int = 0) -> Interval:
    """The log's figure with its bootstrap interval."""
    figures = _resampled([row.score for row in log.rows], log.reducer, seed)
    low, high = np.quantile(figures, [(1 - level) / 2, (1 + level) / 2]) if len(figures) else (0.0, 0.0)
    return Interval(log.value, float(low), float(high))


def difference(new: Log, old: Log, level: float = 0.95, seed: int = 0) -> Interval:
    """New minus old over the samples both have, resampled together."""
    before = {row.sample: row.score for row in old.rows}
    pairs = [(row.score, before[row.sample]) for row in new.rows if row.sample in before]
    if not pairs:
        return Interval(0.0, 0.0, 0.0)
    news, olds = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    deltas = _resampled(news, new.reducer, seed) - _resampled(olds, new.reducer, seed)
    low, high = np.quantile(deltas, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(_figure(news, new.reducer) - _figure(olds, new.reducer)), float(low), float(high))


def kappa(pairs: Sequence[tuple[object, object]]) -> float:
    """Cohen's kappa of two readers' labels: agreement beyond chance; 1.0 where both say one and the same throughout."""
    if not pairs:
        return 0.0
    agreed = sum(one == two for one, two in pairs) / len(pairs)
    ones, twos = (Counter(side) for side in zip(*pairs, strict=True))
    chance = sum(ones[label] * twos[label] for label in ones) / len(pairs) ** 2
    return 1.0 if chance == 1 else (agreed - chance) / (1 - chance)


def _figure(scores: Sequence[Score], reducer: Reducer) -> float:
    rows = _table(scores, reducer)
    return float(_figures(rows.sum(axis=0, keepdims=True), len(scores), reducer)[0])


def _resampled(scores: Sequence[Score], reducer: Reducer, seed: int) -> Floats:
    """The figure of each of many draws with replacement; the same draws for the same seed and number of samples."""
    if not scores:
        return np.zeros(0)
    table = _table(scores, reducer)
    drawn = np.random.default_rng(seed).integers(0, len(scores), size=(DRAWS, len(scores)))
    return _figures(table[drawn].sum(axis=1), len(scores), reducer)


def _table(scores: Sequence[Score], reducer: Reducer) -> Floats:
    if reducer == "mean":
        return np.array([[score.value] for score in scores])
    return np.array([[score.parts.get(name, 0.0) for name in PARTS] for score in scores])


def _figures(sums: Floats, count: int, reducer: Reducer) -> Floats:
    if reducer == "mean":
        return np.asarray(sums[:, 0] / count)
    found, wanted, right, claimed = sums.T
    recall: Floats = np.divide(found, wanted, out=np.ones_like(found), where=wanted > 0)
    precision: Floats = np.divide(right, claimed, out=np.ones_like(right), where=claimed > 0)
    both = recall + precision
    return np.asarray(np.divide(2 * recall * precision, both, out=np.zeros_like(both), where=both > 0))
