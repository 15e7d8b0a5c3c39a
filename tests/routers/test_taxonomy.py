"""Each way a model call can go wrong: what the router does, and the rows and sums it leaves behind.

The router, its ledger, LiteLLM and boto3 are the real ones; only the providers are loopback servers.
"""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from routers.budget import Caps
from routers.errors import AnswerUnusable, BudgetRefused, ContentStopped, NoAnswer, NoEligibleModel
from routers.types import Region, Terms, Verdict
from tests.loopback import Fault, Loopback, Reply
from tests.routers.wires import GOOD, WIRES, ask
from tests.routers.world import CHEAP, World, need

GOOD_REPLY = Reply(GOOD, tokens=(100, 10))


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Loopback, Loopback]]:
    with Loopback() as near, Loopback() as far:
        yield near, far


@pytest.fixture(params=WIRES)
def world(request: pytest.FixtureRequest, servers: tuple[Loopback, Loopback], tmp_path: Path) -> Iterator[World]:
    made = World(*servers, request.param, tmp_path)
    yield made
    made.balance()


# --- throttles and quotas -------------------------------------------------------------------------------------------


def test_retry_after_goes_to_the_next_of_equal_precision_and_books_nothing(world: World) -> None:
    world.script(Fault("throttled_retry_after", seconds=30), GOOD_REPLY)
    done = world.router.complete(need(), ask())
    assert world.story == [("cheap", "fault"), ("strong", "ok")]
    assert done.model == "strong" and done.cost_usd == Decimal("0.0015")
    again = world.router.route(need())
    assert [rule for rule, _ in again.candidates[0].rules] == ["circuit"], "it is left alone until the time it named"


def test_retry_after_is_waited_out_where_there_is_no_other(world: World) -> None:
    world.script([Fault("throttled_retry_after", seconds=7), GOOD_REPLY])
    world.router.complete(need(pin="cheap"), ask())
    assert world.story == [("cheap", "fault"), ("cheap", "ok")]
    assert sum(world.clock.slept) >= 7
    assert not world.far.requests


def test_retry_after_beyond_the_deadline_is_not_waited_for(world: World) -> None:
    world.script(Fault("throttled_retry_after", seconds=500))
    with pytest.raises(NoAnswer):
        world.router.complete(need(pin="cheap"), ask())
    assert world.story == [("cheap", "fault")] and not world.clock.slept


def test_throttle_without_a_header_backs_off_and_lowers_the_concurrency(world: World) -> None:
    """Its words ("too many tokens") are not taken for a context error."""
    world.script([Fault("throttled"), GOOD_REPLY])
    world.router.complete(need(pin="cheap"), ask())
    assert world.story == [("cheap", "fault"), ("cheap", "ok")]
    assert "throttled" in world.attempts[0]["detail"]
    assert world.clock.slept and world.clock.slept[0] >= 0.1
    assert world.router.health.limits["cheap", "eu-west-1"].now < 20


def test_a_daily_quota_cools_for_hours_and_says_so(world: World) -> None:
    world.script(Fault("daily_quota"), GOOD_REPLY)
    world.router.complete(need(), ask())
    assert world.story == [("cheap", "fault"), ("strong", "ok")]
    world.clock.sleep(1800)
    rules = world.router.route(need()).candidates[0].rules
    assert rules and "quota" in rules[0].detail
    with pytest.raises(NoEligibleModel):
        world.router.complete(need(pin="cheap"), ask())
    assert len(world.near.requests) == 1


# --- servers and lines ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["internal_error", "unavailable", "overloaded", "model_error", "model_not_ready"])
def test_a_server_fault_is_retried_once_then_another_is_asked(world: World, kind: str) -> None:
    world.script(Fault(kind), GOOD_REPLY)
    world.router.complete(need(), ask())
    assert world.story == [("cheap", "fault"), ("cheap", "fault"), ("strong", "ok")]
    assert len(world.near.requests) == 2, "one owner of retries: two attempts are two requests"


