"""Who is asked after what: the one owner of retries, and the rows it leaves."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from routers import (
    AnswerUnusable,
    BudgetRefused,
    ContentStopped,
    FakeClock,
    NoAnswer,
    ProviderFault,
    RawAnswer,
    Router,
    RouterError,
    ScriptedProvider,
    Verdict,
    build,
)
from routers.policy import Policy
from routers.types import Finish
from tests.routers.making import ASK, NEED, router, spec

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
FOUR = replace(ASK, schema=SCHEMA)


def four(text: str) -> Verdict:
    return Verdict(text == "4", () if text == "4" else (f"{text!r} is not four",))


def asked(*providers: ScriptedProvider) -> list[int]:
    return [len(p.asked) for p in providers]


def outcomes(made: Router) -> list[tuple[str, str]]:
    return [(row["model"], row["outcome"]) for row in made.ledger.rows("alpha")]


def settled(made: Router) -> int:
    (spent, reserved) = made.ledger.spent("alpha", None, made.clock.wall())["production:alpha"]
    assert reserved == 0
    assert spent == sum(row["settled"] for row in made.ledger.rows("alpha"))
    return spent


def trio(*low: Any, mid: Any = "4", top: Any = "4") -> dict[str, ScriptedProvider]:
    return {"low": ScriptedProvider(*low), "mid": ScriptedProvider(mid), "top": ScriptedProvider(top)}


def test_an_answer_that_stands_is_one_row(tmp_path: Path) -> None:
    people = trio("4")
    made = router(tmp_path, people)
    done = made.complete(NEED, ASK, four)
    assert (done.text, done.model, len(done.attempts), done.cached) == ("4", "low", 1, False)
    assert done.cost_usd == Decimal(settled(made)).scaleb(-9) > 0
    (row,) = made.ledger.trace(done.attempt_id)
    assert (row["task"], row["region"], row["egress_chars"], row["worst"] >= row["settled"]) == (
        "sum",
        "eu-1",
        24,
        True,
    )
    assert "two and two" not in str(row)


def test_a_wrong_answer_climbs_and_both_are_paid_for(tmp_path: Path) -> None:
    people = trio("5")
    made = router(tmp_path, people)
    done = made.complete(NEED, ASK, four)
    assert (done.model, [a.outcome for a in done.attempts]) == ("mid", ["rejected", "ok"])
    assert done.cost_usd == sum(a.cost_usd for a in done.attempts)
    assert outcomes(made) == [("low", "rejected"), ("mid", "ok")]
    assert settled(made) > 0
    assert "not four" not in str(made.ledger.rows("alpha"))


def test_climbing_ends_at_the_top_and_says_so(tmp_path: Path) -> None:
    people = trio("5", mid="5", top="5")
    with pytest.raises(AnswerUnusable, match="top") as ended:
        router(tmp_path, people).complete(NEED, ASK, four)
    assert asked(*people.values()) == [1, 1, 1]
    assert ended.value.problems == ("'5' is not four",)
    assert len(ended.value.attempts) == 3


def test_never_below_the_asked_precision(tmp_path: Path) -> None:
    people = trio("4", mid="4", top=ProviderFault("server", sent=True))
    with pytest.raises(NoAnswer):
        router(tmp_path, people).complete(replace(NEED, precision="final"), ASK)
    assert asked(*people.values()) == [0, 0, 2]


@pytest.mark.parametrize("bad", ["{", '{"n": "x"}', "[]", ""])
def test_bad_form_is_asked_once_more_then_climbs(tmp_path: Path, bad: str) -> None:
    people = trio(bad, bad, mid='{"n": 4}')
    made = router(tmp_path, people)
    done = made.complete(NEED, FOUR)
    assert (done.parsed, done.model, asked(*people.values())) == ({"n": 4}, "mid", [2, 1, 0])
    again = people["low"].asked[1].request.messages
    assert len(again) == len(FOUR.messages) + 2
    assert people["mid"].asked[0].request.messages == FOUR.messages
    assert settled(made) > 0


def test_bad_form_mended_by_the_same_model(tmp_path: Path) -> None:
    people = trio('{"m": 4}', '{"n": 4}')
    done = router(tmp_path, people).complete(NEED, FOUR)
    assert (done.model, [a.outcome for a in done.attempts]) == ("low", ["malformed", "ok"])


@pytest.mark.parametrize(
    ("finish", "error", "outcome"),
    [
        ("refusal", ContentStopped, "refusal"),
        ("guardrail", ContentStopped, "guardrail"),
        ("length", AnswerUnusable, "truncated"),
        ("window", AnswerUnusable, "window"),
    ],
)
def test_stopped_answers_end_the_call(tmp_path: Path, finish: Finish, error: type[RouterError], outcome: str) -> None:
    people = trio(RawAnswer('{"n": 4}', finish, finish, 10, 10))
    made = router(tmp_path, people)
    with pytest.raises(error):
        made.complete(NEED, FOUR)
    assert asked(*people.values()) == [1, 0, 0]
    assert outcomes(made) == [("low", outcome)]
    assert settled(made) == 20_000


def test_a_larger_window_is_tried(tmp_path: Path) -> None:
    rows = {"low": spec("low", "1", 0.7), "top": spec("top", "10", 0.95, window=200_000)}
    people = {"low": ScriptedProvider(RawAnswer("", "window", "", 5, 5)), "top": ScriptedProvider("4")}
    made = router(tmp_path, people, registry=build({"models": rows}))
    assert made.complete(NEED, ASK).model == "top"


def test_another_model_answering_is_quarantined(tmp_path: Path) -> None:
    people = trio(RawAnswer("4", model_served="cheaper", tokens_in=5, tokens_out=1))
    made = router(tmp_path, people)
    assert made.complete(NEED, ASK, four).model == "mid"
    assert outcomes(made)[0] == ("low", "wrong_model")


def test_missing_usage_is_estimated_and_flagged(tmp_path: Path) -> None:
    made = router(tmp_path, trio(RawAnswer("4")))
    made.complete(NEED, ASK)
    (row,) = made.ledger.rows("alpha")
    assert row["tokens_estimated"]
    assert settled(made) > 0


def test_a_server_fault_is_retried_once_then_another_is_asked(tmp_path: Path) -> None:
    people = trio(ProviderFault("server"))
    made = router(tmp_path, people)
    done = made.complete(NEED, ASK)
    assert (done.model, asked(*people.values())) == ("mid", [2, 1, 0])
    assert [o for _, o in outcomes(made)] == ["fault", "fault", "ok"]


def test_an_unknown_outcome_books_the_worst_case(tmp_path: Path) -> None:
    made = router(tmp_path, trio(ProviderFault("timeout", sent=True)))
    made.complete(NEED, ASK)
    first = made.ledger.rows("alpha")[0]
    assert (first["outcome"], first["settled"]) == ("unknown", first["worst"])
    assert first["worst"] >= 100 * 1000
    settled(made)


def test_a_throttled_model_makes_room_for_its_equal(tmp_path: Path) -> None:
    people = trio(ProviderFault("throttled", retry_after=20), "4")
    made = router(tmp_path, people)
    assert made.complete(NEED, ASK).model == "mid"
    assert made.complete(NEED, ASK).model == "mid"
    assert asked(*people.values()) == [1, 2, 0]
    made.clock.sleep(21)
    assert made.complete(NEED, ASK).model == "low"


def test_without_an_equal_a_throttle_is_waited_out(tmp_path: Path) -> None:
    people = {"top": ScriptedProvider(ProviderFault("throttled", retry_after=7), "4")}
    made = router(tmp_path, people)
    assert made.complete(NEED, ASK).model == "top"
    assert made.clock.now() == pytest.approx(7)


def test_a_throttle_longer_than_the_deadline_is_not_waited_out(tmp_path: Path) -> None:
    people = {"top": ScriptedProvider(ProviderFault("throttled", retry_after=70))}
    made = router(tmp_path, people)
    with pytest.raises(NoAnswer):
        made.complete(NEED, ASK)
    assert made.clock.now() == 0
    assert settled(made) == 0


def test_a_call_waits_for_the_only_model_that_is_cooling_down(tmp_path: Path) -> None:
    people = {"top": ScriptedProvider(ProviderFault("throttled", retry_after=70), "4")}
    made = router(tmp_path, people)
    with pytest.raises(NoAnswer):
        made.complete(NEED, ASK)
    made.clock.sleep(30)
    assert made.complete(NEED, ASK).text == "4"
    assert made.clock.now() == pytest.approx(70)


@pytest.mark.parametrize("kind", ["expired_credentials", "no_credentials"])
def test_bad_credentials_ask_nobody_else(tmp_path: Path, kind: Any) -> None:
    people = trio(ProviderFault(kind))
    with pytest.raises(NoAnswer, match=kind.replace("_", " ")):
        router(tmp_path, people).complete(NEED, ASK)
    assert asked(*people.values())[1:] == [0, 0]
    assert asked(people["low"])[0] == (2 if kind == "expired_credentials" else 1)


def test_bad_credentials_fall_back_where_the_policy_says_so(tmp_path: Path) -> None:
    made = router(tmp_path, trio(ProviderFault("no_credentials")), policy=Policy(fall_back_on_credentials=True))
    assert made.complete(NEED, ASK).model == "mid"


def test_no_access_switches_the_model_off(tmp_path: Path) -> None:
    people = trio(ProviderFault("access_denied"))
    made = router(tmp_path, people)
    made.complete(NEED, ASK)
    made.complete(NEED, ASK)
    assert asked(*people.values()) == [1, 2, 0]
    rules = {c.row.id: c.rules for c in made.route(NEED).candidates}
    assert rules["low"][0].detail == "switched off: access denied"
    made.health.enable("low")
    assert made.route(NEED).chosen is not None


@pytest.mark.parametrize("kind", ["bad_request", "content_filter", "cancelled"])
def test_some_faults_end_the_call(tmp_path: Path, kind: Any) -> None:
    people = trio(ProviderFault(kind))
    with pytest.raises(RouterError):
        router(tmp_path, people).complete(NEED, ASK)
    assert asked(*people.values()) == [1, 0, 0]


def test_another_region_only_inside_the_residency_set(tmp_path: Path) -> None:
    rows = {
        "low": spec("low", "1", 0.7, calls=["eu-1", "eu-2"], reaches=["eu-1", "eu-2"]),
        "far": spec("far", "1", 0.9, calls=["us-1"], reaches=["us-1"]),
    }
    people = {"low": ScriptedProvider(ProviderFault("quota"), "4"), "far": ScriptedProvider("4")}
    made = router(tmp_path, people, registry=build({"models": rows}))
    done = made.complete(replace(NEED, regions=frozenset({"eu-1", "eu-2"})), ASK)
    assert (done.model, done.region, len(people["far"].asked)) == ("low", "eu-2", 0)


def test_the_deadline_is_total(tmp_path: Path) -> None:
    clock = FakeClock()
    people = {name: ScriptedProvider("5", clock=clock, takes_s=25.0) for name in ("low", "mid", "top")}
    made = router(tmp_path, people, clock=clock)
    with pytest.raises(NoAnswer, match="out of time"):
        made.complete(replace(NEED, deadline_s=40), ASK, four)
    assert [p.asked[0].timeout_s for p in people.values() if p.asked] == [40, 15]


def test_a_need_has_a_budget_over_all_its_attempts(tmp_path: Path) -> None:
    people = trio("5")
    made = router(tmp_path, people)
    with pytest.raises(BudgetRefused, match="need") as refused:
        made.complete(replace(NEED, budget_usd=Decimal("0.00038")), ASK, four)
    assert asked(*people.values()) == [1, 0, 0]
    assert outcomes(made) == [("low", "rejected"), ("mid", "denied")]
    assert refused.value.exit_code == 14


def test_an_end_names_what_keeps_the_stronger_ones_out(tmp_path: Path) -> None:
    made = router(tmp_path, trio("5"))
    with pytest.raises(AnswerUnusable) as ended:
        made.complete(replace(NEED, budget_usd=Decimal("0.0003")), ASK, four)
    assert "mid (budget)" in ended.value.hint
    assert "top (budget)" in ended.value.hint


def test_a_bug_in_the_verifier_still_settles(tmp_path: Path) -> None:
    made = router(tmp_path, trio("4"))
    with pytest.raises(ZeroDivisionError):
        made.complete(NEED, ASK, lambda text: Verdict(1 / 0 > 1))
    assert settled(made) > 0


def test_rules_are_checked_again_at_dispatch(tmp_path: Path) -> None:
    people = trio(lambda request: "5")
    keys = {"mid": True}
    rows = {n: spec(n, c, m, credentials=[n]) for n, c, m in (("low", "1", 0.7), ("mid", "3", 0.8), ("top", "9", 0.9))}
    made = router(tmp_path, people, registry=build({"models": rows}), has=lambda name: keys.get(name, True))

    def check(text: str) -> Verdict:
        keys["mid"] = False
        return four(text)

    assert made.complete(NEED, ASK, check).model == "top"
    assert outcomes(made) == [("low", "rejected"), ("mid", "denied"), ("top", "ok")]
    assert asked(*people.values()) == [1, 0, 1]
    denied = made.ledger.rows("alpha")[1]
    assert (denied["egress_chars"], "credentials" in denied["detail"]) == (0, True)
