"""Quote or it did not happen: a claim stands only if each of its quotes stands in this production's material."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.domain.answers import Citation, Claim
from assistant.domain.citations import Passage
from assistant.knowledge.bm25 import tokens

SHORTEST = 2  # letters or digits a quote must hold
LEADING = 4  # words in front of a quote in which a "not" still belongs to it
_TYPOGRAPHY = str.maketrans(dict.fromkeys("‘’‚‛`´", "'") | dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‐‑‒–—―−", "-"))
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*[A-Za-z]?\b")
_NUMBER_WORDS = {
    word: str(value)
    for value, words in enumerate(
        (
            "zero cero", "one uno una", "two dos", "three tres", "four cuatro", "five cinco", "six seis", "seven siete",
            "eight ocho", "nine nueve", "ten diez", "eleven once", "twelve doce",
        )
    )
    for word in words.split()
}  # fmt: skip
_CLAUSE = re.compile(r"[.,;:!?()]+|\s-+\s")
_SHOUTED = re.compile(r"\b[A-ZÁÉÍÓÚÑÜ][A-ZÁÉÍÓÚÑÜ'’-]{2,}\b")
_CAPITAL = re.compile(r"\b[A-ZÁÉÍÓÚÑÜ][\w'’-]+")
_DENIES = re.compile(
    r"\b(?:not|never|without|nobody|none|nothing|neither|nor|cannot|sin|nunca|nadie|ning[uú]n\w*|nada|jam[aá]s|tampoco)\b"
    r"|n't\b|\bno\b(?!\.?\s*\d)"
)
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-ZÁÉÍÓÚÑÜ][\w'’-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One line that may be quoted: a script's line, or a row of the tables (then `line` is 0)."""

    source: str
    file: str
    scene: str
    line: int
    text: str


def normal(text: str) -> str:
    """Text for comparing: case, white space and typography do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY).replace("…", "...").casefold().split())


@dataclass
class _Stretch:
    """Lines that follow each other, as one comparable text; `starts` tells which line a place in it belongs to."""

    rows: Sequence[Row]
    text: str = ""
    starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        parts: list[str] = []
        at = 0
        for row in self.rows:
            part = normal(row.text)
            self.starts.append(at)
            parts.append(part)
            at += len(part) + 1
        self.text = " ".join(parts)

    def find(self, quote: str) -> Row | None:
        at = self._at(quote)
        return None if at < 0 else self.rows[bisect_right(self.starts, at) - 1]

    def lines(self, quote: str) -> str:
        """The whole lines that a quote stands in."""
        at = self._at(quote)
        if at < 0:
            return ""
        end = bisect_right(self.starts, at + len(quote) - 1)
        return self.text[self.starts[bisect_right(self.starts, at) - 1] : (*self.starts, len(self.text) + 1)[end] - 1]

    def leading(self, quote: str) -> str:
        """The few words in front of a quote, as far as its clause reaches back."""
        at = self._at(quote)
        return " ".join(_CLAUSE.split(self.text[:at])[-1].split()[-LEADING:]) if at > 0 else ""

    def _at(self, quote: str) -> int:
        at = self.text.find(quote)
        while at >= 0 and not self._whole(at, len(quote)):
            at = self.text.find(quote, at + 1)
        return at

    def _whole(self, at: int, length: int) -> bool:
        """Not from the middle of one word to the middle of another."""
        before, after = self.text[at - 1 : at], self.text[at + length : at + length + 1]
        first, last = self.text[at], self.text[at + length - 1]
        return not (before.isalnum() and first.isalnum()) and not (after.isalnum() and last.isalnum())


class Ground:
    """What an answer may quote: the passages that were retrieved and the rows the tables gave."""

    def __init__(self, passages: Iterable[Passage] = (), rows: Iterable[Row] = ()) -> None:
        self._stretches = [_Stretch(_rows(passage)) for passage in passages]
        self._stretches += [_Stretch([row]) for row in dict.fromkeys(rows)]
        shouted = {word for stretch in self._stretches for row in stretch.rows for word in _SHOUTED.findall(row.text)}
        self.people = frozenset(map(normal, shouted))  # the names of those who speak or come in, as scripts write them

    def place(self, quote: str, scene: str = "", line: int = 0) -> Citation | None:
        """Where a quote stands, as near as possible to where it is said to stand; None when it stands nowhere."""
        wanted = _wanted(quote)
        if sum(letter.isalnum() for letter in wanted) < SHORTEST:
            return None
        found = [(row, stretch) for stretch in self._stretches if (row := stretch.find(wanted))]
        if not found:
            return None
        row, _ = min(found, key=lambda pair: (bool(scene) and pair[0].scene != scene, abs(pair[0].line - line)))
        return Citation(row.source, row.file, row.scene, row.line, quote.strip())

    def around(self, citation: Citation) -> str:
        """All that can be read where a citation stands."""
        return " ".join(f"{stretch.text} {stretch.rows[0].scene}" for stretch in self._of(citation))

    def lines(self, citation: Citation) -> str:
        """The whole lines in which a citation's quote stands."""
        return " ".join(stretch.lines(_wanted(citation.quote)) for stretch in self._of(citation))

    def spoken(self, citation: Citation) -> str:
        """The quote with the words in front of it that belong to its clause."""
        quote = _wanted(citation.quote)
        return next((f"{stretch.leading(quote)} {quote}" for stretch in self._of(citation)), quote)

    def _of(self, citation: Citation) -> list[_Stretch]:
        wanted = _wanted(citation.quote)
        return [
            stretch
            for stretch in self._stretches
            if any(row.source == citation.source and row.scene == citation.scene for row in stretch.rows)
            and stretch.find(wanted)
        ]


