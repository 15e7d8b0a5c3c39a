"""One printed row of a script, whatever it came from: PDF and plain text are both told apart by where rows start."""

from dataclasses import dataclass

from assistant.domain.screenplay import LineKind


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand together; a row has several where a wide gap parts them (scene numbers, two speakers)."""

    left: float
    right: float
    text: str


@dataclass(slots=True)
class Row:
    """A printed row. `left`, `right` are columns (widths of a letter), `space` the blank rows before it.

    `space` is None at the top of a page: nobody can tell there. `depth` is how far down its page it stands, 0 to 1,
    and None where the source has no pages.
    """

    number: int
    pieces: list[Piece]
    space: float | None
    page: int | None = None  # as people call it
    sheet: int | None = None  # as it lies in the file; 12 and 12A are two sheets
    depth: float | None = None
    revised: str | None = None  # the mark or colour of the revision that changed it
    scene_number: str | None = None
    kind: LineKind | None = None  # where its place on the page already told
    dual: bool = False

    @property
    def left(self) -> float:
        return self.pieces[0].left

    @property
    def right(self) -> float:
        return self.pieces[-1].right

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    @property
    def first_word(self) -> float:
        """The width of the first word: would it have fitted on the row before?"""
        piece = self.pieces[0]
        word = piece.text.split(" ", 1)[0]
        return (piece.right - piece.left) * len(word) / max(1, len(piece.text))


def tightly(row: Row) -> bool:
    """Whether the row follows the one before without a blank row between."""
    return row.space is not None and row.space < 0.5
