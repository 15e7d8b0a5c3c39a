"""Things that a line names: noun phrases around the lexicon's words, with their sense, number and canonical name."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.breakdown.phrase import left, right
from assistant.breakdown.reading import Reading
from assistant.breakdown.senses import cancelled, denied, does, handled, is_crowd, sense_of, stands_as_noun
from assistant.breakdown.vocabulary import LONGEST, Entry
from assistant.domain.categories import Category


@dataclass(frozen=True, slots=True)
class Found:
    """A thing named in a line; `start` and `end` are the phrase's place in it."""

    category: Category
    name: str
    start: int
    end: int
    quantity: int | None = None
    shifts: bool = False  # dressing, unless it is handled elsewhere in the scene


def things(reading: Reading) -> Iterator[Found]:
    """All things the line names, left to right."""
    i, listed = 0, False
    while i < len(reading.tokens):
        match = _lookup(reading, i)
        listed = listed and not reading.breaks(i)
        if match is None:
            listed = listed and reading.lower(i) in {"and", "or", "y", "e", "o"}
            i += 1
            continue
        found, i = _found(reading, i, match, listed)
        listed = found is not None
        if found is not None:
            yield found


def _found(reading: Reading, start: int, match: tuple[int, Entry, str], listed: bool) -> tuple[Found | None, int]:
    """The thing that an entry at word `start` names, and where to read on."""
    size, entry, name = match
    end = start + size
    if not entry.doubtful or stands_as_noun(reading, start, left(reading, start)[0], listed):
        row, last, full = _compound(reading, start, size, entry, name)
        found = _judge(reading, start, row, last, full, listed) if row > end else None
        if found is not None:
            return found, _after(reading, row, found)
    found = _judge(reading, start, end, entry, name, listed)  # of "car hood" the car is left
    return found, end if found is None else _after(reading, end, found)


def _lookup(reading: Reading, i: int) -> tuple[int, Entry, str] | None:
    """The longest entry that begins at word i: how many words, the entry, and its singular name."""
    if i in reading.masked or does(reading, i):
        return None
    widest = LONGEST if reading.lower(i) in reading.words.starts or reading.glossary else 1
    for size in range(min(widest, len(reading.tokens) - i), 0, -1):
        if size > 1 and not all(reading.adjacent(k) and k not in reading.masked for k in range(i + 1, i + size)):
            continue
        hit = _entry(reading, i, size)
        if hit is not None:
            return size, *hit
    return None


def _entry(reading: Reading, i: int, size: int) -> tuple[Entry, str] | None:
    words = reading.words
    plain = " ".join(token.lower for token in reading.tokens[i : i + size])
    parts = plain.split(" ")
    at = 0 if words.adjectives_follow else -1
    parts[at] = words.singular(parts[at])
    one = " ".join(parts)
    for name in (plain, one):
        if name in reading.glossary:
            return Entry(reading.glossary[name]), one
    if "-" in plain and one not in words.entries:
        one = next((form for form in (one.replace("-", " "), one.replace("-", "")) if form in words.entries), one)
    if plain in words.plural_only and plain in words.entries:
        return words.entries[plain], plain
    if plain in words.senses or one in words.senses:
        known = words.entries.get(plain) or words.entries.get(one)
        return (known or Entry(Category.MISCELLANEOUS, True)), one
    entries = [words.entries[form] for form in (one, plain) if form in words.entries]
    if entries:
        kept = one in words.plural_only or plain in words.plural_only
        return next((entry for entry in entries if not entry.doubtful), entries[0]), plain if kept else one
    return None


def _compound(reading: Reading, i: int, size: int, entry: Entry, name: str) -> tuple[int, Entry, str]:
    """ "coffee" + "table": the last noun of a row of nouns is the thing."""
    end = i + size
    while not reading.words.adjectives_follow and reading.adjacent(end) and not reading.tokens[end - 1].owner:
        following = _lookup(reading, end)
        if following is None or not _continues(reading, end, entry, following[1]):
            break
        size, entry, tail = following
        name, end = f"{name} {tail}", end + size
    return end, entry, name


def _continues(reading: Reading, end: int, entry: Entry, following: Entry) -> bool:
    """Whether the noun at `end` goes on a row of nouns; "the guards watch him" is none."""
    words, low = reading.words, reading.lower(end)
    if low in words["adjectives"]:
        return False
    if not following.doubtful:
        return True
    before = reading.lower(end - 1)
    people = entry.category in {Category.BACKGROUND, Category.ANIMALS}
    plural = low.endswith("s") or words.singular(before) != before
    after = reading.lower(end + 1) if reading.adjacent(end + 1) else ""
    return not people and not plural and after not in words["determiners"] and after not in words["pronouns"]


def _judge(reading: Reading, start: int, end: int, entry: Entry, name: str, listed: bool) -> Found | None:
    begin, modifiers, quantity = left(reading, start)
    if entry.doubtful and not stands_as_noun(reading, start, begin, listed):
        return None
    if denied(reading, begin) or cancelled(reading, end, entry):
        return None
    sense = sense_of(reading, start, end)
    if sense is not None and sense.category is None:
        return None
    category = sense.category if sense and sense.category else entry.category
    if category is Category.BACKGROUND and not is_crowd(reading, start, end, begin):
        return None
    if sense and sense.name:
        name = sense.name
    after, end = right(reading, end, name)
    full = " ".join([*modifiers, name, *after])
    taken = entry.shifts and handled(reading, begin)
    category = Category.PROPS if taken else category
    first, last = reading.tokens[begin if begin < start else start], reading.tokens[end - 1]
    return Found(category, full, first.start, last.end, quantity, entry.shifts and not taken)


def _after(reading: Reading, i: int, found: Found) -> int:
    while i < len(reading.tokens) and reading.tokens[i].start < found.end:
        i += 1
    return i
