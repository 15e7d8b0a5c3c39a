"""A person's word on a proposal: what, who, when, why."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, unquote

from assistant.domain.breakdown import Element, MergeProposal
from assistant.domain.categories import Category

Action = Literal["accept", "edit", "reject", "escalate", "undo"]
ACTIONS: tuple[Action, ...] = ("accept", "edit", "reject", "escalate", "undo")
BY_HAND = "person"  # the source of an element that a person put in


@dataclass(frozen=True, slots=True)
class Decision:
    """`subject` is an element's id, "merge:<cast or category>:<keep>:<other>", or "change:<draft>:<scene>", where the
    scene is an ordinal of that draft, or "-" and an ordinal of the one before for a scene that was cut.

    `change` is what an edit sets ("name", "category", "quantity"). An undo gives the subject back to be decided.
    `at` is ISO 8601 in UTC; it and `id`, the place in the log, are given by the store.
    """

    subject: str
    action: Action
    who: str
    why: str = ""
    draft: int = 0
    change: dict[str, str] = field(default_factory=dict)
    at: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Aside:
    """A decided element that has no place in the new draft; kept with its reason, to be looked at."""

    element: Element
    why: Literal["scene cut", "scene omitted", "words gone"]
    label: str  # the old scene's; shown as "ALT 12A"
    draft: int = 0  # where the element stood


def merge_subject(proposal: MergeProposal) -> str:
    """What a decision on a merge is about; names are quoted so that a colon in one does no harm."""
    kind = proposal.category.value if proposal.category else proposal.kind
    return f"merge:{kind}:{quote(proposal.keep, safe=' ')}:{quote(proposal.other, safe=' ')}"


def merge_of(subject: str) -> MergeProposal | None:
    """The inverse of `merge_subject`; None for any other subject."""
    head, _, rest = subject.partition(":")
    parts = rest.split(":")
    if head != "merge" or len(parts) != 3:
        return None
    keep, other = unquote(parts[1]), unquote(parts[2])
    if parts[0] == "cast":
        return MergeProposal("cast", keep, other, "")
    return MergeProposal("element", keep, other, "", Category(parts[0]))


def change_subject(draft: int, old: int | None, new: int | None) -> str:
    """What a decision on a scene's change is about: the scene of the new draft, else the one that was cut."""
    return f"change:{draft}:{new}" if new is not None else f"change:{draft}:-{old}"
