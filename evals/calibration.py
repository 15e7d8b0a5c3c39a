"""Is what is expected of an answer what comes of it? Expected and observed correctness, side by side."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from evals.core import Log
from evals.sets import breakdown

BINS = 10
WORTH = 5.0  # claims that the mean of all categories is worth where a category has few of its own

Pair = tuple[float, float]  # how sure, 0 to 1; how right it was, 0 to 1
Claim = tuple[str, bool]  # category of a claimed element, and whether it is right


class Bin(NamedTuple):
    """Answers of about the same expectation."""

    low: float
    high: float
    answers: int
    expected: float
    observed: float


def reliability(log: Log) -> tuple[Bin, ...]:
    """The log's answers by how right they were expected to be; empty where nothing is expected.

    A solver that says how sure it is is taken at its word. An element of a breakdown is expected to be as often right
    as its category was in the other scripts.
    """
    stated = [(row.output.stated, row.score.value) for row in log.rows if row.output.stated is not None]
    if stated or log.task != breakdown.TASK.name:
        return binned(stated)
    claims: dict[str, list[Claim]] = defaultdict(list)
    for row in log.rows:
        claims[row.sample.split("/")[0]] += breakdown.judged(row.target, row.output.answer)
    return by_record(claims)


def by_record(claims: Mapping[str, Sequence[Claim]]) -> tuple[Bin, ...]:
    """Claims by script: what their category's record in the other scripts promises, and what is right."""
    pairs: list[Pair] = []
    for script, mine in claims.items():
        others = [claim for name, theirs in claims.items() if name != script for claim in theirs]
        if others:
            rates = _rates(others)
            pairs += ((rates.get(category, rates[""]), float(right)) for category, right in mine)
    return binned(pairs)


def binned(pairs: Sequence[Pair], count: int = BINS) -> tuple[Bin, ...]:
    """Pairs in bins of equal width by what was expected; empty bins are left out."""
    found: dict[int, list[Pair]] = defaultdict(list)
    for sure, right in pairs:
        found[min(int(sure * count), count - 1)].append((sure, right))
    return tuple(
        Bin(at / count, (at + 1) / count, len(inside), *(sum(side) / len(inside) for side in zip(*inside, strict=True)))
        for at, inside in sorted(found.items())
    )


def error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error: the gap of each bin, weighted by its answers; None where there are none."""
    total = sum(item.answers for item in bins)
    return sum(abs(item.expected - item.observed) * item.answers for item in bins) / total if total else None


def _rates(claims: Sequence[Claim]) -> Mapping[str, float]:
    """Share right by category, drawn towards the mean of all, which stands under ""."""
    mean = sum(right for _, right in claims) / len(claims)
    counts: dict[str, list[bool]] = defaultdict(list)
    for category, right in claims:
        counts[category].append(right)
    drawn = {name: (sum(seen) + WORTH * mean) / (len(seen) + WORTH) for name, seen in counts.items()}
    return {"": mean, **drawn}
