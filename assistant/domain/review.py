"""A person's word on a proposal: what, who, when, why."""

from dataclasses import dataclass, field
from typing import Literal

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
