"""What people decided on one draft, taken over to the next by matched scenes; nothing is dropped."""

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.domain.breakdown import Breakdown, Element, SceneBreakdown
from assistant.domain.revision import DraftDiff
from assistant.domain.screenplay import Scene, Screenplay

Stands = Callable[[Scene, Element], Element | None]
"""The element with its evidence as it stands in a scene, or None where its quote does not."""

DECIDED = frozenset({"accepted", "edited", "rejected"})


@dataclass(frozen=True, slots=True)
class Aside:
    """A decided element that has no place in the new draft; kept with its reason, to be looked at."""

    element: Element
    why: Literal["scene cut", "scene omitted", "words gone"]
    label: str  # the old scene's; shown as "ALT 12A"


@dataclass(frozen=True, slots=True)
class Carried:
    """The new draft's breakdown with the ids of the old one, and what was set aside."""

    breakdown: Breakdown
    aside: tuple[Aside, ...]
    kept: int  # decisions that hold in the new draft


def carry(
    old: Breakdown, script: Screenplay, new: Breakdown, following: Screenplay, diff: DraftDiff, stands: Stands
) -> Carried:
    """Give the new draft's elements the ids of the same things in matched scenes, so that decisions hold for them.

    A decided element that was not found again but whose quote still stands in the matched scene is put back; one whose
    words are gone, or whose scene is, goes aside.
    """
    after = {
        change.old: change.new for change in diff.changes if change.old is not None and "split" not in change.kinds
    }
    after |= {
        change.old: change.new for change in diff.changes if change.old and change.new and "split" in change.kinds
    }
    scenes = {part.scene: list(part.elements) for part in new.scenes}
    places = {scene.ordinal: scene for scene in following.scenes}
    aside: list[Aside] = []
    kept = 0
    for element in old.elements:
        target = after.get(element.scene)
        decided = element.status in DECIDED
        if target is None or places[target].omitted:
            if decided:
                why: Literal["scene cut", "scene omitted"] = "scene cut" if target is None else "scene omitted"
                aside.append(Aside(element, why, script.scene(element.scene).label))
            continue
        if _claim(scenes[target], element) or (decided and _put_back(scenes[target], places[target], element, stands)):
            kept += decided
        elif decided:
            aside.append(Aside(element, "words gone", script.scene(element.scene).label))
    rebuilt = tuple(dataclasses.replace(part, elements=tuple(_distinct(scenes[part.scene]))) for part in new.scenes)
    return Carried(dataclasses.replace(new, scenes=rebuilt), tuple(aside), kept)


def _claim(found: list[Element], old: Element) -> bool:
    """Give the same thing in the new scene its old id."""
    for at, element in enumerate(found):
        if _same(element, old):
            found[at] = dataclasses.replace(element, id=old.id)
            return True
    return False


def _same(new: Element, old: Element) -> bool:
    if new.name.casefold() == old.name.casefold() and new.category == old.category:
        return True
    # An edit changed name or category: the model will say again what it said at first, with the same words.
    return old.status == "edited" and new.evidence.text == old.evidence.text and new.implied == old.implied


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
