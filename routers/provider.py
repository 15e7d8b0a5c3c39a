"""The only door to LiteLLM: one call is one attempt, with one deadline, and every failure is a named fault."""

import importlib.util
import json
import logging
import os
import threading
import time
import warnings
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from routers import faults
from routers.calls import Heard
from routers.errors import FaultKind, ProviderFault
from routers.reading import Facts, estimate, facts, finish_of
from routers.structured import TOOL, Shape, refused, shape
from routers.types import Chunk, Message, ModelRow, RawAnswer, Request
from routers.vectors import vectors_of

if TYPE_CHECKING:
    from routers.transport import Exchange

Secret = Callable[[str], str | None]

# Read by LiteLLM while it is imported: prices and lists come from the package, never from the network.
_LOCAL = ("LITELLM_LOCAL_MODEL_COST_MAP", "LITELLM_LOCAL_BLOG_POSTS", "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS")
_HELLO = [{"role": "user", "content": "ok"}]
_LEAN = (
    "EXPERIMENTAL_OPENAI_BASE_LLM_HTTP_HANDLER"  # OpenAI's format without OpenAI's client: a quarter less work a call
)
_loading = threading.Lock()


@lru_cache(maxsize=1)
def _litellm() -> Any:
    """LiteLLM, loaded at the first call (it costs seconds) and told to be quiet, local and on our sockets."""
    for name in (*_LOCAL, _LEAN):
        os.environ.setdefault(name, "True")
    import httpx
    import litellm

    from routers.transport import Clocked

    road = Clocked()
    ours = httpx.Client(transport=road, timeout=3600.0)
    litellm.sync_transport = road  # for clients it makes from now on
    litellm.client_session = ours
    litellm.module_level_client.client = ours
    litellm.suppress_debug_info = True
    litellm.telemetry = False
    logging.getLogger("LiteLLM").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", message=r"Items? .* on TypedDict class .*ReadOnly", category=UserWarning)
    _warm(litellm)
    return litellm


def _warm(litellm: Any) -> None:
    """LiteLLM leaves half of its loading to the first call: do it before a deadline runs, and without warnings."""
    import openai.resources.chat.completions  # noqa: F401  the same, for the client below it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for stream in (False, True):
            said = litellm.completion("openai/warm", _HELLO, mock_response="ok", stream=stream, api_key="none")
            if stream:
                list(said)


def litellm_loaded() -> Any:
    """The same for all threads; two of them never import it at once."""
    with _loading:
        return _litellm()


@lru_cache(maxsize=1)
def price_map() -> Mapping[str, Mapping[str, Any]]:
    """LiteLLM's own table of prices and windows, read from its folder without importing it."""
    spec = importlib.util.find_spec("litellm")
    if spec is None or spec.origin is None:
        return {}
    table = Path(spec.origin).parent / "model_prices_and_context_window_backup.json"
    return dict(json.loads(table.read_text(encoding="utf-8"))) if table.is_file() else {}


