"""What is sent to Bedrock, what its nine stop reasons mean, and what its control plane tells of an account."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from routers.bedrock import BedrockProvider
from routers.converse import Access, arguments
from routers.discovery import Account, json_mode, price_of, read_account, regions_of, sync
from routers.errors import ProviderFault
from routers.guardrails import policies
from routers.provider import price_map
from routers.reading import FINISH
from routers.registry import Registry, build, load_registry
from routers.types import Message, Request
from tests.loopback import Loopback, Reply
from tests.routers.wires import GOOD, SCHEMA, ask, row

REGION = "eu-west-1"
KEYS = ("AKIDTEST", "secret", None)
TODAY = date(2026, 1, 15)


@pytest.fixture(scope="module")
def server() -> Iterator[Loopback]:
    with Loopback() as running:
        running.script("m", Reply(GOOD))
        yield running


def _sent(server: Loopback, access: Access, **changes: Any) -> dict[str, Any]:
    server.forget()
    model = replace(row(server, "bedrock"), **changes)
    BedrockProvider(replace(access, endpoint_url=server.url, keys=KEYS)).complete(model, REGION, ask(), 10.0)
    return server.requests[0].json


# --- what goes out --------------------------------------------------------------------------------------------------


def test_a_request_always_limits_its_output_and_is_signed_for_the_region(server: Loopback) -> None:
    body = _sent(server, Access(), wire="bedrock/eu.amazon.nova-lite-v1:0", json_mode="prompt")
    assert body["inferenceConfig"] == {"maxTokens": 64, "temperature": 0.0}
    request = server.requests[0]
    assert request.path == "/model/eu.amazon.nova-lite-v1%3A0/converse"
    assert f"/{REGION}/bedrock/aws4_request" in request.headers["authorization"]
    assert request.model == "eu.amazon.nova-lite-v1:0"


def test_a_schema_goes_natively_as_a_forced_tool_or_in_words(server: Loopback) -> None:
    native = _sent(server, Access(), json_mode="native")["outputConfig"]["textFormat"]
    assert native["type"] == "json_schema"
    assert json.loads(native["structure"]["jsonSchema"]["schema"])["additionalProperties"] is False
    tool = _sent(server, Access(), json_mode="tool")["toolConfig"]
    assert tool["toolChoice"] == {"tool": {"name": tool["tools"][0]["toolSpec"]["name"]}}
    words = _sent(server, Access(), json_mode="prompt")
    assert "toolConfig" not in words and "outputConfig" not in words
    assert '"count"' in words["system"][-1]["text"]


def test_what_a_model_refuses_is_not_sent() -> None:
    """Sampling and forced tools, for models that LiteLLM's table says refuse them."""
    with Loopback() as server:
        model = replace(row(server, "bedrock"), wire="bedrock/eu.anthropic.claude-opus-5-5", json_mode="tool")
    asked = arguments(model, ask())
    assert "temperature" not in asked["inferenceConfig"]
    assert asked["toolConfig"]["toolChoice"] == {"auto": {}}


def test_guardrail_tier_and_cache_point_ride_along(server: Loopback) -> None:
    body = _sent(server, Access(tier="flex", cache_from_tokens=2), guardrail=("gr-1", "3"))
    assert body["guardrailConfig"] == {"guardrailIdentifier": "gr-1", "guardrailVersion": "3", "trace": "enabled"}
    assert body["serviceTier"] == {"type": "flex"}
    assert body["system"][-1] == {"cachePoint": {"type": "default"}}
    short = _sent(server, Access(cache_from_tokens=1024))
    assert all("cachePoint" not in block for block in short["system"]), "below the minimum it is silently no cache"


def test_neighbours_of_one_role_become_one_message(server: Loopback) -> None:
    turns = (Message("user", "a"), Message("user", "b"), Message("assistant", "c"), Message("user", "d"))
    asked = arguments(row(server, "bedrock"), Request(turns))
    assert [m["role"] for m in asked["messages"]] == ["user", "assistant", "user"]
    assert [part["text"] for part in asked["messages"][0]["content"]] == ["a", "b"]


# --- what comes back ------------------------------------------------------------------------------------------------


def test_all_nine_stop_reasons_of_this_boto3_are_known() -> None:
    import botocore.session

    service = botocore.session.get_session().get_service_model("bedrock-runtime")
    reasons = service.operation_model("Converse").output_shape.members["stopReason"].enum
    assert len(reasons) >= 9
    assert set(reasons) <= set(FINISH)
    assert FINISH["model_context_window_exceeded"] == "window" and FINISH["malformed_tool_use"] == "malformed"


def test_cached_tokens_count_as_tokens_in(server: Loopback) -> None:
    server.forget()
    server.script("m", Reply(GOOD, tokens=(20, 5), cached=15))
    answer = BedrockProvider(Access(endpoint_url=server.url, keys=KEYS)).complete(
        row(server, "bedrock"), REGION, ask(), 10.0
    )
    assert (answer.tokens_in, answer.tokens_out) == (20, 5)


