"""What the running heads of a PDF say of its draft: "Blue Rev. 02/22/26" over a page colours that page's stars."""

import re
from collections import Counter

from assistant.screenplay.layout_words import DATED, PAGE_NUMBER
from assistant.screenplay.pdf_clean import BOTTOM, TOP
from assistant.screenplay.rows import Row

COLOURS = (
    "White",
    "Blue",
    "Pink",
    "Yellow",
    "Green",
    "Goldenrod",
    "Buff",
    "Salmon",
    "Cherry",
    "Tan",
    "Ivory",
    "Orchid",
)
_COLOUR = re.compile(rf"\b(?:(double|2nd|second)\s+)?({'|'.join(COLOURS)})\b(?=.*(rev|draft|pages|\d))", re.IGNORECASE)
_SECOND = "Double "


def heads_of(rows: list[Row]) -> dict[int, str]:
    """The first head of every sheet that dates its draft."""
    heads: dict[int, str] = {}
    for row in rows:
        depth = row.depth if row.depth is not None else 0.5
        if TOP < depth < BOTTOM or row.page is None or row.page in heads:
            continue
        dated = [
            piece.text for piece in row.pieces if DATED.search(piece.text) and not PAGE_NUMBER.fullmatch(piece.text)
        ]
        if dated:
            heads[row.page] = dated[0]
    return heads


def draft_of(heads: dict[int, str]) -> str:
    """The draft most pages belong to; a later colour over a few pages counts more than white over all others."""
    colours = revisions_of(heads)
    counted = Counter(text for text in heads.values() if not colours or colour_of(text) == colours[-1])
    if not counted:
        return ""
    text = counted.most_common(1)[0][0]
    found = _COLOUR.search(text)
    return text[found.start() :] if found else text


def revisions_of(heads: dict[int, str]) -> list[str]:
    """The revision colours named, in the order productions use them; white is no revision."""
    named = {colour for text in heads.values() if (colour := colour_of(text)) not in (None, "White")}
    rounds = [*COLOURS, *(_SECOND + colour for colour in COLOURS)]
    return [colour for colour in rounds if colour in named]


def colour_of(text: str) -> str | None:
    """The revision colour a running head names, if any."""
    found = _COLOUR.search(text)
    if not found:
        return None
    return (_SECOND if found[1] else "") + found[2].capitalize()


def colour_stars(rows: list[Row], heads: dict[int, str]) -> None:
    """A star on a blue page is a blue revision."""
    for row in rows:
        if row.revised and row.page in heads:
            row.revised = colour_of(heads[row.page]) or row.revised
