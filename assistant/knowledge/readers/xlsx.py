"""Workbooks as papers: every sheet a section, every row a line. Reads values, never formulas."""

import datetime
import io
from typing import Any

from assistant.errors import BadInput
from assistant.knowledge.readers.zipped import opened

MAX_ROWS = 50_000
MAX_COLUMNS = 200


def read_xlsx(data: bytes, name: str) -> list[str]:
    """The rows of all visible sheets, cells parted by bars. Raises BadInput."""
    import openpyxl

    opened(data, name).close()
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except (KeyError, ValueError, OSError, TypeError) as error:
        raise BadInput(f"{name} can not be read as a workbook: {error}.", "Save it again as .xlsx.") from None
    lines: list[str] = []
    for sheet in book.worksheets:
        lines.append(f"# {sheet.title}")
        for row in sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS):
            cells = [_shown(value) for value in row]
            lines.append(" | ".join(cells).strip(" |") if any(cells) else "")
            if len(lines) > MAX_ROWS:
                raise BadInput(f"{name} has more than {MAX_ROWS:,} rows.", "Hand over the sheet that matters.")
    book.close()
    return lines


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.time):
        return value.isoformat("minutes")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())
