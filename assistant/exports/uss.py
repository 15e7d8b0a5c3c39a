"""The breakdown as a Universal Schedule Standard file, which scheduling programs read; strips wait in the boneyard."""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

from assistant.domain.categories import FACTS, Category
from assistant.domain.revision import COLOURS
from assistant.domain.uss import (
    DAY_NIGHT,
    INT_EXT,
    LOCATION,
    SCRIPT_DAY,
    SET,
    Uss,
    UssBoard,
    UssBreakdown,
    UssCalendar,
    UssCategory,
    UssElement,
    UssHeader,
    UssStripboard,
)
from assistant.domain.xmltext import legal
from assistant.exports.book import Book, Sheet
from assistant.exports.files import write
from assistant.exports.needs import Need, key_of, needs
from assistant.exports.overview import overview

Boards = Mapping[str, Sequence[Sequence[int]]]
"""Board name → shooting days → scene ordinals."""

BONEYARD, STRIPBOARD = "boneyard", "stripboard"
_SLUG = {SET: "Set", INT_EXT: "INT/EXT", DAY_NIGHT: "Day/Night", SCRIPT_DAY: "Script Day"}
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:pa:uss")
_UNDATED = "2000-01-01T00:00:00.000Z"


def as_uss(
    book: Book,
    boards: Boards | None = None,
    calendar: UssCalendar | None = None,
    places: Mapping[int, str] | None = None,
) -> Uss:
    """The book as a file. A scene that no board names, and every omitted one, is in the boneyard.

    `places` are locations by scene ordinal, which only a schedule knows. Ids depend on the production and on what
    things are called, so that a new export changes only what changed.
    """
    writer = _Writer(book, _date(book.created), places or {})
    strips = tuple(writer.strip(sheet) for sheet in book.sheets)
    return Uss(
        header=_header(book, writer),
        breakdowns=strips,
        categories=tuple(writer.categories()),
        elements=tuple(writer.elements.values()),
        stripboards=(writer.stripboard(boards or {}, [strip.id for strip in strips], calendar),),
        calendars=(calendar,) if calendar else (),
    )


def as_json(uss: Uss) -> dict[str, Any]:
    """The file's object, with every key that the standard asks for and no other."""
    rest: dict[str, Any] = {item.name: _plain(getattr(uss, item.name)) for item in fields(uss) if item.name != "header"}
    return {"universalScheduleStandard": _plain(uss.header) | rest}


