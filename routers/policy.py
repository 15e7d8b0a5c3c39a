"""Who may see the text and who can do the work: pure rules, each exclusion with its name."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from routers.health import Health
from routers.registry import ANYWHERE
from routers.types import DataClass, ModelRow, Need, Precision, Region

REASONABLE_S = 0.5  # no wire answers in less; a deadline below it excludes every remote model


@dataclass(frozen=True, slots=True)
class DataRule:
    """What a data class asks of a provider's terms; None = no bound."""

    no_training: bool
    max_retention_days: int | None
    known_place: bool  # must the place of processing be known?


DATA_RULES: Mapping[DataClass, DataRule] = {
    "open": DataRule(no_training=False, max_retention_days=None, known_place=False),
    "confidential": DataRule(no_training=True, max_retention_days=30, known_place=False),
    "embargoed": DataRule(no_training=True, max_retention_days=0, known_place=True),
}
FLOORS: Mapping[Precision, float] = {"draft": 0.50, "standard": 0.65, "final": 0.80}


@dataclass(frozen=True, slots=True)
class Policy:
    """The house rules; a production narrows them through its needs."""

    name: str = "default"
    data: Mapping[DataClass, DataRule] = field(default_factory=lambda: DATA_RULES)
    floors: Mapping[Precision, float] = field(default_factory=lambda: FLOORS)
    unearned: bool = True  # may the best be used, and said so, when none clears the floor?
    fall_back_on_credentials: bool = False  # may another provider step in when one's credentials fail?
    explore: float = 0.0  # share of non-final calls that try a cheaper model which might clear the floor

    @property
    def fingerprint(self) -> str:
        """Changes when a rule about data changes; part of every cache key."""
        rules = sorted((name, r.no_training, r.max_retention_days, r.known_place) for name, r in self.data.items())
        return hashlib.sha256(repr((self.name, rules)).encode()).hexdigest()[:16]


class Exclusion(NamedTuple):
    """Why a deployment may not, or can not, take the work."""

    rule: str
    detail: str


@dataclass(slots=True)
class Facts:
    """The state of the world at the moment of deciding; everything that is not in the need or the row."""

    now: float
    today: date
    has: Callable[[str], bool]  # is this credential set?
    health: Health
    policy: Policy
    providers: frozenset[str]  # providers with an adapter
    tasks: Mapping[str, frozenset[str]] = field(default_factory=dict)  # providers that know certain tasks only
    left: int | None = None  # nano-dollars under the tightest cap; None = no cap
    place: frozenset[str] | None = None  # the need's regions, groups expanded
    rule: DataRule = DATA_RULES["embargoed"]  # of the need's data class


Rule = Callable[[Need, ModelRow, Region, Facts], str | None]
Asked = Callable[[Need, Facts], bool]  # can this rule exclude anything for this need?
Active = list[tuple[str, Rule]]


def active_rules(need: Need, facts: Facts) -> Active:
    """The rules this need brings into play: worked out once, then put to every row."""
    return [(name, rule) for name, rule, asked in RULES if asked(need, facts)]


def exclusions(
    need: Need, row: ModelRow, region: Region, facts: Facts, rules: Active | None = None
) -> tuple[Exclusion, ...]:
    """Every rule this deployment breaks; empty = eligible."""
    found: list[Exclusion] = []
    for name, rule in active_rules(need, facts) if rules is None else rules:
        detail = rule(need, row, region, facts)
        if detail is not None:
            found.append(Exclusion(name, detail))
    return tuple(found)


def allowed_because(need: Need, row: ModelRow, region: Region, facts: Facts) -> str:
    """The rule under which text may go there, in words for the egress record."""
    if row.in_process:
        return "stays in the process"
    rule, terms = facts.rule, row.terms
    parts: list[str] = [need.data_class]
    if rule.no_training:
        parts.append("no training stated")
    if rule.max_retention_days is not None:
        parts.append(f"kept {terms.retention_days} days, {rule.max_retention_days} allowed")
    if need.on_prem_only:
        parts.append("on premises")
    if facts.place is not None:
        parts.append("processed in " + ", ".join(sorted(region.reaches)))
    return "; ".join(parts)


def _pinned(need: Need, row: ModelRow, _region: Region, _facts: Facts) -> str | None:
    return f"pinned to {need.pin}" if need.pin is not None and need.pin != row.id else None


def _forbidden(need: Need, row: ModelRow, _region: Region, _facts: Facts) -> str | None:
    if need.forbid and (row.id in need.forbid or row.provider in need.forbid):
        return "named among the forbidden"
    return None


def _on_prem(need: Need, row: ModelRow, _region: Region, _facts: Facts) -> str | None:
    return "leaves the premises" if need.on_prem_only and not row.on_prem else None


def _training(need: Need, row: ModelRow, _region: Region, facts: Facts) -> str | None:
    if not facts.rule.no_training or row.terms.trains is False:
        return None
    state = "not known to abstain from training" if row.terms.trains is None else "trains on what it is sent"
    return f"{state}; {need.data_class} asks for none"


def _retention(_need: Need, row: ModelRow, _region: Region, facts: Facts) -> str | None:
    most, days = facts.rule.max_retention_days, row.terms.retention_days
    if most is None or (days is not None and days <= most):
        return None
    return f"retention not known, {most} days allowed" if days is None else f"kept {days} days, {most} allowed"


def _terms_age(_need: Need, row: ModelRow, _region: Region, facts: Facts) -> str | None:
    """What was read from an account holds for a time; then it is as good as not known."""
    terms = row.terms
    if terms.valid_days is None:
        return None
    if terms.checked is None:
        return "read from the account, nobody knows when"
    age = (facts.today - terms.checked).days
    return f"read from the account {age} days ago; read it again" if age > terms.valid_days else None


