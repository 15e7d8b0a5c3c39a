"""Facts put into prose: a sentence stands only if its every number, date and name is in the facts that it names."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, Field

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve"
_ORDERS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_LARGE = "twenty thirty forty fifty sixty seventy eighty ninety hundred thousand dozen half twice"
VALUES = {
    **{word: str(value) for words in (_SMALL, _ORDERS) for value, word in enumerate(words.split())},
    **{word: word for word in _LARGE.split()},
}
LONGEST = 400  # characters of a sentence
_QUOTE = re.compile(r"“[^“”]*”")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*[A-Za-z]?(?!\w)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CALENDAR = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day|[a-z]{1,7})?\b"
)


class Sentence(BaseModel):
    """One sentence, and the numbers of the facts it rests on."""

    text: str
    facts: list[int]


class Prose(BaseModel):
    """Facts as prose."""

    sentences: list[Sentence] = Field(default_factory=list, max_length=60)


@dataclass(frozen=True, slots=True)
class Sifted:
    """The sentences that stand, and how many were cut, with the reasons."""

    sentences: tuple[str, ...]
    cut: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Why the answer is turned down: it says nothing, or most of it is not so."""
        if not self.sentences:
            return (*self.cut, "no sentence stands")
        return self.cut if len(self.cut) > len(self.sentences) else ()


def plain(facts: Sequence[str]) -> Prose:
    """The facts as they are, a sentence each."""
    return Prose(sentences=[Sentence(text=fact, facts=[at]) for at, fact in enumerate(facts, start=1)])


def sift(prose: Prose, facts: Sequence[str], names: Collection[str]) -> Sifted:
    """Keep what the facts say. `names` are all people and places of the production."""
    kept: list[str] = []
    cut: list[str] = []
    for item in prose.sentences:
        text = " ".join(item.text.split())
        if why := _untrue(text, item.facts, facts, names):
            cut.append(f"{text[:80]!r}: {why}")
        elif text not in kept:
            kept.append(text)
    return Sifted(tuple(kept), tuple(cut))


def _untrue(text: str, cited: Sequence[int], facts: Sequence[str], names: Collection[str]) -> str:
    """What of a sentence is in none of its facts; "" where it stands."""
    if not text or len(text) > LONGEST or not text.isprintable():
        return "it is no sentence"
    if not cited or not all(1 <= at <= len(facts) for at in cited):
        return "it names no fact"
    whole = " ".join(facts[at - 1] for at in cited)
    if strange := next((quote for quote in _QUOTE.findall(text) if quote not in whole), ""):
        return f"its facts do not quote {strange}"
    text, ground = _QUOTE.sub("", text), _QUOTE.sub("", whole)  # what people said grounds no figure
    for what, found in (("number", _numbers), ("date", _dates)):
        if strange := found(text) - found(ground):
            return f"its facts hold no {what} {min(strange)}"
    return _stranger(text, ground, names)


def _numbers(text: str) -> set[str]:
    """Every number as digits, also those in words; a plain "one" is none."""
    found = {number.replace(",", "").casefold().lstrip("0") or "0" for number in _NUMBER.findall(text)}
    for word in _WORD.findall(text.casefold()):
        if word in VALUES and word not in ("one", "first"):
            found.add(VALUES[word])
    return found


def _dates(text: str) -> set[str]:
    """Months and weekdays by their first three letters."""
    written = re.sub(r"\bmay\b", "", text)  # the verb
    return {match[1] for match in _CALENDAR.finditer(written.casefold()) if match[0] not in _PLAIN_WORDS}


_PLAIN_WORDS = frozenset({"mar", "sun", "sat", "sunny", "mayor", "marks", "marked", "second"})


def _stranger(text: str, ground: str, names: Collection[str]) -> str:
    """A name of the production, or any capitalised word inside the sentence, that its facts do not hold."""
    told = {_bare(word) for word in _WORD.findall(ground)}
    whole = f" {' '.join(_WORD.findall(text.casefold()))} "
    here = f" {' '.join(_WORD.findall(ground.casefold()))} "
    for name in names:
        words = f" {' '.join(_WORD.findall(name.casefold()))} "
        if words.strip() and words in whole and words not in here:
            return f"its facts do not speak of {name}"
    for match in list(_WORD.finditer(text))[1:]:
        word = _bare(match[0])
        inner = text[: match.start()].rstrip()[-1:] not in {".", "!", "?", ":", "“", '"'}
        if match[0][0].isupper() and match[0] != "I" and inner and word not in told and not _CALENDAR.fullmatch(word):
            return f"its facts do not speak of {match[0]}"
    return ""


def _bare(word: str) -> str:
    """A word without case and without the ending of what is somebody's."""
    return word.casefold().removesuffix("'s").removesuffix("’s")