class LiteLLMProvider:
    """Any model LiteLLM can reach; `secret` gives the value of a named credential."""

    def __init__(self, secret: Secret = lambda name: None, floor: float = 4.0, grace: float = 30.0) -> None:
        self._secret = secret
        self._floor = floor
        self._grace = grace

    def complete(self, model: ModelRow, region: str, request: Request, timeout_s: float) -> RawAnswer:
        """Ask once; the deadline holds for the whole call."""
        from routers.transport import exchange

        litellm = litellm_loaded()
        if "embedding" in model.abilities:
            return self._vectors(litellm, model, request, timeout_s)
        asked = self._arguments(litellm, model, request, stream=False)
        with exchange(timeout_s, self._floor, self._grace) as call:
            started = time.monotonic()
            try:
                response = litellm.completion(**asked)
            except _errors(litellm) as error:
                raise _fault(litellm, error, model, call) from error
        return _answer(model, request, response, call, time.monotonic() - started)

    def stream(self, model: ModelRow, region: str, request: Request, timeout_s: float) -> Generator[Chunk, None, None]:
        """Ask once and yield as it comes; closing the generator hangs up."""
        from routers.transport import exchange

        litellm = litellm_loaded()
        asked = self._arguments(litellm, model, request, stream=True)
        started = time.monotonic()
        with exchange(timeout_s, self._floor, self._grace) as call:
            try:
                pieces = litellm.completion(**asked)
            except _errors(litellm) as error:
                raise _fault(litellm, error, model, call) from error
        with closing(call):
            yield from _pump(litellm, pieces, model, request, call, started)

    def _vectors(self, litellm: Any, model: ModelRow, request: Request, timeout_s: float) -> RawAnswer:
        """One vector a message, as a JSON list of lists."""
        from routers.transport import exchange

        asked: dict[str, Any] = {"model": model.wire, "input": [m.text for m in request.messages]}
        asked |= {"encoding_format": "float", "api_key": self._key(model), "timeout": 3600.0}
        asked |= {"num_retries": 0, "max_retries": 0, "no-log": True}
        if model.base_url:
            asked["api_base"] = model.base_url
        with exchange(timeout_s, self._floor, self._grace) as call:
            started = time.monotonic()
            try:
                response = litellm.embedding(**asked)
            except _errors(litellm) as error:
                raise _fault(litellm, error, model, call) from error
            rows = vectors_of(response.data, len(request.messages))
            if rows is None:
                raise faults.fault("bad_body", f"{model.provider}, {model.id}", call)
        tokens = getattr(getattr(response, "usage", None), "prompt_tokens", 0) or 0
        return RawAnswer(
            text=json.dumps(rows),
            tokens_in=tokens or sum(estimate(m.text) for m in request.messages),
            tokens_estimated=not tokens,
            model_served=facts(call.body).model,
            latency_s=time.monotonic() - started,
            request_id=faults.request_id(call.headers),
        )

    def _arguments(self, litellm: Any, model: ModelRow, request: Request, stream: bool) -> dict[str, Any]:
        shaped = shape(request, model.json_mode, model.abilities)
        asked: dict[str, Any] = {
            "model": model.wire,
            "messages": [_turn(turn) for turn in shaped.messages],
            "max_tokens": request.max_tokens,
            "api_key": self._key(model),
            "timeout": 3600.0,  # ours ends sooner, and a constant keeps LiteLLM's client cache small
            "num_retries": 0,
            "max_retries": 0,
            "temperature": request.temperature,
            "drop_params": True,  # for the temperature, which some models refuse; the schema is checked below
            "no-log": True,
            "_skip_mcp_handler": True,  # else LiteLLM wants the mcp package for any tool
        }
        if model.base_url:
            asked["api_base"] = model.base_url
        needed = {"response_format": shaped.format, "tools": shaped.tool or shaped.tools}
        if lacks := {name for name, value in needed.items() if value} - _supported(litellm, model.wire):
            known_not = ", ".join(sorted(lacks))
            raise ProviderFault("unsupported", f"{model.provider}, {model.id}: LiteLLM knows no {known_not} for it")
        if stream:
            asked |= {"stream": True, "stream_options": {"include_usage": True}}
        return asked | _structure(shaped)

    def _key(self, model: ModelRow) -> str:
        """The credential of this row and no other: without one LiteLLM would take whatever the environment has."""
        if not model.credentials:
            return "none"
        value = self._secret(model.credentials[0])
        if not value:
            raise ProviderFault("no_credentials", f"{model.provider}: the setting {model.credentials[0]} is not set")
        return value


def _structure(shaped: Shape) -> dict[str, Any]:
    """The schema, as a response format or as a tool the model is forced to call."""
    asked: dict[str, Any] = {}
    tools = [{"name": t.name, "description": t.description, "parameters": t.parameters} for t in shaped.tools]
    if shaped.format is not None:
        named = {"name": TOOL, "schema": shaped.format, "strict": True}
        asked["response_format"] = {"type": "json_schema", "json_schema": named}
    if shaped.tool is not None:
        asked["tool_choice"] = "required" if tools else {"type": "function", "function": {"name": TOOL}}
        tools.insert(0, {"name": TOOL, "description": "Give the answer.", "parameters": shaped.tool})
    if tools:
        asked["tools"] = [{"type": "function", "function": tool} for tool in tools]
    return asked


def _turn(turn: Message) -> dict[str, Any]:
    """A turn as OpenAI's format has it."""
    if turn.answers:
        return {"role": "tool", "tool_call_id": turn.answers, "content": turn.text}
    if not turn.calls:
        return {"role": turn.role, "content": turn.text}
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in turn.calls
    ]
    return {"role": turn.role, "content": turn.text or None, "tool_calls": calls}


@lru_cache(maxsize=256)
def _supported(litellm: Any, wire: str) -> frozenset[str]:
    """The parameters LiteLLM passes on to this model."""
    return frozenset(litellm.get_supported_openai_params(model=wire) or ())


@lru_cache(maxsize=1)
def _errors(litellm: Any) -> tuple[type[Exception], ...]:
    """All that a call may raise: LiteLLM's classes, and what slips through from the HTTP and JSON layers."""
    import httpx
    import openai

    named = tuple(getattr(litellm.exceptions, name) for name in faults.LITELLM)
    return (
        *named,
        openai.OpenAIError,
        httpx.HTTPError,
        httpx.StreamError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
    )


def kind_of(error: BaseException) -> FaultKind:
    """The kind of the nearest known class."""
    names = (cls.__name__ for cls in type(error).__mro__)
    return next((faults.LITELLM[name] for name in names if name in faults.LITELLM), "unmapped")


