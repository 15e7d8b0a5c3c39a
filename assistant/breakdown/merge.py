"""One breakdown from many scenes: one name for one thing, board numbers for the cast, doubts for a person."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from assistant.breakdown.words import head, singular
from assistant.domain.breakdown import Breakdown, CastMember, Element, MergeProposal, SceneBreakdown
from assistant.domain.categories import Category
from assistant.domain.characters import Character

_DETERMINERS = frozenset(
    ("a", "an", "the", "this", "that", "these", "those", "his", "her", "its", "their", "some", "several")
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_PAIRS = frozenset(
    {"glasses", "binoculars", "scissors", "handcuffs", "headphones", "trousers", "jeans", "pants", "goggles"}
    | {"clothes", "overalls", "pajamas", "pliers", "pyjamas", "shorts", "sunglasses", "tights", "tweezers"}
)
_DOUBTFUL = frozenset(
    {Category.PROPS, Category.WEAPONS, Category.VEHICLES, Category.WARDROBE, Category.ANIMALS, Category.SET_DRESSING}
)
_MOST_VARIANTS = 3  # of "photo" with more fuller names than that, nobody can say which one it is


def merge(
    scenes: Sequence[SceneBreakdown], characters: Sequence[Character], previous: Mapping[str, str] | None = None
) -> Breakdown:
    """The whole script's breakdown. `previous` are the cast's board numbers by name, which stay as they are."""
    roles = {other: one.name for one in characters for other in (one.full_name, one.name) if other}
    merged = tuple(replace(scene, elements=_once(scene.elements, roles)) for scene in scenes)
    elements = [element for scene in merged for element in scene.elements]
    cast = _cast(elements, characters, {scene.scene for scene in merged}, previous or {})
    return Breakdown(merged, cast, tuple(_proposals(elements)))


def canonical(name: str) -> tuple[str, int | None]:
    """A thing's one name and how many are said: "The TWO Black Sedans" → ("black sedan", 2)."""
    words = name.lower().replace("’", "'").split()
    quantity = None
    while len(words) > 1 and (words[0] in _DETERMINERS or words[0] in _NUMBERS or words[0].isdigit()):
        first = words.pop(0)
        quantity = _NUMBERS.get(first) or (int(first) if first.isdigit() else quantity)
    if not words:
        return name.lower(), None
    at = len(words) - 1 - words[::-1].index(head(" ".join(words)))
    if words[at] not in _PAIRS:
        words[at] = singular(words[at])
    return " ".join(words), quantity


def _once(elements: Iterable[Element], roles: Mapping[str, str]) -> tuple[Element, ...]:
    """A scene's elements under their canonical names, none twice in a category."""
    found: dict[tuple[Category, str], Element] = {}
    for element in elements:
        if element.category is Category.CAST:
            name = element.name.upper()
            element = replace(element, name=roles.get(name, name))
        else:
            name, quantity = canonical(element.name)
            element = replace(element, name=name, quantity=element.quantity or quantity)
        key = (element.category, element.name)
        found[key] = _both(found[key], element) if key in found else element
    return tuple(found.values())


def _both(one: Element, other: Element) -> Element:
    kept = other if one.implied and not other.implied else one
    return replace(kept, quantity=max(one.quantity or 0, other.quantity or 0) or None)


def _cast(
    elements: Iterable[Element], characters: Sequence[Character], broken_down: set[int], previous: Mapping[str, str]
) -> tuple[CastMember, ...]:
    """The cast list: those with most speeches first, then those in most scenes."""
    scenes: dict[str, set[int]] = {}
    for element in elements:
        if element.category is Category.CAST:
            scenes.setdefault(element.name, set()).add(element.scene)
    by_name = {one.name: one for one in characters}
    for name, one in by_name.items():
        missing = set(one.scenes) - broken_down
        if missing:
            scenes.setdefault(name, set()).update(missing)

    def importance(name: str) -> tuple[int, int, int, str]:
        speeches = by_name[name].speeches if name in by_name else 0
        return -speeches, -len(scenes[name]), min(scenes[name]), name

    order = sorted(scenes, key=importance)
    numbers = board_numbers(order, previous)
    return tuple(
        CastMember(
            id=numbers[name],
            name=name,
            scenes=tuple(sorted(scenes[name])),
            speaking=name in by_name and by_name[name].speaking,
            speeches=by_name[name].speeches if name in by_name else 0,
        )
        for name in order
    )


def board_numbers(order: Sequence[str], previous: Mapping[str, str]) -> dict[str, str]:
    """A number for each role: the one it had, else the next never given."""
    highest = max((int(number) for number in previous.values() if number.isdecimal()), default=0)
    numbers = {}
    for name in order:
        if name not in previous:
            highest += 1
        numbers[name] = previous.get(name, str(highest))
    return numbers


def _proposals(elements: Sequence[Element]) -> Iterable[MergeProposal]:
    """ "knife" and "hunting knife" may be one thing; only a person knows."""
    used = Counter((element.category, element.name) for element in elements if element.category in _DOUBTFUL)
    groups: dict[tuple[Category, str], list[str]] = {}
    for category, name in used:
        groups.setdefault((category, head(name)), []).append(name)
    for (category, _), names in groups.items():
        for plain in names:
            fuller = [name for name in names if set(plain.split()) < set(name.split())]
            for name in fuller if len(fuller) <= _MOST_VARIANTS else ():
                yield MergeProposal("element", name, plain, f'"{plain}" may be the "{name}"', category)
