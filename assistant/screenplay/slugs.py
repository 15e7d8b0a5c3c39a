"""Finds a printed script's headings and takes the scene numbers out of the margins."""

import re

from assistant.screenplay.headings import is_heading
from assistant.screenplay.layout_words import CONTINUED, OMITTED, SCENE_NUMBER, bare
from assistant.screenplay.rows import Piece, Row

_NUMBER = re.compile(rf"#?({SCENE_NUMBER})#?[.:)]?")
_LEADING = re.compile(rf"#?({SCENE_NUMBER})#?[.:)]?\s+(\S.*)")
_CONTINUED_SUFFIX = re.compile(r"\s*[-–—]?\s*\(([^()]*)\)\s*(?:\(\d+\))?\s*:?$")


def take_scene_number(row: Row) -> None:
    """Moves the number before (and after) a heading from the row's text to `scene_number`."""
    before, pieces, after = _parted(row.pieces)
    number = before or after
    if not pieces:
        return
    if number:
        pieces = _without(number, pieces)
        if before != after and not _is_slug(" ".join(piece.text for piece in pieces)):
            return
    else:
        number, pieces = _glued(row.pieces)
    if number:
        row.scene_number, row.pieces = number, pieces


def _without(number: str, pieces: list[Piece]) -> list[Piece]:
    """A long number leaves no gap before the heading: it goes from the first piece too."""
    first = pieces[0]
    if not first.text.startswith(f"{number} "):
        return pieces
    rest = first.text[len(number) :].strip()
    width = (first.right - first.left) / len(first.text)
    return [Piece(first.right - width * len(rest), first.right, rest), *pieces[1:]]


def only_numbers(row: Row) -> bool:
    """What is left of "12  CONTINUED:  12" where the word was printed apart."""
    return len(row.pieces) > 1 and all(_NUMBER.fullmatch(piece.text) for piece in row.pieces)


def _parted(pieces: list[Piece]) -> tuple[str | None, list[Piece], str | None]:
    first = _NUMBER.fullmatch(pieces[0].text) if len(pieces) > 1 else None
    rest = pieces[1:] if first else pieces
    last = _NUMBER.fullmatch(rest[-1].text) if len(rest) > 1 else None
    return first and first[1], rest[:-1] if last else rest, last and last[1]


def _glued(pieces: list[Piece]) -> tuple[str | None, list[Piece]]:
    """ "1. EXT. VALLEY - DAY" in one piece: the number goes only where a heading is left."""
    found = _LEADING.fullmatch(pieces[0].text)
    if not found or not (_is_slug(found[2]) and (is_heading(found[2]) or len(pieces) == 1)):
        return None, pieces
    piece = pieces[0]
    width = (piece.right - piece.left) / len(piece.text)
    rest = [Piece(piece.right - width * len(found[2]), piece.right, found[2]), *pieces[1:]]
    if len(rest) > 1 and rest[-1].text.strip("#.") == found[1]:
        rest.pop()
    return found[1], rest


def _is_slug(text: str) -> bool:
    return is_heading(text) or bool(OMITTED.fullmatch(text)) or bare(text) in CONTINUED


def is_slug(row: Row) -> bool:
    """A heading: numbered, or worded as one and standing apart from the row above."""
    if row.scene_number:
        return bare(row.text) not in CONTINUED
    text = row.text
    if not is_heading(text):
        return False
    return row.space is None or row.space >= 0.5 or text.isupper()


def without_continued(text: str) -> str:
    """ "INT. BARN - DAY (CONT'D)" as the scene is called: INT. BARN - DAY."""
    found = _CONTINUED_SUFFIX.search(text)
    if found and found.start() and bare(found[1]) in CONTINUED:
        return text[: found.start()]
    head, _, rest = text.partition(":")
    return rest.strip() if rest.strip() and bare(head) in CONTINUED else text
