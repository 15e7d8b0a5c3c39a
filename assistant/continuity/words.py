"""The lexicon of continuity, one file a language, and the small grammar its rules share."""

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
_INDEFINITE = frozenset({"a", "an", "another", "one", "", "un", "una", "unos", "unas", "otro", "otra"})
_WORD = re.compile(r"[^\W\d_](?:[\w-]|[’'](?=\w))*|\d+")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“'(¿¡—A-Z0-9ÁÉÍÓÚÑ])")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Lt|Sgt|Capt|Col|Prof|No|vs)\.$")
_SPANISH = (
    *("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"),
    *("trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno"),
    *("veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho"),
    "veintinueve",
)
_TENS = ("treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_SPANISH_TENS = dict(zip(_TENS, range(30, 100, 10), strict=True))
NUMBER_ES = (
    rf"(?:\d{{1,3}}|(?:{'|'.join(_TENS)})(?:\s+y\s+(?:{'|'.join(_SPANISH[1:10])}|un))?|"
    rf"{'|'.join([*_SPANISH[:0:-1], 'una', 'un'])})"
)
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
    written: str = ""  # as it stands, where the marks do not all stand before the noun

    @property
    def name(self) -> str:
        return self.written or " ".join((*self.marks, self.head))

    @property
    def definite(self) -> bool:
        """Whether it is a known one: "the lantern", "her lantern"."""
        return self.determiner not in _INDEFINITE

    def same(self, other: "Thing") -> bool:
        """Whether both may be one thing: one noun, and no mark of one that the other denies."""
        mine, theirs = set(self.marks), set(other.marks)
        return self.head == other.head and (mine <= theirs or theirs <= mine)


@dataclass(frozen=True)
class Lexicon:
    """Words of one language by group, and patterns of whole groups made on first use."""

    language: str
    rows: Mapping[str, Any]

    def list(self, group: str) -> tuple[str, ...]:
        """The entries of a group, the longest first."""
        return _commas(self.rows[group])

    def has(self, group: str, word: str) -> bool:
        return word in _members(self.language, group)

    def pattern(self, group: str) -> re.Pattern[str]:
        """Any entry of a group as whole words."""
        return _pattern(self.language, group)

    def regex(self, name: str, case: bool = False) -> re.Pattern[str]:
        """A pattern of the language's own. `case` says that capitals count."""
        return _regex(self.language, name, case)

    def within(self, group: str) -> Mapping[str, str]:
        """Entry → its part, for a group that has parts: "palm" → "hand"."""
        return _parts(self.language, group)

    def any_of(self, group: str) -> str:
        """A group as an alternation to build a pattern from."""
        rows = self.rows[group]
        return alternation(self.within(group) if isinstance(rows, dict) else _commas(rows))


@lru_cache(maxsize=4)
def lexicon(language: str = "en") -> Lexicon:
    """A language's lexicon; the English one where a language has none."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    path = LEXICON / f"{language}.yaml"
    if not path.is_file():
        return lexicon()
    return Lexicon(language, yaml.load(path.read_text(encoding="utf-8"), Loader=loader))


def alternation(words: Iterable[str]) -> str:
    """Words as one pattern, the longest first, any run of spaces between their parts."""
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered) + ")"


@lru_cache(maxsize=128)
def _pattern(language: str, group: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){lexicon(language).any_of(group)}(?![\w-])", re.IGNORECASE)


@lru_cache(maxsize=128)
def _regex(language: str, name: str, case: bool) -> re.Pattern[str]:
    """`@group@` in a pattern stands for any entry of the group, `@NUMBER@` for a number in words or figures."""
    words = lexicon(language)

    def filled(match: re.Match[str]) -> str:
        return numbers_of(language) if match[1] == "NUMBER" else words.any_of(match[1])

    return re.compile(re.sub(r"@(\w+)@", filled, words.rows["patterns"][name]), re.NOFLAG if case else re.IGNORECASE)


@lru_cache(maxsize=128)
def _members(language: str, group: str) -> frozenset[str]:
    return frozenset(lexicon(language).list(group))


@lru_cache(maxsize=16)
def _parts(language: str, group: str) -> dict[str, str]:
    return {entry: part for part, text in lexicon(language).rows[group].items() for entry in _commas(text)}


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


def numbers_of(language: str) -> str:
    """A number in words or figures, as a pattern."""
    return NUMBER_ES if language == "es" else NUMBER


def number_of(text: str) -> int | None:
    """ "nine", "forty-two", "cuarenta y dos", "12" as a number."""
    low = text.lower().strip()
    if low.isdecimal():
        return int(low)
    if low in {"un", "una"}:
        return 1
    if low in _SPANISH:
        return _SPANISH.index(low)
    tens, _, ones = low.partition(" y ")
    if tens in _SPANISH_TENS:
        return _SPANISH_TENS[tens] + (number_of(ones) or 0 if ones else 0)
    if low in NUMBERS:
        return NUMBERS[low]
    first, _, rest = low.replace(" ", "-").partition("-")
    if first in TENS and (not rest or rest in NUMBERS):
        return TENS[first] + NUMBERS.get(rest, 0)
    return None
