"""Names each row of a printed script by where it starts and what stands above it, and joins wrapped rows again."""

from dataclasses import dataclass, field
from itertools import zip_longest

from assistant.domain.screenplay import Line, LineKind
from assistant.screenplay.breaks import join_pages
from assistant.screenplay.dual import unfold
from assistant.screenplay.layout_words import CONTINUED, OMITTED, TRANSITIONS, bare
from assistant.screenplay.margins import Margins, measure, shouted
from assistant.screenplay.paragraphs import flows_on, joined
from assistant.screenplay.rows import Row, tightly
from assistant.screenplay.slugs import is_slug, take_scene_number
from assistant.screenplay.source import SceneMark

Spoken = frozenset[LineKind]
SPEECH: Spoken = frozenset({"character", "parenthetical", "dialogue"})


def classify(rows: list[Row]) -> tuple[list[Line], dict[int, SceneMark]]:
    """The lines of the script, wrapped rows joined, and a mark for every heading."""
    for row in rows:
        take_scene_number(row)
    rows = join_pages(rows)
    margins = measure(rows)
    rows = unfold(rows, margins)
    reader = _Reader(margins)
    for row, follower in zip_longest(rows, rows[1:]):
        reader.read(row, follower)
    return reader.lines(), reader.marks


@dataclass(slots=True)
class _Paragraph:
    kind: LineKind
    rows: list[Row]
    dual: bool = False


@dataclass(slots=True)
class _Reader:
    """Reads rows in order; what a row is depends on the row before and, for cues, on the row after."""

    margins: Margins
    done: list[_Paragraph] = field(default_factory=list)
    marks: dict[int, SceneMark] = field(default_factory=dict)
    speaker: str = ""

    def read(self, row: Row, follower: Row | None) -> None:
        if row.kind:
            self._add(row.kind, row)
        elif is_slug(row):
            self._heading(row)
        elif not self._resumes(row):
            self._add(self._kind(row, follower), row)

    def lines(self) -> list[Line]:
        return [
            Line(
                number=paragraph.rows[0].number,
                kind=paragraph.kind,
                text=joined(paragraph.rows),
                page=paragraph.rows[0].page,
                dual=paragraph.dual,
                revision=next((row.revised for row in paragraph.rows if row.revised), None),
            )
            for paragraph in self.done
        ]

    def _last(self) -> _Paragraph | None:
        return self.done[-1] if self.done else None

    def _heading(self, row: Row) -> None:
        self.speaker = ""
        self.done.append(_Paragraph("heading", [row]))
        self.marks[row.number] = SceneMark(
            number=row.scene_number,
            page=row.page,
            omitted=bool(OMITTED.fullmatch(row.text)),
            revision=row.revised,
        )

    def _kind(self, row: Row, follower: Row | None) -> LineKind:
        if self._is_cue(row, follower):
            return "character"
        if self.margins.is_indented(row):
            return self._indented(row)
        if self._goes_on_speaking(row) and self.margins.cue is None:
            return "parenthetical" if self._in_brackets(row) else "dialogue"
        text = row.text.strip()
        apart = row.space is None or row.space >= 0.5
        return "transition" if apart and text.isupper() and TRANSITIONS.fullmatch(text) else "action"

    def _indented(self, row: Row) -> LineKind:
        text = row.text.strip()
        apart = row.space is None or row.space >= 0.5
        if apart and shouted(text) and (TRANSITIONS.fullmatch(text) or self.margins.at_right(row)):
            return "transition"
        if self._goes_on_speaking(row):
            return "parenthetical" if self._in_brackets(row) else "dialogue"
        return "centered" if self.margins.is_centred(row) and apart else "action"

    def _goes_on_speaking(self, row: Row) -> bool:
        """Rows below a cue are its speech; after a blank row or a page break only where dialogue stands."""
        last = self._last()
        if last is None or last.kind not in SPEECH:
            return False
        if tightly(row):
            return True
        column = self.margins.dialogue
        return column is not None and row.left >= column - 1.5 and row.left < column + 9 and not shouted(row.text)

    def _in_brackets(self, row: Row) -> bool:
        if row.text.startswith("("):
            return True
        last = self._last()
        if last is None or last.kind != "parenthetical" or not tightly(row) and row.space is not None:
            return False
        text = joined(last.rows)
        return text.count("(") > text.count(")")

    def _is_cue(self, row: Row, follower: Row | None) -> bool:
        if follower is None or not shouted(row.text) or row.text.startswith("(") or not tightly(follower):
            return False
        last = self._last()
        if tightly(row) and last is not None and last.kind in SPEECH and not self._leaves_dialogue(row):
            return False
        if self.margins.cue is None:  # everything at one margin: capitals over a row are a cue
            return not tightly(row) and not row.text.endswith((".", ":", "!"))
        if not self.margins.is_indented(row) or not self.margins.is_indented(follower):
            return False
        at_cue = abs(row.left - self.margins.cue) < 1.2
        return at_cue or row.left > follower.left + 1.5 or follower.text.startswith("(") or _both_centred(row, follower)

    def _leaves_dialogue(self, row: Row) -> bool:
        column = self.margins.dialogue
        return (
            column is not None
            and row.left > column + 4
            and self.margins.cue is not None
            and (abs(row.left - self.margins.cue) < 1.2)
        )

    def _resumes(self, row: Row) -> bool:
        """The cue printed again over a speech that the page break cut: dropped, the speech goes on."""
        last = self._last()
        if row.space is not None or last is None or last.kind not in SPEECH or not self.speaker:
            return False
        name, _, extension = row.text.partition("(")
        again = any(bare(part) in CONTINUED for part in extension.split("("))
        return again and name.strip() == self.speaker and self.margins.is_indented(row)

    def _add(self, kind: LineKind, row: Row) -> None:
        if kind == "character":
            self.speaker = row.text.partition("(")[0].strip()
        elif kind not in SPEECH:
            self.speaker = ""
        last = self._last()
        if last is not None and self._same_paragraph(last, kind, row):
            last.rows.append(row)
        else:
            self.done.append(_Paragraph(kind, [row], row.dual))

    def _same_paragraph(self, last: _Paragraph, kind: LineKind, row: Row) -> bool:
        if last.kind == "heading":
            return tightly(row) and kind == "action" and row.text.isupper() and self._is_full(last.rows[-1], row)
        if row.kind:
            return kind == last.kind and row.dual == last.dual and kind != "character"
        if kind != last.kind or kind in ("character", "transition", "centered"):
            return False
        if kind == "parenthetical":
            return not row.text.startswith("(")
        if abs(row.left - last.rows[-1].left) > 2.5 and kind == "action":
            return False
        if row.space is not None and not tightly(row):
            return False
        right = self.margins.dialogue_right if kind == "dialogue" else self.margins.action_right
        return flows_on(last.rows[-1], row, right)

    def _is_full(self, above: Row, row: Row) -> bool:
        return above.right + 1 + row.first_word > self.margins.action_right - 2


def _both_centred(row: Row, follower: Row) -> bool:
    """A name over a speech that is set to the middle and shorter than the name."""
    off = (row.left + row.right - follower.left - follower.right) / 2
    return abs(off) < 1.5 and not shouted(follower.text)
