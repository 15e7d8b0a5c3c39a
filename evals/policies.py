"""Routing policies fitted on training items and scored on others: per-task choice, hulls, cascades with a verifier."""

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evals.tables import Floats, Table

Pick = Mapping[str, int]  # task -> model


class Point(NamedTuple):
    """Mean cost and quality of a policy."""

    cost: float
    quality: float


def means(table: Table) -> tuple[tuple[str, ...], Floats, Floats]:
    """Tasks, and their models' mean score and cost."""
    tasks = tuple(sorted(set(table.tasks)))
    labels = np.array(table.tasks)
    score = np.array([table.score[labels == task].mean(axis=0) for task in tasks])
    cost = np.array([table.cost[labels == task].mean(axis=0) for task in tasks])
    return tasks, score, cost


def best_per_task(train: Table) -> Pick:
    """Per task the model with the best mean."""
    tasks, score, _ = means(train)
    return {task: int(np.argmax(row)) for task, row in zip(tasks, score, strict=True)}


def cheapest_within(train: Table, eps: float = 0.02) -> Pick:
    """Per task the cheapest model within `eps` of the best.

    Models that close are taken as equal on the task, so among equally cheap ones the best over all tasks is taken.
    """
    tasks, score, cost = means(train)
    overall = score.mean(axis=0)
    picks = {}
    for task, quality, price in zip(tasks, score, cost, strict=True):
        near = np.flatnonzero(quality >= quality.max() - eps)
        picks[task] = int(min(near, key=lambda m: (round(float(price[m]), 12), -overall[m])))
    return picks


def traded(train: Table, worth: float) -> Pick:
    """Per task the model with the most of worth x quality - cost."""
    tasks, score, cost = means(train)
    return {task: int(np.argmax(worth * q - c)) for task, q, c in zip(tasks, score, cost, strict=True)}


def evaluate(table: Table, pick: Pick) -> Point:
    """A pick on these items; a task unknown to it gets its most frequent model."""
    usual = max(set(pick.values()), key=list(pick.values()).count)
    chosen = np.array([pick.get(task, usual) for task in table.tasks])
    at = np.arange(len(chosen))
    return Point(float(table.cost[at, chosen].mean()), float(table.score[at, chosen].mean()))


def singles(table: Table) -> list[Point]:
    """Each model for everything."""
    return [Point(float(c), float(q)) for c, q in zip(table.cost.mean(axis=0), table.score.mean(axis=0), strict=True)]


def oracle(table: Table) -> Point:
    """The best answer to every item, the cheapest among equals."""
    best = table.score == table.score.max(axis=1, keepdims=True)
    cost = np.where(best, table.cost, np.inf).min(axis=1)
    return Point(float(cost.mean()), float(table.score.max(axis=1).mean()))


def sweep(train: Table, test: Table, steps: int = 40) -> list[Point]:
    """The per-task policy at every worth of quality that changes it."""
    _, score, cost = means(train)
    spread = float(np.ptp(cost)) / max(float(np.ptp(score)), 1e-9)
    worths = [0.0, *np.geomspace(spread / 1000, spread * 1000, steps)]
    return [evaluate(test, traded(train, worth)) for worth in worths]


def cascade(table: Table, chain: Sequence[int], error: float, rng: np.random.Generator) -> Point:
    """Ask along the chain until the verifier accepts; all are paid for, and the verifier errs with `error`."""
    cost, quality, going = 0.0, 0.0, np.ones(len(table.tasks), dtype=bool)
    for step, model in enumerate(chain):
        cost += float(table.cost[going, model].sum())
        accepted = (table.score[:, model] >= 0.5) ^ (rng.random(len(table.tasks)) < error)
        ends = going & (accepted | (step == len(chain) - 1))
        quality += float(table.score[ends, model].sum())
        going &= ~ends
    return Point(cost / len(table.tasks), quality / len(table.tasks))


def best_chains(train: Table, error: float, longest: int = 3, most: int = 12) -> list[tuple[int, ...]]:
    """Chains of rising cost that no other beats on the training items."""
    order = np.argsort(train.cost.mean(axis=0))[:most]
    found: list[tuple[Point, tuple[int, ...]]] = []
    for length in range(1, longest + 1):
        for chain in permutations(order.tolist(), length):
            if list(chain) == sorted(chain, key=order.tolist().index):
                found.append((cascade(train, chain, error, np.random.default_rng(0)), chain))
    found.sort(key=lambda pair: (pair[0].cost, -pair[0].quality))
    kept: list[tuple[Point, tuple[int, ...]]] = []
    for point, chain in found:
        if not kept or point.quality > kept[-1][0].quality:
            kept.append((point, chain))
    return [chain for _, chain in kept]


def halves(count: int, seed: int) -> NDArray[np.bool_]:
    """A random half for training."""
    return np.asarray(np.random.default_rng(seed).permutation(count) % 2 == 0)
