"""The routing task: whom the router takes, by needs whose answer was worked out by hand."""

from dataclasses import replace
from pathlib import Path

from evals.core import Place
from evals.sets import choosing
from tests.conftest import ROOT

PLACE = Place(ROOT)


def test_the_router_chooses_whom_the_rules_of_the_house_give(tmp_path: Path) -> None:
    samples = choosing.samples(PLACE)
    assert len(samples) >= 50
    with choosing.solver(PLACE, "builtin/rules", tmp_path, samples) as solve:
        wrong = {item.id: choosing.scorer(item, solve(item)).why for item in samples}
    assert not {name: why for name, why in wrong.items() if why}


def test_a_wrong_choice_exclusion_or_order_is_seen(tmp_path: Path) -> None:
    samples = {item.id: item for item in choosing.samples(PLACE)}
    with choosing.solver(PLACE, "builtin/rules", tmp_path, list(samples.values())) as solve:
        for name, field, value in (
            ("open final", "chosen", "euro/fair"),
            ("embargoed final", "excluded", {"states/strong": ["window"]}),
            ("climb from draft", "climb", ["euro/fair", "house/small"]),
            ("final on premises only", "earned", True),
        ):
            told = solve(samples[name])
            bent = replace(samples[name], target={**samples[name].target, field: value})
            assert choosing.scorer(samples[name], told).value == 1
            assert choosing.scorer(bent, told).value == 0


def test_every_rule_that_may_exclude_has_a_sample() -> None:
    named = {
        rule for item in choosing.samples(PLACE) for rules in item.target.get("excluded", {}).values() for rule in rules
    }
    assert named >= {"pinned", "forbidden", "on_prem_only", "training", "retention", "residency", "abilities", "window"}
    assert named >= {"max_output", "price", "budget", "adapter", "credentials", "end_of_life", "circuit", "deadline"}