def test_three_faults_in_a_row_open_the_circuit(world: World) -> None:
    world.script(Fault("internal_error"), GOOD_REPLY)
    world.router.complete(need(), ask())
    world.router.complete(need(), ask())
    seen = len(world.near.requests)
    world.router.complete(need(), ask())
    assert len(world.near.requests) == seen <= 4
    assert world.router.route(need()).candidates[0].rules[0].rule == "circuit"
    world.clock.sleep(700)
    assert world.router.route(need()).candidates[0].eligible


def test_a_hang_ends_with_the_deadline_and_books_the_worst_case(world: World) -> None:
    world.script(Fault("hang", seconds=30))
    began = time.monotonic()
    with pytest.raises(NoAnswer):
        world.router.complete(need(deadline_s=0.6), ask())
    assert time.monotonic() - began < 10
    assert world.story == [("cheap", "unknown")]
    assert world.attempts[0]["settled"] == world.attempts[0]["worst"] > 0


def test_a_drip_ends_with_the_deadline_too(world: World) -> None:
    world.script(Fault("drip", seconds=0.05))
    with pytest.raises(NoAnswer):
        world.router.complete(need(deadline_s=0.6), ask())
    assert world.story == [("cheap", "unknown")]
    assert "slow" in world.attempts[0]["detail"]


@pytest.mark.parametrize("kind", ["reset_before_headers", "truncated_body", "unparsable_body"])
def test_a_broken_line_is_retried_once_and_its_unknown_cost_is_booked(world: World, kind: str) -> None:
    world.script([Fault(kind), GOOD_REPLY])
    done = world.router.complete(need(), ask())
    assert world.story == [("cheap", "unknown"), ("cheap", "ok")]
    assert done.cost_usd == Decimal(sum(r["settled"] for r in world.attempts)).scaleb(-9)


# --- streams --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["reset_mid_stream", "exception_mid_stream", "throttle_mid_stream", "truncated_body", "corrupt_stream"]
)
def test_a_stream_that_breaks_is_incomplete_and_never_spliced(world: World, kind: str) -> None:
    world.script(Fault(kind))
    with closing(world.router.stream(need(), ask(schema=False))) as stream, pytest.raises(NoAnswer):
        list(stream)
    assert stream.text and stream.completion is None
    assert world.story == [("cheap", "incomplete")]
    row = world.attempts[0]
    assert row["tokens_estimated"] and 0 < row["settled"] <= row["worst"]
    assert not world.far.requests, "no second model continues what the first began"


@pytest.mark.parametrize(
    "kind", ["throttled", "unavailable", "reset_before_headers", "exception_mid_stream", "throttle_mid_stream"]
)
def test_a_stream_falls_back_before_its_first_byte(world: World, kind: str) -> None:
    """Also when the stream was opened and its first event is an error."""
    world.script(Fault(kind, after=-1), Reply("All of it.", tokens=(100, 4)))
    stream = world.router.stream(need(), ask(schema=False))
    assert "".join(stream) == "All of it."
    assert world.story[0][0] == "cheap" and world.story[-1] == ("strong", "ok")
    assert stream.completion is not None and stream.completion.model == "strong"


def test_an_abandoned_stream_is_hung_up_and_settled(world: World) -> None:
    world.script(Fault("stall_mid_stream", seconds=20))
    with world.router.stream(need(), ask(schema=False)) as stream:
        assert next(stream)
    assert world.story == [("cheap", "abandoned")]
    row = world.attempts[0]
    assert row["tokens_estimated"] and 0 < row["settled"] <= row["worst"]
    until = time.monotonic() + 5
    while not world.near.requests[0].abandoned and time.monotonic() < until:
        time.sleep(0.01)
    assert world.near.requests[0].abandoned


# --- answers that are none ------------------------------------------------------------------------------------------


def test_small_slips_in_json_are_mended_without_another_call(world: World) -> None:
    world.script(Fault("repairable_json", tokens=(50, 9)))
    done = world.router.complete(need(), ask())
    assert done.parsed == {"name": "Anna", "count": 3}
    assert world.story == [("cheap", "ok")]


