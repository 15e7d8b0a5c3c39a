"""Where an element's evidence stands in a line, as pieces of text that a page can highlight."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.domain.breakdown import Element
from assistant.domain.categories import Category

SHORT_QUOTE = 48  # characters; a longer one would paint half a paragraph

_DEEDS = {Category.STUNTS, Category.CAMERA, Category.NOTES}  # named by what happens, not by a noun in the quote

_ENDING = re.compile(r"(?:e?s)?(?!\w)", re.IGNORECASE)

Span = tuple[int, int, int]
"""Start, end, and the element's index."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line and the elements it is evidence of, the narrowest first; none for plain text."""

    text: str
    elements: tuple[int, ...] = ()


def span(text: str, element: Element, index: int) -> Span:
    """The words to highlight: the name inside the quote, else a short quote, else the noun, else the whole quote."""
    start, end = _find(text, element.evidence.text.strip(), 0, len(text)) or (0, len(text))
    if not element.implied:
        noun = element.name.split()[-1:] if end - start > SHORT_QUOTE and element.category not in _DEEDS else []
        for words in (element.name, *noun):
            if found := _word(text, words, start, end):
                return (*found, index)
    return start, end, index


def _word(text: str, words: str, start: int, end: int) -> tuple[int, int] | None:
    """`words` in `text[start:end]` as whole words, a plural's ending included."""
    found = _find(text, words, start, end)
    while found:
        left, right = found
        rest = _ENDING.match(text, right)
        if rest and not (left > 0 and text[left - 1].isalnum()):
            return left, rest.end()
        found = _find(text, words, left + 1, end)
    return None


def _find(text: str, words: str, start: int, end: int) -> tuple[int, int] | None:
    """`words` in `text[start:end]` in any case."""
    low = text.lower()
    if not words or len(low) != len(text):  # a sign that grows when lowered would shift every place after it
        return None
    at = low.find(words.lower(), start, end)
    return None if at < 0 else (at, at + len(words.lower()))


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
