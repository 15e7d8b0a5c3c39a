"""Each rule excludes what it is for and nothing else, and says so."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from routers import Need, Policy, build
from routers.errors import ProviderFault
from routers.health import Health
from routers.policy import RULES, Facts, exclusions
from routers.types import ModelRow
from tests.routers.making import NEED, spec


def facts(need: Need, **over: Any) -> Facts:
    policy = Policy()
    base: dict[str, Any] = {
        "now": 0.0,
        "today": date(2026, 1, 15),
        "has": lambda name: name != "missing_key",
        "health": Health(),
        "policy": policy,
        "providers": frozenset({"acme"}),
        "place": need.regions,
        "rule": policy.data[need.data_class],
    }
    return Facts(**(base | over))


def row(**over: Any) -> ModelRow:
    return build({"models": {"acme/one": spec("acme", "1", 0.8, **over)}})["acme/one"]


def broken(need: Need, model: ModelRow, **over: Any) -> set[str]:
    return {rule for rule, _ in exclusions(need, model, model.regions[0], facts(need, **over))}


def tripped(kind: str) -> Health:
    health = Health()
    health.note_fault(("acme/one", "eu-1"), "acme", ProviderFault(kind, retry_after=30), 0.0)  # type: ignore[arg-type]
    return health


OPEN = replace(NEED, data_class="open")
EMBARGOED = replace(NEED, data_class="embargoed")
HERE = frozenset({"eu-1"})
ACCOUNT = {"trains": False, "retention_days": 0, "valid_days": 1}
CASES: list[tuple[str, Need, ModelRow, dict[str, Any], set[str]]] = [
    ("nothing wrong", NEED, row(), {}, set()),
    ("account read yesterday", NEED, row(terms=ACCOUNT | {"checked": date(2026, 1, 14)}), {}, set()),
    ("account read two days ago", NEED, row(terms=ACCOUNT | {"checked": date(2026, 1, 13)}), {}, {"terms_age"}),
    ("account read nobody knows when", NEED, row(terms=ACCOUNT), {}, {"terms_age"}),
    ("account read long ago, open material", OPEN, row(terms=ACCOUNT), {}, set()),
    ("pinned to another", replace(NEED, pin="acme/two"), row(), {}, {"pinned"}),
    ("pinned to it", replace(NEED, pin="acme/one"), row(), {}, set()),
    ("model forbidden", replace(NEED, forbid=frozenset({"acme/one"})), row(), {}, {"forbidden"}),
    ("provider forbidden", replace(NEED, forbid=frozenset({"acme"})), row(), {}, {"forbidden"}),
    ("another forbidden", replace(NEED, forbid=frozenset({"other"})), row(), {}, set()),
    ("must stay on premises", replace(NEED, on_prem_only=True), row(), {}, {"on_prem_only"}),
    ("is on premises", replace(NEED, on_prem_only=True), row(on_prem=True, base_url="http://localhost"), {}, set()),
    ("on premises without address", NEED, row(on_prem=True), {}, {"adapter"}),
    ("trains", NEED, row(terms={"trains": True, "retention_days": 0}), {}, {"training"}),
    ("training unknown", NEED, row(terms={"retention_days": 0}), {}, {"training"}),
    ("trains, open material", OPEN, row(terms={"trains": True}), {}, set()),
    ("kept 30 days", NEED, row(terms={"trains": False, "retention_days": 30}), {}, set()),
    ("kept 31 days", NEED, row(terms={"trains": False, "retention_days": 31}), {}, {"retention"}),
    ("retention unknown", NEED, row(terms={"trains": False}), {}, {"retention"}),
    ("kept a day, embargoed", EMBARGOED, row(terms={"trains": False, "retention_days": 1}), {}, {"retention"}),
    ("not kept, embargoed", EMBARGOED, row(), {}, set()),
    ("anywhere, embargoed", EMBARGOED, row(reaches=["*"]), {}, {"residency"}),
    ("anywhere, no region asked", NEED, row(reaches=["*"]), {}, set()),
    ("anywhere, region asked", replace(NEED, regions=HERE), row(reaches=["*"]), {}, {"residency"}),
    ("reaches beyond", replace(NEED, regions=HERE), row(reaches=["eu-1", "eu-2"]), {}, {"residency"}),
    ("stays inside", replace(NEED, regions=HERE | {"eu-2"}), row(reaches=["eu-1", "eu-2"]), {}, set()),
    ("lacks vision", replace(NEED, abilities=frozenset({"vision"})), row(), {}, {"abilities"}),
    ("vectors asked for an answer", NEED, row(abilities=["embedding"]), {}, {"embedding"}),
    ("vectors", replace(NEED, abilities=frozenset({"embedding"})), row(abilities=["embedding"]), {}, set()),
    ("too long", replace(NEED, tokens_in=99_950), row(), {}, {"window"}),
    ("just fits", replace(NEED, tokens_in=99_900), row(), {}, set()),
    ("window unknown", NEED, row(window=None), {}, {"window"}),
    ("too much output", replace(NEED, tokens_out=8_001), row(), {}, {"max_output"}),
    ("price unknown", NEED, row(price=None), {}, {"price"}),
    ("half a price", NEED, row(price={"input": "1"}), {}, {"price"}),
    ("no money left", NEED, row(), {"left": 99_999}, {"budget"}),
    ("just enough money", NEED, row(), {"left": 100_000}, set()),
    ("no adapter", NEED, row(), {"providers": frozenset()}, {"adapter"}),
    ("unknown task", NEED, row(), {"tasks": {"acme": frozenset({"other"})}}, {"task"}),
    ("no credentials", NEED, row(credentials=["missing_key"]), {}, {"credentials"}),
    ("credentials", NEED, row(credentials=["a_key"]), {}, set()),
    ("past its end", NEED, row(end_of_life="2026-01-15"), {}, {"end_of_life"}),
    ("its last day", NEED, row(end_of_life="2026-01-16"), {}, set()),
    ("throttled", NEED, row(), {"health": tripped("throttled")}, {"circuit"}),
    ("switched off", NEED, row(), {"health": tripped("access_denied")}, {"switched_off"}),
    ("provider switched off", NEED, row(), {"health": tripped("expired_credentials")}, {"switched_off"}),
    ("cooled down", NEED, row(), {"health": tripped("throttled"), "now": 31.0}, set()),
    ("no time", replace(NEED, deadline_s=0.1), row(), {}, {"deadline"}),
    ("no time, in process", replace(NEED, deadline_s=0.1), row(in_process=True, on_prem=True), {}, set()),
    ("several at once", EMBARGOED, row(terms={}, price=None), {}, {"training", "retention", "price"}),
]


@pytest.mark.parametrize(("need", "model", "over", "rules"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_rule(need: Need, model: ModelRow, over: dict[str, Any], rules: set[str]) -> None:
    assert broken(need, model, **over) == rules


def test_every_rule_has_a_case() -> None:
    assert {rule for *_, rules in CASES for rule in rules} == {name for name, _, _ in RULES}


def test_an_exclusion_says_what_is_wrong() -> None:
    need = replace(NEED, regions=HERE)
    model = row(reaches=["eu-1", "us-1"], terms={"trains": False, "retention_days": 55})
    told = dict(exclusions(need, model, model.regions[0], facts(need)))
    assert told == {"retention": "kept 55 days, 30 allowed", "residency": "may be processed in us-1"}


def test_a_cache_never_crosses_a_change_of_data_rules() -> None:
    policy = Policy()
    strict = dict(policy.data) | {"confidential": policy.data["embargoed"]}
    assert replace(policy, data=strict).fingerprint != policy.fingerprint
