"""Words on pages become rows: one baseline is one row, wide gaps part its pieces, the leading tells blank rows."""

from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from assistant.screenplay.rows import Piece, Row

GAP_COLUMNS = 2.8  # two spaces after a full stop stay inside a piece, the gap before a margin number does not
SAME_BASELINE = 2.5  # points
EDGE_POINTS = 20.0  # nothing of the script is printed nearer to the paper's edge


@dataclass(frozen=True, slots=True)
class Word:
    """One word with its baseline start and its right edge, in points from the page's lower left corner."""

    text: str
    left: float
    right: float
    base: float
    size: float = 12.0  # height of its last letter's box


@dataclass(frozen=True, slots=True)
class Page:
    """One page's words in the order of the file."""

    width: float
    height: float
    words: list[Word] = field(default_factory=list)


def rows_of(pages: list[Page]) -> list[Row]:
    """All rows over all pages from top to bottom; `page` is the sheet, counted from 1."""
    column = _letter_width(pages)
    grouped = [_lines(page) for page in pages]
    leading = _leading(grouped, letter_height(pages))
    rows: list[Row] = []
    for sheet, (page, lines) in enumerate(zip(pages, grouped, strict=True), start=1):
        above: float | None = None
        for base, words in lines:
            space = None if above is None else max(0.0, (above - base) / leading - 1)
            depth = 1 - base / page.height
            rows.append(Row(len(rows) + 1, _pieces(words, column), space, sheet, sheet, depth))
            above = base
    return rows


def respace(rows: list[Row]) -> None:
    """Once running heads are gone, the first row left on a page is its top."""
    sheet: int | None = None
    for row in rows:
        if row.page != sheet:
            row.space, sheet = None, row.page


def letter_height(pages: list[Page]) -> float:
    """How tall the script's letters stand, in points."""
    sizes = [word.size for page in pages for word in page.words]
    return median(sizes) if sizes else 12.0


def _letter_width(pages: list[Page]) -> float:
    widths = [(w.right - w.left) / len(w.text) for page in pages for w in page.words if len(w.text) > 2]
    return max(1.0, median(widths)) if widths else 7.2


def _lines(page: Page) -> list[tuple[float, list[Word]]]:
    """Words by baseline, top first; inside a line from left to right, as printed."""
    lines: list[tuple[float, list[Word]]] = []
    for word in sorted(page.words, key=lambda w: -w.base):
        if not EDGE_POINTS < word.base < page.height - EDGE_POINTS / 2:
            continue
        if lines and lines[-1][0] - word.base < SAME_BASELINE:
            lines[-1][1].append(word)
        else:
            lines.append((word.base, [word]))
    return [(base, _once(sorted(words, key=lambda w: w.left))) for base, words in lines]


def _once(words: list[Word]) -> list[Word]:
    """Bold is sometimes made by printing a word twice, a hair apart."""
    return [
        word
        for place, word in enumerate(words)
        if not place or words[place - 1].text != word.text or word.left - words[place - 1].left > 1.5
    ]


def _leading(grouped: list[list[tuple[float, list[Word]]]], height: float) -> float:
    """The distance of rows that follow each other: the smallest one that is common, and not far above a letter's."""
    steps: Counter[float] = Counter()
    for lines in grouped:
        for (upper, _), (lower, _) in zip(lines, lines[1:], strict=False):
            if 6 <= upper - lower <= 40:
                steps[round((upper - lower) * 2) / 2] += 1
    total = steps.total()
    common = [step for step, count in steps.items() if count >= 0.12 * total]
    return min(common, default=12.0) if min(common, default=0.0) < 1.8 * height else height


def _pieces(words: list[Word], column: float) -> list[Piece]:
    pieces: list[list[Word]] = []
    for word in words:
        if pieces and word.left - pieces[-1][-1].right < GAP_COLUMNS * column:
            pieces[-1].append(word)
        else:
            pieces.append([word])
    return [Piece(part[0].left / column, part[-1].right / column, " ".join(w.text for w in part)) for part in pieces]
