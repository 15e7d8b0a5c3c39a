"""What a test can tell the loopback provider to do, and what the provider remembers."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any


@dataclass(eq=False)
class Request:
    """One request as it arrived, with what was done about it."""

    wire: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    model: str = ""
    streaming: bool = False
    outcome: str = ""
    billed: tuple[int, int] = (0, 0)
    abandoned: bool = False

    @cached_property
    def json(self) -> dict[str, Any]:
        """The body as JSON; empty where there is none."""
        parsed = json.loads(self.body or b"{}")
        return parsed if isinstance(parsed, dict) else {}

    @property
    def received(self) -> int:
        """Bytes of path and body that reached this server."""
        return len(self.path.encode()) + len(self.body)

    @property
    def text(self) -> str:
        """All that was sent, for a test that looks for a word in it."""
        return self.path + self.body.decode("utf-8", "replace")

    @property
    def tools(self) -> list[str]:
        """Names of the tools the caller offered, in any of the three formats."""
        offered = self.json.get("toolConfig", {}).get("tools") or self.json.get("tools") or []
        inner = [tool.get("toolSpec") or tool.get("function") or tool for tool in offered]
        return [tool["name"] for tool in inner if "name" in tool]


Text = str | Callable[[Request], str]
STOPS = ("end", "length", "filtered", "guardrail", "refusal", "window", "malformed_model_output", "malformed_tool_use")


@dataclass(frozen=True)
class Reply:
    """An answer: text (or a function of the request), tokens, and how it stopped.

    `tokens` counts what is billed; without it words of the request and the answer are counted. `stop` is one of
    STOPS or a raw value of the wire. `cached` of the tokens in come from a prompt cache (Bedrock). `use_tool` answers
    through the first offered tool, as a forced model does; `call` names another tool, offered or not, and the text is
    what it is given.
    """

    text: Text = "ok"
    tokens: tuple[int, int] | None = None
    stop: str = "end"
    use_tool: bool = True
    call: str = ""
    usage: bool = True
    cached: int = 0
    served: str = ""
    refusal: str = ""
    delay: float = 0.0
    chunk: int = 8

    def render(self, request: Request) -> "Reply":
        """The reply to this request, with text and tokens settled."""
        text = self.text if isinstance(self.text, str) else self.text(request)
        tokens = self.tokens or (math.ceil(len(request.body) / 4), max(1, math.ceil(len(text) / 4)))
        return replace(self, text=text, tokens=tokens)


@dataclass(frozen=True)
class Fault:
    """A way to fail; `kind` is a name of FAULTS.

    `after` counts stream pieces sent before it happens; `seconds` is the pace of a drip, the length of a hang
    or Retry-After; `text` replaces the usual text of a content fault, `tokens` what is billed for it.
    """

    kind: str
    after: int = 2
    seconds: float = 0.0
    text: Text = ""
    tokens: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.kind not in FAULTS:
            raise ValueError(f"{self.kind} is not a fault; known: {', '.join(sorted(FAULTS))}")

    @property
    def family(self) -> str:
        """status | transport | content."""
        return FAULTS[self.kind]

    def reply(self) -> Reply:
        """The answer this fault spoils; a content fault in full, a transport fault before it is broken."""
        shape = CONTENT.get(self.kind, Reply("The quick brown fox jumps over the lazy dog. " * 4, use_tool=False))
        return replace(shape, text=self.text or shape.text, tokens=self.tokens or shape.tokens)


CONTENT: dict[str, Reply] = {
    "malformed_json": Reply('{"name": "Anna", "count": '),
    "repairable_json": Reply(
        'Here it is:\n```json\n{"name": "Anna", "count": 3,}\n```\nAnything else?', use_tool=False
    ),
    "schema_violation": Reply('{"name": 12, "count": "many", "extra": true}'),
    "wrong_facts": Reply('{"name": "Nobody", "count": 999}'),
    "refusal_text": Reply("I'm sorry, but I can't help with that request.", use_tool=False),
    "refusal_stop": Reply("", stop="refusal", refusal="I can't help with that.", use_tool=False),
    "guardrail": Reply("Blocked by the guardrail.", stop="guardrail", use_tool=False),
    "content_filter": Reply("", stop="filtered", use_tool=False),
    "window_exceeded": Reply('{"name": "An', stop="window"),
    "max_tokens": Reply('{"name": "Anna", "cou', stop="length"),
    "malformed_model_output": Reply('{"name": <', stop="malformed_model_output"),
    "malformed_tool_use": Reply('{"name": <', stop="malformed_tool_use"),
    "empty_answer": Reply("", use_tool=False),
    "missing_usage": Reply('{"name": "Anna", "count": 3}', usage=False),
    "wrong_model": Reply('{"name": "Anna", "count": 3}', served="some-other-model-v9"),
    "tool_ignored": Reply("Anna appears three times.", use_tool=False),
}

STATUS = (
    "throttled",
    "throttled_retry_after",
    "daily_quota",
    "internal_error",
    "unavailable",
    "overloaded",
    "model_error",
    "model_not_ready",
    "model_timeout",
    "expired_credentials",
    "no_access",
    "on_demand_unsupported",
    "overflow",
    "end_of_life",
    "bad_request",
    "blocked_prompt",
)

TRANSPORT = (
    "hang",
    "drip",
    "reset_before_headers",
    "reset_mid_stream",
    "exception_mid_stream",
    "throttle_mid_stream",
    "stall_mid_stream",
    "truncated_body",
    "unparsable_body",
    "corrupt_stream",
)

FAULTS: dict[str, str] = (
    {kind: "status" for kind in STATUS}
    | {kind: "transport" for kind in TRANSPORT}
    | {kind: "content" for kind in CONTENT}
)


@dataclass
class Script:
    """What one model does next; the last step repeats for ever."""

    steps: list["Reply | Fault"] = field(default_factory=lambda: [Reply()])
    at: int = 0

    def next(self) -> "Reply | Fault":
        """The step for this request."""
        step = self.steps[min(self.at, len(self.steps) - 1)]
        self.at += 1
        return step
