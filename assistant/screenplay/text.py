"""Reads plain text laid out with spaces as a typewriter would: indents tell dialogue from action."""

import re

from assistant.errors import BadInput
from assistant.screenplay.indents import classify
from assistant.screenplay.rows import Piece, Row
from assistant.screenplay.source import Source
from assistant.screenplay.title_page import split_heading_rows

MAX_ROWS = 400_000
_TAB = 8
_CUE_INDENT = 8  # spaces before a name, or a speech, that no paragraph's first line has
_PAGE_NUMBER = re.compile(r"(?:page\s+)?\d{1,4}\.?", re.IGNORECASE)


def read_text(text: str, sha256: str) -> Source:
    """The classified lines of an indented script; BadInput where it holds no scene heading."""
    rows = _rows(text)
    title_page, rows = split_heading_rows(rows)
    lines, marks = classify(rows)
    if not marks:
        raise BadInput(
            "No scene headings were found in this text.",
            "Begin each scene with a line such as INT. KITCHEN - DAY.",
        )
    title = next((value for key, value in title_page if key == "Title"), "")
    return Source("text", sha256, lines, marks, title=title, title_page=title_page)


def is_indented(text: str) -> bool:
    """Whether speeches are set in by spaces, as on paper; Fountain sets nothing in."""
    rows = [row.expandtabs(_TAB) for row in text.splitlines() if row.strip()][:4000]
    deep = sum(len(row) - len(row.lstrip()) >= _CUE_INDENT for row in rows)
    return deep >= 3 and deep > 0.1 * len(rows)


def _rows(text: str) -> list[Row]:
    """The rows that hold words. A form feed or a lone number at the right ends a page; without any, no pages."""
    rows: list[Row] = []
    blank, page = 0, 1
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        page += raw.count("\f")
        pieces = _pieces(raw.replace("\f", "").expandtabs(_TAB))
        if pieces and pieces[0].left > 30 and _PAGE_NUMBER.fullmatch(pieces[0].text):
            page += rows[-1].page == page if rows else 0
            pieces = []
        if not pieces:
            blank += 1
            continue
        rows.append(Row(number, pieces, float(blank) if rows else None, page, page))
        blank = 0
        if len(rows) > MAX_ROWS:
            raise BadInput(f"The text has more than {MAX_ROWS:,} lines; no screenplay does.", "Check the file.")
    if page == 1:
        for row in rows:
            row.page = row.sheet = None
    return _single_spaced(rows)


def _single_spaced(rows: list[Row]) -> list[Row]:
    """Files with a blank row after every row are read as if it were not there."""
    tight = sum(row.space == 0 for row in rows)
    if len(rows) > 10 and tight < 0.05 * len(rows):
        for row in rows:
            row.space = None if row.space is None else max(0.0, row.space - 1)
    return rows


def _pieces(raw: str) -> list[Piece]:
    return [
        Piece(float(found.start()), float(found.end()), " ".join(found.group().split()))
        for found in re.finditer(r"\S+(?: {1,2}\S+)*", raw)
    ]