def _wanted(quote: str) -> str:
    return normal(quote).strip(" \"'.")


def _rows(passage: Passage) -> list[Row]:
    lines = passage.text.split("\n")
    numbers = passage.numbers or (passage.line_from,) * len(lines)
    return [
        Row(passage.source, passage.file, passage.label if passage.scene else "", number, text)
        for number, text in zip(numbers, lines, strict=False)
    ]


def verified(
    claims: Iterable[Claim], ground: Ground, question: str = "", language: str = "en", composed: bool = True
) -> tuple[list[Claim], int]:
    """The claims that stand, each citation put to its true place, and how many were cut.

    `composed` says that somebody worded the claims freely; a sentence filled in from the tables needs no second look.
    """
    kept: list[Claim] = []
    cut = 0
    for claim in claims:
        placed = [ground.place(item.quote, item.scene, item.line) for item in claim.citations]
        standing = [item for item in placed if item is not None]
        stands = bool(claim.citations) and len(standing) == len(placed)
        if stands and (not composed or _supported(claim.text, standing, ground, question, language)):
            kept.append(Claim(claim.text, tuple(dict.fromkeys(standing))))
        else:
            cut += 1
    return kept, cut


def _supported(text: str, citations: Sequence[Citation], ground: Ground, question: str, language: str) -> bool:
    """A claim's numbers stand in the lines it quotes, its names there or around, it denies what they deny and no more.

    A true quote under a false sentence is the commonest way to be wrong; this finds the ones that can be found by
    reading alone.
    """
    quotes = normal(" ".join(item.quote for item in citations))
    around = normal(" ".join(ground.around(item) for item in citations))
    labels = {item.scene.casefold() for item in citations}
    lines = normal(" ".join(ground.lines(item) for item in citations))
    allowed = labels | {str(len(citations)), str(len(labels))} | numbers_in(lines)
    if not numbers_in(normal(text)) - {"1"} <= allowed or _other_person(text, citations, ground):
        return False
    if _turned_round(text, citations, ground, language):
        return False
    known = set(tokens(f"{around} {question} {' '.join(labels)}", language))
    names = {token for name in _NAME.findall(text) for token in tokens(name, language)}
    if not names <= known:
        return False
    words = {word for word in tokens(text, language) if len(word) > 3}
    return not words or bool(words & set(tokens(quotes, language))) or len(words & known) * 2 >= len(words)


def _other_person(text: str, citations: Sequence[Citation], ground: Ground) -> bool:
    """Does the claim say of somebody what its quotes say of others? A quote with no name in it says it of nobody."""
    quoted = [word for item in citations for word in _CAPITAL.findall(item.quote)]
    theirs = {word for word in map(normal, quoted) if word in ground.people}
    mine = {word for word in map(normal, _CAPITAL.findall(text)) if word in ground.people}
    return bool(theirs and mine) and not theirs & mine


def _turned_round(text: str, citations: Sequence[Citation], ground: Ground, language: str) -> bool:
    """Does the claim say with "not" what its quote says without, or the other way, in mostly the same words?"""
    words = {word for word in tokens(text, language) if len(word) > 2}
    shares = [(len(words & set(tokens(item.quote, language))), item) for item in citations]
    most, nearest = max(shares, key=lambda pair: pair[0])
    if 2 * most < len(words):
        return False
    return denies(text) != denies(ground.spoken(nearest))


def denies(text: str) -> bool:
    """Does a text say that something is not so?"""
    return bool(_DENIES.search(normal(text)))


def numbers_in(text: str) -> set[str]:
    """The numbers of a comparable text, small ones also where they are written out."""
    found = {number.casefold() for number in _NUMBER.findall(text)}
    return found | {_NUMBER_WORDS[word] for word in re.findall(r"[a-z]+", text) if word in _NUMBER_WORDS}
