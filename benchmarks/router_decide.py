"""How long it takes to decide among 50 models: median microseconds over many needs."""

import statistics
import time
from dataclasses import replace
from datetime import date

from routers.choice import decide
from routers.health import Health
from routers.policy import Facts, Policy
from routers.registry import Registry, load_registry
from routers.scorecards import Scorecards
from routers.types import Need


def fifty() -> Registry:
    """The shipped rows, one region each, repeated under other names until there are 50."""
    rows = [replace(row, regions=row.regions[:1]) for row in load_registry().rows.values()]
    many = [replace(rows[n % len(rows)], id=f"{rows[n % len(rows)].id}-{n}") for n in range(50)]
    return Registry({row.id: row for row in many})


def measure(rounds: int = 2000) -> float:
    """Median microseconds of one decision."""
    registry, cards = fifty(), Scorecards()
    facts = Facts(
        now=0.0,
        today=date(2026, 1, 1),
        has=lambda name: True,
        health=Health(),
        policy=Policy(),
        providers=frozenset(row.provider for row in registry.rows.values()),
    )
    rules = facts.policy.data
    needs = [
        Need("extract", precision=precision, data_class=data, tokens_in=2000, abilities=frozenset({"json_schema"}))
        for precision in ("draft", "standard", "final")
        for data in ("open", "confidential", "embargoed")
    ]
    times = []
    for n in range(rounds):
        start = time.perf_counter()
        need = needs[n % len(needs)]
        facts.rule = rules[need.data_class]
        decide(need, registry, cards, facts)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e6


if __name__ == "__main__":
    print(f"deciding among 50 models: {measure():.0f} µs median")
