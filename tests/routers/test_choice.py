"""The cheapest that has earned it; else the best, and the plan says so."""

import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from routers import (
    BudgetRefused,
    Caps,
    Evidence,
    NoEligibleModel,
    Policy,
    ProviderFault,
    Scorecards,
    ScriptedProvider,
    load_registry,
)
from routers.choice import climb, stand_in
from routers.scorecards import beta_quantile, load, save
from tests.routers.making import ASK, NEED, ladder, router

ALL = {name: ScriptedProvider() for name in ("low", "mid", "top")}


@pytest.mark.parametrize(
    ("precision", "chosen", "earned"), [("draft", "low", True), ("standard", "mid", True), ("final", "top", True)]
)
def test_the_cheapest_that_clears_the_floor(tmp_path: Path, precision: str, chosen: str, earned: bool) -> None:
    plan = router(tmp_path, ALL).route(replace(NEED, precision=precision))  # type: ignore[arg-type]
    assert plan.chosen is not None
    assert (plan.chosen.row.id, plan.earned) == (chosen, earned)
    assert "cheapest" in plan.why


def test_none_earned_takes_the_best_and_says_so(tmp_path: Path) -> None:
    cards = Scorecards([Evidence("sum", "top", 10, 200)])
    plan = router(tmp_path, ALL, cards=cards).route(replace(NEED, precision="final"))
    assert plan.chosen is not None
    assert (plan.chosen.row.id, plan.earned) == ("mid", False)
    assert "none clears 0.80" in plan.why


def test_a_policy_may_refuse_what_has_not_earned_it(tmp_path: Path) -> None:
    made = router(tmp_path, {"low": ALL["low"]}, policy=Policy(unearned=False))
    with pytest.raises(NoEligibleModel, match="none clears"):
        made.complete(replace(NEED, precision="final"), ASK)


def test_evidence_moves_the_choice(tmp_path: Path) -> None:
    made = router(tmp_path, ALL)
    made.learn(Evidence("sum", "low", 5, 60, source="review"))
    plan = made.route(NEED)
    assert plan.chosen is not None
    assert plan.chosen.row.id == "mid"
    elsewhere = made.route(replace(NEED, task="other")).chosen
    assert elsewhere is not None
    assert elsewhere.row.id == "low"
    again = router(tmp_path, ALL, cards=Scorecards(made.ledger.learned()))
    assert again.route(NEED).chosen == plan.chosen


def test_stale_evidence_counts_a_quarter() -> None:
    row = ladder()["low"]
    fresh = Scorecards([Evidence("sum", "low", 400, 400, prompt="2")], {"sum": ("2", "")})
    stale = Scorecards([Evidence("sum", "low", 400, 400, prompt="1")], {"sum": ("2", "")})
    assert fresh.standing(row, "sum", "draft").lower > stale.standing(row, "sum", "draft").lower
    assert stale.standing(row, "sum", "draft").stale
    assert stale.standing(row, "sum", "draft").trials == 100


def test_evidence_of_one_precision_stays_with_it() -> None:
    cards, row = Scorecards([Evidence("sum", "low", 0, 100, precision="final")]), ladder()["low"]
    assert cards.standing(row, "sum", "final").mean < 0.5 < cards.standing(row, "sum", "draft").mean


def test_more_trials_narrow_the_bound() -> None:
    row = ladder()["low"]
    few = Scorecards([Evidence("sum", "low", 9, 10)]).standing(row, "sum", "draft")
    many = Scorecards([Evidence("sum", "low", 900, 1000)]).standing(row, "sum", "draft")
    assert few.lower < many.lower < many.mean


@pytest.mark.parametrize(
    ("p", "a", "b", "value"),
    [(0.5, 1, 1, 0.5), (0.1, 1, 1, 0.1), (0.05, 2, 1, 0.05**0.5), (0.9, 1, 3, 1 - 0.1 ** (1 / 3)), (0.5, 70, 70, 0.5)],
)
def test_the_quantile_is_that_of_the_beta_distribution(p: float, a: float, b: float, value: float) -> None:
    assert beta_quantile(p, a, b) == pytest.approx(value, abs=1e-9)


