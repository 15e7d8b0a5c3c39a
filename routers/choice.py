"""Of the eligible, the cheapest that has earned the task; the plan keeps every candidate and says why."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from routers.policy import TRANSIENT, Exclusion, Facts, active_rules, exclusions
from routers.registry import Registry
from routers.scorecards import Scorecards, Standing
from routers.types import NANO, ModelRow, Need, Region


class Candidate(NamedTuple):
    """One deployment: a model as called in one region."""

    row: ModelRow
    region: Region
    rules: tuple[Exclusion, ...]
    standing: Standing
    cost: int | None  # worst case in nano-dollars; None = price not known

    @property
    def eligible(self) -> bool:
        """May and can it?"""
        return not self.rules

    @property
    def key(self) -> tuple[str, str]:
        """(model id, region)"""
        return self.row.id, self.region.name

    def as_json(self) -> dict[str, Any]:
        """As `route explain` shows it."""
        return {
            "model": self.row.id,
            "provider": self.row.provider,
            "region": self.region.name,
            "eligible": self.eligible,
            "rules": [f"{rule}: {detail}" for rule, detail in self.rules],
            "score": round(self.standing.mean, 4),
            "lower_bound": round(self.standing.lower, 4),
            "trials": self.standing.trials,
            "stale": self.standing.stale,
            "legacy_from": None if self.row.legacy_from is None else self.row.legacy_from.isoformat(),
            "cost_usd": None if self.cost is None else float(Decimal(self.cost) / NANO),
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided for a need, over whom, and why."""

    need: Need
    candidates: tuple[Candidate, ...]
    chosen: Candidate | None
    earned: bool  # does the chosen one clear the floor of the asked precision?
    floor: float
    policy: str
    why: str

    @property
    def eligible(self) -> tuple[Candidate, ...]:
        """Cheapest first, the better one first among equals."""
        return tuple(sorted((c for c in self.candidates if c.eligible), key=_cheapest))

    def as_json(self) -> dict[str, Any]:
        """The answer of `route explain`."""
        need = self.need
        return {
            "need": {
                "task": need.task,
                "precision": need.precision,
                "data_class": need.data_class,
                "tokens_in": need.tokens_in,
                "tokens_out": need.tokens_out,
                "abilities": sorted(need.abilities),
                "budget_usd": None if need.budget_usd is None else float(need.budget_usd),
                "deadline_s": need.deadline_s,
                "production": need.production,
                "run": need.run,
                "regions": None if need.regions is None else sorted(need.regions),
                "on_prem_only": need.on_prem_only,
                "pin": need.pin,
                "forbid": sorted(need.forbid),
            },
            "policy": self.policy,
            "floor": self.floor,
            "candidates": [c.as_json() for c in self.candidates],
            "chosen": self.chosen.row.id if self.chosen else None,
            "region": self.chosen.region.name if self.chosen else None,
            "earned": self.earned,
            "why": self.why,
        }


def decide(need: Need, registry: Registry, cards: Scorecards, facts: Facts, rng: random.Random | None = None) -> Plan:
    """The plan for a need under `facts` gathered for it; `rng` is asked only where the policy explores."""
    task, precision, tokens_in, tokens_out = need.task, need.precision, need.tokens_in, need.tokens_out
    rules = active_rules(need, facts)
    candidates: list[Candidate] = []
    for row in registry.rows.values():
        standing = cards.standing(row, task, precision)
        cost = None if row.price is None else row.price.cost(tokens_in, tokens_out)
        for region in row.regions:
            candidates.append(Candidate(row, region, exclusions(need, row, region, facts, rules), standing, cost))
    return _choose(need, candidates, facts, rng)


def climb(plan: Plan, current: Candidate, tried: Sequence[str]) -> list[Candidate]:
    """Whom to ask after an answer that did not stand: other models of equal or higher standing, cheapest first."""
    return [
        c
        for c in plan.eligible
        if c.row.id not in tried and c.standing.lower >= current.standing.lower and _earns(plan, c)
    ]


def stand_in(plan: Plan, failed: Sequence[tuple[str, str]]) -> list[Candidate]:
    """Whom to ask when a deployment is down: any that is as good as the precision asks for, cheapest first."""
    return [c for c in plan.eligible if c.key not in failed and _earns(plan, c)]


def _earns(plan: Plan, candidate: Candidate) -> bool:
    """Clears the floor, or where none does, stands no lower than the chosen one."""
    bound = plan.floor if plan.earned or plan.chosen is None else plan.chosen.standing.lower
    return candidate.standing.lower >= bound


def _choose(need: Need, candidates: list[Candidate], facts: Facts, rng: random.Random | None) -> Plan:
    floor = facts.policy.floors[need.precision]
    eligible = [c for c in candidates if not c.rules]
    earned = [c for c in eligible if c.standing.lower >= floor]
    chosen: Candidate | None = None
    if earned:
        chosen = min(earned, key=_cheapest)
        why = f"cheapest of {len(earned)} that clear {floor:.2f} for {need.task} at {need.precision}"
        if tried := _explore(need, eligible, chosen, facts, rng):
            chosen, why = tried, f"tried out: cheaper, and may clear {floor:.2f} for {need.task}"
    elif waiting := [c for c in candidates if c.standing.lower >= floor and {r.rule for r in c.rules} <= TRANSIENT]:
        names = ", ".join(f"{c.row.id} ({c.rules[0].rule}: {c.rules[0].detail})" for c in waiting[:3])
        why = f"those that clear {floor:.2f} for {need.task} are kept out for now: {names}"
    elif eligible and facts.policy.unearned:
        chosen = max(eligible, key=lambda c: (c.standing.lower, -(c.cost or 0), c.row.id))
        why = f"none clears {floor:.2f} for {need.task} at {need.precision}; the best of {len(eligible)} eligible"
    else:
        why = _nobody(candidates, bool(eligible), floor)
    if chosen:
        why += f" (lower bound {chosen.standing.lower:.2f}, at most ${(chosen.cost or 0) / NANO:.6f})"
    return Plan(need, tuple(candidates), chosen, bool(earned), floor, facts.policy.name, why)


def _cheapest(candidate: Candidate) -> tuple[int, float, str, str]:
    return candidate.cost or 0, -candidate.standing.lower, candidate.row.id, candidate.region.name


def _explore(
    need: Need, eligible: list[Candidate], chosen: Candidate, facts: Facts, rng: random.Random | None
) -> Candidate | None:
    """Now and then a cheaper model whose mean says it might do; never where the answer is final."""
    share = facts.policy.explore
    if rng is None or share <= 0 or need.precision == "final" or rng.random() >= share:
        return None
    floor = facts.policy.floors[need.precision]
    hopeful = [c for c in eligible if (c.cost or 0) < (chosen.cost or 0) and c.standing.mean >= floor]
    return rng.choice(hopeful) if hopeful else None


def _nobody(candidates: list[Candidate], eligible: bool, floor: float) -> str:
    if eligible:
        return f"none clears {floor:.2f}, and the policy takes no model below it"
    if not candidates:
        return "the registry is empty"
    counts: dict[str, int] = {}
    for candidate in candidates:
        for rule in {r.rule for r in candidate.rules}:
            counts[rule] = counts.get(rule, 0) + 1
    most = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:4]
    return f"none of {len(candidates)} is eligible; " + ", ".join(f"{rule} excludes {n}" for rule, n in most)