def _fault(
    litellm: Any, error: BaseException, model: ModelRow, call: "Exchange", partial: RawAnswer | None = None
) -> ProviderFault:
    """What LiteLLM's error class says, corrected by what was really seen on the wire."""
    who = f"{model.provider}, {model.id}"
    kind = kind_of(error)
    told = faults.said(call.body) or str(getattr(error, "message", ""))
    if call.status >= 400:
        return faults.fault(faults.refine(faults.from_status(call.status, kind), told), who, call, said=told)
    if partial is not None:
        return faults.fault("slow" if call.over else "stream_broken", who, call, partial)
    if not call.sent and not _on_the_line(error):  # LiteLLM itself gave up: nothing left the machine
        return faults.fault("unmapped" if kind in {"connect", "server"} else kind, who, call)
    inner = getattr(error, "original_exception", None)
    if inner is not None and not call.over and kind_of(inner) == "throttled":
        return faults.fault("throttled", who, call)
    if call.status == 200 and inner is not None and not call.over:
        return faults.fault("model_error", who, call)
    return faults.fault(faults.from_wire(call), who, call)


def _on_the_line(error: BaseException | None) -> bool:
    """Does an error of the HTTP layer stand behind this one?"""
    import httpx

    while error is not None:
        if isinstance(error, httpx.TransportError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _answer(model: ModelRow, request: Request, response: Any, call: "Exchange", seconds: float) -> RawAnswer:
    choice = response.choices[0] if response.choices else None
    message = choice.message if choice is not None else None
    wishes, text = Heard(_offered(model, request)), ""
    for at, call_made in enumerate(getattr(message, "tool_calls", None) or ()):
        used = call_made.function
        text = text or wishes.more(at, call_made.id or "", used.name or "", used.arguments or "")
    text = text or getattr(message, "content", None) or ""
    usage = getattr(response, "usage", None)
    counted = (getattr(usage, "prompt_tokens", 0) or 0, getattr(usage, "completion_tokens", 0) or 0)
    return replace(_raw(model, request, text, counted, call, seconds), calls=wishes.calls)


def _offered(model: ModelRow, request: Request) -> bool:
    return bool(request.tools) and "tools" in model.abilities


def _raw(
    model: ModelRow, request: Request, text: str, counted: tuple[int, int], call: "Exchange", seconds: float
) -> RawAnswer:
    said = facts(call.body)
    known = said.usage and any(counted) and bool(said.stop)  # an answer without an end was not counted to its end
    guessed = sum(estimate(m.text) for m in request.messages), estimate(text)
    tokens = counted if known else (counted[0] or guessed[0], max(counted[1], guessed[1]))
    return RawAnswer(
        text=text,
        finish=_finish(said, text, request),
        raw_stop=said.stop,
        tokens_in=tokens[0],
        tokens_out=tokens[1],
        tokens_estimated=not known,
        model_served=said.model,
        latency_s=seconds,
        request_id=faults.request_id(call.headers),
    )


def _finish(said: Facts, text: str, request: Request) -> Any:
    """The finish, with a refusal recognised where the provider marks it or the words say it."""
    if said.refusal:
        return "refusal"
    finish = finish_of(said.stop)
    if finish in {"stop", "tool"} and request.schema is not None and refused(text):
        return "refusal"
    return finish


def _pump(
    litellm: Any, pieces: Iterator[Any], model: ModelRow, request: Request, call: "Exchange", started: float
) -> Generator[Chunk, None, None]:
    """Yield the text; a break after the first piece carries what was delivered."""
    said: list[str] = []
    counted = (0, 0)
    wishes = Heard(_offered(model, request))
    while True:
        try:
            piece = next(pieces)
        except StopIteration:
            break
        except _errors(litellm) as error:
            partial = _raw(model, request, "".join(said), counted, call, time.monotonic() - started) if said else None
            raise _fault(litellm, error, model, call, partial) from error
        if usage := getattr(piece, "usage", None):
            counted = (usage.prompt_tokens or 0, usage.completion_tokens or 0)
        if text := _delta(piece, wishes):
            said.append(text)
            yield Chunk(text)
    answer = _raw(model, request, "".join(said), counted, call, time.monotonic() - started)
    if not answer.raw_stop:
        kind: FaultKind = "stream_broken" if said else "bad_body"
        raise faults.fault(kind, f"{model.provider}, {model.id}", call, answer if said else None)
    yield Chunk("", replace(answer, calls=wishes.calls))


def _delta(piece: Any, wishes: Heard) -> str:
    delta = piece.choices[0].delta if piece.choices else None
    if called := getattr(delta, "tool_calls", None):
        parts = ((part.index or 0, part.id or "", part.function) for part in called)
        return "".join(wishes.more(at, known, used.name or "", used.arguments or "") for at, known, used in parts)
    return getattr(delta, "content", None) or ""
