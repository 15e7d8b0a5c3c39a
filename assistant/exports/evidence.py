"""Where an element's evidence stands in a line, as pieces of text that a page can highlight."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.domain.breakdown import Element

Span = tuple[int, int, int]
"""Start, end, and the element's index."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line and the elements it is evidence of, the narrowest first; none for plain text."""

    text: str
    elements: tuple[int, ...] = ()


def span(text: str, element: Element, index: int) -> Span:
    """The words to highlight: the element's name inside its quote, else the quote, else the whole line."""
    start, end = _find(text, element.evidence.text.strip(), 0, len(text)) or (0, len(text))
    for words in () if element.implied else (element.name, element.name.split()[-1:] and element.name.split()[-1]):
        if words and (found := _find(text, str(words), start, end, whole=True)):
            return (*found, index)
    return start, end, index


def _find(text: str, words: str, start: int, end: int, whole: bool = False) -> tuple[int, int] | None:
    """`words` in `text[start:end]` in any case; `whole` asks for a word's beginning before and takes a plural's s."""
    low, wanted = text.lower(), words.lower()
    if not wanted or len(low) != len(text):
        return None
    at = low.find(wanted, start, end)
    while whole and at > 0 and low[at - 1].isalnum():
        at = low.find(wanted, at + 1, end)
    if at < 0:
        return None
    stop = at + len(wanted)
    return at, stop


def pieces(text: str, spans: Iterable[Span]) -> Sequence[Piece]:
    """The line cut at every span's edge; joined again, the pieces are the line."""
    marks = sorted((s for s in spans if s[0] < s[1]), key=lambda s: (s[1] - s[0], s[0]))
    if not marks:
        return (Piece(text),)
    edges = sorted({0, len(text), *(s[0] for s in marks), *(s[1] for s in marks)})
    return tuple(
        Piece(text[left:right], tuple(index for start, end, index in marks if start <= left and right <= end))
        for left, right in zip(edges, edges[1:], strict=False)
    )
