"""Long scenes cut where a reader would pause, so that a model with a small window can be asked in parts."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.breakdown.merge import canonical
from assistant.breakdown.words import sentences
from assistant.domain.breakdown import Element
from assistant.domain.categories import Category
from assistant.domain.screenplay import SILENT_KINDS, Line, Scene

_SPOKEN = frozenset({"parenthetical", "dialogue", "lyrics"})
_SMALLEST = 120  # bytes; below that a cut takes the sense out of the words
_WORD = re.compile(r"\S+\s*")


def size(scene: Scene) -> int:
    """Bytes of what a model would read of the scene, its heading left out."""
    return sum(_bytes(line) for line in _told(scene))


def pieces(scene: Scene, most: int) -> tuple[Scene, ...]:
    """The scene in parts of at most `most` bytes, each under its heading: whole speeches and paragraphs where they fit.

    What does not fit is cut at lines, then at sentences, then at words; every word is in exactly one part.
    """
    if size(scene) <= most:
        return (scene,)
    parts: list[list[Line]] = [[]]
    room = most
    for block in _fitting(_blocks(_told(scene)), max(most, _SMALLEST)):
        need = sum(map(_bytes, block))
        if need > room and parts[-1]:
            parts.append([])
            room = most
        parts[-1] += block
        room -= need
    return tuple(replace(scene, lines=(scene.lines[0], *part)) for part in parts)


def smaller(scene: Scene) -> tuple[Scene, ...]:
    """The scene in two or three parts, or as it is where it can not be cut any further."""
    whole = size(scene)
    return pieces(scene, (whole + 1) // 2) if whole >= 2 * _SMALLEST else (scene,)


def without_doubles(elements: Iterable[Element]) -> tuple[Element, ...]:
    """Elements of several parts of one scene, each thing once; a quote that names it goes before one that implies."""
    found: dict[tuple[Category, str], Element] = {}
    for element in elements:
        key = (element.category, canonical(element.name)[0])
        known = found.get(key)
        if known is None:
            found[key] = element
        elif (known.implied and not element.implied) or (element.quantity or 0) > (known.quantity or 0):
            kept = element if known.implied and not element.implied else known
            found[key] = replace(kept, quantity=max(known.quantity or 0, element.quantity or 0) or None)
    return tuple(found.values())


def _told(scene: Scene) -> tuple[Line, ...]:
    return tuple(line for line in scene.lines[1:] if line.kind not in SILENT_KINDS)


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Whole speeches, and single paragraphs of everything else."""
    block: list[Line] = []
    for line in lines:
        if block and not (line.kind in _SPOKEN and (block[0].kind == "character" or block[-1].kind in _SPOKEN)):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _fitting(blocks: Iterable[list[Line]], most: int) -> Iterator[list[Line]]:
    for block in blocks:
        if sum(map(_bytes, block)) <= most:
            yield block
        else:
            yield from ([part] for line in block for part in _cut(line, most))


def _cut(line: Line, most: int) -> Iterator[Line]:
    """A line that is too long, at its sentences, else at its words."""
    if _bytes(line) <= most:
        yield line
        return
    starts = [0, *(start for start, _ in sentences(line.text) if start), len(line.text)]
    spans = [line.text[start:end] for start, end in pairwise(starts)]
    parts = [part for span in spans for part in ([span] if _length(span) <= most else _WORD.findall(span))]
    text = ""
    for part in parts:
        if text and _length(text) + _length(part) > most:
            yield replace(line, text=text.strip())
            text = ""
        text += part
    if text.strip():
        yield replace(line, text=text.strip())


def _bytes(line: Line) -> int:
    return _length(line.text) + 1


def _length(text: str) -> int:
    return len(text.encode())
