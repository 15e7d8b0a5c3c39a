"""What a model has shown it can do for a task: evidence from evals and from people, as one bound."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from routers.types import ModelRow, Precision

Source = Literal["eval", "review"]
STALE_WORTH = 0.25  # an observation made with another prompt or other data counts a quarter


@dataclass(frozen=True, slots=True)
class Evidence:
    """So many trials of a model on a task, so many good; partial credit counts as a fraction."""

    task: str
    model: str
    good: float
    trials: float
    source: Source = "eval"
    precision: Precision | None = None  # None = holds for every precision
    prompt: str = ""  # the prompt's version, and the data's, when it was measured
    data: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.good <= self.trials:
            raise ValueError("evidence: 0 <= good <= trials")


class Standing(NamedTuple):
    """A model's place for one task and precision."""

    mean: float
    lower: float  # lower confidence bound
    trials: float
    stale: bool


@dataclass(slots=True)
class Scorecards:
    """Beta posteriors per (task, model, precision); the registry's prior until there is evidence."""

    evidence: list[Evidence] = field(default_factory=list)
    current: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # task -> (prompt version, data version)
    rules: Mapping[tuple[str, str], str] = field(
        default_factory=dict
    )  # (task, model) -> its version, if no prompt is asked
    confidence: float = 0.9
    _sums: dict[tuple[str, str, Precision | None], tuple[float, float, bool]] = field(default_factory=dict, repr=False)
    _known: dict[tuple[str, str, Precision], Standing] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        rows, self.evidence = self.evidence, []
        self.add(*rows)

    def add(self, *rows: Evidence) -> None:
        """Take in more evidence."""
        self.evidence.extend(rows)
        sums: dict[tuple[str, str, Precision | None], tuple[float, float, bool]] = defaultdict(
            lambda: (0.0, 0.0, False)
        )
        sums.update(self._sums)
        for row in rows:
            stale = self._is_stale(row)
            worth = STALE_WORTH if stale else 1.0
            good, bad, was = sums[row.task, row.model, row.precision]
            new = (good + worth * row.good, bad + worth * (row.trials - row.good), was or stale)
            sums[row.task, row.model, row.precision] = new
        self._sums = dict(sums)
        self._known = {}

    def standing(self, row: ModelRow, task: str, precision: Precision) -> Standing:
        """Where `row` stands; remembered until new evidence comes in."""
        key = (task, row.id, precision)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._work_out(row, task, precision)
        return known

    def _work_out(self, row: ModelRow, task: str, precision: Precision) -> Standing:
        prior = row.task_priors.get(task, row.prior)
        a, b = prior.mean * prior.weight, (1 - prior.mean) * prior.weight
        trials, stale = 0.0, False
        for which in (precision, None):
            good, bad, old = self._sums.get((task, row.id, which), (0.0, 0.0, False))
            a, b, trials, stale = a + good, b + bad, trials + good + bad, stale or old
        return Standing(a / (a + b), beta_quantile(1 - self.confidence, round(a, 6), round(b, 6)), trials, stale)

    def versions(self, task: str, model: str = "") -> tuple[str, str]:
        """What a figure must be measured with to count whole: its prompt's or its model's version, and the data's."""
        prompt, data = self.current.get(task, ("", ""))
        return self.rules.get((task, model), prompt), data

    def _is_stale(self, row: Evidence) -> bool:
        prompt, data = self.versions(row.task, row.model if row.source == "eval" else "")
        aged = row.source == "eval" and data and row.data and row.data != data  # a person's word names its decision
        return bool((prompt and row.prompt and row.prompt != prompt) or aged)


class Paid(NamedTuple):
    """What a trial took: US dollars and seconds, on average."""

    usd: float
    seconds: float


def save(
    rows: Iterable[Evidence],
    path: Path,
    data: Mapping[str, str] | None = None,
    paid: Mapping[tuple[str, str], Paid] | None = None,
) -> None:
    """One JSON object a line, in a stable order, with what its trials took; before them each task's data version."""
    took = {key: value._asdict() for key, value in (paid or {}).items()}
    lines = sorted(json.dumps(asdict(row) | took.get((row.task, row.model), {}), sort_keys=True) for row in rows)
    head = [json.dumps({_DATA: dict(data)}, sort_keys=True)] if data else []
    path.write_text("".join(line + "\n" for line in head + lines), encoding="utf-8")


def load(path: Path) -> list[Evidence]:
    """What `save` wrote; nothing where there is no file."""
    known = Evidence.__slots__
    return [Evidence(**{name: row[name] for name in known if name in row}) for row in _rows(path) if _DATA not in row]


def load_paid(path: Path) -> dict[tuple[str, str], Paid]:
    """What a trial took, by task and model, where `save` was told."""
    return {(row["task"], row["model"]): Paid(row["usd"], row["seconds"]) for row in _rows(path) if "usd" in row}


def load_data(path: Path) -> dict[str, str]:
    """Each task's data version as it was when `save` wrote last."""
    return next((dict(row[_DATA]) for row in _rows(path) if _DATA in row), {})


_DATA = "data of"


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@lru_cache(maxsize=4096)
def beta_quantile(p: float, a: float, b: float) -> float:
    """The value below which a Beta(a, b) lies with probability p, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if _beta_cdf(middle, a, b) < p:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _beta_cdf(x: float, a: float, b: float) -> float:
    if x <= 0 or x >= 1:
        return float(x >= 1)
    log = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    if x < (a + 1) / (a + b + 2):
        return math.exp(log) * _continued(x, a, b) / a
    return 1 - math.exp(log) * _continued(1 - x, b, a) / b


def _continued(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function (Lentz)."""
    tiny = 1e-300
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1), tiny)
    h = d
    for m in range(1, 300):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = 1 / _away(1 + even * d, tiny), _away(1 + even / c, tiny)
        h *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = 1 / _away(1 + odd * d, tiny), _away(1 + odd / c, tiny)
        h *= d * c
        if abs(d * c - 1) < 1e-12:
            break
    return h


def _away(value: float, tiny: float) -> float:
    return value if abs(value) > tiny else tiny
