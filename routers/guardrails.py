"""What a guardrail found, told by the names of its policies and never by the words that matched."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class GuardVerdict:
    """What a guardrail says of a text; `why` names policies and never quotes the text."""

    blocked: bool
    text: str
    why: str


def policies(assessment: Any) -> str:
    """Names of the policies a guardrail applied, with topics and filter types; matched words stay out."""
    found: list[str] = []
    _collect(assessment, "", found)
    return ", ".join(dict.fromkeys(found))


def _collect(node: Any, policy: str, found: list[str]) -> None:
    if isinstance(node, list):
        for item in node:
            _collect(item, policy, found)
    elif isinstance(node, dict):
        if policy and node.get("action") in {"BLOCKED", "ANONYMIZED"}:
            # a topic's name is the guardrail's; a word's or a pattern's match is the text's
            name = node.get("name", "") if policy == "topicPolicy" else node.get("type", "")
            found.append(f"{policy} {name}".strip())
        for key, value in node.items():
            _collect(value, key if key.endswith("Policy") else policy, found)