@pytest.mark.parametrize(
    "kind", ["malformed_json", "schema_violation", "empty_answer", "malformed_model_output", "malformed_tool_use"]
)
def test_bad_form_is_put_to_the_same_model_once_with_what_is_wrong(world: World, kind: str) -> None:
    world.script([Fault(kind, tokens=(80, 7)), GOOD_REPLY])
    done = world.router.complete(need(), ask())
    outcome = "empty" if kind == "empty_answer" else "malformed"
    assert world.story == [("cheap", outcome), ("cheap", "ok")]
    assert "can not be used" in world.near.requests[1].text
    assert done.cost_usd == Decimal(CHEAP.cost(80, 7) + CHEAP.cost(100, 10)).scaleb(-9), "both are billed"
    if kind == "schema_violation":
        assert "count" in world.attempts[0]["detail"], "the violations are on record"


def test_bad_form_twice_climbs_and_all_three_are_billed(world: World) -> None:
    world.script(Fault("schema_violation", tokens=(80, 7)), GOOD_REPLY)
    done = world.router.complete(need(), ask())
    assert world.story == [("cheap", "malformed"), ("cheap", "malformed"), ("strong", "ok")]
    assert done.cost_usd == Decimal(2 * CHEAP.cost(80, 7) + 1_500_000).scaleb(-9)


def test_wrong_facts_climb_at_once(world: World) -> None:
    def verify(text: str) -> Verdict:
        return Verdict("Anna" in text, ("the cast has no Nobody",))

    world.script(Fault("wrong_facts", tokens=(80, 7)), GOOD_REPLY)
    done = world.router.complete(need(), ask(), verify)
    assert world.story == [("cheap", "rejected"), ("strong", "ok")]
    assert done.model == "strong"
    assert "Nobody" not in str(world.attempts), "what a verifier says may quote the text and stays out of the ledger"


def test_no_model_stands_verification(world: World) -> None:
    world.script(Fault("wrong_facts"), Fault("wrong_facts"))
    with pytest.raises(AnswerUnusable) as caught:
        world.router.complete(need(), ask(), lambda text: Verdict(False, ("no",)))
    assert world.story == [("cheap", "rejected"), ("strong", "rejected")]
    assert caught.value.exit_code == 15


@pytest.mark.parametrize("kind", ["refusal_text", "refusal_stop", "guardrail", "content_filter"])
def test_a_refusal_or_a_guardrail_ends_it_and_the_text_goes_nowhere_else(world: World, kind: str) -> None:
    world.script(Fault(kind, tokens=(60, 5)))
    with pytest.raises(ContentStopped) as caught:
        world.router.complete(need(), ask())
    assert caught.value.exit_code == 17
    assert len(world.attempts) == 1 and world.story[0][1] in {"refusal", "guardrail"}
    assert not world.far.requests
    if kind == "guardrail" and world.wire == "bedrock":
        assert "topicPolicy restricted" in world.attempts[0]["detail"], "which policy, and not which words"


def test_a_prompt_blocked_with_an_error_ends_it_too(world: World) -> None:
    world.script(Fault("blocked_prompt"))
    with pytest.raises(ContentStopped):
        world.router.complete(need(), ask())
    assert world.story == [("cheap", "fault")]
    assert not world.far.requests


def test_a_truncated_answer_is_never_parsed(world: World) -> None:
    world.script(Fault("max_tokens", text=GOOD, tokens=(60, 64)))
    with pytest.raises(AnswerUnusable) as caught:
        world.router.complete(need(), ask())
    assert world.story == [("cheap", "truncated")]
    assert "smaller" in caught.value.hint


def test_a_full_window_asks_a_larger_one_or_says_to_split(world: World) -> None:
    world.script(Fault("window_exceeded", text=GOOD, tokens=(60, 8)), GOOD_REPLY)
    with pytest.raises(AnswerUnusable) as caught:
        world.router.complete(need(), ask())
    assert world.story[0][1] in {"window", "truncated"}
    assert not world.far.requests and "smaller" in caught.value.hint
    world.strong = replace(world.strong, window=1_000_000)
    world.only(world.cheap, world.strong)
    if world.wire != "openai":  # OpenAI has one word for a full window and a reached token limit
        assert world.router.complete(need(), ask()).model == "strong"