def test_a_guardrail_names_its_policies_and_never_the_words() -> None:
    trace = {
        "inputAssessment": {
            "gr-1": {
                "topicPolicy": {"topics": [{"name": "weapons", "type": "DENY", "action": "BLOCKED"}]},
                "wordPolicy": {"customWords": [{"match": "SECRETWORD", "action": "BLOCKED"}]},
                "contentPolicy": {
                    "filters": [{"type": "VIOLENCE", "action": "BLOCKED"}, {"type": "HATE", "action": "NONE"}]
                },
            }
        }
    }
    assert policies(trace) == "topicPolicy weapons, wordPolicy, contentPolicy VIOLENCE"


def test_any_text_can_be_put_before_a_guardrail(server: Loopback) -> None:
    said = {
        "action": "GUARDRAIL_INTERVENED",
        "outputs": [{"text": "Not here."}],
        "assessments": [{"topicPolicy": {"topics": [{"name": "plot", "type": "DENY", "action": "BLOCKED"}]}}],
        "usage": {},
    }
    server.route("POST", "/guardrail/gr-1/version/3/apply", said)
    provider = BedrockProvider(Access(endpoint_url=server.url, keys=KEYS))
    verdict = provider.guard(("gr-1", "3"), REGION, "the twist", "OUTPUT")
    assert (verdict.blocked, verdict.text, verdict.why) == (True, "Not here.", "topicPolicy plot")


def test_the_control_plane_is_asked_on_our_sockets_too(server: Loopback) -> None:
    server.forget()
    server.route("GET", "/foundation-models", {"modelSummaries": [_summary(NOVA)]})
    provider = BedrockProvider(Access(control_url=server.url, keys=KEYS))
    said = provider.control(REGION, "list_foundation_models", byOutputModality="TEXT")
    assert [m["modelId"] for m in said["modelSummaries"]] == [NOVA]
    assert server.requests[0].path == "/foundation-models?byOutputModality=TEXT"
    with pytest.raises(ProviderFault) as caught:
        provider.control(REGION, "get_account_data_retention")
    assert caught.value.kind == "not_found" and len(server.requests) == 2


def test_a_missing_profile_is_named() -> None:
    with pytest.raises(ProviderFault) as caught:
        BedrockProvider(Access(profile="no-such-profile")).client("bedrock-runtime", REGION)
    assert caught.value.kind == "no_credentials" and "no-such-profile" in caught.value.sentence


# --- the control plane, stubbed by botocore -------------------------------------------------------------------------

NOVA = "amazon.nova-lite-v1:0"
OLD = "anthropic.claude-old-v1:0"
LOCKED = "mistral.locked-v1:0"


def _summary(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "modelArn": f"arn:aws:bedrock:{REGION}::foundation-model/{name}",
        "modelId": name,
        "inputModalities": ["TEXT", "IMAGE"],
        "outputModalities": ["TEXT"],
        "responseStreamingSupported": True,
        "inferenceTypesSupported": ["ON_DEMAND"],
        "modelLifecycle": {"status": "ACTIVE"},
    } | changes


def _profile(name: str, base: str, *regions: str) -> dict[str, Any]:
    return {
        "inferenceProfileName": name,
        "inferenceProfileArn": f"arn:aws:bedrock:{REGION}:123456789012:inference-profile/{name}",
        "inferenceProfileId": name,
        "models": [{"modelArn": f"arn:aws:bedrock:{r}::foundation-model/{base}"} for r in regions],
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
    }


def _available(name: str, authorized: bool = True) -> dict[str, Any]:
    return {
        "modelId": name,
        "agreementAvailability": {"status": "AVAILABLE"},
        "authorizationStatus": "AUTHORIZED" if authorized else "NOT_AUTHORIZED",
        "entitlementAvailability": "AVAILABLE",
        "regionAvailability": "AVAILABLE",
    }


@contextmanager
def _stubbed(answers: list[tuple[str, dict[str, Any] | str]]) -> Iterator[BedrockProvider]:
    """A control plane that gives these answers in this order; a word is an error code."""
    from botocore.stub import Stubber

    provider = BedrockProvider(Access(keys=KEYS))
    with Stubber(provider.client("bedrock", REGION)) as stub:
        for operation, answer in answers:
            if isinstance(answer, str):
                stub.add_client_error(operation, answer)
            else:
                stub.add_response(operation, answer)
        yield provider
        stub.assert_no_pending_responses()


def _account(mode: str, logs: bool) -> list[tuple[str, dict[str, Any] | str]]:
    logging = {"loggingConfig": {"textDataDeliveryEnabled": True}} if logs else {}
    return [
        ("get_account_data_retention", {"mode": mode}),
        ("get_model_invocation_logging_configuration", logging),
    ]


