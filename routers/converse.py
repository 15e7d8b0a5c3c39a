"""What Bedrock's Converse is sent: turns, limits, guardrail, and the schema as a format or as a tool."""

import json
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from routers.provider import price_map
from routers.reading import estimate
from routers.structured import TOOL, Shape, given, shape
from routers.types import Message, ModelRow, Request

Tier = Literal["priority", "default", "flex", "reserved"]


@dataclass(frozen=True, slots=True)
class Access:
    """How AWS is reached; what is not given follows AWS's own chain (profile, role, instance)."""

    profile: str | None = None
    endpoint_url: str | None = None
    control_url: str | None = None
    keys: tuple[str, str, str | None] | None = None  # access key id, secret key, session token
    tier: Tier | None = None
    cache_from_tokens: int | None = None  # mark the system turns for the prompt cache when they are this long


def model_id(model: ModelRow) -> str:
    """Bedrock's own name in a LiteLLM name."""
    return model.wire.removeprefix("bedrock/").removeprefix("converse/")


def arguments(model: ModelRow, request: Request, access: Access = Access()) -> dict[str, Any]:
    """Converse's arguments; maxTokens always, because the quota reserves it and its default is the model's maximum."""
    shaped = shape(request, model.json_mode, model.abilities)
    known = price_map().get(model_id(model), {})
    limits: dict[str, Any] = {"maxTokens": request.max_tokens}
    if known.get("supports_sampling_params") is not False:
        limits["temperature"] = request.temperature
    asked: dict[str, Any] = {"modelId": model_id(model), "messages": _turns(shaped), "inferenceConfig": limits}
    if system := _system(shaped, access.cache_from_tokens):
        asked["system"] = system
    if model.guardrail is not None:
        name, version = model.guardrail
        asked["guardrailConfig"] = {"guardrailIdentifier": name, "guardrailVersion": version, "trace": "enabled"}
    if access.tier is not None:
        asked["serviceTier"] = {"type": access.tier}
    return asked | _structure(shaped, known.get("supports_forced_tool_use") is not False)


def _turns(shaped: Shape) -> list[dict[str, Any]]:
    """User and assistant in turn: neighbours of one role become one message."""
    spoken = [m for m in shaped.messages if m.role != "system"]
    grouped = groupby(spoken, key=lambda m: m.role)
    return [{"role": role, "content": [block for m in messages for block in _blocks(m)]} for role, messages in grouped]


def _blocks(turn: Message) -> list[dict[str, Any]]:
    if turn.answers:
        return [{"toolResult": {"toolUseId": turn.answers, "content": [{"text": turn.text or "nothing"}]}}]
    calls = [{"toolUseId": call.id, "name": call.name, "input": given(call.arguments)} for call in turn.calls]
    return [*([{"text": turn.text}] if turn.text or not calls else []), *({"toolUse": call} for call in calls)]


def _system(shaped: Shape, cache_from: int | None) -> list[dict[str, Any]]:
    texts = [m.text for m in shaped.messages if m.role == "system"]
    blocks: list[dict[str, Any]] = [{"text": text} for text in texts]
    if cache_from is not None and sum(map(estimate, texts)) >= cache_from:
        blocks.append({"cachePoint": {"type": "default"}})
    return blocks


def _structure(shaped: Shape, may_force: bool) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    specs = [
        {"name": t.name, "description": t.description, "inputSchema": {"json": t.parameters}} for t in shaped.tools
    ]
    if shaped.format is not None:
        named = {"name": TOOL, "schema": json.dumps(shaped.format)}
        asked["outputConfig"] = {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": named}}}
    choice: dict[str, Any] = {"auto": {}}
    if shaped.tool is not None:
        if may_force:
            choice = {"any": {}} if specs else {"tool": {"name": TOOL}}
        specs.insert(0, {"name": TOOL, "description": "Give the answer.", "inputSchema": {"json": shaped.tool}})
    if specs:
        asked["toolConfig"] = {"tools": [{"toolSpec": spec} for spec in specs], "toolChoice": choice}
    return asked
