"""Runs in a folder: begun, gone on with, finished, read again; never dearer than was allowed."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from evals.core import KEPT, Log, Order, Place, Row, Sample, log_from, picked, remaining, run

LOG = "log.json"


class OverBudget(Exception):
    """A run would cost, or has cost, more than it may."""


def folder_of(runs: Path, task: str, model: str, limit: int | None, seed: int) -> Path:
    """Where one run lies."""
    slug = re.sub(r"[^\w.-]+", "-", model)
    drawn = f"-{limit}-of-seed-{seed}" if limit is not None else ""
    return runs / task / f"{slug}{drawn}"


def finished(order: Order, place: Place, budget: float | None, heard: Callable[[Row], None]) -> Log:
    """Run an order to its end and keep its log. Raises OverBudget once it has cost more; what is done is kept.

    A run that was killed goes on; one that was finished begins anew.
    """
    path = order.folder / LOG
    if path.is_file():
        path.replace(path.with_suffix(".before.json"))
        (order.folder / KEPT).unlink(missing_ok=True)
    spent = 0.0

    def counted(row: Row) -> None:
        nonlocal spent
        spent += row.output.cost_usd
        heard(row)
        if budget is not None and spent > budget:
            raise OverBudget(f"stopped at ${spent:.4f} of ${budget:.2f}; the same command with more goes on from here")

    log = run(order, place, counted)
    path.write_text(json.dumps(log.as_json(), ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    return log


def asked(order: Order, place: Place) -> list[Sample]:
    """What `finished` will ask: all of a run that was finished before, the rest of one that was stopped."""
    if (order.folder / LOG).is_file():
        return picked(order.task.samples(place), order.limit, order.seed)
    return remaining(order, place)


def logs(runs: Path) -> Iterator[Log]:
    """All finished runs under a folder, by task and model; or the one log that is named."""
    found = [runs] if runs.is_file() else sorted(runs.rglob(LOG))
    for path in found:
        yield log_from(json.loads(path.read_text(encoding="utf-8")))


def log_of(path: Path) -> Log:
    """The one log in a file or folder. Raises FileNotFoundError."""
    file = path / LOG if path.is_dir() else path
    return log_from(json.loads(file.read_text(encoding="utf-8")))
