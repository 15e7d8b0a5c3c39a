"""The breakdown as a workbook, one sheet a department, with a column in which a person decides on every element."""

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.domain.breakdown import CastMember, Element
from assistant.domain.categories import FACTS, Category
from assistant.domain.screenplay import Scene, pages
from assistant.exports.book import Book, Sheet
from assistant.exports.cells import join, safe
from assistant.exports.csv_file import names
from assistant.exports.files import write
from assistant.exports.overview import Overview, overview
from assistant.exports.strips import STRIPS, strip_of

DECISION = "Decision"
DECISIONS = ("accept", "edit", "reject")
ELEMENT_COLUMNS = {
    "Id": 13,
    "Scene": 8,
    "I/E": 8,
    "Set": 30,
    "D/N": 11,
    "Script Day": 10,
    "Element": 30,
    "Qty": 6,
    "Implied": 9,
    "Status": 11,
    "Quote": 70,
    "Line": 8,
    "Model": 18,
    DECISION: 12,
    "New name or note": 28,
}
SCENE_COLUMNS = {
    "Scene": 8,
    "I/E": 8,
    "Set": 34,
    "D/N": 11,
    "Synopsis": 44,
    "Pages": 8,
    "Eighths": 9,
    "Script Day": 10,
    "Page": 7,
    "Cast IDs": 16,
}
CAST_COLUMNS = {
    "ID": 6,
    "Character": 28,
    "Speaking": 10,
    "Scenes": 8,
    "Pages": 9,
    "Eighths": 9,
    "Speeches": 10,
    "First": 8,
    "Last": 8,
    "Also called": 24,
    "In scenes": 70,
}


def export(book: Book, folder: Path, stem: str) -> list[Path]:
    """Write `<stem>.xlsx`."""
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    _styles(workbook)
    _overview_sheet(workbook, book, overview(book))
    _scenes_sheet(workbook, book)
    _cast_sheet(workbook, book)
    for category in book.categories:
        _category_sheet(workbook, book, category)
    content = io.BytesIO()
    workbook.save(content)
    return [write(folder / f"{stem}.xlsx", content.getvalue())]


def workbook_of(title: str, sheets: Mapping[str, tuple[dict[str, int], list[list[str | int]]]]) -> bytes:
    """A workbook of plain tables: each worksheet's columns with their widths, and its rows. Empty ones are left out."""
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    _styles(workbook)
    for name, (columns, rows) in sheets.items():
        if rows:
            page = _Page(workbook, name, columns, title)
            page.table([[page.cell(value) for value in row] for row in rows])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _styles(workbook: Any) -> None:
    """Named styles: looked up once a cell, and they show in Excel's style list."""
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

    line = Border(bottom=Side(style="hair", color="FFBBBBBB"))
    top = Alignment(vertical="top", wrap_text=True)

    def add(name: str, fill: str = "", font: Font | None = None, border: Border | None = line) -> None:
        style = NamedStyle(name=name, font=font or Font(name="Calibri", size=11))
        if border:
            style.alignment, style.border = top, border
        if fill:
            style.fill = PatternFill("solid", fgColor=_argb(fill))
        workbook.add_named_style(style)

    add("pa text")
    add("pa head", "#2b2f36", Font(name="Calibri", size=11, bold=True, color="FFFFFFFF"))
    add("pa title", font=Font(name="Calibri", size=20, bold=True), border=None)
    add("pa label", font=Font(name="Calibri", size=11, color="FF666666"), border=None)
    add("pa decide", "#fff8d6")
    for strip in STRIPS.values():
        add(f"pa {strip.key}", strip.fill)
    for category, facts in FACTS.items():
        add(f"pa {category}", facts.colour, Font(name="Calibri", size=11, bold=True, color="FFFFFFFF"))


def _argb(colour: str) -> str:
    return "FF" + colour.lstrip("#").upper()


class _Page:
    """One worksheet being written row by row; `export` needs nothing of openpyxl's but this."""

    def __init__(self, workbook: Any, title: str, columns: dict[str, int], footer: str) -> None:
        from openpyxl.cell import WriteOnlyCell

        self.sheet = workbook.create_sheet(title.replace("/", "-")[:31])
        self.columns = tuple(columns)
        self._new: Any = WriteOnlyCell
        self._looks: dict[str, Any] = {}
        for letter, width in zip(_letters(len(columns)), columns.values(), strict=True):
            self.sheet.column_dimensions[letter].width = width
        self._print_setup(footer)

    def _print_setup(self, footer: str) -> None:
        sheet = self.sheet
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.left.text = footer.replace("&", "&&")[:80]
        sheet.oddFooter.right.text = "&A · &P of &N"

    def table(self, rows: Sequence[Sequence[Any]], head: str = "pa head") -> None:
        """A header that stays, a filter over all rows, and the rows."""
        self.sheet.freeze_panes = "A2"
        self.sheet.print_title_rows = "1:1"
        last = _letters(len(self.columns))[-1]
        self.sheet.auto_filter.ref = f"A1:{last}{len(rows) + 1}"
        self.row([self.cell(name, head) for name in self.columns])
        for row in rows:
            self.row(row)

    def row(self, cells: Iterable[Any]) -> None:
        self.sheet.append(list(cells))

    def cell(self, value: str | int | float | None, style: str = "pa text") -> Any:
        """A cell that is never a formula. Cells of one style share what the first of them looked up."""
        cell = self._new(self.sheet, value=safe(value) if isinstance(value, str) else value)
        if style in self._looks:
            cell._style = self._looks[style]
        else:
            cell.style = style
            self._looks[style] = cell._style
        return cell


