"""From logs to scorecards: what the router is told, and how it would rank the models of a task."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.core import Log
from evals.stats import interval
from evals.tasks import TASKS
from routers.choice import Plan, decide
from routers.health import Health
from routers.policy import Facts, Policy
from routers.registry import Registry
from routers.scorecards import Evidence, Paid, Scorecards, load, load_data, load_paid, save
from routers.types import Need, Precision

TEACHES = frozenset({"breakdown", "synopsis", "answers", "review"})  # other tasks guard; they do not rank


def evidence(log: Log) -> Evidence | None:
    """A log as evidence: its figure on so many trials. None for a task that does not rank models."""
    if log.task not in TEACHES:
        return None
    routed = "breakdown" if log.task == "review" else TASKS[log.task].routed
    trials = float(len(log.rows))
    return Evidence(routed, log.model, round(log.value * trials, 6), trials, "eval", None, log.prompt, log.data)


def keep(logs: Iterable[Log], path: Path) -> list[Evidence]:
    """Write what logs show into a scorecards file; an earlier figure for the same task and model is replaced."""
    done = list(logs)
    new = [row for log in done if (row := evidence(log)) is not None]
    rows = {(row.task, row.model): row for row in [*load(path), *new]}
    data = load_data(path) | {row.task: row.data for row in new}
    paid = load_paid(path) | _paid(done)
    path.parent.mkdir(parents=True, exist_ok=True)
    save(rows.values(), path, data, paid)
    return new


def _paid(logs: Iterable[Log]) -> dict[tuple[str, str], Paid]:
    found = {}
    for log in logs:
        if (row := evidence(log)) is not None and log.rows:
            seconds = sum(item.output.latency_s for item in log.rows)
            found[row.task, row.model] = Paid(log.cost_usd / len(log.rows), seconds / len(log.rows))
    return found


def ranked(logs: Sequence[Log]) -> list[dict[str, Any]]:
    """Models of one task, best first: figure, interval, trials, cost and seconds a sample."""
    rows = []
    for log in logs:
        figure, count = interval(log), max(1, len(log.rows))
        rows.append(
            {
                "model": log.model,
                "value": round(figure.value, 4),
                "low": round(figure.low, 4),
                "high": round(figure.high, 4),
                "n": len(log.rows),
                "usd_per_sample": round(log.cost_usd / count, 9),
                "seconds": round(sum(row.output.latency_s for row in log.rows) / count, 4),
                "errors": sum(bool(row.output.error) for row in log.rows),
                "prompt": log.prompt,
                "data": log.data,
            }
        )
    return sorted(rows, key=lambda row: (-row["value"], row["usd_per_sample"], row["model"]))


def choice(logs: Sequence[Log], registry: Registry, precision: Precision, facts: Facts) -> Plan:
    """Whom the router would take for the logs' task, knowing nothing but them."""
    rows = [row for log in logs if (row := evidence(log)) is not None]
    need = Need(rows[0].task if rows else "", precision, "open", tokens_in=1700, tokens_out=700)
    return decide(need, registry, Scorecards(rows), facts)


def plain_facts(registry: Registry) -> Facts:
    """A world in which every model may be asked."""
    providers = frozenset(row.provider for row in registry.rows.values())
    today = datetime.now(UTC).date()
    return Facts(0.0, today, has=lambda name: True, health=Health(), policy=Policy(), providers=providers)
