"""What people decided on one draft, taken over to the next by matched scenes; nothing is dropped."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.domain.breakdown import Breakdown, Element, SceneBreakdown
from assistant.domain.review import Aside
from assistant.domain.revision import DraftDiff
from assistant.domain.screenplay import Scene, Screenplay

Stands = Callable[[Scene, Element], Element | None]
"""The element with its evidence as it stands in a scene, or None where its quote does not."""


@dataclass(frozen=True, slots=True)
class Before:
    """The draft before: its script, its proposals as they were made, and the ids a person has decided on."""

    script: Screenplay
    breakdown: Breakdown
    decided: frozenset[str]


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
    scenes = {part.scene: list(part.elements) for part in new.scenes}
    places = {scene.ordinal: scene for scene in following.scenes}
    claimed: set[tuple[int, int]] = set()
    aside: list[Aside] = []
    kept = 0
    for element in before.breakdown.elements:
        target, decided = after.get(element.scene), element.id in before.decided
        if target is None or places[target].omitted:
            if decided:
                why: Literal["scene cut", "scene omitted"] = "scene cut" if target is None else "scene omitted"
                aside.append(Aside(element, why, before.script.scene(element.scene).label))
            continue
        found = scenes[target]
        if _claim(found, element, target, claimed) or (decided and _put_back(found, places[target], element, stands)):
            kept += decided
        elif decided:
            aside.append(Aside(element, "words gone", before.script.scene(element.scene).label))
    rebuilt = tuple(dataclasses.replace(part, elements=tuple(scenes[part.scene])) for part in new.scenes)
    return Carried(dataclasses.replace(new, scenes=rebuilt), tuple(aside), kept)


def _successors(diff: DraftDiff) -> dict[int, int]:
    """Old scene → the scene it lives on in; of a split the one that is most like it, of a join the whole."""
    found: dict[int, tuple[float, int]] = {}
    for change in diff.changes:
        if change.old is not None and change.new is not None:
            found[change.old] = max(found.get(change.old, (-1.0, 0)), (change.similarity, change.new))
    return {old: new for old, (_, new) in found.items()}


def _claim(found: list[Element], old: Element, scene: int, claimed: set[tuple[int, int]]) -> bool:
    """Give the same thing in the new scene its old id, once."""
    for at, element in enumerate(found):
        same = element.name.casefold() == old.name.casefold() and element.category == old.category
        if same and (scene, at) not in claimed:
            found[at] = dataclasses.replace(element, id=old.id)
            claimed.add((scene, at))
            return True
    return False


def _put_back(found: list[Element], scene: Scene, old: Element, stands: Stands) -> bool:
    again = stands(scene, dataclasses.replace(old, scene=scene.ordinal, status="proposed"))
    if again is None:
        return False
    found.append(dataclasses.replace(again, id=old.id))
    return True


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