def _letters(count: int) -> list[str]:
    from openpyxl.utils import get_column_letter

    return [get_column_letter(number) for number in range(1, count + 1)]


def _overview_sheet(workbook: Any, book: Book, facts: Overview) -> None:
    page = _Page(workbook, "Overview", {"a": 26, "b": 14, "c": 14, "d": 60}, book.screenplay.title)
    page.row([page.cell(book.screenplay.title, "pa title")])
    page.row([page.cell(book.screenplay.draft or "No draft named", "pa label")])
    page.row([])
    for name, value in facts.counts:
        page.row([page.cell(name, "pa label"), page.cell(value)])
    page.row([])
    page.row(page.cell(name, "pa head") for name in ("Strip", "Scenes", "Pages"))
    for part in facts.strips:
        page.row(
            [
                page.cell(part.strip.label, f"pa {part.strip.key}"),
                page.cell(part.scenes),
                page.cell(pages(part.eighths)),
            ]
        )
    page.row([])
    page.row(page.cell(name, "pa head") for name in ("Set", "Scenes", "Pages", "In scenes"))
    for place in facts.sets[:25]:
        page.row(
            [
                page.cell(place.name),
                page.cell(len(place.scenes)),
                page.cell(pages(place.eighths)),
                page.cell(join(place.scenes)),
            ]
        )
    page.row([])
    page.row(page.cell(name, "pa head") for name in ("Department", "Elements"))
    for category, count in facts.categories:
        page.row([page.cell(FACTS[category].label, f"pa {category}"), page.cell(count)])
    page.row([])
    for note in facts.notes:
        page.row([page.cell(note, "pa label")])


def _scenes_sheet(workbook: Any, book: Book) -> None:
    columns = SCENE_COLUMNS | {FACTS[category].label: 24 for category in book.categories}
    page = _Page(workbook, "Scenes", columns, book.screenplay.title)
    page.table([_scene_row(page, book, sheet) for sheet in book.sheets])


def _scene_row(page: _Page, book: Book, sheet: Sheet) -> list[Any]:
    scene = sheet.scene
    strip = f"pa {strip_of(scene).key}"
    head: list[str | int | None] = [
        scene.label,
        scene.int_ext,
        "OMITTED" if scene.omitted else scene.set,
        scene.time_of_day,
        sheet.synopsis,
        pages(scene.eighths),
        scene.eighths,
        sheet.script_day,
        scene.page,
        join(member.id for member in sheet.cast),
    ]
    boxes = [join(names(sheet, category)) for category in book.categories]
    return [page.cell(value, strip) for value in head] + [page.cell(box) if box else None for box in boxes]


def _cast_sheet(workbook: Any, book: Book) -> None:
    page = _Page(workbook, "Cast", CAST_COLUMNS, book.screenplay.title)
    scenes = {scene.ordinal: scene for scene in book.screenplay.scenes}
    page.table([_cast_row(page, member, scenes) for member in book.breakdown.cast], f"pa {Category.CAST}")


def _cast_row(page: _Page, member: CastMember, scenes: dict[int, Scene]) -> list[Any]:
    played = [scenes[ordinal] for ordinal in member.scenes if ordinal in scenes]
    eighths = sum(scene.eighths for scene in played)
    values: list[str | int | None] = [
        member.id,
        member.name,
        "yes" if member.speaking else "no",
        len(played),
        pages(eighths),
        eighths,
        member.speeches,
        played[0].label if played else "",
        played[-1].label if played else "",
        join(member.aliases),
        join(scene.label for scene in played),
    ]
    return [page.cell(value) for value in values]


def _category_sheet(workbook: Any, book: Book, category: Category) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    page = _Page(workbook, FACTS[category].label, ELEMENT_COLUMNS, book.screenplay.title)
    page.sheet.sheet_properties.tabColor = _argb(FACTS[category].colour)
    rows = [_element_row(page, book, sheet, element) for sheet in book.sheets for element in sheet.of(category)]
    choice = DataValidation(type="list", formula1=f'"{",".join(DECISIONS)}"', allow_blank=True)
    letter = _letters(len(ELEMENT_COLUMNS))[tuple(ELEMENT_COLUMNS).index(DECISION)]
    choice.add(f"{letter}2:{letter}{len(rows) + 1}")
    page.sheet.data_validations.append(choice)
    page.table(rows, f"pa {category}")


def _element_row(page: _Page, book: Book, sheet: Sheet, element: Element) -> list[Any]:
    scene = sheet.scene
    strip = f"pa {strip_of(scene).key}"
    place: list[str | int | None] = [scene.label, scene.int_ext, scene.set, scene.time_of_day, sheet.script_day]
    what: list[str | int | None] = [
        element.name,
        element.quantity,
        "implied" if element.implied else None,
        element.status,
        element.evidence.text,
        element.evidence.line,
        element.source.model,
    ]
    return [
        page.cell(book.element_id(element)),
        *(page.cell(value, strip) for value in place),
        *(page.cell(value) for value in what),
        page.cell(None, "pa decide"),
    ]
