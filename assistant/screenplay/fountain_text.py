"""First pass over a Fountain file: physical lines with their numbers, boneyard gone and notes set aside."""

import re
from dataclasses import dataclass, field

from assistant.domain.screenplay import Remark
from assistant.screenplay.fountain_inline import is_escaped

_BLANK_LINE = re.compile(r"\n[ \t]?(?=\n)")


@dataclass(slots=True)
class Physical:
    """One line as the parser sees it. `gone` says that nothing but notes or boneyard stood on it."""

    number: int
    text: str = ""
    notes: list[tuple[int, str]] = field(default_factory=list)
    touched: bool = False

    @property
    def blank(self) -> bool:
        return not self.touched and not self.text.strip()

    @property
    def gone(self) -> bool:
        return self.touched and not self.text.strip()


def physical_lines(text: str) -> tuple[list[Physical], list[Remark]]:
    """Lines in order. A note or boneyard that spans lines joins what stands before and after it into its first line."""
    scanner = _Scanner(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    scanner.run()
    for line in scanner.lines:
        if line.touched:
            line.text = line.text.rstrip()
    return scanner.lines, scanner.remarks


class _Scanner:
    """Walks once through the text, from one opening mark to the next."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = [Physical(1)]
        self.remarks: list[Remark] = []
        self._number = 1
        self._parts: list[str] = []
        self._found: dict[str, int] = {}

    def run(self) -> None:
        at = 0
        while True:
            start, is_note = self._next_opening(at)
            self._keep(self.text[at:start])
            if start == len(self.text):
                self._close_line()
                return
            end = self._end_of_note(start) if is_note else self._find("*/", start + 2)
            if end < 0:
                self._say_unclosed(is_note)
                self._keep(self.text[start : start + 2])
                at = start + 2
            else:
                self._drop(self.text[start + 2 : end], is_note)
                at = end + 2

    def _next_opening(self, at: int) -> tuple[int, bool]:
        """Where the next unescaped note or boneyard opens (the end of the text if none does), and whether a note."""
        end = len(self.text)
        while True:
            note, bone = (self._find(mark, at) for mark in ("[[", "/*"))
            start = min(note if note >= 0 else end, bone if bone >= 0 else end)
            if start == end or not is_escaped(self.text, start):
                return start, start == note
            at = start + 1

    def _find(self, mark: str, at: int) -> int:
        """`str.find` that remembers, so that a file full of unclosed marks still takes one pass."""
        known = self._found.get(mark)
        if known is None or (0 <= known < at):
            known = self._found[mark] = self.text.find(mark, at)
        return known

    def _end_of_note(self, start: int) -> int:
        """Where a note closes, or -1: it may span lines, not an empty one (a line of two spaces is none)."""
        end = self._find("]]", start + 2)
        known = self._found.get("blank")
        if known is None or (0 <= known < start):
            match = _BLANK_LINE.search(self.text, start)
            known = self._found["blank"] = match.start() if match else -1
        return -1 if 0 <= known < end else end

    def _keep(self, text: str) -> None:
        first, *rest = text.split("\n")
        self._parts.append(first)
        for part in rest:
            self._close_line()
            self._number += 1
            self.lines.append(Physical(self._number))
            self._parts.append(part)

    def _close_line(self) -> None:
        self.lines[-1].text = "".join(self._parts)
        self._parts.clear()

    def _drop(self, text: str, is_note: bool) -> None:
        line = self.lines[-1]
        line.touched = True
        for offset, part in enumerate(text.split("\n")):
            if is_note and part.strip():
                line.notes.append((self._number + offset, part.strip()))
        self._number += text.count("\n")

    def _say_unclosed(self, is_note: bool) -> None:
        what = "note ([[)" if is_note else "boneyard (/*)"
        remark = Remark(f"A {what} opens here and is not closed; it was read as text.", self._number)
        if all(known.what != remark.what for known in self.remarks):
            self.remarks.append(remark)