def test_scorecards_survive_a_file(tmp_path: Path) -> None:
    rows = [Evidence("sum", "low", 1.5, 2, "review", "draft", "3", "d1"), Evidence("a", "b", 0, 1)]
    save(rows, tmp_path / "cards.jsonl")
    assert sorted(load(tmp_path / "cards.jsonl"), key=str) == sorted(rows, key=str)
    assert load(tmp_path / "none.jsonl") == []


def test_impossible_evidence_is_refused() -> None:
    with pytest.raises(ValueError, match="good <= trials"):
        Evidence("sum", "low", 3, 2)


def test_climbing_never_goes_down(tmp_path: Path) -> None:
    plan = router(tmp_path, ALL).route(NEED)
    by_name = {c.row.id: c for c in plan.candidates}
    assert [c.row.id for c in climb(plan, by_name["low"], ["low"])] == ["mid", "top"]
    assert [c.row.id for c in climb(plan, by_name["mid"], ["mid"])] == ["top"]
    assert climb(plan, by_name["top"], ["top"]) == []


def test_a_stand_in_has_earned_the_precision(tmp_path: Path) -> None:
    plan = router(tmp_path, ALL).route(replace(NEED, precision="standard"))
    assert [c.row.id for c in stand_in(plan, [("mid", "eu-1")])] == ["top"]


def test_an_outage_or_an_empty_purse_is_no_reason_to_make_do_with_less(tmp_path: Path) -> None:
    made = router(tmp_path, ALL)
    made.health.note_fault(("top", "eu-1"), "top", ProviderFault("quota"), 0.0)
    plan = made.route(replace(NEED, precision="final"))
    assert plan.chosen is None
    assert "top (circuit" in plan.why
    poor = router(tmp_path, ALL, caps=Caps(production_usd=Decimal("0.0005")))
    with pytest.raises(BudgetRefused, match="production budget"):
        poor.complete(replace(NEED, precision="final"), ASK)
    assert [row["outcome"] for row in poor.ledger.rows("alpha")] == ["denied"]


def test_pin_and_forbid(tmp_path: Path) -> None:
    made = router(tmp_path, ALL)
    pinned, forbidden = made.route(replace(NEED, pin="top")), made.route(replace(NEED, forbid=frozenset({"low"})))
    assert pinned.chosen and forbidden.chosen
    assert (pinned.chosen.row.id, forbidden.chosen.row.id) == ("top", "mid")


def test_exploring_is_off_by_default_and_never_touches_final(tmp_path: Path) -> None:
    cards = Scorecards([Evidence("sum", "low", 7, 10)])
    for share, precision, expected in ((0.0, "standard", {"mid"}), (1.0, "standard", {"low"}), (1.0, "final", {"top"})):
        made = router(tmp_path, ALL, cards=cards, policy=Policy(explore=share), rng=random.Random(1))
        plans = [made.route(replace(NEED, precision=precision)) for _ in range(5)]  # type: ignore[arg-type]
        assert {p.chosen.row.id for p in plans if p.chosen} == expected


def test_the_plan_as_json_has_the_public_keys(tmp_path: Path) -> None:
    told = router(tmp_path, ALL).route(NEED).as_json()
    assert {"need", "candidates", "chosen", "why"} <= set(told)
    assert {"model", "eligible", "rules", "score", "lower_bound", "cost_usd"} <= set(told["candidates"][0])
    assert told["chosen"] == "low"


def test_nobody_eligible_names_the_rules(tmp_path: Path) -> None:
    made = router(tmp_path, {}, registry=load_registry())
    with pytest.raises(NoEligibleModel, match="adapter excludes") as refused:
        made.complete(replace(NEED, data_class="embargoed"), ASK)
    assert refused.value.plan is not None
    assert all(c.rules for c in refused.value.plan.candidates)
    assert refused.value.exit_code == 13
