"""What a line says by what happens in it: sounds, stunts, effects, and the things an act implies."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.breakdown.reading import Reading
from assistant.breakdown.vocabulary import Pattern
from assistant.domain.categories import Category

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens in a line and needs a department."""

    category: Category
    name: str
    start: int
    end: int
    implied: bool


def acts(reading: Reading) -> Iterator[Act]:
    """Every pattern of the lexicon that the line fits; each once."""
    seen: set[int] = set()
    for i, token in enumerate(reading.tokens):
        for pattern in reading.words.patterns.get(token.lower, ()):
            if id(pattern) not in seen and i not in reading.masked:
                seen.add(id(pattern))
                act = _fits(reading, pattern, i)
                if act is not None:
                    yield act


def _fits(reading: Reading, pattern: Pattern, index: int) -> Act | None:
    sentence = reading.sentence(index)
    offset = reading.text.find(sentence)
    match = pattern.match.search(sentence)
    if match is None or (pattern.unless and pattern.unless.search(sentence)):
        return None
    name = _name(pattern, match, reading)
    if not name or _denied(reading, offset + match.start()):
        return None
    return Act(pattern.category, name, offset + match.start(), offset + match.end(), pattern.implied)


def _denied(reading: Reading, at: int) -> bool:
    before = [token.lower for token in reading.tokens if token.end <= at][-1:]
    return bool(before) and before[0] in reading.words["negations"]


def _name(pattern: Pattern, match: re.Match[str], reading: Reading) -> str:
    groups = match.groupdict()

    def fill(slot: re.Match[str]) -> str:
        key = slot.group(1)
        if key == "0":
            return reading.words.singular(match.group().split()[-1].lower())
        value = groups.get(key) or groups.get(f"{key}2") or ""
        return " ".join(reading.words.singular(word) for word in value.split())

    return " ".join(_SLOT.sub(fill, pattern.name).lower().split())
