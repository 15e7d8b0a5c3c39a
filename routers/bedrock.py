"""The only door to boto3: Bedrock's Converse, ConverseStream and Guardrails, one attempt a call, under one deadline."""

import json
import threading
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from routers import faults
from routers.calls import Heard
from routers.converse import Access, arguments, model_id
from routers.errors import FaultKind, ProviderFault
from routers.guardrails import GuardVerdict, policies
from routers.reading import estimate, finish_of
from routers.structured import refused
from routers.types import Chunk, Message, ModelRow, RawAnswer, Request, ToolCall
from routers.vectors import invoke_body, invoked

if TYPE_CHECKING:
    from routers.transport import Exchange


class BedrockProvider:
    """Models on Bedrock; the region is the one the router chose for this attempt."""

    def __init__(self, access: Access = Access(), floor: float = 4.0, grace: float = 30.0) -> None:
        self._access = access
        self._floor = floor
        self._grace = grace
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def complete(self, model: ModelRow, region: str, request: Request, timeout_s: float) -> RawAnswer:
        """Ask once with Converse."""
        if "embedding" in model.abilities:
            return self._vectors(model, region, request, timeout_s)
        client = self.client("bedrock-runtime", region)
        asked, started = arguments(model, request, self._access), time.monotonic()
        with self._attempt(model, timeout_s) as call:
            answer = client.converse(**asked)
            if "stopReason" not in answer or "output" not in answer:
                raise faults.fault("bad_body", _who(model), call)
            content = answer["output"].get("message", {}).get("content", [])
            heard = _Heard(content, answer, faults.request_id(call.headers))
            return _answer(model, request, heard, time.monotonic() - started)

    def stream(self, model: ModelRow, region: str, request: Request, timeout_s: float) -> Generator[Chunk, None, None]:
        """Ask once with ConverseStream; closing the generator hangs up."""
        client = self.client("bedrock-runtime", region)
        asked, started = arguments(model, request, self._access), time.monotonic()
        with self._attempt(model, timeout_s) as call:
            events = client.converse_stream(**asked)["stream"]
        with closing(call):
            yield from _pump(events, model, request, call, started)

    def _vectors(self, model: ModelRow, region: str, request: Request, timeout_s: float) -> RawAnswer:
        """One vector a message, as a JSON list of lists, by InvokeModel: Converse makes none."""
        body, started = invoke_body(model.wire, request), time.monotonic()
        if body is None:
            raise ProviderFault("unsupported", f"{_who(model)}: only Titan's and Cohere's embeddings are known here")
        client = self.client("bedrock-runtime", region)
        with self._attempt(model, timeout_s) as call:
            answer = client.invoke_model(modelId=model_id(model), body=json.dumps(body), accept="application/json")
            try:
                said = json.loads(answer["body"].read())
            except ValueError:
                said = {}
            rows = invoked(said, len(request.messages)) if isinstance(said, dict) else None
            if rows is None:
                raise faults.fault("bad_body", _who(model), call)
        counted = call.headers.get("x-amzn-bedrock-input-token-count") or said.get("inputTextTokenCount") or 0
        return RawAnswer(
            text=json.dumps(rows),
            tokens_in=int(counted) or sum(estimate(m.text) for m in request.messages),
            tokens_estimated=not counted,
            latency_s=time.monotonic() - started,
            request_id=faults.request_id(call.headers),
        )

    def guard(
        self, guardrail: tuple[str, str], region: str, text: str, source: Literal["INPUT", "OUTPUT"]
    ) -> GuardVerdict:
        """Put any text before a guardrail, also one that another provider wrote."""
        client = self.client("bedrock-runtime", region)
        with self._attempt(_GUARD, 30.0):
            said = client.apply_guardrail(
                guardrailIdentifier=guardrail[0],
                guardrailVersion=guardrail[1],
                source=source,
                content=[{"text": {"text": text}}],
            )
        blocked = said["action"] == "GUARDRAIL_INTERVENED"
        shown = "".join(part.get("text", "") for part in said.get("outputs", []))
        return GuardVerdict(blocked, shown if blocked else text, policies(said.get("assessments", [])))

    def control(self, region: str, operation: str, **asked: Any) -> dict[str, Any]:
        """One question to Bedrock's control plane, under its name in boto3."""
        client = self.client("bedrock", region)
        if not hasattr(client, operation):
            raise ProviderFault("unsupported", f"bedrock: this boto3 has no {operation}")
        with self._attempt(_CONTROL, 30.0):
            said: dict[str, Any] = getattr(client, operation)(**asked)
        return said

    def stored(self, region: str, operation: str, **asked: Any) -> dict[str, Any]:
        """One question to S3, under its name in boto3, with AWS's own retries."""
        from botocore.config import Config

        with self._attempt(_STORE, 600.0):
            with self._lock, _connecting:
                if ("s3", region) not in self._clients:
                    known = Config(user_agent_extra="pa", connect_timeout=10, read_timeout=60)
                    session = _session(self._access.profile, self._access.keys)
                    self._clients["s3", region] = session.client("s3", region_name=region, config=known)
            said: dict[str, Any] = getattr(self._clients["s3", region], operation)(**asked)
        return said

    def client(self, service: str, region: str) -> Any:
        """A boto3 client that sends on our sockets and never retries; one per service and region."""
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._connect(service, region)
            return self._clients[service, region]

    def _connect(self, service: str, region: str) -> Any:
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError

        url = self._access.endpoint_url if service == "bedrock-runtime" else self._access.control_url
        once = Config(retries={"total_max_attempts": 1, "mode": "standard"}, user_agent_extra="pa")
        try:
            with _connecting:
                session = _session(self._access.profile, self._access.keys)
                client = session.client(service, region_name=region, endpoint_url=url, config=once)
        except BotoCoreError as error:
            raise ProviderFault("no_credentials", f"bedrock: {error}") from error
        client.meta.events.register(f"before-send.{service}", _send)
        return client

    def _forget_keys(self) -> None:
        """Have the next call read the credentials again."""
        with self._lock, _connecting:
            self._clients.clear()
            _session.cache_clear()

    @contextmanager
    def _attempt(self, model: ModelRow, seconds: float) -> "Iterator[Exchange]":
        """One call: its deadline, and its failure as a fault; expired keys are read anew next time."""
        from routers.transport import exchange

        with exchange(seconds, self._floor, self._grace) as call:
            try:
                yield call
            except _errors() as error:
                raised = _fault(error, _who(model), call, self._access.profile)
                if raised.kind == "expired_credentials":
                    self._forget_keys()
                raise raised from error


