"""What people decided on one draft, taken over to the next by matched scenes; nothing is dropped."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.domain.breakdown import Breakdown, Element, SceneBreakdown
from assistant.domain.review import Aside
from assistant.domain.revision import DraftDiff
from assistant.domain.screenplay import Scene, Screenplay

Stands = Callable[[Scene, Element], Element | None]
"""The element with its evidence as it stands in a scene, or None where its quote does not."""


@dataclass(frozen=True, slots=True)
class Before:
    """A draft before: its script, its proposals as they were made, and the ids a person has decided on."""

    script: Screenplay
    breakdown: Breakdown
    decided: frozenset[str]
    draft: int = 0


@dataclass(frozen=True, slots=True)
class Carried:
    """The new draft's breakdown with the ids of the old one, and what was set aside."""

    breakdown: Breakdown
    aside: tuple[Aside, ...]
    kept: int  # decisions that hold in the new draft


def carry(before: Before, new: Breakdown, following: Screenplay, diff: DraftDiff, stands: Stands) -> Carried:
    """Give the new draft's elements the ids of the same things in matched scenes, so that decisions hold for them.

    A decided element that was not found again but whose quote still stands in the matched scene is put back; one whose
    words are gone, or whose scene is, goes aside.
    """
    after = _successors(diff)
    places = {scene.ordinal: scene for scene in following.scenes}
    room = _Room({part.scene: list(part.elements) for part in new.scenes}, places, stands, before.decided)
    aside: list[Aside] = []
    kept = 0
    for element in before.breakdown.elements:
        targets, decided = after.get(element.scene, []), element.id in before.decided
        standing = [target for target in targets if not places[target].omitted]
        if room.claim(element, standing) or (decided and room.put_back(element, standing)):
            kept += decided
        elif decided:
            why = _reason(targets, standing)
            aside.append(Aside(element, why, before.script.scene(element.scene).label, before.draft))
    rebuilt = tuple(dataclasses.replace(part, elements=tuple(room.scenes[part.scene])) for part in new.scenes)
    return Carried(dataclasses.replace(new, scenes=rebuilt), tuple(aside), kept)


def _reason(targets: Sequence[int], standing: Sequence[int]) -> Literal["scene cut", "scene omitted", "words gone"]:
    if standing:
        return "words gone"
    return "scene omitted" if targets else "scene cut"


def _successors(diff: DraftDiff) -> dict[int, list[int]]:
    """Old scene → the scenes it lives on in: of a split the most alike first, of a join the whole."""
    found: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for change in diff.changes:
        if change.old is not None and change.new is not None:
            found[change.old].append((-change.similarity, change.new))
    return {old: [new for _, new in sorted(places)] for old, places in found.items()}


@dataclass(slots=True)
class _Room:
    """The new draft's elements by scene, while those of the old one find their places."""

    scenes: dict[int, list[Element]]
    places: dict[int, Scene]
    stands: Stands
    decided: frozenset[str]
    claimed: set[str] = field(default_factory=set)

    def claim(self, old: Element, targets: Sequence[int]) -> bool:
        """Give the same thing in a scene it lives on in its old id, once."""
        for target in targets:
            for at, element in enumerate(self.scenes.get(target, ())):
                same = element.name.casefold() == old.name.casefold() and element.category == old.category
                if same and element.id not in self.claimed and (element.id == old.id or not self._spoken_for(element)):
                    self.scenes[target][at] = dataclasses.replace(element, id=old.id)
                    self.claimed.add(old.id)
                    return True
        return False

    def _spoken_for(self, element: Element) -> bool:
        return element.id in self.decided

    def put_back(self, old: Element, targets: Sequence[int]) -> bool:
        """Where its words still stand, so does it."""
        for target in targets:
            fresh = dataclasses.replace(old, scene=target, status="proposed")
            again = self.stands(self.places[target], fresh)
            if again is not None:
                self.scenes.setdefault(target, []).append(dataclasses.replace(again, id=old.id))
                self.claimed.add(old.id)
                return True
        return False


def _distinct(elements: Sequence[Element]) -> list[Element]:
    """No two elements of a draft share an id: a later one of a split scene gets one of its own."""
    seen: dict[str, int] = defaultdict(int)
    result = []
    for element in elements:
        seen[element.id] += 1
        again = seen[element.id]
        result.append(element if again == 1 else dataclasses.replace(element, id=f"{element.id}-{again}"))
    return result


def unique_ids(breakdown: Breakdown) -> Breakdown:
    """The same over all scenes of a draft."""
    flat = _distinct(breakdown.elements)
    scenes, start = [], 0
    for part in breakdown.scenes:
        end = start + len(part.elements)
        scenes.append(SceneBreakdown(part.scene, tuple(flat[start:end]), part.rejected, part.synopsis))
        start = end
    return dataclasses.replace(breakdown, scenes=tuple(scenes))
