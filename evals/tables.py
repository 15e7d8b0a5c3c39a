"""Tables of routing data: one row a (task, model, score, cost), one column a model, or a weak and a strong model."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PRICES = Path(__file__).parent / "data" / "model_prices.csv"
_NOT_MODELS = frozenset({"split", "task", "item", "prompt_chars", "id", "subject"})


@dataclass(frozen=True, slots=True)
class Table:
    """Scores and costs of all models on the same items."""

    name: str
    models: tuple[str, ...]
    tasks: tuple[str, ...]  # one an item
    score: Floats  # items x models
    cost: Floats  # items x models
    train: NDArray[np.bool_] | None  # None = no split is given

    def rows(self, mask: NDArray[np.bool_]) -> "Table":
        """Some of its items."""
        tasks = tuple(task for task, keep in zip(self.tasks, mask, strict=True) if keep)
        return Table(self.name, self.models, tasks, self.score[mask], self.cost[mask], None)


@dataclass(frozen=True, slots=True)
class Pair:
    """A weak and a strong model on the same items, with numbers known before the strong one is asked."""

    name: str
    tasks: tuple[str, ...]
    weak: Floats
    strong: Floats
    features: Floats
    names: tuple[str, ...]


def load(path: Path) -> Table | Pair | None:
    """What the columns say it is; None for a file that is no routing table."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    columns = set(rows[0]) if rows else set()
    if {"weak", "strong"} <= columns:
        return _pair(path.stem, rows)
    if {"task", "model", "score", "cost"} <= columns:
        return _long(path.stem, rows)
    if "task" in columns and len(_model_columns(rows)) > 1:
        return _wide(path.stem, rows, prices(path.parent))
    return None


def prices(folder: Path) -> dict[str, float]:
    """US dollars per million tokens by model: the shipped ones, and those of `prices.csv` beside the table."""
    known: dict[str, float] = {}
    for path in (PRICES, folder / "prices.csv"):
        if path.is_file():
            with path.open(newline="", encoding="utf-8") as file:
                known |= {row["model"]: float(row["usd_per_million"]) for row in csv.DictReader(file)}
    return known


def _pair(name: str, rows: Sequence[Mapping[str, str]]) -> Pair:
    labels = {"weak", "strong", "split", "task", "subject", "item", "id"}
    names = tuple(c for c in rows[0] if c not in labels and all(_is_number(row[c]) for row in rows))
    return Pair(
        name,
        tuple(row.get("task") or row.get("subject") or "all" for row in rows),
        np.array([float(row["weak"]) for row in rows]),
        np.array([float(row["strong"]) for row in rows]),
        np.array([[float(row[c]) for c in names] for row in rows]).reshape(len(rows), len(names)),
        names,
    )


def _long(name: str, rows: Sequence[Mapping[str, str]]) -> Table:
    """Items are named, or counted within each (task, split, model) in the order they come."""
    models = tuple(sorted({row["model"] for row in rows}))
    seen: dict[tuple[str, str, str], int] = {}
    items: dict[tuple[str, str, str], dict[str, tuple[float, float]]] = {}
    for row in rows:
        group = (row["task"], row.get("split") or "", row["model"])
        seen[group] = seen.get(group, 0) + 1
        key = (row["task"], row.get("split") or "", row.get("item") or str(seen[group]))
        items.setdefault(key, {})[row["model"]] = (float(row["score"]), float(row["cost"]))
    full = {key: found for key, found in items.items() if len(found) == len(models)}
    score = np.array([[found[m][0] for m in models] for found in full.values()])
    cost = np.array([[found[m][1] for m in models] for found in full.values()])
    return Table(name, models, tuple(k[0] for k in full), score, cost, _train([k[1] for k in full]))


def _wide(name: str, rows: Sequence[Mapping[str, str]], known: Mapping[str, float]) -> Table:
    models = tuple(_model_columns(rows))
    missing = [m for m in models if m not in known]
    if missing:
        raise ValueError(
            f"{name}: no price for {', '.join(missing)}; put model,usd_per_million in prices.csv beside it"
        )
    score = np.array([[float(row[m]) for m in models] for row in rows])
    cost = np.tile(np.array([known[m] for m in models]), (len(rows), 1))
    return Table(
        name, models, tuple(row["task"] for row in rows), score, cost, _train([row.get("split") for row in rows])
    )


def _train(splits: Sequence[str | None]) -> NDArray[np.bool_] | None:
    return np.array([split == "train" for split in splits]) if {"train", "test"} <= set(splits) else None


def _model_columns(rows: Sequence[Mapping[str, str]]) -> list[str]:
    return [c for c in rows[0] if c not in _NOT_MODELS and all(_is_number(row[c]) for row in rows)]


def _is_number(text: str | None) -> bool:
    try:
        float(text or "")
    except ValueError:
        return False
    return True
