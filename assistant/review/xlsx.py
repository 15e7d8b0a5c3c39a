"""Reads the decisions that people typed into the workbook we wrote; the Decision and note columns, by element id."""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from assistant.domain.breakdown import Element
from assistant.errors import BadInput, SettingsError
from assistant.review.typed import Row, category_of

_ID, _DECISION, _NOTE, _ELEMENT = "Id", "Decision", "New name or note", "Element"
_LARGEST = 256 * 1024 * 1024  # unpacked


def read_xlsx(path: Path, known: Mapping[str, Element]) -> list[Row]:
    """Rows in which somebody typed a decision. Raises BadInput for a file that is not such a workbook."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _check_size(path)
        workbook = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        try:
            rows = [row for sheet in workbook.worksheets for row in _sheet(sheet, known)]
            found = any(_head(sheet) for sheet in workbook.worksheets)
        finally:
            workbook.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, EOFError):
        raise BadInput(f"{path.name} is not a workbook.", "Hand over the .xlsx that `pa breakdown` wrote.") from None
    except OSError as error:
        raise BadInput(f"{path.name} can not be read: {error.strerror}.", "Check the path.") from None
    if not found:
        raise BadInput(
            f"{path.name} has no sheet with the columns {_ID} and {_DECISION}.",
            "Hand over the .xlsx that `pa breakdown` wrote.",
        )
    return rows


def _check_size(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > _LARGEST:
            raise BadInput(f"{path.name} unpacks to more than a workbook holds.", "Save it again as .xlsx.")


def _head(sheet: Any) -> dict[str, int]:
    """Column by name, where the first row has what we need."""
    first = next(sheet.iter_rows(min_row=1, max_row=1, values_only=True), ())
    at = {str(name): place for place, name in enumerate(first) if name is not None}
    return at if _ID in at and _DECISION in at else {}


def _sheet(sheet: Any, known: Mapping[str, Element]) -> Iterable[Row]:
    at = _head(sheet)
    if not at:
        return
    for number, cells in enumerate(sheet.iter_rows(min_row=2, values_only=True), start=2):

        def cell(name: str, cells: tuple[Any, ...] = cells) -> str:
            place = at.get(name)
            value = cells[place] if place is not None and place < len(cells) else None
            return _plain(value)

        if cell(_DECISION):
            yield _row(f"{sheet.title}, row {number}", cell(_ID), cell(_DECISION), (cell(_NOTE), cell(_ELEMENT)), known)


def _row(where: str, identity: str, decision: str, typed: tuple[str, str], known: Mapping[str, Element]) -> Row:
    """An edit's note is the new name or category, or the Element cell was written over; any other note says why."""
    note, shown = typed
    if not decision.casefold().startswith("e"):
        return Row(where, identity, decision, why=note)
    try:
        return Row(where, identity, decision, category=category_of(note).value if note else "", name=_over(note, shown))
    except SettingsError:
        return Row(where, identity, decision, name=note)


def _over(note: str, shown: str) -> str:
    return "" if note else shown


def _plain(value: Any) -> str:
    """A cell's text, without the apostrophe that kept it from being a formula."""
    text = "" if value is None else str(value).strip()
    return text[1:] if text.startswith("'") and text[1:2] in "=+-@＝＋－＠" and len(text) > 1 else text
