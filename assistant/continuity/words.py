"""The lexicon of continuity for English, read once, and the small grammar its rules share."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from assistant.continuity.clues import LEXICON

_DETERMINER = r"(?:a|an|the|his|her|their|its|another|this|that|[A-Z][\w’'-]+['’]s)"
_INNER = frozenset(
    {
        "a",
        "an",
        "the",
        "his",
        "her",
        "my",
        "your",
        "all",
        "twice",
        "hard",
        "tight",
        "high",
        "low",
        "over",
        "fall",
        "drop",
        "go",
        "slip",
        "sink",
    }
)
_WORD = re.compile(r"[^\W\d_](?:[\w-]|[’'](?=\w))*|\d+")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“'(A-Z0-9ÁÉÍÓÚÑ])")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Lt|Sgt|Capt|Col|Prof|No|vs)\.$")
NUMBERS = {
    word: number
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
        + ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty")
    )
}
TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "twenty": 20}
NUMBER = (
    r"(?:\d{1,3}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|"
    rf"eight|nine))?|{'|'.join(word for word in NUMBERS if word != 'zero')})"
)


@dataclass(frozen=True, slots=True)
class Thing:
    """A noun phrase: "her old brass lantern" → her, {old, brass}, lantern, and where it ends in its text."""

    determiner: str
    marks: tuple[str, ...]
    head: str
    start: int
    end: int

    @property
    def name(self) -> str:
        return " ".join((*self.marks, self.head))

    @property
    def definite(self) -> bool:
        """Whether it is a known one: "the lantern", "her lantern"."""
        return self.determiner not in {"a", "an", "another", "one", ""}

    def same(self, other: "Thing") -> bool:
        """Whether both may be one thing: one noun, and no mark of one that the other denies."""
        mine, theirs = set(self.marks), set(other.marks)
        return self.head == other.head and (mine <= theirs or theirs <= mine)


@dataclass(frozen=True)
class Lexicon:
    """Words by group, and patterns of whole groups made on first use."""

    rows: Mapping[str, Any]

    def list(self, group: str) -> tuple[str, ...]:
        """The entries of a group, the longest first."""
        return _commas(self.rows[group])

    def has(self, group: str, word: str) -> bool:
        return word in _members(group)

    def pattern(self, group: str) -> re.Pattern[str]:
        """Any entry of a group as whole words."""
        return _pattern(group)

    def within(self, group: str) -> Mapping[str, str]:
        """Entry → its part, for a group that has parts: "palm" → "hand"."""
        return _parts(group)

    def any_of(self, group: str) -> str:
        """A group as an alternation to build a pattern from."""
        rows = self.rows[group]
        return alternation(_parts(group) if isinstance(rows, dict) else _commas(rows))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The English lexicon."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Lexicon(yaml.load((LEXICON / "en.yaml").read_text(encoding="utf-8"), Loader=loader))


def alternation(words: Iterable[str]) -> str:
    """Words as one pattern, the longest first, any run of spaces between their parts."""
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered) + ")"


@lru_cache(maxsize=64)
def _pattern(group: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){lexicon().any_of(group)}(?![\w-])", re.IGNORECASE)


@lru_cache(maxsize=64)
def _members(group: str) -> frozenset[str]:
    return frozenset(lexicon().list(group))


@lru_cache(maxsize=8)
def _parts(group: str) -> dict[str, str]:
    return {entry: part for part, text in lexicon().rows[group].items() for entry in _commas(text)}


def _commas(text: str) -> tuple[str, ...]:
    found = {part.strip() for part in text.split(",") if part.strip()}
    return tuple(sorted(found, key=lambda entry: (-len(entry), entry)))


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Start and text of each sentence of a paragraph."""
    start = 0
    for match in _SENTENCE.finditer(text):
        if _ABBREVIATION.search(text[start : match.start()]):
            continue
        yield start, text[start : match.start()]
        start = match.end()
    if text[start:].strip():
        yield start, text[start:]


def thing_at(text: str, at: int) -> Thing | None:
    """The noun phrase that begins at `at` with a determiner."""
    opened = re.compile(rf"\s*({_DETERMINER})\s+", re.IGNORECASE).match(text, at)
    if not opened:
        return None
    collected: list[tuple[str, int]] = []
    place = opened.end()
    while len(collected) < 5 and (word := _WORD.match(text, place)):
        low = word[0].lower()
        inner = collected and (low in _INNER or low.endswith("ly") or number_of(low) is not None)
        if inner or lexicon().has("stop", low):
            break
        collected.append((low, word.end()))
        gap = re.compile(r"[ ]").match(text, word.end())
        if not gap:
            break
        place = gap.end()
    if not collected:
        return None
    names = [name for name, _ in collected]
    return Thing(opened[1].lower(), tuple(names[:-1]), singular(names[-1]), opened.start(1), collected[-1][1])


def singular(word: str) -> str:
    """A noun without its plural ending, near enough to compare two of them."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    keeps = word.endswith(("ss", "us", "is")) or len(word) < 4
    return word[:-1] if word.endswith("s") and not keeps else word


def number_of(text: str) -> int | None:
    """ "nine", "forty-two", "12" as a number."""
    low = text.lower().strip()
    if low.isdecimal():
        return int(low)
    if low in NUMBERS:
        return NUMBERS[low]
    first, _, rest = low.replace(" ", "-").partition("-")
    if first in TENS and (not rest or rest in NUMBERS):
        return TENS[first] + NUMBERS.get(rest, 0)
    return None
