"""What the store hands out that is not a noun of the trade: drafts as rows, finished answers, decisions laid over."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from assistant.domain.breakdown import Element
from assistant.domain.categories import Category


@dataclass(frozen=True, slots=True)
class Draft:
    """A script that was read in. `seq` counts from 1; `label` is what the script calls itself, often ""."""

    seq: int
    sha256: str
    file: str
    title: str
    label: str
    created: str


@dataclass(frozen=True, slots=True)
class Result:
    """A finished answer by content key."""

    key: str
    task: str
    body: Any
    model: str
    attempt: str


@dataclass(frozen=True, slots=True)
class Overlay:
    """Decisions by subject: action and change."""

    decisions: dict[str, tuple[str, dict[str, Any]]]

    def apply(self, element: Element) -> Element:
        """The element as the newest decision on it leaves it."""
        action, change = self.decisions.get(element.id, ("", {}))
        match action:
            case "accept":
                return dataclasses.replace(element, status="accepted")
            case "reject":
                return dataclasses.replace(element, status="rejected")
            case "edit":
                return dataclasses.replace(
                    element,
                    status="edited",
                    name=change.get("name", element.name),
                    category=Category(change.get("category", element.category)),
                    quantity=int(change["quantity"]) if "quantity" in change else element.quantity,
                )
        return element
