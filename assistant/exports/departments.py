"""A list for each department: what it brings, to which scenes, on which script days, and the words that say so."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.domain.breakdown import CastMember, Element
from assistant.domain.categories import FACTS, Category
from assistant.exports.book import Book, Sheet
from assistant.exports.files import write
from assistant.exports.needs import key_of, needs
from assistant.exports.sheets import frame
from assistant.exports.typeset import typeset


@dataclass(slots=True)
class Wanted:
    """One thing or role over the whole script, with every scene that needs it in script order."""

    name: str
    member: CastMember | None
    uses: list[tuple[Sheet, Element | None]] = field(default_factory=list)

    @property
    def days(self) -> list[str]:
        """Script days, each once."""
        return list(dict.fromkeys(sheet.script_day for sheet, _ in self.uses if sheet.script_day))

    @property
    def most(self) -> int:
        """The greatest number that one scene needs; 1 where nothing is said."""
        return max((element.quantity or 1 for _, element in self.uses if element), default=1)

    @property
    def proof(self) -> tuple[Sheet, Element] | None:
        """The first scene that names it, else the first that implies it."""
        told = [(sheet, element) for sheet, element in self.uses if element]
        return next((use for use in told if not use[1].implied), told[0] if told else None)


def lists(book: Book) -> dict[Category, list[Wanted]]:
    """What each department needs: the cast by number, anything else by its first scene. Omitted scenes need nothing."""
    found: dict[Category, dict[str, Wanted]] = defaultdict(dict)
    for sheet in book.sheets:
        for need in [] if sheet.scene.omitted else needs(sheet):
            wanted = found[need.category].setdefault(key_of(need.name), Wanted(need.name, need.member))
            wanted.uses.append((sheet, need.element))
    order = {member.id: place for place, member in enumerate(book.breakdown.cast)}
    ranked = {
        category: sorted(group.values(), key=lambda item: order.get(item.member.id if item.member else "", len(order)))
        for category, group in found.items()
    }
    return {category: ranked[category] for category in Category if category in ranked}


def export(book: Book, folder: Path, stem: str) -> list[Path]:
    """Write `<stem>-departments.pdf`, each department on a page of its own."""
    return [write(folder / f"{stem}-departments.pdf", typeset("departments", departments_data(book)))]


def departments_data(book: Book) -> dict[str, Any]:
    """What the lists print."""
    departments = [
        {"label": FACTS[category].label, "colour": FACTS[category].colour, "rows": [_row(item) for item in group]}
        for category, group in lists(book).items()
    ]
    return frame(book) | {"departments": departments}


def _row(item: Wanted) -> dict[str, Any]:
    proof = item.proof
    elements = [element for _, element in item.uses if element]
    return {
        "name": f"{item.member.id}.  {item.name}" if item.member else item.name,
        "quantity": "" if item.most < 2 else str(item.most),
        "implied": bool(elements) and all(element.implied for element in elements),
        "decided": bool(elements) and all(element.status in ("accepted", "edited") for element in elements),
        "scenes": [sheet.scene.label for sheet, _ in item.uses],
        "days": item.days,
        "quote": " ".join(proof[1].evidence.text.split()) if proof else "",
        "at": proof[0].scene.label if proof else "",
    }
