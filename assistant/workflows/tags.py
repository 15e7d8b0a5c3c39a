"""Tags that a person changed in Final Draft, read as decisions: gone is rejected, new is accepted, moved is edited."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from assistant.domain.breakdown import Element, Quote, Source
from assistant.domain.categories import Category
from assistant.domain.review import BY_HAND, Decision
from assistant.domain.screenplay import Line, Scene, Screenplay
from assistant.errors import BadInput, SettingsError
from assistant.exports.book import Book
from assistant.exports.fdx_file import as_fdx
from assistant.review import Desk
from assistant.review.typed import category_of
from assistant.screenplay import parse, parse_bytes


class Mark(NamedTuple):
    """One tag in one scene: what it is, the words that carry it, and on which of the scene's lines."""

    category: Category
    name: str
    text: str
    line: int

    @property
    def key(self) -> tuple[Category, str]:
        """Two marks of one thing in a scene are one."""
        return self.category, " ".join(self.name.split()).casefold()


@dataclass
class Tagged:
    """What a tagged file says beyond what was handed over."""

    decisions: list[Decision] = field(default_factory=list)
    added: list[Element] = field(default_factory=list)


def from_fdx(desk: Desk, book: Book, file: Path) -> Tagged:
    """Compare a file with the one we would hand over now. Raises BadInput where its text is not this draft's."""
    theirs, ours = parse(file), parse_bytes(as_fdx(book), f"draft {desk.draft}")
    _check(file, ours, theirs)
    found = Tagged()
    shown = {part.scene: part.elements for part in book.breakdown.scenes}
    for mine, other, scene in zip(ours.scenes, theirs.scenes, desk.script.scenes, strict=True):
        _scene(desk, found, (scene, shown.get(scene.ordinal, ())), (_marks(mine), _marks(other)))
    return found


def take(desk: Desk, found: Tagged) -> int:
    """Keep what a tagged file says: new elements first, then every word in one go."""
    desk.store.add_elements(desk.draft, found.added)
    accepted = [desk.word(item.id, "accept", "tagged in Final Draft") for item in found.added]
    return desk.say(*found.decisions, *accepted) if found.decisions or accepted else 0


def _check(file: Path, ours: Screenplay, theirs: Screenplay) -> None:
    first = next(
        (n for n, (a, b) in enumerate(zip(ours.scenes, theirs.scenes, strict=False)) if _said(a) != _said(b)), None
    )
    if first is None and len(ours.scenes) != len(theirs.scenes):
        first = min(len(ours.scenes), len(theirs.scenes)) - 1
    if first is not None:
        raise BadInput(
            f"{file.name} is not the script of this draft: scene {theirs.scenes[max(first, 0)].label} differs.",
            "A changed script is a new draft: `pa ingest FILE`.",
        )


def _said(scene: Scene) -> str:
    return " ".join(scene.text.casefold().split())


def _marks(scene: Scene) -> dict[tuple[Category, str], Mark]:
    found: dict[tuple[Category, str], Mark] = {}
    for position, line in enumerate(scene.lines):
        for tag in line.tags:
            try:
                mark = Mark(category_of(tag.category), tag.label or tag.text, tag.text, position)
            except SettingsError:
                raise BadInput(
                    f"Scene {scene.label} has a tag in the category {tag.category!r}, which is none of ours.",
                    "Give it one of the trade's categories, or take the tag off.",
                ) from None
            found.setdefault(mark.key, mark)
    return found


def _scene(
    desk: Desk,
    found: Tagged,
    ours: tuple[Scene, Sequence[Element]],
    marks: tuple[dict[tuple[Category, str], Mark], dict[tuple[Category, str], Mark]],
) -> None:
    scene, elements = ours
    before, after = marks
    gone = [mark for key, mark in before.items() if key not in after]
    come = [mark for key, mark in after.items() if key not in before]
    for mark in gone:
        meant = [element for element in elements if _is(element, mark) and element.status != "rejected"]
        twin = next((other for other in come if other.line == mark.line and _same_words(mark, other)), None)
        if twin is not None and meant:
            come.remove(twin)
            found.decisions += [desk.word(element.id, "edit", change=_change(element, twin)) for element in meant]
        else:
            found.decisions += [desk.word(element.id, "reject", "its tag was taken off") for element in meant]
    for mark in come:
        known = [element for element in elements if _is(element, mark)]  # one that was turned down before
        found.decisions += [desk.word(element.id, "accept", "tagged in Final Draft") for element in known]
        found.added += [] if known else [_element(desk, scene, mark)]


def _is(element: Element, mark: Mark) -> bool:
    return (element.category, " ".join(element.name.split()).casefold()) == mark.key


def _same_words(one: Mark, other: Mark) -> bool:
    """The same words under another category or another name."""
    return one.text.casefold() == other.text.casefold() or one.key[1] == other.key[1]


def _change(element: Element, mark: Mark) -> dict[str, str]:
    change = {}
    if mark.category is not element.category:
        change["category"] = mark.category.value
    if mark.key[1] != element.name.casefold():
        change["name"] = mark.name
    return change


def _element(desk: Desk, scene: Scene, mark: Mark) -> Element:
    line = next(
        (item for item in _near(scene, mark.line) if mark.text.casefold() in item.text.casefold()), scene.lines[0]
    )
    at = line.text.casefold().find(mark.text.casefold())
    words = line.text[at : at + len(mark.text)] if at >= 0 else line.text
    stamp = f"{desk.draft}|{scene.label}|{mark.category}|{mark.key[1]}|{BY_HAND}"
    return Element(
        scene.ordinal,
        mark.category,
        mark.name,
        Quote(scene.ordinal, line.number, words),
        source=Source(BY_HAND),
        id=hashlib.sha256(stamp.encode()).hexdigest()[:12],
    )


def _near(scene: Scene, position: int) -> Iterable[Line]:
    return [*scene.lines[position : position + 1], *scene.lines]