def test_what_can_not_fit_is_not_sent(world: World) -> None:
    world.rows_are(window=200)
    done = world.router.complete(need(tokens_in=5000), ask())
    assert done.model == "strong" and not world.near.requests
    assert {c.row.id: [r.rule for r in c.rules] for c in done.plan.candidates}["cheap"] == ["window"]


def test_too_long_is_not_retried_but_given_to_a_larger_window(world: World) -> None:
    world.script(Fault("overflow"), GOOD_REPLY)
    with pytest.raises(NoAnswer) as caught:
        world.router.complete(need(), ask())
    assert world.story == [("cheap", "fault")] and "smaller part" in caught.value.hint
    world.strong = replace(world.strong, window=1_000_000)
    world.only(world.cheap, world.strong)
    assert world.router.complete(need(), ask()).model == "strong"


def test_missing_usage_is_estimated_and_flagged(world: World) -> None:
    world.script(Fault("missing_usage"))
    done = world.router.complete(need(), ask())
    row = world.attempts[0]
    assert row["tokens_estimated"] and row["tokens_in"] > 0 and row["settled"] > 0
    assert done.parsed == {"name": "Anna", "count": 3}


def test_an_answer_of_another_model_is_put_aside(world: World) -> None:
    world.script(Fault("wrong_model", tokens=(60, 8)), GOOD_REPLY)
    done = world.router.complete(need(), ask())
    assert world.story == [("cheap", "wrong_model"), ("strong", "ok")]
    assert world.attempts[0]["model_served"] == "some-other-model-v9" and done.model == "strong"


def test_a_forced_tool_that_was_ignored_is_bad_form(world: World) -> None:
    world.rows_are(json_mode="tool")
    world.script([Fault("tool_ignored", tokens=(60, 8)), GOOD_REPLY])
    world.router.complete(need(), ask())
    assert world.story == [("cheap", "malformed"), ("cheap", "ok")]


# --- accounts and configuration -------------------------------------------------------------------------------------


def test_expired_credentials_are_read_again_once_and_no_other_provider_is_asked(world: World) -> None:
    world.script(Fault("expired_credentials"))
    with pytest.raises(NoAnswer) as caught:
        world.router.complete(need(), ask())
    assert world.story == [("cheap", "fault"), ("cheap", "fault")]
    assert not world.far.requests
    assert "test-key" not in str(caught.value) and "AKIDTEST" not in str(caught.value)
    if world.wire == "bedrock":
        assert "profile" in str(caught.value)
    assert "switched off" in world.router.route(need()).candidates[0].rules[0].detail


def test_credentials_that_came_back_go_on(world: World) -> None:
    world.script([Fault("expired_credentials"), GOOD_REPLY])
    world.router.complete(need(), ask())
    assert world.story == [("cheap", "fault"), ("cheap", "ok")]


def test_without_credentials_a_model_is_not_eligible(world: World) -> None:
    world.router.has = lambda name: not name.startswith(world.wire)
    done = world.router.complete(need(), ask())
    assert done.model == "strong" and not world.near.requests
    assert [r.rule for r in done.plan.candidates[0].rules if r.rule == "credentials"] or done.plan.why


@pytest.mark.parametrize("kind", ["no_access", "on_demand_unsupported", "end_of_life"])
def test_a_model_the_account_can_not_use_is_switched_off_and_shown(world: World, kind: str) -> None:
    world.script(Fault(kind), GOOD_REPLY)
    world.router.complete(need(), ask())
    world.router.complete(need(), ask())
    assert world.story == [("cheap", "fault"), ("strong", "ok"), ("strong", "ok")]
    assert len(world.near.requests) == 1
    shown = {c.row.id: c.rules for c in world.router.route(need()).candidates}["cheap"]
    assert "switched off" in shown[0].detail


def test_our_own_bad_request_is_not_carried_to_others(world: World) -> None:
    world.script(Fault("bad_request"))
    with pytest.raises(NoAnswer):
        world.router.complete(need(), ask())
    assert world.story == [("cheap", "fault")] and not world.far.requests


