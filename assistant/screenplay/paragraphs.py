"""Decides whether a printed row goes on with the paragraph above, and puts wrapped rows together again."""

import re

from assistant.screenplay.rows import Row

_ENDED = re.compile(r"[.!?:;…\"”»’')\]]$|--$|—$")
_BULLET = re.compile(r"[-–—•*]\s|\d+[.)]\s")
_OPEN_HYPHEN = re.compile(r"[^\W\d_]-$")


def flows_on(above: Row, row: Row, right: float) -> bool:
    """Whether `row` is the wrapped rest of `above`: its first word would not have fitted there."""
    text = row.text
    if _BULLET.match(text) and _ENDED.search(above.text):
        return False
    full = above.right + 1 + row.first_word > right - 1.5
    if row.space is None:  # over a page break
        full = full and not _ENDED.search(above.text)
    return full or text[:1].islower()


def joined(rows: list[Row]) -> str:
    """The rows as one line of text; a word broken at its own hyphen is closed up."""
    text = ""
    for row in rows:
        gap = "" if not text or _OPEN_HYPHEN.search(text) else " "
        text += gap + row.text.strip()
    return text
