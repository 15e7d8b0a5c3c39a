"""A line taken apart for the rules: its words, and which of them are spoken for by names and figures of speech."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.breakdown.vocabulary import Vocabulary
from assistant.breakdown.words import Token, sentences, tokens
from assistant.domain.categories import Category

Span = tuple[int, int]


@dataclass(frozen=True)
class Reading:
    """One line taken apart: its words, and which of them are spoken for (names, figures of speech)."""

    text: str
    tokens: list[Token]
    masked: frozenset[int]
    named: frozenset[int]
    words: Vocabulary
    glossary: Mapping[str, Category]

    def adjacent(self, index: int) -> bool:
        """Whether word `index` follows the one before with nothing but spaces between."""
        if not 0 < index < len(self.tokens):
            return False
        return self.text[self.tokens[index - 1].end : self.tokens[index].start].strip() == ""

    def breaks(self, index: int) -> bool:
        """Whether a sentence or clause ends before word `index`."""
        gap = self.text[self.tokens[index - 1].end : self.tokens[index].start] if index else ""
        return not gap or any(mark in gap for mark in ".!?;:()")

    def lower(self, index: int) -> str:
        return self.tokens[index].lower if 0 <= index < len(self.tokens) else ""

    def sentence(self, index: int) -> str:
        at = self.tokens[index].start
        return next((self.text[a:b] for a, b in sentences(self.text) if a <= at < b), self.text)


def read(text: str, names: list[Span], words: Vocabulary, glossary: Mapping[str, Category]) -> Reading:
    """Take a line apart. `names` are the places of known characters."""
    line = tokens(text)
    named = frozenset(i for i, token in enumerate(line) if any(a <= token.start < b for a, b in names))
    masked = named | frozenset(_figures(line, words)) | frozenset(_similes(text, line, words))
    return Reading(text, line, masked, named, words, glossary)


def _similes(text: str, line: list[Token], words: Vocabulary) -> Iterator[int]:
    """Places of words in a comparison, from "like a" or "as if" to the end of the clause."""
    inside = False
    for i, token in enumerate(line):
        gap = text[line[i - 1].end : token.start] if i else ""
        if gap.strip():
            inside = False
        if inside:
            yield i
        elif i + 1 < len(line):
            inside = (token.lower, line[i + 1].lower) in words.comparisons


def _figures(line: list[Token], words: Vocabulary) -> Iterator[int]:
    """Places of words used in a set phrase, where they name no thing."""
    written = [token.lower + ("'s" if token.owner else "") for token in line]
    for i, word in enumerate(written):
        for phrase in words.idioms.get(word.split("-")[0], ()):
            parts = phrase.split()
            if written[i : i + len(parts)] == parts:
                yield from range(i, i + len(parts))
                break
