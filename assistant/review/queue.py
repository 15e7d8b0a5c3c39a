"""What waits for a person's word, in the order a script is read: doubtful names first, then scene by scene."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain.breakdown import Breakdown, Element, MergeProposal, Status
from assistant.domain.categories import Category
from assistant.domain.review import merge_subject
from assistant.domain.screenplay import Scene, Screenplay


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which proposals somebody wants to see. None = any."""

    category: Category | None = None
    scene: int | None = None  # ordinal
    status: Status | None = "proposed"


@dataclass(frozen=True, slots=True)
class Item:
    """One proposal: an element in its scene, or two names that may be one."""

    subject: str
    element: Element | None = None
    scene: Scene | None = None
    merge: MergeProposal | None = None

    @property
    def kind(self) -> str:
        """What "all of this kind" means for it."""
        if self.element:
            return self.element.category.value
        return f"merge:{self.merge.category.value if self.merge and self.merge.category else 'cast'}"


def queue(script: Screenplay, breakdown: Breakdown, wanted: Wanted) -> list[Item]:
    """The proposals that are wanted."""
    return [*_merges(breakdown, wanted), *_elements(script, breakdown, wanted)]


def _merges(breakdown: Breakdown, wanted: Wanted) -> Iterator[Item]:
    if wanted.scene is not None or wanted.status not in {None, "proposed"}:
        return
    for merge in breakdown.merges:
        category = merge.category or Category.CAST
        if wanted.category in {None, category}:
            yield Item(merge_subject(merge), merge=merge)


def _elements(script: Screenplay, breakdown: Breakdown, wanted: Wanted) -> Iterator[Item]:
    scenes = {scene.ordinal: scene for scene in script.scenes}
    for element in breakdown.elements:
        fits = wanted.category in {None, element.category} and wanted.scene in {None, element.scene}
        if fits and wanted.status in {None, element.status}:
            yield Item(element.id, element, scenes.get(element.scene))
