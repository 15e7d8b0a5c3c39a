"""The schedule's workbook, set with openpyxl: the board as a 1st AD lays it out, and the day out of days."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.domain.boardbook import BoardBook, DaySheet
from assistant.exports.boards.plain import cover_words
from assistant.exports.boards.tables import dood, strips
from assistant.exports.cells import safe

WIDTHS = (6, 12, 8, 8, 38, 11, 10, 8, 8, 8, 20, 24, 60)


def workbook(book: BoardBook, head: Sequence[str], fills: Mapping[str, str]) -> bytes:
    """The workbook's bytes. Text that a spreadsheet would take for a formula is kept as text."""
    from openpyxl import Workbook

    made = Workbook()
    board: Any = made.active
    board.title = "Stripboard"
    _board(board, book, head, fills)
    _dood(made.create_sheet("Day out of days"), book)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _board(sheet: Any, book: BoardBook, head: Sequence[str], fills: Mapping[str, str]) -> None:
    from openpyxl.styles import Alignment, PatternFill

    sheet.append(list(head))
    rows = strips(book)
    days = {day.label: day for day in book.days}
    for at, (colour, cells) in enumerate(rows):
        sheet.append([safe(cell) if isinstance(cell, str) else cell for cell in cells])
        for cell in sheet[sheet.max_row]:
            cell.fill = PatternFill("solid", fgColor=fills[colour])
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        number = cells[0]
        if number and (at + 1 == len(rows) or rows[at + 1][1][0] != number):
            _end(sheet, days[str(number)], len(head))
    _finish(sheet, WIDTHS, "A2")


def _end(sheet: Any, day: DaySheet, columns: int) -> None:
    """The black break after a day, and its cover sets."""
    from openpyxl.styles import Font, PatternFill

    _across(sheet, day.end, columns)
    for cell in sheet[sheet.max_row]:
        cell.fill = PatternFill("solid", fgColor="000000")
        cell.font = Font(bold=True, color="FFFFFF")
    if words := cover_words(day):
        _across(sheet, words, columns)
        sheet[sheet.max_row][0].font = Font(italic=True, color="6A6D75")


def _across(sheet: Any, words: str, columns: int) -> None:
    """A row that is one cell over all columns."""
    sheet.append([safe(words)])
    sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=columns)


def _dood(sheet: Any, book: BoardBook) -> None:
    for row in dood(book):
        sheet.append([safe(cell) if isinstance(cell, str) else cell for cell in row])
    _finish(sheet, (6, 26, *(11 for _ in book.dates), 12, 12, 7, 7, 7), "C3")


def _finish(sheet: Any, widths: Sequence[int], frozen: str) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = frozen
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
