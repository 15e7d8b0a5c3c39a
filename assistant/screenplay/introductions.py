"""Finds where people are introduced in action: names in capitals, with an age or as what they are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.screenplay.people import People, people
from assistant.screenplay.wording import Word

_PAREN = re.compile(r"^['’]?\s*\(\s*([^()]{1,80})\)")
_COMMA = re.compile(r"^,\s*([^,.;()]{1,25}?)\s*(?=[,.;–—-]|$)")
_YEARS = re.compile(
    r"(?:(?:in\s+)?(?:his|her|their|ihren|seinen)\s+)?"
    r"(?:(?:early to mid|early|mid|late|about|around|approx\.?|circa|ca\.?|aged?)[\s-]*"
    r"|(?:um|etwa|Anfang|Mitte|Ende|unos|unas|environ|sui|cerca de)\s+)?"
    r"(?P<number>\d{1,3})(?:\s?[-–/]\s?\d{1,2})?(?:['’]?s|-?ish|er|\+)?"
    r"(?:[\s-]*(?:years?|yrs?|ans|años|anos|anni|Jahre|yo|something|months?|weeks?|mois|meses|mesi|Monate)\b.*)?"
    r"|(?:(?:early|mid|late|in\s+(?:his|her|their))[\s-]+)?(?:pre)?(?:teens?|twenties|thirties|forties|fifties|sixties|seventies|eighties)"
    r"|(?:la\s+)?(?:vingtaine|trentaine|quarantaine|cinquantaine|soixantaine)|\w+t['’]anni|\w*teenager|middle[ -]aged",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"^(?:[\s.]|\.\s)+$")
_QUOTES = ('"', "“", "«", "„", "‘")
LONGEST = 4  # words of a name in capitals


@dataclass(frozen=True, slots=True)
class Introduction:
    """A run of capitals that may be a person: its words, whether an age follows, and what is before it."""

    words: tuple[Word, ...]
    text: str
    age: str | None
    after_article: bool

    @property
    def head(self) -> str:
        """The word that says what it is: the last, or the one before "in black"; numbers left out."""
        named = [key for key in self.keys if not key.startswith("#") and not key.isdigit()]
        for place, key in enumerate(named):
            if place and key in people().linking:
                return named[place - 1]
        return named[-1] if named else ""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(word.key for word in self.words)


def introductions(text: str, words: Sequence[Word]) -> Iterator[Introduction]:
    """Runs of capitals in a line that is not all in capitals, noise and articles cut off."""
    if not any(word.text[-1].islower() for word in words if not word.possessive) and len(words) > LONGEST:
        return
    for first, last in _runs(text, words):
        run = _trimmed(words[first:last], people())
        if run and len(run) <= LONGEST and text[run[0].start - 1 : run[0].start] not in _QUOTES:
            before = words[first - 1] if first else None
            article = bool(before and before.key in people().articles) or words[first].key in people().articles
            end = run[-1].end - (2 if run[-1].possessive else 0)
            yield Introduction(tuple(run), text[run[0].start : end], _age(text[run[-1].end :]), article)


def _runs(text: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    place = 0
    while place < len(words):
        end = place
        while end < len(words) and _goes_on(text, words, place, end):
            end += 1
        if end > place and any(len(word.key) > 1 for word in words[place:end]):
            yield place, end
        place = max(end, place + 1)


def _goes_on(text: str, words: Sequence[Word], first: int, here: int) -> bool:
    word = words[here]
    if not (word.capital or (here > first and word.text.startswith("#"))):
        return bool(here > first and word.text.isdigit() and _BETWEEN.match(text[words[here - 1].end : word.start]))
    if here > first and word.key in {"A", "AN"} and text[word.end : word.end + 1] != ".":
        return False  # "the RV A HOMELESS MAN" are two
    return here == first or bool(
        _BETWEEN.match(text[words[here - 1].end : word.start]) and not _stops(words[here - 1], text)
    )


def _stops(word: Word, text: str) -> bool:
    """A full stop ends a name unless the word is a title or an initial ("MR. SMITH", "J. DOE")."""
    return text[word.end : word.end + 1] == "." and word.key not in people().titles and len(word.key) > 1


def _trimmed(run: Sequence[Word], table: People) -> list[Word]:
    kept = list(run)
    while kept and (kept[0].key in table.articles or kept[0].key in table.joiners):
        kept.pop(0)
    while kept and kept[-1].key in table.joiners:
        kept.pop()
    return kept


def _age(rest: str) -> str | None:
    """The age that stands right after a name, in parentheses or between commas."""
    paren = _PAREN.match(rest)
    comma = None if paren else _COMMA.match(rest)
    found = paren or comma
    if not found:
        return None
    for part in re.split(r"[,;]", " ".join(found[1].split())):
        years = _YEARS.fullmatch(part.strip())
        if years and (years["number"] is None or 0 < int(years["number"]) < 120):
            return part.strip()
    return None
