"""What is meant by a thing's name: elements of the breakdown, their kinds, and words on stage."""

import re
from collections.abc import Sequence

from assistant.domain.breakdown import Element
from assistant.domain.categories import Category
from assistant.knowledge.bm25 import tokens
from assistant.knowledge.builtin.language import fold, kinds
from assistant.knowledge.cite import Row
from assistant.knowledge.tables import ON_STAGE, SPOKEN, Tables

_ABSENT = re.compile(
    r"\b(?:no|without|never|not|nor|sin|ningun\w*)\s+(?:\w+\s+)?$|\b(?:like|as|como)\s+(?:a|an|the|un|una)\s+(?:\w+\s+)?$",
    re.I,
)


def known_thing(phrase: str, tables: Tables) -> bool:
    """Does the script have it, as an element or in its words?"""
    return bool(elements_named(phrase, tables) or _said(phrase, tables, ON_STAGE | SPOKEN))


def on_stage(phrase: str, tables: Tables) -> dict[int, Row]:
    """Scene ordinal → the words that bring it there: elements of the breakdown, and action lines that name it."""
    found = tables.with_element(elements_named(phrase, tables))
    for ordinal, row in _said(phrase, tables, ON_STAGE).items():
        at = fold(row.text).find(fold(phrase))
        if ordinal not in found and not _ABSENT.search(fold(row.text)[: max(at, 0)]):
            found[ordinal] = row
    return dict(sorted(found.items()))


def spoken_of(phrase: str, tables: Tables) -> dict[int, Row]:
    """Scenes in whose dialogue it is named."""
    return _said(phrase, tables, SPOKEN)


def elements_named(phrase: str, tables: Tables) -> list[Element]:
    """Elements whose name has the words, or is a kind of the thing, or a name that the script gives to one."""
    wanted = _alternatives(phrase, tables.language)
    matched: list[Element] = []
    names: set[str] = set()
    for element in tables.elements:
        if element.category is Category.CAST:
            continue
        stems = tokens(element.name, tables.language)
        if any(_inside(stems, option) for option in wanted):
            matched.append(element)
            names |= _called(element)
    named = [item for item in tables.elements if item not in matched and fold(item.name) in names]
    return sorted([*matched, *named], key=lambda item: (item.scene, item.evidence.line))


def _inside(stems: Sequence[str], wanted: Sequence[str]) -> bool:
    """All words wanted, and the last of them at the element's head: a "cake box" is no cake."""
    return bool(wanted) and set(wanted) <= set(stems) and stems[-1] == wanted[-1]


def _alternatives(phrase: str, language: str) -> list[list[str]]:
    words = phrase.split()
    options = [words]
    if words:
        head = words[-1]
        singular = head if head in kinds() else head.removesuffix("s")
        options += [[*words[:-1], kind] for kind in kinds().get(singular, ())]
    return [stems for option in options if (stems := tokens(" ".join(option), language))]


def _called(element: Element) -> set[str]:
    """The name an animal or a vehicle is given where it comes up: "a wet terrier, BISCUIT"."""
    if element.category not in (Category.ANIMALS, Category.VEHICLES):
        return set()
    text = element.evidence.text
    at = text.casefold().find(element.name.casefold())
    if at < 0:
        return set()
    behind = re.match(r"\s*[,(–-]\s*([A-ZÁÉÍÓÚÑ]{3,})\b", text[at + len(element.name) :])
    before = re.search(r"\b([A-ZÁÉÍÓÚÑ]{3,})\s*[,(–-]\s*(?:(?:a|an|the|un|una|el|la|\w+'s)\s+)?(?:\w+\s+)?$", text[:at])
    return {fold(found.group(1)) for found in (behind, before) if found}


def _said(phrase: str, tables: Tables, kinds_of_line: frozenset[str]) -> dict[int, Row]:
    found: dict[int, Row] = {}
    for stems in _alternatives(phrase, tables.language):
        for ordinal, row in tables.mentions(stems, kinds_of_line).items():
            found.setdefault(ordinal, row)
    return dict(sorted(found.items()))
