"""Where a script's elements start and end, measured in the script itself: no two programs set the same indents."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from assistant.screenplay.rows import Row, tightly
from assistant.screenplay.slugs import is_slug

INDENTED = 3.5  # columns right of the action that can not be chance
NARROWEST = 45  # columns of action; a few short rows do not tell the measure


@dataclass(frozen=True, slots=True)
class Margins:
    """Columns: left edges of action, dialogue and cues (None: no such column), right edges of action and dialogue."""

    action: float
    action_right: float
    dialogue: float | None
    dialogue_right: float
    cue: float | None

    def indent(self, row: Row) -> float:
        return row.left - self.action

    def is_indented(self, row: Row) -> bool:
        return row.left - self.action >= INDENTED

    def is_centred(self, row: Row) -> bool:
        middle = (row.left + row.right) / 2
        return self.is_indented(row) and abs(middle - (self.action + self.action_right) / 2) < 3

    def at_right(self, row: Row) -> bool:
        """Set to the right: past the middle, and not where cues stand."""
        near_cue = self.cue is not None and abs(row.left - self.cue) < 2
        return self.indent(row) > 0.5 * (self.action_right - self.action) and not near_cue


def measure(rows: list[Row]) -> Margins:
    """Action starts where rows after headings do; cues are the capital rows whose next row starts further left."""
    action = _action_left(rows)
    at_margin = [row for row in rows if abs(row.left - action) < 2]
    action_right = max((_usual_right(at_margin)), action + NARROWEST)
    spoken = [
        (row, follower)
        for row, follower in zip(rows, rows[1:], strict=False)
        if tightly(follower)
        and follower.left >= action + INDENTED
        and row.left > follower.left + 1.5
        and shouted(row.text)
    ]
    cue = _column(row.left for row, _ in spoken)
    dialogue = _column(follower.left for _, follower in spoken if not follower.text.startswith("("))
    dialogue_rows = [row for row in rows if dialogue is not None and abs(row.left - dialogue) < 1.5]
    return Margins(action, action_right, dialogue, _usual_right(dialogue_rows), cue)


def shouted(text: str) -> bool:
    """Capitals, or a script that has none; extensions in brackets do not count."""
    plain = text.split("(", 1)[0].strip() or text
    letters = [letter for letter in plain if letter.isalpha()]
    if not letters:
        return any(letter.isdigit() for letter in plain)
    low = sum(letter.islower() for letter in letters)
    return low <= 0.25 * len(letters) and len(plain) <= 50


def _action_left(rows: list[Row]) -> float:
    slugs = [row for row in rows if is_slug(row)]
    heading_left = median([row.left for row in slugs]) if slugs else min((row.left for row in rows), default=0.0)
    after = [
        below.left
        for above, below in zip(rows, rows[1:], strict=False)
        if is_slug(above) and not is_slug(below) and below.left < heading_left + INDENTED
    ]
    return _column(after) or heading_left


def _column(lefts: Iterable[float]) -> float | None:
    """The most frequent left edge, to the nearest half column."""
    counts = Counter(round(left * 2) / 2 for left in lefts)
    return counts.most_common(1)[0][0] if counts else None


def _usual_right(rows: list[Row]) -> float:
    """The right edge that nearly all rows keep: a single overlong row does not move it."""
    rights = sorted(row.right for row in rows)
    return rights[int(0.98 * (len(rights) - 1))] if rights else 0.0
