"""What people decided before, brought into a draft's new proposals: from the draft before, and from what lay aside."""

import dataclasses
from collections import defaultdict

from assistant.breakdown import verify
from assistant.domain.breakdown import Breakdown, Element, SceneBreakdown
from assistant.domain.review import BY_HAND, Aside
from assistant.domain.screenplay import Scene
from assistant.review import Before, Carried, Stands, carry
from assistant.screenplay import compare
from assistant.workflows.state import Context, Material


def carried_over(context: Context, draft: int, found: Material, proposed: Breakdown) -> Carried:
    """The proposals with what people decided on the draft before, or on this one when it is broken down again."""
    store = context.store
    earlier = [item.seq for item in store.drafts() if item.seq <= draft]
    previous = next((seq for seq in reversed(earlier) if store.breakdown(seq).elements), None)
    if previous is None:
        return Carried(proposed, (), 0)
    decided = frozenset(store.overlay().decisions)
    stands = _standing(found)
    before = Before(store.screenplay(previous), store.breakdown(previous, decided=False), decided, previous)
    diff = compare(before.script, found.script, previous, draft)
    carried = carry(before, proposed, found.script, diff, stands)
    return _taken_up(context, carried, store.aside(previous), found, stands)


def _taken_up(context: Context, carried: Carried, lying: list[Aside], found: Material, stands: Stands) -> Carried:
    """What was set aside earlier comes back where its scene and its words have come back; the rest stays aside."""
    decided = frozenset(context.store.overlay().decisions)
    by_draft: dict[int, list[Aside]] = defaultdict(list)
    for item in lying:
        by_draft[item.draft].append(item)
    for origin, items in by_draft.items():
        script = context.store.screenplay(origin)
        parts = tuple(SceneBreakdown(item.element.scene, (item.element,)) for item in items)
        waiting = frozenset(item.element.id for item in items) & decided
        before = Before(script, Breakdown(parts, ()), waiting, origin)
        again = carry(before, carried.breakdown, found.script, compare(script, found.script), stands)
        kept = [item for item in again.aside if item.element.id not in {old.element.id for old in carried.aside}]
        carried = Carried(again.breakdown, (*carried.aside, *kept), carried.kept + again.kept)
    return carried


def _standing(found: Material) -> Stands:
    """Does a thing stand in a scene? What a person put in needs its words there and nothing else."""
    facts = {task.scene.ordinal: task.facts for task in found.tasks}

    def stands(scene: Scene, element: Element) -> Element | None:
        if element.source.model == BY_HAND:
            return _quoted(scene, element)
        known = facts[scene.ordinal]
        kept = verify(scene, [element], known.characters, known.language).kept
        return kept[0] if kept else None

    return stands


def _quoted(scene: Scene, element: Element) -> Element | None:
    for line in scene.lines:
        at = line.text.casefold().find(element.evidence.text.casefold())
        if at >= 0:
            words = line.text[at : at + len(element.evidence.text)]
            quote = dataclasses.replace(element.evidence, scene=scene.ordinal, line=line.number, text=words)
            return dataclasses.replace(element, scene=scene.ordinal, evidence=quote)
    return None
