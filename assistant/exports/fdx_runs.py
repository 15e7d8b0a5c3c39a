"""Text runs of a paragraph cut at a tag's edges; style, revision and every other attribute stay on each part."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from assistant.domain.screenplay import Line, LineKind
from assistant.exports.fdx_places import Edit, Node, markup

_CAPITALS: frozenset[LineKind] = frozenset({"heading", "character", "transition", "shot"})
Letter = tuple[str, int, int]
"""A letter as it is read, the run it stands in, and its place there."""


@dataclass(slots=True)
class Runs:
    """A paragraph's runs and the marks that were put on them: run → (from, to, tag number)."""

    nodes: list[Node]
    marks: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, paragraph: Node) -> "Runs":
        return cls(list(paragraph.all("Text")))

    def numbers(self) -> set[str]:
        """The tag numbers that the paragraph carries already."""
        return {number for run in self.nodes for number in numbers_of(run)}

    def find(self, line: Line, start: int, end: int, offset: int = 0) -> list[Letter]:
        """The letters of `line.text[start:end]`; empty where the paragraph does not read as the line does."""
        letters = _as_read(self.nodes, capitals=line.kind in _CAPITALS)
        read = "".join(letter for letter, _, _ in letters)
        if read[offset : offset + len(line.text)] != line.text:
            return []
        return letters[offset + start : offset + end]

    def mark(self, letters: Sequence[Letter], number: str) -> None:
        """Put a tag on these letters."""
        for place in dict.fromkeys(run for _, run, _ in letters):
            here = [at for _, run, at in letters if run == place]
            self.marks.setdefault(place, []).append((here[0], here[-1] + 1, number))

    def edits(self) -> list[Edit]:
        """What takes the place of the runs that were marked."""
        return [
            (self.nodes[place].start, self.nodes[place].end, "".join(map(markup, _cut(self.nodes[place], marks))))
            for place, marks in self.marks.items()
            if not self.nodes[place].children
        ]


def numbers_of(run: Node) -> list[str]:
    """The tags that a run is under."""
    return run.attributes.get("TagNumber", "").replace(",", " ").split()


def _as_read(runs: Sequence[Node], *, capitals: bool) -> list[Letter]:
    letters: list[Letter] = []
    for place, run in enumerate(runs):
        upper = capitals or "AllCaps" in run.attributes.get("Style", "")
        for at, letter in enumerate(run.text):
            if letter == "\r":
                letter = "" if run.text[at + 1 : at + 2] == "\n" else "\n"
            letters += [(sign, place, at) for sign in (letter.upper() if upper else letter)]
    first = next((at for at, letter in enumerate(letters) if not letter[0].isspace()), 0) if capitals else 0
    return letters[first:]


def _cut(run: Node, marks: Sequence[tuple[int, int, str]]) -> list[Element]:
    """The run as several, each under the tags that cover it; the narrowest of ours is named first."""
    edges = sorted({0, len(run.text), *(start for start, _, _ in marks), *(end for _, end, _ in marks)})
    ordered = sorted(marks, key=lambda mark: mark[1] - mark[0])
    parts = []
    for left, right in zip(edges, edges[1:], strict=False):
        ours = [number for start, end, number in ordered if start <= left and right <= end]
        part = Element(run.tag, run.attributes)
        if ours:
            part.set("TagNumber", ",".join([*numbers_of(run), *ours]))
        part.text = run.text[left:right]
        parts.append(part)
    return parts
