"""A scene beside its earlier self, word by word: what stayed, what went, what came."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from assistant.domain.screenplay import SILENT_KINDS, Line, Scene

Fate = Literal["same", "gone", "come"]
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]", re.UNICODE)
_ALIKE = 0.3  # of their words, below which a line was replaced and not reworded


class Part(NamedTuple):
    """Some words of a line and what became of them."""

    fate: Fate
    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """One line of the comparison. `fate` is the whole line's; a reworded one is "same" with parts that are not."""

    kind: str
    fate: Fate
    parts: tuple[Part, ...]

    @property
    def touched(self) -> bool:
        return self.fate != "same" or any(part.fate != "same" for part in self.parts)


def marked(old: Scene | None, new: Scene | None) -> tuple[Marked, ...]:
    """All lines of both in reading order; headings too."""
    before, after = _lines(old), _lines(new)
    texts = [line.text for line in before], [line.text for line in after]
    found: list[Marked] = []
    for kind, a, b, c, d in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [_whole("same", line) for line in after[c:d]]
        else:
            found += _replaced(before[a:b], after[c:d])
    return tuple(found)


def _lines(scene: Scene | None) -> Sequence[Line]:
    return [line for line in scene.lines if line.kind not in SILENT_KINDS] if scene else []


def _whole(fate: Fate, line: Line) -> Marked:
    return Marked(line.kind, fate, (Part(fate, line.text),))


def _replaced(gone: Sequence[Line], come: Sequence[Line]) -> Iterator[Marked]:
    """Lines that changed: each new one beside the next old one it resembles, in order."""
    at = 0
    for line in come:
        twin = next((n for n in range(at, len(gone)) if _alike(gone[n], line)), None)
        if twin is None:
            yield _whole("come", line)
            continue
        yield from (_whole("gone", old) for old in gone[at:twin])
        yield Marked(line.kind, "same", tuple(_words(gone[twin].text, line.text)))
        at = twin + 1
    yield from (_whole("gone", old) for old in gone[at:])


def _alike(old: Line, new: Line) -> bool:
    if old.kind != new.kind:
        return False
    words = SequenceMatcher(None, old.text.casefold().split(), new.text.casefold().split(), autojunk=False)
    return words.quick_ratio() >= _ALIKE and words.ratio() >= _ALIKE


def _words(old: str, new: str) -> Iterator[Part]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Part("same", "".join(after[c:d]))
            continue
        if a < b:
            yield Part("gone", "".join(before[a:b]))
        if c < d:
            yield Part("come", "".join(after[c:d]))
