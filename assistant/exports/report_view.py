"""What the HTML report shows, worked out before any markup is written."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assistant.domain.breakdown import CastMember, Element
from assistant.domain.categories import FACTS, Category
from assistant.domain.screenplay import SILENT_KINDS, Line, Scene, pages
from assistant.exports.book import Book, Sheet
from assistant.exports.evidence import Piece, Span, pieces, span
from assistant.exports.overview import Overview, overview
from assistant.exports.strips import Strip, strip_of

NARROW, WIDE, ROOM = 16, 44, 720  # the least and most width of a scene in the matrix, and what it may fill
Place = tuple[int, int]  # a scene's ordinal and a position among its lines
_EXTENSION = re.compile(r"\s*\(.*$|\s*\^$")


@dataclass(frozen=True, slots=True)
class Listed:
    """An element by name over all scenes: (element index, scene label) for each scene it is in."""

    name: str
    places: tuple[tuple[int, str], ...]
    implied: bool


@dataclass(frozen=True, slots=True)
class Role:
    """A row of the matrix: the SVG paths of the scenes in which the role speaks, and is only seen."""

    member: CastMember
    speaks: str
    seen: str
    eighths: int


@dataclass(frozen=True)
class View:
    """The report's parts; indices into `elements` tie a highlight, a box entry and a card together."""

    book: Book

    @cached_property
    def overview(self) -> Overview:
        return overview(self.book)

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        return tuple(element for sheet in self.book.sheets for element in sheet.elements)

    @cached_property
    def index(self) -> dict[int, int]:
        """Identity of an element → its place in `elements`."""
        return {id(element): place for place, element in enumerate(self.elements)}

    def boxes(self, sheet: Sheet) -> list[tuple[Category, list[tuple[int, Element]]]]:
        """A sheet's boxes other than the cast's, in the trade's order."""
        found: dict[Category, list[tuple[int, Element]]] = defaultdict(list)
        for element in sheet.elements:
            if element.category is not Category.CAST or not sheet.cast:
                found[element.category].append((self.index[id(element)], element))
        return [(category, found[category]) for category in Category if category in found]

    def roles(self, sheet: Sheet) -> list[tuple[CastMember, int | None]]:
        """A sheet's cast, each with the element that is the evidence for it."""
        proof = {element.name.casefold(): self.index[id(element)] for element in sheet.of(Category.CAST)}
        return [
            (member, next((proof[name] for name in _names(member) if name in proof), None)) for member in sheet.cast
        ]

    @cached_property
    def departments(self) -> list[tuple[Category, list[Listed]]]:
        """Each category's elements by name, those in most scenes first."""
        groups: dict[Category, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place, element in enumerate(self.elements):
            groups[element.category][element.name.casefold()].append(place)
        return [
            (category, sorted(map(self._listed, groups[category].values()), key=_most_used))
            for category in self.book.categories
        ]

    def _listed(self, places: list[int]) -> Listed:
        found = [self.elements[place] for place in places]
        return Listed(
            name=found[0].name,
            places=tuple((place, self.book.labels.get(self.elements[place].scene, "")) for place in places),
            implied=all(element.implied for element in found),
        )

    @cached_property
    def cell(self) -> int:
        """The width of a scene in the matrix."""
        return max(NARROW, min(WIDE, ROOM // max(1, len(self.book.sheets))))

    @cached_property
    def matrix(self) -> list[Role]:
        """The cast against the scenes."""
        cues = {scene.ordinal: _cues(scene) for scene in self.book.screenplay.scenes}
        column = {scene.ordinal: at for at, scene in enumerate(self.book.screenplay.scenes)}
        length = {scene.ordinal: scene.eighths for scene in self.book.screenplay.scenes}
        return [self._role(member, cues, column, length) for member in self.book.breakdown.cast]

    def _role(
        self, member: CastMember, cues: dict[int, set[str]], column: dict[int, int], length: dict[int, int]
    ) -> Role:
        names = set(_names(member))
        speaks: list[str] = []
        seen: list[str] = []
        for ordinal in member.scenes:
            if ordinal in column:
                path = f"M{column[ordinal] * self.cell + 1} 2h{self.cell - 2}v16h-{self.cell - 2}z"
                (speaks if names & cues[ordinal] else seen).append(path)
        return Role(member, "".join(speaks), "".join(seen), sum(length.get(ordinal, 0) for ordinal in member.scenes))

    @cached_property
    def by_scenes(self) -> list[Role]:
        """The cast, those with most scenes first."""
        return sorted(self.matrix, key=lambda role: (-len(role.member.scenes), -role.eighths))

    def script(self, scene: Scene) -> Iterator[tuple[Line, tuple[Piece, ...], bool]]:
        """A scene's lines, their highlights, and whether the line is the one its number leads to."""
        for position, line in enumerate(scene.lines):
            if line.kind != "page_break":
                place = (scene.ordinal, position)
                shown = tuple(pieces(line.text, self._spans.get(place, ())))
                yield line, shown, self._standing[line.number][0] == place

    @cached_property
    def _standing(self) -> dict[int, list[Place]]:
        """Where a line number stands: once, but a note inside a line shares its number, and comes last."""
        found: dict[int, list[Place]] = defaultdict(list)
        for silent in (False, True):
            for scene in self.book.screenplay.scenes:
                for position, line in enumerate(scene.lines):
                    if (line.kind in SILENT_KINDS) is silent:
                        found[line.number].append((scene.ordinal, position))
        return found

    @cached_property
    def _spans(self) -> dict[Place, list[Span]]:
        texts = {(s.ordinal, at): line.text for s in self.book.screenplay.scenes for at, line in enumerate(s.lines)}
        found: dict[Place, list[Span]] = defaultdict(list)
        for index, element in enumerate(self.elements):
            places = [place for place in self._standing.get(element.evidence.line, ()) if place[0] == element.scene]
            told = [place for place in places if element.evidence.text in texts[place]]
            for place in (told or places)[:1]:
                found[place].append(span(texts[place], element, index))
        return found

    def kind(self, place: int) -> Category:
        """The category of the element at this place."""
        return self.elements[place].category

    @cached_property
    def data(self) -> dict[str, Any]:
        """What the page's own script needs to show a card."""
        sources = list(dict.fromkeys(element.source.model for element in self.elements))
        categories = list(Category)
        return {
            "categories": [[category.value, FACTS[category].label] for category in categories],
            "sources": sources,
            "cell": self.cell,
            "scenes": {str(s.scene.ordinal): [s.scene.label, s.scene.heading.text] for s in self.book.sheets},
            "order": [scene.ordinal for scene in self.book.screenplay.scenes],
            "elements": [
                [
                    element.scene,
                    categories.index(element.category),
                    element.name,
                    element.evidence.line,
                    element.evidence.text,
                    int(element.implied),
                    element.status,
                    sources.index(element.source.model),
                    element.quantity or 0,
                ]
                for element in self.elements
            ],
        }


def ribbon(book: Book) -> list[tuple[int, int, Strip, Sheet]]:
    """The whole script as one strip: left edge and width in eighths, colour, sheet. An omitted scene takes no room."""
    left, parts = 0, []
    for sheet in book.sheets:
        if sheet.scene.eighths:
            parts.append((left, sheet.scene.eighths, strip_of(sheet.scene), sheet))
            left += sheet.scene.eighths
    return parts


def facts(scene: Scene) -> str:
    """What stands under a scene's heading: "1 4/8 pages"."""
    return f"{pages(scene.eighths)} {'page' if scene.eighths <= 8 else 'pages'}"


def _most_used(listed: Listed) -> tuple[int, str]:
    return -len(listed.places), listed.name.casefold()


def _names(member: CastMember) -> tuple[str, ...]:
    return (member.name.casefold(), *(alias.casefold() for alias in member.aliases))


def _cues(scene: Scene) -> set[str]:
    return {_EXTENSION.sub("", line.text).strip().casefold() for line in scene.lines if line.kind == "character"}