_connecting = threading.Lock()


@lru_cache(maxsize=16)
def _session(profile: str | None, keys: tuple[str, str, str | None] | None) -> Any:
    """One boto3 session for all Regions: it reads megabytes of endpoint data only once."""
    import boto3

    key, secret, token = keys or (None, None, None)
    return boto3.Session(key, secret, token, profile_name=profile)


_GUARD = ModelRow("guardrail", "bedrock/guardrail", "bedrock", ())
_STORE = ModelRow("S3", "bedrock/s3", "bedrock", ())
_CONTROL = ModelRow("control plane", "bedrock/control", "bedrock", ())


def _who(model: ModelRow) -> str:
    return f"{model.provider}, {model.id}"


@dataclass(slots=True)
class _Heard:
    """An answer's content blocks, and the rest of it: stopReason, usage, trace."""

    content: list[dict[str, Any]]
    rest: Mapping[str, Any]
    request_id: str = ""


def told(model: ModelRow, asked: Mapping[str, Any], body: Mapping[str, Any]) -> RawAnswer:
    """An answer of Converse that was not heard on a line but read from a file, with the question beside it."""
    content = body.get("output", {}).get("message", {}).get("content", [])
    request = Request((Message("user", json.dumps(asked, ensure_ascii=False)),), schema={})
    return _answer(model, request, _Heard(content, body), 0.0)


def _answer(model: ModelRow, request: Request, heard: _Heard, seconds: float) -> RawAnswer:
    text, calls = _said(heard.content, bool(request.tools) and "tools" in model.abilities)
    usage, trace = heard.rest.get("usage") or {}, heard.rest.get("trace") or {}
    known = bool(usage.get("totalTokens") or usage.get("inputTokens"))
    cached = usage.get("cacheReadInputTokens", 0) + usage.get("cacheWriteInputTokens", 0)
    taken = usage["inputTokens"] + cached if known else sum(estimate(m.text) for m in request.messages)
    stop = str(heard.rest.get("stopReason", ""))
    finish = finish_of(stop)
    if finish in {"stop", "tool"} and request.schema is not None and refused(text):
        finish = "refusal"
    return RawAnswer(
        text=text,
        finish=finish,
        raw_stop=stop,
        tokens_in=taken,
        tokens_out=usage.get("outputTokens", 0) if known else estimate(text),
        tokens_estimated=not known,
        model_served=trace.get("promptRouter", {}).get("invokedModelId", ""),
        latency_s=seconds,
        request_id=heard.request_id,
        detail=policies(trace.get("guardrail", {})),
        calls=calls,
    )


def _said(content: list[dict[str, Any]], offered: bool) -> tuple[str, tuple[ToolCall, ...]]:
    """What was said, or a tool's input where the answer came through the tool; and calls of other tools."""
    heard, answer = Heard(offered), ""
    for at, block in enumerate(content):
        if used := block.get("toolUse"):
            given = used.get("input", {})
            text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
            answer = answer or heard.more(at, used.get("toolUseId", ""), used.get("name", ""), text)
    return answer or "".join(block.get("text", "") for block in content), heard.calls


