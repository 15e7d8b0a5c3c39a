"""Takes off what every page prints beside the script: stamps, running heads, page numbers, revision stars."""

import re
from collections import Counter, defaultdict
from itertools import zip_longest

from assistant.screenplay.headings import is_heading
from assistant.screenplay.layout_words import CONTINUED, DATED, MORE, PAGE_NUMBER, SCENE_NUMBER, bare
from assistant.screenplay.pdf_page import Page, Word, letter_height, respace
from assistant.screenplay.rows import Piece, Row

FEWEST_STAMPED = 4  # pages a word must stand on at one place before it is a stamp
TOP, BOTTOM = 0.086, 0.935  # outside of these is the paper's margin
STARS = re.compile(r"\*{1,3}")
_NUMBER_STARRED = re.compile(rf"{SCENE_NUMBER} \*")


def unstamp(pages: list[Page]) -> list[Page]:
    """Without the words that stand at the same place on most pages, in another size or in the margins."""
    seen: Counter[tuple[str, int, int]] = Counter()
    odd: set[tuple[str, int, int]] = set()
    height = letter_height(pages)
    for page in pages:
        places = {_place(word): word for word in page.words}
        seen.update(places.keys())
        odd |= {place for place, word in places.items() if _is_odd(word, page, height)}
    most, nearly_all = max(FEWEST_STAMPED, round(0.6 * len(pages))), max(6, round(0.95 * len(pages)))
    stamps = {
        place
        for place, count in seen.items()
        if count >= (most if place in odd else nearly_all) and not _is_mark(place[0])
    }
    if not stamps:
        return pages
    return [Page(p.width, p.height, [word for word in p.words if _place(word) not in stamps]) for p in pages]


def _place(word: Word) -> tuple[str, int, int]:
    return word.text, round(word.left), round(word.base)


def _is_odd(word: Word, page: Page, height: float) -> bool:
    return not 0.75 < word.size / height < 1.4 or not TOP < 1 - word.base / page.height < BOTTOM


def _is_mark(word: str) -> bool:
    """Words that may stand at one place on many pages and still tell something of the script."""
    return bool(STARS.fullmatch(word)) or bare(word) in CONTINUED or bare(word) in MORE


def clean(rows: list[Row]) -> tuple[list[Row], dict[int, int]]:
    """The script's own rows, and the printed number of each sheet that shows one."""
    _take_stars(rows)
    rows = [row for row in rows if row.pieces]
    labels: dict[int, int] = {}
    edges = _edges(rows)
    rows = [row for row, follower in zip_longest(rows, rows[1:]) if not _is_running(row, follower, edges, labels)]
    respace(rows)
    return rows, labels


def page_numbers(rows: list[Row], labels: dict[int, int]) -> None:
    """From here on a row's page is the printed number, counted on where a sheet shows none."""
    shift = Counter(sheet - label for sheet, label in labels.items()).most_common(1)
    for row in rows:
        if row.page is not None and shift:
            row.page = labels.get(row.page, max(1, row.page - shift[0][0]))


def _edges(rows: list[Row]) -> dict[str, int]:
    """On how many sheets a text, digits aside, is one of the two first or last rows."""
    sheets: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        sheets[row.page or 0].append(row)
    counts: Counter[str] = Counter()
    for on_page in sheets.values():
        counts.update({_masked(row.text) for row in (*on_page[:2], *on_page[-2:])})
    counts["\0sheets"] = len(sheets)
    return counts


def _masked(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _is_running(row: Row, below: Row | None, edges: dict[str, int], labels: dict[int, int]) -> bool:
    depth = row.depth if row.depth is not None else 0.5
    if 0.13 < depth < 0.9:
        return False
    numbers = [found for piece in row.pieces if (found := PAGE_NUMBER.fullmatch(piece.text))]
    in_margin = depth < TOP or depth > BOTTOM
    if numbers and (in_margin or len(row.pieces) == 1):
        labels.setdefault(row.page or 0, int(numbers[-1].group(1)))
        return True
    often = edges.get(_masked(row.text), 0)
    if in_margin:
        return often >= 2 or bool(DATED.search(row.text))
    return often >= max(3, 0.3 * edges["\0sheets"]) and _stands_apart(row, below) and not is_heading(row.text)


def _stands_apart(row: Row, below: Row | None) -> bool:
    """A running head has air to the text; a name over its speech has none."""
    side = below if (row.depth or 0.0) < 0.5 else row
    return side is None or side.space is None or side.space > 0.8


def _take_stars(rows: list[Row]) -> None:
    """A star in the right margin says that the row changed in the last revision."""
    alone = [row.right for row in rows if STARS.fullmatch(row.pieces[-1].text) and len(row.pieces) > 1]
    column = Counter(round(right) for right in alone).most_common(1)
    widest = max((row.pieces[0].right for row in rows), default=0.0)
    for row in rows:
        last = row.pieces[-1]
        if STARS.fullmatch(last.text) and (len(row.pieces) > 1 or last.left > 0.8 * widest):
            row.pieces.pop()
            row.revised = "*"
        elif _NUMBER_STARRED.fullmatch(last.text) or (
            column and last.text.endswith(" *") and abs(last.right - column[0][0]) < 1.5
        ):
            row.pieces[-1] = Piece(last.left, last.right - 2, last.text[:-2].rstrip())
            row.revised = "*"
