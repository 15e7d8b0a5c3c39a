"""One scene, each thing once: repeated mentions of one thing become one element under its fullest name."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.breakdown.words import head, same_stem
from assistant.domain.breakdown import Element
from assistant.domain.categories import Category

OBJECTS = frozenset({Category.PROPS, Category.SET_DRESSING, Category.WEAPONS})
_ENDINGS = frozenset({"blade", "gun", "bike", "boat", "phone", "plane", "truck", "cycle"})  # a handgun is the gun
_ANY_WILL_DO = frozenset({Category.VEHICLES, Category.WEAPONS, Category.MUSIC})


@dataclass(frozen=True, slots=True)
class Claim:
    """An element as one line gives it; `shifts` when it is dressing only as long as nobody handles it."""

    element: Element
    shifts: bool = False


def unite(claims: Iterable[Claim], language: str) -> tuple[Element, ...]:
    """The scene's elements in the order they are first seen."""
    merged = _by_name(claims)
    named = [element for element in merged if not element.implied]
    kept = [element for element in named if not _fuller(element, named, language)]
    for element in merged:
        if element.implied and not _covered(element, kept, language):
            kept.append(element)
    return tuple(kept)


def _department(category: Category) -> str:
    return "objects" if category in OBJECTS else category.value


def _by_name(claims: Iterable[Claim]) -> list[Element]:
    found: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        key = (_department(claim.element.category), claim.element.name)
        found[key] = _joined(found[key], claim) if key in found else claim
    return [claim.element for claim in found.values()]


def _joined(first: Claim, second: Claim) -> Claim:
    """A second mention may tell the number, name what was implied, or put the thing into a hand."""
    element = first.element
    if element.implied and not second.element.implied:
        element = second.element
    if first.shifts and not second.shifts:
        element = replace(second.element, quantity=element.quantity)
    quantity = max(first.element.quantity or 0, second.element.quantity or 0) or None
    return Claim(replace(element, quantity=quantity), first.shifts and second.shifts)


def _fuller(element: Element, others: list[Element], language: str) -> bool:
    """Whether another element is the same thing with a fuller name ("printer" beside "laser printer")."""
    words = set(element.name.split())
    for other in others:
        if _department(other.category) != _department(element.category) or other.name == element.name:
            continue
        if head(other.name, language) == head(element.name, language) and words < set(other.name.split()):
            return True
        if element.name in _ENDINGS and other.name.endswith(element.name):
            return True
    return False


def _covered(element: Element, kept: list[Element], language: str) -> bool:
    """Whether what an act implies is there by name already."""
    mine = head(element.name, language)
    for other in kept:
        if _department(other.category) != _department(element.category):
            continue
        theirs = head(other.name, language)
        if element.category in _ANY_WILL_DO or same_stem(mine, theirs) or theirs.endswith(mine):
            return True
    return False
