"""Papers to hand over: breakdown sheets, one scene a sheet, and the script with every element highlighted."""

from pathlib import Path
from typing import Any

from assistant.domain.categories import FACTS, Category, label
from assistant.domain.screenplay import pages
from assistant.exports.book import Book, Sheet
from assistant.exports.csv_file import named
from assistant.exports.files import write
from assistant.exports.overview import overview
from assistant.exports.report_view import View
from assistant.exports.strips import strip_of
from assistant.exports.typeset import typeset

_PAPER = {"letter": "us-letter", "a4": "a4"}


def export(book: Book, folder: Path, stem: str) -> list[Path]:
    """Write `<stem>-sheets.pdf` and `<stem>-script.pdf`."""
    return [
        write(folder / f"{stem}-sheets.pdf", typeset("sheets", sheets_data(book))),
        write(folder / f"{stem}-script.pdf", typeset("script", script_data(book))),
    ]


def frame(book: Book) -> dict[str, Any]:
    """What every paper says at its edges."""
    return {
        "title": book.screenplay.title,
        "draft": book.screenplay.draft,
        "paper": _PAPER[book.screenplay.page_size],
        "language": book.screenplay.language,
        "note": overview(book).notes[0],
    }


def sheets_data(book: Book) -> dict[str, Any]:
    """What the breakdown sheets print; an omitted scene has no sheet."""
    shot = [sheet for sheet in book.sheets if not sheet.scene.omitted]
    return frame(book) | {"sheets": [_sheet(sheet) for sheet in shot]}


def _sheet(sheet: Sheet) -> dict[str, Any]:
    scene, strip = sheet.scene, strip_of(sheet.scene)
    return {
        "label": scene.label,
        "int_ext": scene.int_ext or "",
        "set": scene.set or scene.heading.text,
        "time": scene.time_of_day or "",
        "pages": pages(scene.eighths),
        "page": "" if scene.page is None else str(scene.page),
        "day": sheet.script_day,
        "synopsis": sheet.synopsis,
        "fill": strip.fill,
        "columns": _columns(_boxes(sheet)),
    }


def _boxes(sheet: Sheet) -> list[dict[str, Any]]:
    boxes = []
    for category in Category:
        rows = [[named(element), element.implied, element.status] for element in sheet.of(category)]
        if category is Category.CAST and sheet.cast:
            rows = [[f"{member.id}.  {member.name}", False, "proposed"] for member in sheet.cast]
        if rows:
            boxes.append({"label": label(category), "colour": FACTS[category].colour, "rows": rows})
    return boxes


def _columns(boxes: list[dict[str, Any]], wanted: int = 3) -> list[list[dict[str, Any]]]:
    """The boxes in order over columns of about one height, read down and then across."""
    heights = [len(box["rows"]) + 2 for box in boxes]
    columns: list[list[dict[str, Any]]] = []
    done = 0
    for box, height in zip(boxes, heights, strict=True):
        middle = done + height / 2
        while len(columns) <= middle * wanted // sum(heights):
            columns.append([])
        columns[-1].append(box)
        done += height
    return columns


def script_data(book: Book) -> dict[str, Any]:
    """The script's lines in pieces, each piece with its category's colour and mark, each line with its star."""
    view = View(book)
    scenes = []
    for sheet in book.sheets:
        lines = [
            [line.kind, [_piece(view, piece.text, piece.elements) for piece in parts], bool(line.revision)]
            for line, parts, _ in view.script(sheet.scene)
        ]
        scenes.append(
            {
                "number": sheet.scene.number or "",
                "pages": pages(sheet.scene.eighths),
                "fill": strip_of(sheet.scene).fill,
                "lines": lines,
            }
        )
    legend = [[label(category), FACTS[category].colour, FACTS[category].mark] for category in book.categories]
    return frame(book) | {"scenes": scenes, "legend": legend}


def _piece(view: View, text: str, elements: tuple[int, ...]) -> list[str]:
    if not elements:
        return [text]
    element = view.elements[elements[0]]
    facts = FACTS[element.category]
    return [text, facts.colour, "implied" if element.implied else facts.mark]