def test_a_throttled_region_is_left_only_within_the_residency_set(world: World) -> None:
    inside = Region("eu-central-1", frozenset({"eu-central-1"}))
    outside = Region("us-east-1", frozenset({"us-east-1"}))
    anywhere = Region("eu-west-1", frozenset({"*"}))
    world.strong = replace(world.strong, regions=(outside, anywhere))
    world.rows_are(regions=(world.cheap.regions[0], inside))
    world.script([Fault("throttled_retry_after", seconds=30), GOOD_REPLY])
    world.router.complete(need(regions=frozenset({"eu"})), ask())
    assert [r["outcome"] for r in world.attempts] == ["fault", "ok"]
    assert {r["region"] for r in world.attempts} == {"eu-west-1", "eu-central-1"}
    world.script(Fault("throttled_retry_after", seconds=3000))
    with pytest.raises(NoAnswer):
        world.router.complete(need(regions=frozenset({"eu"})), ask())
    assert not world.far.requests, "not even a model that is called in the Region but may run anywhere"


def test_a_model_past_its_end_is_not_planned(world: World) -> None:
    world.rows_are(end_of_life=date(2020, 1, 1))
    done = world.router.complete(need(), ask())
    assert done.model == "strong" and not world.near.requests


def test_an_unknown_price_is_not_a_price_of_zero(world: World) -> None:
    world.rows_are(price=None)
    done = world.router.complete(need(budget_usd="1"), ask())
    assert done.model == "strong" and not world.near.requests
    assert {c.row.id: [r.rule for r in c.rules] for c in done.plan.candidates}["cheap"] == ["price"]


@pytest.mark.parametrize(
    "terms",
    [Terms(trains=None, retention_days=0), Terms(trains=False, retention_days=None), Terms(False, 30), Terms(True, 0)],
)
def test_terms_that_are_unknown_or_too_loose_keep_embargoed_text_away(world: World, terms: Terms) -> None:
    world.rows_are(terms=terms)
    done = world.router.complete(need(data_class="embargoed"), ask())
    assert done.model == "strong"
    assert not world.near.requests


def test_when_all_are_excluded_each_says_why(world: World) -> None:
    world.rows_are(terms=Terms(trains=True, retention_days=0))
    world.strong = replace(world.strong, window=None)
    world.only(world.cheap, world.strong)
    with pytest.raises(NoEligibleModel) as caught:
        world.router.complete(need(), ask())
    assert caught.value.plan is not None
    rules = {c.row.id: {r.rule for r in c.rules} for c in caught.value.plan.candidates}
    assert rules == {"cheap": {"training"}, "strong": {"window"}}
    assert not world.near.requests and not world.far.requests


# --- money and memory -----------------------------------------------------------------------------------------------


def test_a_budget_reached_in_mid_batch_admits_no_more(servers: tuple[Loopback, Loopback], tmp_path: Path) -> None:
    world = World(*servers, "openai", tmp_path, Caps(production_usd=Decimal("0.002")))
    world.script(Reply(GOOD, tokens=(120, 20)))
    done = 0
    with pytest.raises((BudgetRefused, NoEligibleModel)) as caught:
        for number in range(100):
            world.router.complete(need(pin="cheap"), ask(f"Question {number}"))
            done += 1
    assert 1 <= done < 100
    spent = sum(r["settled"] for r in world.attempts)
    assert spent == done * CHEAP.cost(120, 20) <= 2_000_000
    assert len(world.near.requests) == done, "nothing was sent after the refusal"
    told = str(caught.value) + str(world.router.route(need(pin="cheap")).as_json())
    assert "budget" in told and " left" in told, "which cap, and what is left"
    world.balance()


def test_an_answer_is_kept_for_its_own_production_only(servers: tuple[Loopback, Loopback], tmp_path: Path) -> None:
    world = World(*servers, "openai", tmp_path)
    world.cached()
    world.script(GOOD_REPLY)
    world.router.complete(need(), ask())
    again = world.router.complete(need(), ask())
    assert again.cached and again.cost_usd == 0 and len(world.near.requests) == 1
    assert world.story == [("cheap", "ok"), ("cheap", "cached")]
    other = world.router.complete(need(production="another"), ask())
    assert not other.cached and len(world.near.requests) == 2
    for _ in range(2):
        assert not world.router.complete(need(data_class="embargoed"), ask()).cached
