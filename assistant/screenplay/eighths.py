"""Page length in eighths, by the rule measured on scripts that carry their own: lines as printed, rounded up."""

import math
import re
from collections.abc import Iterator, Sequence

from assistant.domain.screenplay import SILENT_KINDS, Line, LineKind
from assistant.screenplay.source import Layout

DUAL_COLUMNS = 28  # each half of a dual dialogue, Courier 12
_SPACE_BEFORE: dict[LineKind, float] = {
    "heading": 2,
    "action": 1,
    "character": 1,
    "transition": 1,
    "shot": 1,
    "centered": 1,
    "lyrics": 0,
}
_PIECE = re.compile(r"[^\s-]*-+|[^\s-]+\s*|\s+")
_SPEECH: frozenset[LineKind] = frozenset({"character", "parenthetical", "dialogue", "lyrics"})


def eighths(lines: Sequence[Line], layout: Layout) -> int:
    """Eighths of a page these lines fill when printed: at least one, a started eighth counts whole."""
    printed = sum(height(block, layout) for block in _blocks(lines)) - _unspaced(lines, layout)
    return max(1, math.ceil(round(printed / layout.lines_per_page * 8, 6)))


def _unspaced(lines: Sequence[Line], layout: Layout) -> float:
    """Blank lines that `height` counts before actions that only go on from the line above."""
    if not layout.hard_breaks:
        return 0.0
    goes_on = sum(
        1
        for before, line in zip(lines, lines[1:], strict=False)
        if before.kind == line.kind == "action" and line.number == before.number + 1
    )
    return goes_on * layout.space_before.get("action", _SPACE_BEFORE["action"])


def height(block: Sequence[Sequence[Line]], layout: Layout) -> float:
    """Printed lines of a block: one column of lines, or the longer of the two halves of a dual dialogue."""
    narrow = len(block) > 1
    return max(sum(_line_height(line, layout, narrow) for line in half) for half in block)


def _line_height(line: Line, layout: Layout, narrow: bool) -> float:
    columns = _columns(line.kind, layout)
    if narrow:
        columns = min(columns, DUAL_COLUMNS)
    space = layout.space_before.get(line.kind, _SPACE_BEFORE.get(line.kind, 0))
    return space + sum(wrapped(part, columns) for part in line.text.split("\n"))


def _columns(kind: LineKind, layout: Layout) -> int:
    if kind in {"dialogue", "lyrics"}:
        return layout.dialogue
    if kind == "parenthetical":
        return layout.parenthetical
    if kind == "character":
        return layout.character
    return layout.transition if kind == "transition" else layout.action


def wrapped(text: str, columns: int) -> int:
    """How many lines `text` takes at this width, broken at spaces and after hyphens."""
    if len(text) <= columns:
        return 1
    rows, used = 1, 0
    for word in _PIECE.findall(text):
        width = len(word.rstrip())
        if used and used + width > columns:
            rows, used = rows + 1, 0
        if width > columns:
            rows += (width - 1) // columns
            used = (width - 1) % columns + 1
        else:
            used += len(word)
    return rows


def _blocks(lines: Sequence[Line]) -> Iterator[list[list[Line]]]:
    """The lines that print, one by one, and each dual dialogue as its two halves."""
    shown = [line for line in lines if line.kind not in SILENT_KINDS]
    place = 0
    while place < len(shown):
        end = _speech_end(shown, place)
        second = _speech_end(shown, end)
        if end > place and second > end and shown[end].dual and not shown[place].dual:
            yield [shown[place:end], shown[end:second]]
            place = second
            continue
        yield [[shown[place]]]
        place += 1


def _speech_end(lines: Sequence[Line], start: int) -> int:
    """Where the speech that starts with a cue at `start` ends; `start` itself if no cue is there."""
    if start >= len(lines) or lines[start].kind != "character":
        return start
    end = start + 1
    while end < len(lines) and lines[end].kind in _SPEECH and lines[end].kind != "character":
        end += 1
    return end
