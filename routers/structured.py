"""Asking for JSON in the way a model understands, and taking as an answer only what really is one."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError

from routers.types import Ability, Finish, JsonMode, Message, Outcome, RawAnswer, Request, Tool

TOOL = "answer"
Schema = Mapping[str, object] | type[BaseModel]

STOPPED: dict[Finish, tuple[Outcome, str]] = {
    "length": ("truncated", "the answer was cut off at its token limit"),
    "window": ("window", "the answer ran into the end of the model's window"),
    "refusal": ("refusal", "the model refused"),
    "guardrail": ("guardrail", "a guardrail stopped the answer"),
    "malformed": ("malformed", "the model reports that its own output is malformed"),
}

_REFUSAL = re.compile(
    r"^\W*(?:(?:i'?m|i am)\s+(?:really\s+|very\s+)?sorry|sorry|i apologi[sz]e|unfortunately)?[\s,.;:—-]*"
    r"(?:but\s+)?(?:as an ai\b.{0,40}?,?\s*)?(?:i|we)\s*"
    r"(?:can(?:'?t|not| not)|won'?t|will not|am (?:not able|unable) to|'m (?:not able|unable) to|"
    r"must decline|have to decline)"
    r"\s*(?:to\s+)?(?:help|assist|comply|fulfil+|engage|continue|provide|produce|create|write|generate|process"
    r"|discuss|analy[sz]e|do|with|$)",
    re.IGNORECASE,
)
_FENCE = re.compile(r"```[a-zA-Z0-9_-]*[ \t]*\r?\n(.*?)\r?\n?[ \t]*```", re.DOTALL)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_BARE_WORD = re.compile(r"\b(True|False|None)\b")
_DROPPED = {  # checked after the answer; strict modes of providers refuse them
    *("title", "default", "examples", "format", "pattern", "minLength", "maxLength", "uniqueItems"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems"),
}
_WORDS = {"True": "true", "False": "false", "None": "null"}


@dataclass(frozen=True, slots=True)
class Parsed:
    """An answer that is complete and keeps the schema; `text` is the JSON as it was taken."""

    value: object
    text: str
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer is none; the problems name places and rules and never quote the text."""

    outcome: Outcome
    problems: tuple[str, ...]

    @property
    def form(self) -> bool:
        """May the same model be asked once more, with the problems?"""
        return self.outcome in {"malformed", "empty"}


@dataclass(frozen=True, slots=True)
class Shape:
    """A request as it goes out: its turns, the schema as a format or as a forced tool, and tools it may call."""

    messages: tuple[Message, ...]
    format: Mapping[str, object] | None = None
    tool: Mapping[str, object] | None = None
    tools: tuple[Tool, ...] = ()


def shape(request: Request, mode: JsonMode, abilities: frozenset[Ability] = frozenset()) -> Shape:
    """Put the schema where this model looks for it, and offer tools where it has them."""
    tools = request.tools if "tools" in abilities else ()
    shaped = _schema_placed(request if tools else replace(request, messages=in_words(request.messages)), mode)
    return replace(shaped, tools=tools)