def as_bytes(uss: Uss) -> bytes:
    """The file's content."""
    return json.dumps(as_json(uss), ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def export(book: Book, folder: Path, stem: str) -> list[Path]:
    """Write `<stem>.uss`."""
    return [write(folder / f"{stem}.uss", as_bytes(as_uss(book)))]


def id_of(book: Book, *parts: str) -> str:
    """An id that the same thing of the same production always has."""
    return str(uuid.uuid5(_IDS, "|".join([book.production or book.screenplay.title, *parts])))


def camel(name: str) -> str:
    """`element_id` → `elementId`."""
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {camel(item.name): _plain(getattr(value, item.name)) for item in fields(value)}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _header(book: Book, writer: "_Writer") -> UssHeader:
    script = book.screenplay
    title = legal(script.title) or "Untitled"
    return UssHeader(
        id=writer.id("file"),
        name=f"{title} – breakdown",
        created=writer.created,
        source="Production Assistant",
        project=title,
        description=overview(book).notes[0],
        script_color=next((colour for colour in COLOURS if colour in script.draft.split()), None),
    )


def _date(written: str) -> str:
    """An ISO date as the standard writes it."""
    return f"{written[:19]}.000Z" if len(written) >= 19 else _UNDATED


@dataclass(slots=True)
class _Writer:
    """Makes each element once, whatever number of scenes needs it."""

    book: Book
    created: str
    places: Mapping[int, str] = field(default_factory=dict)
    elements: dict[str, UssElement] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)

    def id(self, *parts: str) -> str:
        """An id that the same thing of the same production always has."""
        return id_of(self.book, *parts)

    def categories(self) -> Iterator[UssCategory]:
        """What slug lines say, the location where a schedule knows it, and the trade's categories."""
        for ucid, name in _names(bool(self.places)).items():
            yield UssCategory(self.id("category", str(ucid)), self.created, name, ucid)

    def strip(self, sheet: Sheet) -> UssBreakdown:
        """One scene. An omitted one keeps its number and needs nothing."""
        scene = sheet.scene
        ids = [] if scene.omitted else [*self._slug(sheet), *(self._need(need) for need in needs(sheet))]
        return UssBreakdown(
            id=self._scene_id(scene.label),
            created=self.created,
            scene=legal(scene.label),
            description="OMITTED" if scene.omitted else legal(sheet.synopsis) or None,
            comments=None if scene.omitted else _quantities(sheet),
            pages=scene.eighths / 8,
            script_page=None if scene.page is None else str(scene.page),
            elements=tuple(dict.fromkeys(ids)),
        )

    def stripboard(self, boards: Boards, ids: Sequence[str], calendar: UssCalendar | None) -> UssStripboard:
        """Every strip in exactly one board: the first that names it, else the boneyard."""
        shot = {sheet.scene.ordinal: id for sheet, id in zip(self.book.sheets, ids, strict=True) if not _out(sheet)}
        made: list[UssBoard] = []
        for name in dict.fromkeys([STRIPBOARD, *(name for name in boards if name != BONEYARD)]):
            days = tuple(
                tuple(shot.pop(ordinal) for ordinal in dict.fromkeys(day) if ordinal in shot)
                for day in boards.get(name, ())
            )
            made.append(UssBoard(self.id("board", name), name, days))
        placed = {id for board in made for id in board.flat}
        made.append(UssBoard(self.id("board", BONEYARD), BONEYARD, tuple(id for id in ids if id not in placed)))
        name = "Schedule" if placed else "Script order"
        return UssStripboard(self.id("stripboard"), name, tuple(made), calendar.id if calendar else None)

    def _scene_id(self, label: str) -> str:
        """The number's id; where a number comes twice, the second is told apart by its place among them."""
        key = label
        while key in self.labels:
            key += "+"
        self.labels.add(key)
        return self.id("scene", key)

    def _slug(self, sheet: Sheet) -> Iterable[str]:
        scene = sheet.scene
        said = {
            INT_EXT: scene.int_ext,
            SET: scene.set or scene.heading.text,
            DAY_NIGHT: scene.time_of_day,
            SCRIPT_DAY: sheet.script_day,
            LOCATION: self.places.get(scene.ordinal),
        }
        return [self._element(ucid, name) for ucid, name in said.items() if name]

    def _need(self, need: Need) -> str:
        number = need.member.id if need.member else None
        return self._element(FACTS[need.category].ucid, need.name, number)

    def _element(self, ucid: int, name: str, number: str | None = None) -> str:
        id = self.id("element", str(ucid), key_of(name))
        if id not in self.elements:
            category = self.id("category", str(ucid))
            self.elements[id] = UssElement(
                id, self.created, category, legal(name), number, is_id_lock=number is not None
            )
        return id


def _names(places: bool) -> dict[int, str]:
    slug = _SLUG | {LOCATION: "Location"} if places else _SLUG
    return slug | {FACTS[category].ucid: FACTS[category].label for category in Category}


def _out(sheet: Sheet) -> bool:
    return sheet.scene.omitted


def _quantities(sheet: Sheet) -> str | None:
    """How many of a thing this scene needs: the standard has no other place for it."""
    told = (need.element for need in needs(sheet))
    many = [legal(f"{item.name}: {item.quantity}") for item in told if item and item.quantity and item.quantity > 1]
    return "; ".join(many) or None
