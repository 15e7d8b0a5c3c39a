"""The breakdown as two CSV tables, one row a scene and one row an element, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.domain.breakdown import Element
from assistant.domain.categories import FACTS, Category
from assistant.domain.screenplay import pages
from assistant.exports.book import Book, Sheet
from assistant.exports.cells import join, safe, unsafe
from assistant.exports.files import write

SCENE_COLUMNS = ("Scene", "I/E", "Set", "D/N", "Synopsis", "Pages", "Eighths", "Script Day", "Cast IDs")
ELEMENT_COLUMNS = (
    "Id",
    "Scene",
    "Ordinal",
    "Category",
    "Element",
    "Quantity",
    "Implied",
    "Status",
    "Line",
    "Quote",
    "Model",
)
_BOM = b"\xef\xbb\xbf"


def export(book: Book, folder: Path, stem: str) -> list[Path]:
    """Write `<stem>-scenes.csv` and `<stem>-elements.csv`, UTF-8 with the mark that Excel looks for."""
    scenes = _table([*SCENE_COLUMNS, *(FACTS[c].label for c in Category)], _scene_rows(book))
    elements = _table(ELEMENT_COLUMNS, _element_rows(book))
    return [
        write(folder / f"{stem}-scenes.csv", scenes),
        write(folder / f"{stem}-elements.csv", elements),
    ]


def read(path: Path) -> list[dict[str, str]]:
    """The rows as they were before escaping; names in one cell come apart with `cells.split`."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{name: unsafe(cell) for name, cell in row.items()} for row in csv.DictReader(file)]


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows(rows)
    return _BOM + text.getvalue().encode("utf-8", "replace")


def _scene_rows(book: Book) -> Iterable[list[str]]:
    for sheet in book.sheets:
        scene = sheet.scene
        yield [
            safe(scene.number or f"#{scene.ordinal}"),
            scene.int_ext or "",
            safe("OMITTED" if scene.omitted else scene.set),
            scene.time_of_day or "",
            safe(sheet.synopsis),
            pages(scene.eighths),
            str(scene.eighths),
            safe(sheet.script_day),
            safe(join(member.id for member in sheet.cast)),
            *(safe(join(names(sheet, category))) for category in Category),
        ]


def names(sheet: Sheet, category: Category) -> list[str]:
    """What stands in a scene's box for a category, with the count where more than one is needed."""
    found = [named(element) for element in sheet.of(category)]
    if category is Category.CAST:
        found = [member.name for member in sheet.cast] or found
    return list(dict.fromkeys(found))


def named(element: Element) -> str:
    """The element's name, with its count in front: "3 × umbrella"."""
    many = element.quantity is not None and element.quantity > 1
    return f"{element.quantity} × {element.name}" if many else element.name


def _element_rows(book: Book) -> Iterable[list[str]]:
    for element in book.breakdown.elements:
        yield [
            safe(book.element_id(element)),
            safe(book.labels.get(element.scene, "")),
            str(element.scene),
            element.category.value,
            safe(element.name),
            "" if element.quantity is None else str(element.quantity),
            "yes" if element.implied else "no",
            element.status,
            str(element.evidence.line),
            safe(element.evidence.text),
            safe(element.source.model),
        ]