def _inventory() -> list[tuple[str, dict[str, Any] | str]]:
    ends = datetime(2026, 10, 15, tzinfo=UTC)
    old = _summary(
        OLD, modelLifecycle={"status": "LEGACY", "legacyTime": datetime(2026, 1, 2, tzinfo=UTC), "endOfLifeTime": ends}
    )
    listed = [_summary(NOVA), old, _summary(LOCKED), _summary("amazon.embed-v1", inputModalities=["IMAGE"])]
    own = _profile("our-budget", NOVA, REGION) | {"type": "APPLICATION"}
    return [
        ("list_foundation_models", {"modelSummaries": listed}),
        ("get_foundation_model_availability", _available(NOVA)),
        ("get_foundation_model_availability", "AccessDeniedException"),
        ("get_foundation_model_availability", _available(LOCKED, authorized=False)),
        (
            "list_inference_profiles",
            {
                "inferenceProfileSummaries": [_profile(f"eu.{NOVA}", NOVA, "eu-west-1", "eu-central-1")],
                "nextToken": "more",
            },
        ),
        ("list_inference_profiles", {"inferenceProfileSummaries": [_profile(f"global.{NOVA}", NOVA, REGION, "")]}),
        ("list_inference_profiles", {"inferenceProfileSummaries": [own]}),
    ]


def test_sync_reads_what_the_account_may_use_and_where_it_may_run() -> None:
    with _stubbed([*_account("none", False), *_inventory()]) as provider:
        found = sync(provider, REGION, load_registry(), price_map(), TODAY)
    registry: Registry = build({"providers": {"bedrock": {"credentials": ["aws"]}}} | dict(found.layer))
    rows = registry.rows
    nova = rows["bedrock/amazon.nova-lite"]
    assert nova.wire == f"bedrock/{NOVA}", "a wire the registry knows keeps its name there"
    assert nova.regions[0].reaches == {REGION}
    assert rows["bedrock/eu.amazon.nova-lite"].regions[0].reaches == {"eu-west-1", "eu-central-1"}
    assert "*" in rows[f"bedrock/global.{NOVA}"].regions[0].reaches, "global. may go anywhere"
    assert {(r.terms.trains, r.terms.retention_days, r.terms.checked) for r in rows.values()} == {(False, 0, TODAY)}
    old = rows[f"bedrock/{OLD}"]
    assert (old.legacy_from, old.end_of_life, old.price) == (date(2026, 1, 2), date(2026, 10, 15), None)
    assert found.left_out == ((f"bedrock/{LOCKED}", "this account is not authorized for it"),)
    assert f"bedrock/{LOCKED}" not in rows
    assert any("our-budget" in r.wire for r in rows.values()), "an account's own profile is called by its ARN"
    assert nova.price is not None and nova.price.input == 60_000_000
    assert "streaming" in nova.abilities and nova.window == 300_000


@pytest.mark.parametrize(
    ("mode", "logs", "days", "trains"),
    [
        ("none", False, 0, False),
        ("none", True, None, False),
        ("default", False, None, False),
        ("aws_review", False, None, False),
        ("provider_data_share", False, None, None),
    ],
)
def test_retention_is_read_and_never_assumed(mode: str, logs: bool, days: int | None, trains: bool | None) -> None:
    with _stubbed(_account(mode, logs)) as provider:
        account = read_account(provider, REGION)
    assert (account.retention_days, account.trains) == (days, trains)
    assert mode in account.note


def test_what_may_not_be_read_is_unknown() -> None:
    denied: list[tuple[str, dict[str, Any] | str]] = [
        ("get_account_data_retention", "AccessDeniedException"),
        ("get_model_invocation_logging_configuration", "AccessDeniedException"),
    ]
    with _stubbed(denied) as provider:
        account = read_account(provider, REGION)
    assert account == Account(None, None)
    assert account.retention_days is None and account.trains is None


def test_expired_keys_stop_the_sync() -> None:
    expired = [("get_account_data_retention", "ExpiredTokenException")]
    with _stubbed(list(expired)) as provider, pytest.raises(ProviderFault) as caught:
        sync(provider, REGION, Registry({}), {}, TODAY)
    assert caught.value.kind == "expired_credentials" and "profile" in caught.value.sentence


def test_residency_comes_from_the_destinations() -> None:
    assert regions_of(_profile("eu.x", "x", "eu-west-1", "eu-north-1")) == ("eu-north-1", "eu-west-1")
    assert "*" in regions_of(_profile("global.x", "x", "eu-west-1"))


def test_prices_and_modes_come_from_the_table() -> None:
    assert price_of({"input_cost_per_token": 7.8e-08, "output_cost_per_token": 3.12e-07}) == {
        "input": "0.078",
        "output": "0.312",
    }
    assert price_of({}) is None
    assert json_mode(price_map()["eu.amazon.nova-lite-v1:0"]) == "tool"
    assert json_mode(price_map()["eu.anthropic.claude-haiku-4-5-20251001-v1:0"]) == "native"
    assert json_mode(price_map()["eu.anthropic.claude-opus-5-5"]) == "prompt", "it refuses a forced tool"
    assert SCHEMA["additionalProperties"] is False


def test_no_shipped_row_forces_a_tool_on_a_model_that_refuses_one() -> None:
    for shipped in load_registry().rows.values():
        facts = price_map().get(shipped.wire.removeprefix("bedrock/"), {})
        if shipped.provider == "bedrock" and facts:
            assert shipped.json_mode == json_mode(facts), shipped.id