def _pump(
    events: Any, model: ModelRow, request: Request, call: "Exchange", started: float
) -> Generator[Chunk, None, None]:
    """Yield the text as it comes; the last chunk carries the accounts. A break keeps what was delivered."""
    said: list[str] = []
    rest: dict[str, Any] = {}
    wishes = Heard(bool(request.tools) and "tools" in model.abilities)
    try:
        for event in events:
            rest |= event.get("messageStop", {}) | event.get("metadata", {})
            if text := _delta(event, wishes):
                said.append(text)
                yield Chunk(text)
    except _errors() as error:
        heard = _Heard([{"text": "".join(said)}], rest, faults.request_id(call.headers))
        partial = _answer(model, request, heard, time.monotonic() - started)
        raise _fault(error, _who(model), call, None, partial if said else None) from error
    heard = _Heard([{"text": "".join(said)}], rest, faults.request_id(call.headers))
    answer = _answer(model, request, heard, time.monotonic() - started)
    if not answer.raw_stop:
        kind: FaultKind = "stream_broken" if said else "bad_body"
        raise faults.fault(kind, _who(model), call, answer if said else None)
    yield Chunk("", replace(answer, calls=wishes.calls))


def _delta(event: Mapping[str, Any], wishes: Heard) -> str:
    start, piece = event.get("contentBlockStart", {}), event.get("contentBlockDelta", {})
    if used := start.get("start", {}).get("toolUse"):
        return wishes.more(start.get("contentBlockIndex", 0), used.get("toolUseId", ""), used.get("name", ""))
    delta = piece.get("delta", {})
    if used := delta.get("toolUse"):
        return wishes.more(piece.get("contentBlockIndex", 0), arguments=str(used.get("input") or ""))
    return str(delta.get("text") or "")


@lru_cache(maxsize=1)
def _errors() -> tuple[type[Exception], ...]:
    """What a call may raise: AWS's refusals, boto's own, and the sockets'."""
    import httpx
    from botocore.eventstream import ParserError
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    return (ClientError, BotoCoreError, ResponseParserError, ParserError, httpx.HTTPError, httpx.StreamError)


def _fault(
    error: Exception, who: str, call: "Exchange", profile: str | None, partial: RawAnswer | None = None
) -> ProviderFault:
    """The fault behind an error; a stream that broke after its first text is always a broken stream."""
    if partial is not None:
        return faults.fault("slow" if call.over else "stream_broken", who, call, partial)
    told: Mapping[str, Any] = getattr(error, "response", {}).get("Error", {})
    if code := str(told.get("Code", "")):
        kind = faults.BEDROCK.get(code[:1].upper() + code[1:], "unmapped")
        kind = faults.from_status(call.status, kind) if kind == "unmapped" and call.status >= 400 else kind
        kind = faults.refine(kind, str(told.get("Message", "")))
        return faults.fault(kind, who + _of(profile, kind), call, said=str(told.get("Message", "")))
    if type(error).__name__ in {
        "NoCredentialsError",
        "PartialCredentialsError",
        "CredentialRetrievalError",
        "TokenRetrievalError",
    }:
        return faults.fault("no_credentials", who + _of(profile, "no_credentials"), call)
    if type(error).__name__ in {"ParamValidationError", "UnknownParameterError"}:
        return faults.fault("bad_request", who, call)
    return faults.fault(faults.from_wire(call), who, call)


def _of(profile: str | None, kind: FaultKind) -> str:
    """Names the profile, never the key."""
    return f", AWS profile {profile or 'default'}" if kind in {"no_credentials", "expired_credentials"} else ""


@lru_cache(maxsize=1)
def _road() -> Any:
    import httpx

    from routers.transport import Clocked

    return httpx.Client(transport=Clocked(), timeout=3600.0)


def _send(request: Any, **_: Any) -> Any:
    """Botocore signs and parses; the bytes travel on our sockets, which know the call's deadline."""
    from botocore.awsrequest import AWSResponse

    road = _road()
    headers = [
        (name, value.decode() if isinstance(value, bytes) else str(value)) for name, value in request.headers.items()
    ]
    built = road.build_request(request.method, request.url, headers=headers, content=request.body)
    response = road.send(built, stream=True)
    headers_in: Any = dict(response.headers)
    return AWSResponse(request.url, response.status_code, headers_in, _Body(response))


class _Body:
    """A response as botocore reads one."""

    def __init__(self, response: Any) -> None:
        self._response = response

    def stream(self, amt: int | None = None, decode_content: bool | None = None) -> Iterator[bytes]:
        """All bytes, as they come."""
        with closing(self._response):
            yield from self._response.iter_raw()

    def read(self, amt: int | None = None) -> bytes:
        """The whole body at once, whatever piece is asked for; nothing the second time."""
        return b"".join(self.stream()) if not self._response.is_closed else b""

    def close(self) -> None:
        """Hang up."""
        self._response.close()
