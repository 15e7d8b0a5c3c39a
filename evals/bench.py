"""A production made for an eval: one model is pinned to the task, and the ledger says what each answer cost."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from assistant.app import NANO, App
from evals.core import Output, Place

PRECISION = "draft"  # the lowest floor: an eval asks the pinned model, whatever it has shown before


class Bill(NamedTuple):
    """What a run cost."""

    usd: float
    seconds: float
    attempts: int


@contextmanager
def production(place: Place, task: str, model: str) -> Iterator[App]:
    """An empty production whose task goes to one model and to nobody else."""
    folder = Path(tempfile.mkdtemp(prefix="pa-eval-"))
    try:
        yield opened(folder / "production", place, {task: model})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def opened(folder: Path, place: Place, pins: dict[str, str]) -> App:
    """A production in a folder, with one's own registry rows where there are any. Its material is open unless
    the place says otherwise."""
    flags: dict[str, Any] = {
        "production": {"data_class": "open", "precision": PRECISION, **place.settings.get("production", {})},
        "models": {"concurrency": 1, **place.settings.get("models", {}), "pin": {"cast": "builtin/rules", **pins}},
    }
    folder.mkdir(parents=True, exist_ok=True)
    if place.models is not None:
        shutil.copyfile(place.models, folder / "models.yaml")
    return App.init(folder, "Eval", flags)


def run_id() -> str:
    """A name for one sample's calls, unlike any other."""
    return f"eval-{uuid.uuid4().hex[:12]}"


def bill(app: App, run: str) -> Bill:
    """All attempts of a run."""
    rows = app.router.ledger.rows(app.store.production, run)
    return Bill(sum(row["settled"] for row in rows) / NANO, sum(row["latency_s"] for row in rows), len(rows))


def output(app: App, run: str, answer: Any, error: str = "") -> Output:
    """An answer with its bill."""
    cost = bill(app, run)
    return Output(answer, round(cost.usd, 9), round(cost.seconds, 4), cost.attempts, error)
