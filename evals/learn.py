"""A score for 'is the stronger model worth asking?' from a few numbers: ridge on logs and their squares."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SHRINK = 30.0


def out_of_fold(features: Floats, gain: Floats, folds: int = 5, repeats: int = 10) -> Floats:
    """For each row the gain expected by models that never saw it, averaged over `repeats` partitions.

    A fold's scores are kept relative to the mean it was trained on: that mean is high exactly where the fold's own
    is low, and would mix up the ranks between folds.
    """
    basis = _basis(features)
    total = np.zeros(len(gain))
    for seed in range(repeats):
        fold = np.random.default_rng(seed).permutation(len(gain)) % folds
        for at in range(folds):
            inside = fold == at
            total[inside] += _ridge(basis[~inside], gain[~inside], basis[inside])
    return total / repeats


def _basis(features: Floats) -> Floats:
    """Counts and lengths as logarithms with their squares; yes and no as they are."""
    columns: list[Floats] = []
    for column in features.T:
        if len(np.unique(column)) <= 2:
            columns.append(column)
            continue
        scaled = np.log1p(column) if column.min() >= 0 else column
        scaled = (scaled - scaled.mean()) / (scaled.std() or 1.0)
        columns += [scaled, scaled**2]
    return np.stack(columns, axis=1)


def _ridge(x: Floats, y: Floats, new: Floats) -> Floats:
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    a = (x - mean) / spread
    weights = np.linalg.solve(a.T @ a + SHRINK * np.eye(a.shape[1]), a.T @ (y - y.mean()))
    return np.asarray((new - mean) / spread @ weights)