def in_words(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Turns without tool calls: what was asked and what came of it, as plain text."""
    told = []
    for turn in messages:
        wishes = "".join(f"\nI look up {call.name} {call.arguments}" for call in turn.calls)
        text = f"What was looked up says:\n{turn.text}" if turn.answers else f"{turn.text}{wishes}".strip()
        told.append(Message(turn.role, text))
    return tuple(told)


def given(arguments: str) -> dict[str, Any]:
    """A call's arguments as an object; empty where the model wrote none."""
    found = find_json(arguments)
    return found.value if found is not None and isinstance(found.value, dict) else {}


def _schema_placed(request: Request, mode: JsonMode) -> Shape:
    if request.schema is None:
        return Shape(request.messages)
    schema = strict(request.schema)
    if mode == "native":
        return Shape(request.messages, format=schema)
    if mode == "tool":
        return Shape(request.messages, tool=schema)
    asked = (
        "Answer with one JSON value that keeps this JSON schema, and with nothing else: "
        "no prose, no code fence.\n" + json.dumps(request.schema, sort_keys=True)
    )
    return Shape(_with_system(request.messages, asked))


def parse_answer(raw: RawAnswer, schema: Schema | None) -> Parsed | Problem:
    """The value, if the answer came to its end, is JSON and keeps the schema; a stopped answer is never parsed."""
    if raw.finish in STOPPED:
        outcome, why = STOPPED[raw.finish]
        word = ": ".join(part for part in (raw.raw_stop, raw.detail) if part)
        return Problem(outcome, (f"{why} ({word})" if word else why,))
    if not raw.text.strip():
        return Problem("empty", ("the answer is empty",))
    if schema is None:
        return Parsed(raw.text, raw.text)
    found = find_json(raw.text)
    if found is None:
        if refused(raw.text):
            return Problem("refusal", ("the model refused in words",))
        return Problem("malformed", ("the answer is not JSON",))
    problems = violations(found.value, schema)
    return Problem("malformed", problems) if problems else replace(found, value=_validated(found.value, schema))


def ask_again(request: Request, raw: RawAnswer, problems: Iterable[str]) -> Request:
    """The same question with the bad answer and what is wrong with it."""
    said = raw.text.strip() or "(nothing)"
    why = "That answer can not be used:\n" + "\n".join(f"- {p}" for p in problems) + "\nAnswer again, with JSON only."
    return replace(request, messages=(*request.messages, Message("assistant", said), Message("user", why)))


def refused(text: str) -> bool:
    """Is this short text a refusal? Only its opening is read."""
    opening = text.strip().replace("\u2019", "'")[:200]
    return len(text) < 1200 and bool(_REFUSAL.match(opening))


def find_json(text: str) -> Parsed | None:
    """JSON as it is, in a code fence, or with prose around it; small slips mended, nothing invented or completed."""
    for candidate in _candidates(text.strip().lstrip("\ufeff")):
        for attempt in (candidate, _mend(candidate)):
            try:
                value = json.loads(attempt, strict=False)
            except (json.JSONDecodeError, RecursionError):
                continue
            if isinstance(value, dict | list) or candidate == text.strip():
                return Parsed(value, attempt, repaired=attempt != text)
    return None


def violations(value: object, schema: Schema) -> tuple[str, ...]:
    """Each broken rule with its place, without the value that breaks it."""
    if isinstance(schema, type):
        try:
            schema.model_validate(value)
        except ValidationError as error:
            return tuple(f"{_place(e['loc'])}: {e['type']}" for e in error.errors(include_input=False)[:20])
        return ()
    validator = _validator(json.dumps(schema, sort_keys=True))
    return tuple(
        f"{_place(e.absolute_path)}: {_rule(e)}" for _, e in zip(range(20), validator.iter_errors(value), strict=False)
    )


def strict(schema: Mapping[str, object]) -> dict[str, Any]:
    """The schema as strict modes want it: every object closed and every property required, nothing they refuse."""
    closed = _close(json.loads(json.dumps(schema)))
    return dict(closed)


def _close(node: Any) -> Any:
    if isinstance(node, list):
        return [_close(item) for item in node]
    if not isinstance(node, dict):
        return node
    out: dict[str, Any] = {}
    for key, value in node.items():
        if key in {"properties", "$defs", "definitions"} and isinstance(value, dict):
            out[key] = {name: _close(inner) for name, inner in value.items()}
        elif key not in _DROPPED:
            out[key] = value if key in {"enum", "const", "required"} else _close(value)
    if "properties" in out:
        out["additionalProperties"] = False
        out["required"] = list(out["properties"])
    return out


def _with_system(messages: tuple[Message, ...], text: str) -> tuple[Message, ...]:
    """The text after the system turns, which stay the stable head of the prompt."""
    head = tuple(m for m in messages if m.role == "system")
    rest = tuple(m for m in messages if m.role != "system")
    return (*head, Message("system", text), *rest)


def _candidates(text: str) -> Iterable[str]:
    yield text
    yield from (match[1].strip() for match in _FENCE.finditer(text))
    yield from _balanced(text)


def _balanced(text: str) -> Iterable[str]:
    """The first spans that open with { or [ and close as they opened; an unclosed one is none."""
    start = 0
    for _ in range(8):
        opens = [at for at in (text.find("{", start), text.find("[", start)) if at >= 0]
        if not opens:
            return
        begin = min(opens)
        end = _close_of(text, begin)
        if end is None:
            return
        yield text[begin : end + 1]
        start = end + 1


def _close_of(text: str, begin: int) -> int | None:
    depth, inside, skip = 0, False, False
    for at in range(begin, len(text)):
        char = text[at]
        if skip:
            skip = False
        elif inside:
            skip, inside = char == "\\", char != '"'
        elif char == '"':
            inside = True
        elif char in "{[":
            depth += 1
        elif char in "}]":
            depth -= 1
            if depth == 0:
                return at
    return None


def _mend(text: str) -> str:
    """Trailing commas and Python's words for true, false and null, outside of strings."""
    parts = re.split(r'("(?:[^"\\]|\\.)*")', text)
    return "".join(part if at % 2 else _mend_outside(part) for at, part in enumerate(parts))


def _mend_outside(part: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", _BARE_WORD.sub(lambda match: _WORDS[match[1]], part))


@lru_cache(maxsize=128)
def _validator(schema: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(schema))


def _validated(value: object, schema: Schema) -> object:
    return schema.model_validate(value) if isinstance(schema, type) else value


def _place(path: Iterable[object]) -> str:
    return ".".join(str(step) for step in path) or "(top)"


def _rule(error: Any) -> str:
    """The rule that is broken, in its own words, without the value."""
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return f"lacks {', '.join(missing)}"
    if error.validator == "additionalProperties":
        return "has properties the schema does not know"
    shown = json.dumps(error.validator_value)
    return f"breaks {error.validator}" + (f" {shown}" if len(shown) < 120 else "")
