"""Real LiteLLM and real boto3 against the loopback: every fault is named, costs one request, and ends in time."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from routers.errors import RECOVERY, ProviderFault
from routers.faults import BEDROCK, LITELLM, retry_after
from routers.provider import LiteLLMProvider, kind_of, price_map
from routers.registry import load_registry
from routers.types import ModelRow, RawAnswer
from tests.loopback import FAULTS, Fault, Loopback, Reply
from tests.routers.wires import GOOD, WIRES, ask, provider, row

# pydantic warns about LiteLLM's own types when a provider's module is first loaded
pytestmark = pytest.mark.filterwarnings("ignore:Items? .* on TypedDict class:UserWarning")

# What each fault must be called: for a whole answer and for a stream; by wire where wires differ.
BROKEN = ("bad_body", "stream_broken")
EXPECTED: dict[str, tuple[str, str]] = {
    "throttled": ("throttled", "throttled"),
    "throttled_retry_after": ("throttled", "throttled"),
    "daily_quota": ("quota", "quota"),
    "internal_error": ("server", "server"),
    "unavailable": ("server", "server"),
    "overloaded": ("server", "server"),
    "model_error": ("server", "server"),
    "model_not_ready": ("not_ready", "not_ready"),
    "model_timeout": ("timeout", "timeout"),
    "expired_credentials": ("expired_credentials", "expired_credentials"),
    "no_access": ("access_denied", "access_denied"),
    "on_demand_unsupported": ("not_found", "not_found"),
    "overflow": ("too_long", "too_long"),
    "end_of_life": ("not_found", "not_found"),
    "bad_request": ("bad_request", "bad_request"),
    "blocked_prompt": ("content_filter", "content_filter"),
    "hang": ("timeout", "timeout"),
    "drip": ("slow", "slow"),
    "reset_before_headers": ("reset", "reset"),
    "reset_mid_stream": BROKEN,
    "exception_mid_stream": ("server", "stream_broken"),
    "throttle_mid_stream": ("server", "stream_broken"),
    "stall_mid_stream": ("slow", "slow"),
    "truncated_body": BROKEN,
    "unparsable_body": ("bad_body", "bad_body"),
    "corrupt_stream": BROKEN,
}
ON_BEDROCK = {"model_error": ("model_error", "model_error"), "on_demand_unsupported": ("unsupported", "unsupported")}
FINISHES = {
    "refusal_text": "refusal",
    "refusal_stop": "refusal",
    "guardrail": "guardrail",
    "content_filter": "guardrail",
    "window_exceeded": "window",
    "max_tokens": "length",
    "malformed_model_output": "malformed",
    "malformed_tool_use": "malformed",
}


@pytest.fixture(scope="module")
def server() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


def _ask(server: Loopback, wire: str, streaming: bool, seconds: float = 0.4) -> RawAnswer:
    made, model = provider(server, wire), row(server, wire)
    if not streaming:
        return made.complete(model, "eu-west-1", ask(), seconds)
    *_, last = made.stream(model, "eu-west-1", ask(), seconds)
    assert last.answer is not None
    return last.answer


def test_every_fault_that_ends_a_call_has_its_expected_name() -> None:
    assert set(EXPECTED) == {kind for kind, family in FAULTS.items() if family != "content"}
    assert len(FAULTS) >= 25


@pytest.fixture(scope="module", autouse=True)
def _warm(server: Loopback) -> None:
    """The first call loads the libraries; the deadlines below are for the wire alone."""
    for wire in WIRES:
        server.script("m", Reply(GOOD))
        for streaming in (False, True):
            _ask(server, wire, streaming, 30.0)


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("kind", sorted(EXPECTED))
def test_a_fault_is_named_and_costs_one_request(server: Loopback, kind: str, wire: str, streaming: bool) -> None:
    server.forget()
    server.script("m", Fault(kind, seconds=0.03 if kind == "drip" else 5.0))
    with pytest.raises(ProviderFault) as caught:
        _ask(server, wire, streaming)
    names = ON_BEDROCK.get(kind, EXPECTED[kind]) if wire == "bedrock" else EXPECTED[kind]
    assert caught.value.kind == names[streaming]
    assert len(server.requests) == 1, "one call is one request: no retry below the router"
    refused = FAULTS[kind] == "status" and kind != "model_timeout"
    if refused:
        assert not caught.value.sent, "a plain refusal costs nothing"
    if FAULTS[kind] == "transport" and "exception" not in kind and "throttle" not in kind:
        assert caught.value.sent, "what may have been worked on is booked until it is known"
    if kind == "throttled_retry_after":
        assert caught.value.retry_after == 5.0
    if caught.value.kind == "stream_broken":
        assert caught.value.partial is not None and caught.value.partial.text, "the delivered part is kept"


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("kind", sorted(FINISHES))
def test_how_an_answer_stopped_is_read_from_the_providers_own_word(
    server: Loopback, kind: str, wire: str, streaming: bool
) -> None:
    server.script("m", Fault(kind))
    answer = _ask(server, wire, streaming)
    expected = FINISHES[kind]
    if kind == "window_exceeded" and wire == "openai":
        expected = "length"  # OpenAI has one word for both
    if kind in {"guardrail", "content_filter"} and wire == "anthropic":
        expected = "refusal"  # Anthropic has one word for both
    if kind == "refusal_stop" and wire == "bedrock":
        expected = "guardrail"  # Converse has no refusal of its own
    assert answer.finish == expected
    assert answer.raw_stop, "the provider's word is kept"


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES)
def test_a_good_answer_carries_its_accounts(server: Loopback, wire: str, streaming: bool) -> None:
    server.forget()
    server.script("m", Reply(GOOD, tokens=(120, 9)))
    answer = _ask(server, wire, streaming, 5.0)
    assert (answer.text, answer.tokens_in, answer.tokens_out) == (GOOD, 120, 9)
    assert not answer.tokens_estimated
    assert server.billed == (120, 9)
    assert server.requests[0].json.get("max_tokens") or server.requests[0].json["inferenceConfig"]["maxTokens"] == 64


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES)
def test_missing_usage_is_estimated_and_said_so(server: Loopback, wire: str, streaming: bool) -> None:
    server.script("m", Fault("missing_usage"))
    answer = _ask(server, wire, streaming, 5.0)
    assert answer.tokens_estimated
    assert answer.tokens_in >= 5 and answer.tokens_out >= 5


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", WIRES)
def test_the_model_that_served_is_told(server: Loopback, wire: str, streaming: bool) -> None:
    server.script("m", Fault("wrong_model"))
    assert _ask(server, wire, streaming, 5.0).model_served == "some-other-model-v9"


@pytest.mark.parametrize("wire", WIRES)
def test_an_abandoned_stream_is_hung_up(server: Loopback, wire: str) -> None:
    server.forget()
    server.script("m", Fault("stall_mid_stream", seconds=20.0))
    with closing(provider(server, wire).stream(row(server, wire), "eu-west-1", ask(), 30.0)) as chunks:
        assert next(chunks).text
    until = time.monotonic() + 5
    while not server.requests[0].abandoned and time.monotonic() < until:
        time.sleep(0.01)
    assert server.requests[0].abandoned, "the server sees the line drop long before its 20 seconds are over"


@pytest.mark.parametrize("wire", WIRES)
def test_a_trickle_below_the_floor_is_cut_long_before_the_deadline(server: Loopback, wire: str) -> None:
    server.script("m", Fault("drip", seconds=0.1))
    made = provider(server, wire, floor=1_000_000.0, grace=0.25)
    with pytest.raises(ProviderFault) as caught:
        made.complete(row(server, wire), "eu-west-1", ask(), 600.0)
    assert caught.value.kind == "slow"


@pytest.mark.parametrize("wire", WIRES)
def test_no_connection_means_nothing_was_sent(wire: str) -> None:
    with Loopback() as gone:
        dead = row(gone, wire)
    with pytest.raises(ProviderFault) as caught:
        provider(gone, wire).complete(dead, "eu-west-1", ask(), 2.0)
    assert caught.value.kind == "connect" and not caught.value.sent


def test_what_litellm_itself_refuses_never_left(server: Loopback) -> None:
    """A provider it does not know; a model it has no response format for."""
    server.forget()
    for wire in ("no-such-provider/m", "cohere_chat/command-a-03-2025"):
        with pytest.raises(ProviderFault) as caught:
            provider(server, "openai").complete(replace(row(server, "openai"), wire=wire), "eu-west-1", ask(), 2.0)
        assert caught.value.kind == "unsupported" and not caught.value.sent
    assert not server.requests


@pytest.mark.parametrize("wire", ["openai", "anthropic"])
def test_without_its_own_credential_nothing_leaves(
    server: Loopback, wire: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that lies in the environment is not sent to a server it was not meant for."""
    monkeypatch.setenv("OPENAI_API_KEY", "from-the-environment")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "from-the-environment")
    server.forget()
    with pytest.raises(ProviderFault) as caught:
        LiteLLMProvider().complete(row(server, wire), "eu-west-1", ask(), 2.0)
    assert caught.value.kind == "no_credentials"
    assert not server.requests
    server.script("m", Reply(GOOD))
    keyless = replace(row(server, wire), credentials=())
    LiteLLMProvider().complete(keyless, "eu-west-1", ask(), 5.0)
    assert "from-the-environment" not in str(server.requests[0].headers)


