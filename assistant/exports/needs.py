"""What a scene needs, each thing once and each role under its name on the cast list, for formats that link by name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain.breakdown import CastMember, Element, Quote
from assistant.domain.categories import Category
from assistant.domain.screenplay import SILENT_KINDS, Scene
from assistant.exports.book import Sheet


@dataclass(frozen=True, slots=True)
class Need:
    """One thing or role in one scene; `element` is its evidence, which a role of the cast list may lack."""

    category: Category
    name: str
    element: Element | None
    member: CastMember | None = None


def needs(sheet: Sheet) -> list[Need]:
    """The roles by number, then everything else in the trade's order; a name that comes twice counts once."""
    found: dict[tuple[Category, str], Need] = {}
    for need in sorted(_all(sheet), key=lambda need: bool(need.element and need.element.implied)):
        found.setdefault((need.category, key_of(need.name)), need)
    order = list(Category)
    return sorted(found.values(), key=lambda need: order.index(need.category))


def _all(sheet: Sheet) -> Iterator[Need]:
    roles = {key_of(name): member for member in sheet.cast for name in (member.name, *member.aliases)}
    proof: dict[str, Element] = {}
    for element in sheet.of(Category.CAST):
        member = roles.get(key_of(element.name))
        if member:
            proof.setdefault(member.name, element)
    for member in sheet.cast:
        yield Need(Category.CAST, member.name, proof.get(member.name) or _cue(sheet.scene, member), member)
    for element in sheet.elements:
        if element.category is not Category.CAST or key_of(element.name) not in roles:
            yield Need(element.category, " ".join(element.name.split()), element)


def key_of(name: str) -> str:
    """What makes two names one: case and spaces do not count."""
    return " ".join(name.split()).casefold()


def _cue(scene: Scene, member: CastMember) -> Element | None:
    """The first words in the scene that name a role, its cue before anything else."""
    lines = [line for line in scene.lines if line.kind not in SILENT_KINDS and line.kind != "heading"]
    for line in sorted(lines, key=lambda line: line.kind != "character"):
        for name in (member.name, *member.aliases):
            said = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line.text, re.IGNORECASE)
            if said:
                return Element(scene.ordinal, Category.CAST, name, Quote(scene.ordinal, line.number, said[0]))
    return None
