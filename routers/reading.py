"""Reads an answer in the provider's own words: how it stopped, which model gave it, whether it counted tokens."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from routers.types import Finish

_BY_FINISH: dict[Finish, str] = {
    "stop": "stop end_turn stop_sequence eos eos_token COMPLETE STOP STOP_SEQUENCE",
    "length": "length max_tokens MAX_TOKENS model_length max_output_tokens",
    "tool": "tool_calls tool_use function_call TOOL_CALL",
    "refusal": "refusal",
    "guardrail": "content_filter content_filtered guardrail_intervened SAFETY RECITATION BLOCKLIST PROHIBITED_CONTENT "
    "SPII LANGUAGE IMAGE_SAFETY IMAGE_RECITATION IMAGE_PROHIBITED_CONTENT ERROR_TOXIC sensitive",
    "window": "model_context_window_exceeded ERROR_LIMIT",
    "malformed": "malformed_model_output malformed_tool_use MALFORMED_FUNCTION_CALL MALFORMED_RESPONSE "
    "UNEXPECTED_TOOL_CALL TOO_MANY_TOOL_CALLS error",
}
FINISH: Mapping[str, Finish] = {word: finish for finish, words in _BY_FINISH.items() for word in words.split()}

_TELLS = re.compile(  # a stream's piece that says more than the next few words
    rb'"(?:finish_?reason|stop_reason|refusal)"\s*:\s*"|"(?:usage|usageMetadata)"\s*:\s*\{', re.IGNORECASE
)


def finish_of(raw_stop: str, otherwise: Finish = "malformed") -> Finish:
    """What a raw stop reason means; one nobody knows does not count as an end."""
    return FINISH.get(raw_stop, otherwise)


@dataclass(slots=True)
class Facts:
    """What the body itself says; empty where it says nothing."""

    stop: str = ""
    model: str = ""
    usage: bool = False
    refusal: bool = False


def facts(body: bytes | bytearray) -> Facts:
    """From a whole JSON body or from a server-sent event stream, OpenAI's, Anthropic's, Google's or Cohere's."""
    found = Facts()
    for message in _messages(bytes(body)):
        _take(found, message)
    return found


def _messages(body: bytes) -> Iterator[dict[str, Any]]:
    """The JSON objects of a body; for a stream only those lines that can tell something."""
    if body.lstrip()[:1] in (b"{", b"["):
        parsed = _load(body)
        yield from (item for item in (parsed if isinstance(parsed, list) else [parsed]) if isinstance(item, dict))
        return
    lines = (line[5:] for line in body.splitlines() if line.startswith(b"data:"))
    for number, line in enumerate(lines):
        if (number < 3 or _TELLS.search(line)) and isinstance(parsed := _load(line), dict):
            yield parsed


def _load(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _take(found: Facts, message: dict[str, Any]) -> None:
    inner = _dict(message.get("message"))
    delta = _dict(message.get("delta"))
    first = _dict(next(iter(message.get("choices") or message.get("candidates") or ()), None))
    spoken = _dict(first.get("message")) or _dict(first.get("delta"))
    found.model = found.model or message.get("model") or inner.get("model") or message.get("modelVersion") or ""
    stops = (
        *(first.get("finish_reason"), first.get("finishReason"), message.get("stop_reason"), delta.get("stop_reason")),
        *(message.get("finish_reason"), delta.get("finish_reason")),
    )
    found.stop = next((stop for stop in stops if isinstance(stop, str)), found.stop)
    usages = (message.get("usage"), inner.get("usage"), message.get("usageMetadata"), delta.get("usage"))
    found.usage = found.usage or any(usages)
    found.refusal = found.refusal or bool(spoken.get("refusal"))


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def estimate(text: str) -> int:
    """Tokens of a text nobody counted: never fewer than its words suggest."""
    return max(1, -(-len(text) // 4), len(text.split()) * 4 // 3) if text else 0