def _residency(_need: Need, row: ModelRow, region: Region, facts: Facts) -> str | None:
    """Everywhere the text may be processed must lie inside the regions asked for."""
    if row.on_prem:
        return None
    if facts.place is None:
        return "may be processed anywhere" if facts.rule.known_place and ANYWHERE in region.reaches else None
    if ANYWHERE in region.reaches:
        return "may be processed anywhere"
    outside = region.reaches - facts.place
    return "may be processed in " + ", ".join(sorted(outside)) if outside else None


def _abilities(need: Need, row: ModelRow, _region: Region, _facts: Facts) -> str | None:
    missing = need.abilities - row.abilities
    return "lacks " + ", ".join(sorted(missing)) if missing else None


def _vectors(need: Need, row: ModelRow, _region: Region, _facts: Facts) -> str | None:
    return "makes vectors, not answers" if "embedding" in row.abilities and "embedding" not in need.abilities else None


def _window(need: Need, row: ModelRow, _region: Region, _facts: Facts) -> str | None:
    if row.window is None:
        return "window not known"
    wanted = need.tokens_in + need.tokens_out
    return f"{wanted} tokens do not fit {row.window}" if wanted > row.window else None


def _output(need: Need, row: ModelRow, _region: Region, _facts: Facts) -> str | None:
    if row.max_output is None or need.tokens_out <= row.max_output:
        return None
    return f"writes {row.max_output} tokens at most, {need.tokens_out} asked"


def _price(_need: Need, row: ModelRow, _region: Region, _facts: Facts) -> str | None:
    return "price not known" if row.price is None else None


def _budget(need: Need, row: ModelRow, _region: Region, facts: Facts) -> str | None:
    if facts.left is None or row.price is None:
        return None
    worst = row.price.cost(need.tokens_in, need.tokens_out)
    return f"may cost ${worst / 1e9:.6f}, ${facts.left / 1e9:.6f} left" if worst > facts.left else None


def _adapter(_need: Need, row: ModelRow, _region: Region, facts: Facts) -> str | None:
    if row.provider not in facts.providers:
        return f"no adapter for {row.provider} is set up"
    if row.on_prem and not row.in_process and row.base_url is None:
        return "no base_url is set"
    return None


def _task(need: Need, row: ModelRow, _region: Region, facts: Facts) -> str | None:
    known = facts.tasks.get(row.provider)
    return f"does not know the task {need.task}" if known is not None and need.task not in known else None


def _credentials(_need: Need, row: ModelRow, _region: Region, facts: Facts) -> str | None:
    missing = [name for name in row.credentials if not facts.has(name)]
    return "not set: " + ", ".join(missing) if missing else None


def _lifecycle(_need: Need, row: ModelRow, _region: Region, facts: Facts) -> str | None:
    over = row.end_of_life is not None and facts.today >= row.end_of_life
    return f"ended on {row.end_of_life}" if over else None


def _switched_off(_need: Need, row: ModelRow, region: Region, facts: Facts) -> str | None:
    """By a fault only a person can mend."""
    if (why := facts.health.providers_off.get(row.provider)) is not None:
        return f"{row.provider} is switched off: {why}"
    circuit = facts.health.open_since((row.id, region.name), facts.now)
    off = circuit is not None and circuit.open_until == float("inf")
    return f"switched off: {circuit.why}" if circuit is not None and off else None


def _circuit(_need: Need, row: ModelRow, region: Region, facts: Facts) -> str | None:
    circuit = facts.health.open_since((row.id, region.name), facts.now)
    if circuit is None or circuit.open_until == float("inf"):
        return None
    return f"{circuit.why}; for {circuit.open_until - facts.now:.0f} s more"


def _deadline(need: Need, row: ModelRow, _region: Region, _facts: Facts) -> str | None:
    late = need.deadline_s <= 0 or (need.deadline_s < REASONABLE_S and not row.in_process)
    return f"{need.deadline_s:.1f} s are too few" if late else None


RULES: tuple[tuple[str, Rule, Asked], ...] = (
    ("pinned", _pinned, lambda need, facts: need.pin is not None),
    ("forbidden", _forbidden, lambda need, facts: bool(need.forbid)),
    ("on_prem_only", _on_prem, lambda need, facts: need.on_prem_only),
    ("training", _training, lambda need, facts: facts.rule.no_training),
    ("retention", _retention, lambda need, facts: facts.rule.max_retention_days is not None),
    ("terms_age", _terms_age, lambda need, facts: facts.rule.no_training),
    ("residency", _residency, lambda need, facts: facts.rule.known_place or facts.place is not None),
    ("abilities", _abilities, lambda need, facts: bool(need.abilities)),
    ("embedding", _vectors, lambda need, facts: "embedding" not in need.abilities),
    ("window", _window, lambda need, facts: True),
    ("max_output", _output, lambda need, facts: True),
    ("price", _price, lambda need, facts: True),
    ("budget", _budget, lambda need, facts: facts.left is not None),
    ("adapter", _adapter, lambda need, facts: True),
    ("task", _task, lambda need, facts: bool(facts.tasks)),
    ("credentials", _credentials, lambda need, facts: True),
    ("end_of_life", _lifecycle, lambda need, facts: True),
    ("switched_off", _switched_off, lambda need, facts: bool(facts.health.circuits or facts.health.providers_off)),
    ("circuit", _circuit, lambda need, facts: bool(facts.health.circuits)),
    ("deadline", _deadline, lambda need, facts: need.deadline_s < REASONABLE_S),
)
TRANSIENT = frozenset({"budget", "circuit"})  # what passes, and is no reason to make do with less
