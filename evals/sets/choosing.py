"""Does the router choose whom the rules of the house give? A need a sample, put to models that do not exist."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import yaml

from evals.core import Output, Place, Sample, Score, Solver, Task
from evals.sets.reading import rows_of
from routers.choice import Plan, climb, decide, stand_in
from routers.health import Circuit, Health
from routers.policy import DATA_RULES, Facts, Policy
from routers.registry import Registry, build
from routers.scorecards import Evidence, Scorecards
from routers.types import NANO, Need

DATA = Path(__file__).parents[1] / "data"
MODELS = DATA / "routing_models.yaml"
KEYS = ("euro_key", "states_key")
SHOWN = {  # good of a hundred at breakdown
    "rules": (60, 100),
    "house/small": (75, 100),
    "house/unplugged": (99, 100),
    "euro/fair": (90, 100),
    "states/strong": (97, 100),
    "states/old": (75, 100),
    "bazaar/cheap": (92, 100),
    "bazaar/unpriced": (99, 100),
    "locked/best": (99, 100),
}
TODAY = "2026-11-24"
_ASKED = ("chosen", "earned", "excluded", "climb", "stand_in")


def samples(place: Place) -> list[Sample]:
    """One a need; the target is the choice, and what else the row states."""
    models = hashlib.sha256(MODELS.read_bytes() + repr(SHOWN).encode()).hexdigest()[:8]
    return [
        Sample(
            row["id"],
            {"need": row["need"], "world": row.get("world", {}), "models": models, "because": row["because"]},
            {name: row[name] for name in _ASKED if name in row},
        )
        for row in rows_of(DATA / "routing.jsonl")
    ]


@contextmanager
def solver(place: Place, model: str, folder: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
    """The router's own decision; nobody is called."""

    def solve(sample: Sample) -> Output:
        began = perf_counter()
        world = sample.input["world"]
        plan = _plan(sample.input["need"], world)
        return Output(_told(plan), latency_s=round(perf_counter() - began, 5))

    yield solve


def _plan(asked: Mapping[str, Any], world: Mapping[str, Any]) -> Plan:
    registry = _registry()
    need = Need(**{"task": "breakdown", "tokens_in": 1000, **asked, **_sets(asked)})
    health = Health()
    for name in world.get("down", ()):
        region = registry[name].regions[0].name
        health.circuits[name, region] = Circuit(faults=3, open_until=100.0, why="3 faults in a row")
    keys = frozenset(world.get("keys", KEYS))
    facts = Facts(
        now=0.0,
        today=date.fromisoformat(world.get("today", TODAY)),
        has=keys.__contains__,
        health=health,
        policy=Policy(),
        providers=frozenset(row.provider for row in registry.rows.values()),
        left=round(world["left_usd"] * NANO) if "left_usd" in world else None,
        place=None if need.regions is None else registry.expand(need.regions),
        rule=DATA_RULES[need.data_class],
    )
    return decide(need, registry, _cards(world), facts)


def _sets(asked: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    return {name: frozenset(asked[name]) for name in ("abilities", "forbid", "regions") if name in asked}


def _cards(world: Mapping[str, Any]) -> Scorecards:
    rows = [
        Evidence("breakdown", name, good, trials, prompt=rest[0] if rest else "")
        for name, (good, trials, *rest) in {**SHOWN, **world.get("shown", {})}.items()
    ]
    return Scorecards(rows, {"breakdown": (world.get("prompt", ""), "")})


@cache
def _registry() -> Registry:
    return build(yaml.safe_load(MODELS.read_text(encoding="utf-8")), MODELS.name)


def _told(plan: Plan) -> dict[str, Any]:
    chosen = plan.chosen
    return {
        "chosen": chosen.row.id if chosen else None,
        "earned": plan.earned,
        "excluded": {c.row.id: sorted(rule for rule, _ in c.rules) for c in plan.candidates if c.rules},
        "climb": [c.row.id for c in climb(plan, chosen, [chosen.row.id])] if chosen else [],
        "stand_in": [c.row.id for c in stand_in(plan, [chosen.key])] if chosen else [],
        "why": plan.why,
    }


def scorer(sample: Sample, output: Output) -> Score:
    """1 when the choice, and everything else that the row states, is as stated; an exclusion names all its rules."""
    told, wrong = output.answer, []
    for name, wanted in sample.target.items():
        if name == "excluded":
            wrong += [
                f"{model} excluded by {told[name].get(model)}, not by {rules}"
                for model, rules in wanted.items()
                if not set(rules) <= set(told[name].get(model, ()))
            ]
        elif told[name] != wanted:
            wrong.append(f"{name}: {told[name]}, wanted {wanted}")
    return Score(float(not wrong), {}, tuple(wrong))


TASK = Task("routing", "whom the router chooses, whom it excludes, by which rule", samples, solver, scorer)
