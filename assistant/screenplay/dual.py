"""Two people speaking side by side are printed in two columns: reads the left one first, then the right."""

from dataclasses import replace

from assistant.domain.screenplay import LineKind
from assistant.screenplay.margins import Margins, shouted
from assistant.screenplay.rows import Piece, Row, tightly

APART = 6.0  # columns between two names that stand side by side


def unfold(rows: list[Row], margins: Margins) -> list[Row]:
    """The rows with every dual dialogue as two speeches, the second marked dual."""
    out: list[Row] = []
    place = 0
    while place < len(rows):
        end = _end(rows, place) if _opens(rows, place, margins) else place
        out += _columns(rows[place:end]) if end > place else [rows[place]]
        place = max(end, place + 1)
    return out


def _opens(rows: list[Row], place: int, margins: Margins) -> bool:
    row = rows[place]
    if len(row.pieces) != 2 or tightly(row) or row.scene_number or place + 1 >= len(rows):
        return False
    left, right = row.pieces
    named = all(shouted(piece.text) and any(map(str.isalpha, piece.text)) for piece in row.pieces)
    below = rows[place + 1]
    return named and right.left - left.right > APART and margins.is_indented(row) and tightly(below)


def _end(rows: list[Row], place: int) -> int:
    end = place + 1
    while end < len(rows) and tightly(rows[end]):
        end += 1
    return end


def _columns(block: list[Row]) -> list[Row]:
    """The right column starts where the leftmost second piece of the block does."""
    edge = min(row.pieces[1].left for row in block if len(row.pieces) > 1) - 1
    left: list[Row] = []
    right: list[Row] = []
    for row in block:
        for side, pieces in ((left, _before(row, edge)), (right, _after(row, edge))):
            if pieces:
                kind = _kind(side, pieces[0].text)
                side.append(replace(row, pieces=pieces, kind=kind, dual=side is right))
    return left + right


def _before(row: Row, edge: float) -> list[Piece]:
    return [piece for piece in row.pieces if piece.left < edge]


def _after(row: Row, edge: float) -> list[Piece]:
    return [piece for piece in row.pieces if piece.left >= edge]


def _kind(side: list[Row], text: str) -> LineKind:
    if not side:
        return "character"
    open_bracket = side[-1].kind == "parenthetical" and not side[-1].text.endswith(")")
    return "parenthetical" if open_bracket or text.startswith("(") else "dialogue"
