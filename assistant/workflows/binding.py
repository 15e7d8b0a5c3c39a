"""What a run came to, and the book of a draft: script, breakdown, synopses and the run that made them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistant.domain.breakdown import Breakdown
from assistant.exports.book import Book, RunSummary
from assistant.store import Store
from assistant.store.originals import Originals
from assistant.store.runs import Run, Runs
from assistant.store.synopses import Synopses
from assistant.workflows.state import RunState
from assistant.workflows.supervising import days_of
from routers.types import NANO

CUT_OFF = frozenset({"truncated", "window"})


def book(store: Store, runs: Runs, originals: Originals, seq: int) -> Book:
    """A draft with its breakdown, ready for any exporter."""
    draft = next(draft for draft in store.drafts() if draft.seq == seq)
    return Book(
        store.screenplay(seq),
        _with_synopses(store, seq),
        {day.scene: day.label for day in days_of(store, seq)},
        run=_summary(runs.latest("breakdown", seq)),
        original=originals.path(draft.sha256),
        production=store.production,
        created=draft.created,
    )


def account(store: Store, rows: Sequence[dict[str, Any]], done: RunState) -> dict[str, Any]:
    """A finished run in figures, to be kept with it. `rows` are its attempts in the ledger."""
    models = {element.source.model for element in store.breakdown(done["draft"]).elements}
    return {
        "models": sorted(models),
        "attempts": len(rows),
        "cost_usd": sum(row["settled"] for row in rows) / NANO,
        "rejected": done["rejected"],
        "truncated": sum(row["outcome"] in CUT_OFF for row in rows),
        "problems": done.get("problems", []),
    }


def _summary(run: Run | None) -> RunSummary:
    if run is None:
        return RunSummary()
    facts = run.summary
    return RunSummary(
        tuple(facts["models"]),
        facts["attempts"],
        facts["cost_usd"],
        facts["rejected"],
        run.seconds,
        facts.get("truncated", 0),
        tuple((label, why) for label, why in facts.get("problems", ())),
    )


def _with_synopses(store: Store, seq: int) -> Breakdown:
    found, told = store.breakdown(seq), Synopses(store.engine, store.production).of(seq)
    if not told:
        return found
    scenes = (replace(part, synopsis=told[part.scene].text) if part.scene in told else part for part in found.scenes)
    return replace(found, scenes=tuple(scenes))