@pytest.mark.parametrize("wire", WIRES)
def test_no_sentence_shows_the_text_or_the_key(server: Loopback, wire: str) -> None:
    for kind in sorted(EXPECTED):
        server.script("m", Fault(kind, seconds=0.3))
        with pytest.raises(ProviderFault) as caught:
            provider(server, wire).complete(row(server, wire), "eu-west-1", ask("SECRETWORD of the script"), 0.2)
        shown = caught.value.sentence + caught.value.hint
        assert "SECRETWORD" not in shown and "test-key" not in shown and "AKIDTEST" not in shown


def test_every_class_of_litellm_exceptions_is_mapped() -> None:
    import litellm.exceptions

    found = {
        name
        for name, value in vars(litellm.exceptions).items()
        if isinstance(value, type) and issubclass(value, BaseException) and value.__module__ == "litellm.exceptions"
    }
    assert found == set(LITELLM), "a new LiteLLM has classes nobody has mapped, or lost some"
    assert set(LITELLM.values()) | set(BEDROCK.values()) <= set(RECOVERY)
    for name in found:
        kind = getattr(litellm.exceptions, name)
        assert kind_of(kind.__new__(kind)) == LITELLM[name]


def test_every_error_of_bedrocks_model_calls_is_mapped() -> None:
    import botocore.session

    service = botocore.session.get_session().get_service_model("bedrock-runtime")
    for operation in ("Converse", "ConverseStream", "ApplyGuardrail", "CountTokens"):
        for shape in service.operation_model(operation).error_shapes:
            assert shape.name in BEDROCK
    stream = service.operation_model("ConverseStream").output_shape.members["stream"]
    for name, member in stream.members.items():
        if member.metadata.get("exception"):
            assert name[0].upper() + name[1:] in BEDROCK


