"""A person's word on a proposal: what, who, when, why."""

from dataclasses import dataclass, field
from typing import Literal

from assistant.domain.breakdown import Element

Action = Literal["accept", "edit", "reject", "escalate"]
ACTIONS: tuple[Action, ...] = ("accept", "edit", "reject", "escalate")


@dataclass(frozen=True, slots=True)
class Decision:
    """`subject` is an element's id, "merge:<kind>:<keep>:<other>" or "change:<draft>:<scene>".

    `change` is what an edit sets ("name", "category", "quantity"). `at` is ISO 8601 in UTC, given by the store.
    """

    subject: str
    action: Action
    who: str
    why: str = ""
    draft: int = 0
    change: dict[str, str] = field(default_factory=dict)
    at: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """A decided element that has no place in the new draft; kept with its reason, to be looked at."""

    element: Element
    why: Literal["scene cut", "scene omitted", "words gone"]
    label: str  # the old scene's; shown as "ALT 12A"
