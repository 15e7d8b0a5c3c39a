"""A board as spreadsheet and CSV: strips in shooting order, day totals, the day out of days."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from assistant.domain.boardbook import BoardBook
from assistant.domain.screenplay import pages
from assistant.exports.boards.plain import working
from assistant.exports.cells import safe
from assistant.exports.files import write
from assistant.exports.strips import STRIPS

HEAD = ("Day", "Date", "Scene", "I/E", "Set", "D/N", "Script day", "Pages", "Eighths", "Minutes", "Cast", "Location")
Cells = list[str | int]


def strips(book: BoardBook) -> list[tuple[str, Cells]]:
    """(strip colour, cells) of every strip in shooting order, then the boneyard."""
    rows: list[tuple[str, Cells]] = []
    placed = [(day.label, day.date.isoformat(), strip) for day in book.days for strip in day.strips]
    for number, date, strip in [*placed, *(("", "boneyard", strip) for strip in book.boneyard)]:
        cells: Cells = [number, date, strip.label, strip.int_ext, strip.set, strip.time_of_day, strip.script_day]
        cells += [pages(strip.eighths), strip.eighths, strip.minutes, ", ".join(strip.cast), strip.location]
        cells.append(strip.synopsis)
        rows.append((strip.colour, cells))
    return rows


def dood(book: BoardBook) -> list[Cells]:
    """The day out of days with its head rows and, below, how many work on each date and the sums."""
    dates = [day.isoformat() for day in book.dates]
    rows: list[Cells] = [["Id", "Name", *dates, "Start", "Finish", "Work", "Hold", "Total"]]
    rows.append(["", "Shooting day", *(number or "" for number in book.shoot_days), "", "", "", "", ""])
    for row in book.dood:
        ends: Cells = [str(row.start or ""), str(row.finish or ""), row.work, row.hold, row.total]
        rows.append([row.id, row.name, *row.cells, *ends])
    sums: Cells = [sum(getattr(row, name) for row in book.dood) for name in ("work", "hold", "total")]
    rows.append(["", "Working", *working(book), "", "", *sums])
    return rows


def export_csv(book: BoardBook, folder: Path, stem: str) -> list[Path]:
    """Write `<stem>-schedule.csv` and `<stem>-dood.csv`, in UTF-8 with a byte order mark for spreadsheets."""
    board: list[Cells] = [[*HEAD, "Synopsis"], *(cells for _, cells in strips(book))]
    return [
        write(folder / f"{stem}-schedule.csv", to_csv(board)),
        write(folder / f"{stem}-dood.csv", to_csv(dood(book))),
    ]


def to_csv(rows: Iterable[Iterable[str | int]]) -> bytes:
    """Rows as CSV in UTF-8 with a byte order mark; text that a spreadsheet would take for a formula stays text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def export_xlsx(book: BoardBook, folder: Path, stem: str) -> list[Path]:
    """Write `<stem>-schedule.xlsx`: the stripboard with its colours and day breaks, and the day out of days."""
    from assistant.exports.boards.workbook import workbook

    fills = {key: strip.fill.lstrip("#") for key, strip in STRIPS.items()}
    return [write(folder / f"{stem}-schedule.xlsx", workbook(book, [*HEAD, "Synopsis"], fills))]