def test_litellm_loads_without_one_packet_and_keeps_quiet() -> None:
    """In a fresh process in which every socket call raises, and with LiteLLM's own debugging asked for."""
    code = (
        "import socket\n"
        "def no(*a, **k): raise SystemExit('the network was touched')\n"
        "socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.gethostbyname = no\n"
        "import sys, routers.provider as p\n"
        "assert 'litellm' not in sys.modules and 'httpx' not in sys.modules\n"
        "said = p.litellm_loaded().completion('openai/m', [{'role': 'user', 'content': 'SECRETWORD'}], api_key='k',\n"
        "    mock_response='SECRETANSWER', **{'no-log': True})\n"
        "print(said.choices[0].finish_reason)\n"
    )
    settings = {**os.environ, "LITELLM_LOG": "DEBUG"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False, env=settings
    )
    assert done.stdout.strip() == "stop", done.stderr[-500:]
    assert "SECRET" not in done.stderr, "prompts and answers are not logged, whatever the environment asks of LiteLLM"


def test_prices_are_read_without_importing_litellm() -> None:
    prices = price_map()
    assert prices["eu.amazon.nova-lite-v1:0"]["input_cost_per_token"] == pytest.approx(7.8e-08)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({}, None), ({"retry-after": "7"}, 7.0), ({"retry-after-ms": "250"}, 0.25), ({"retry-after": "soon"}, None)],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_retry_after_as_a_date() -> None:
    wait = retry_after({"retry-after": time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 60))})
    assert wait is not None and 55 <= wait <= 61


def _shipped() -> list[ModelRow]:
    """One row of each provider that LiteLLM reaches."""
    rows = {r.provider: r for r in load_registry().rows.values() if not r.in_process and r.provider != "bedrock"}
    return list(rows.values())


@pytest.mark.parametrize("model", _shipped(), ids=lambda model: model.provider)
def test_every_shipped_provider_is_called_over_our_sockets(server: Loopback, model: ModelRow) -> None:
    """Else its deadline would be one between two bytes; our road asks for plain bytes, and no other does."""
    server.forget()
    server.script(model.wire.split("/")[-1], Reply(GOOD))
    there = replace(model, base_url=server.openai if model.wire.startswith("openai/") else server.url)
    try:
        LiteLLMProvider(lambda name: "test-key").complete(there, "default", ask(), 5.0)
    except ProviderFault as fault:
        assert fault.kind in {"not_found", "bad_body"}, "the loopback does not speak this format"
    assert [r.headers["accept-encoding"] for r in server.requests] == ["identity"]
    assert server.requests[0].text.count("How often does Anna appear?") == 1


@pytest.mark.parametrize("wire", WIRES)
def test_a_very_long_stream_is_read_to_its_end(server: Loopback, wire: str) -> None:
    """More than is kept of it: how it stopped and what it cost stand at the end, who said it at the beginning."""
    long = "It goes on and on. " * 230_000
    server.script("m", Reply(long, tokens=(50, 9_000), use_tool=False, chunk=50_000, served="m-2026"))
    *parts, last = provider(server, wire).stream(row(server, wire), "eu-west-1", ask(schema=False), 60.0)
    assert "".join(part.text for part in parts) == long and len(long) > 4_000_000
    assert last.answer is not None and (last.answer.finish, last.answer.tokens_out) == ("stop", 9_000)
    assert last.answer.model_served == "m-2026" and not last.answer.tokens_estimated
