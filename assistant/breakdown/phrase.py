"""The noun phrase around a word: where it begins, its modifiers and number, and what is in the bottle."""

from assistant.breakdown.reading import Reading
from assistant.breakdown.vocabulary import Vocabulary
from assistant.breakdown.words import adjectival

_MOST_MODIFIERS = 2


def left(reading: Reading, start: int) -> tuple[int, list[str], int | None]:
    """Where the phrase begins, its modifiers, and how many there are."""
    words, i = reading.words, start - 1
    run: list[int] = []
    while i >= 0 and start - i <= _MOST_MODIFIERS + 2 and reading.adjacent(i + 1) and not _stops(reading, i):
        run.append(i)
        i -= 1
    closed = i >= 0 and reading.adjacent(i + 1) and opens(reading, i)
    quantity = words.numbers.get(reading.lower(i)) if closed and not _vast(reading, run) else None
    if closed and reading.lower(i).isdigit() and len(reading.lower(i)) < 3:
        quantity = int(reading.lower(i))
    if not closed:
        run = _certain(reading, run, start)
    modifiers = [reading.lower(k) for k in reversed(run) if keeps(reading, k)][-_MOST_MODIFIERS:]
    begin = i if closed else (run[-1] if run else start)
    return begin, modifiers, quantity if quantity and quantity > 1 else None


def _vast(reading: Reading, run: list[int]) -> bool:
    return any(reading.lower(k) in {"million", "billion", "thousand", "hundred", "millones", "mil"} for k in run)


def opens(reading: Reading, i: int) -> bool:
    """Does this word begin a noun phrase: an owner, a determiner or a number?"""
    token, words = reading.tokens[i], reading.words
    return token.owner or token.lower in words["determiners"] or token.lower in words.numbers or token.lower.isdigit()


def _stops(reading: Reading, i: int) -> bool:
    """Words that end a noun phrase on its left."""
    token, words = reading.tokens[i], reading.words
    low = token.lower
    if i in reading.masked or opens(reading, i):
        return True
    function = ("prepositions", "conjunctions", "pronouns", "auxiliaries", "handled", "negations")
    if any(low in words[group] for group in function) and low not in words["adjectives"]:
        return True
    return low.endswith("s") and not low.endswith("ss") and low not in words.entries and not token.upper


def _certain(reading: Reading, run: list[int], start: int) -> list[int]:
    """Of words with no determiner before them, those that are surely modifiers."""
    words = reading.words
    kept: list[int] = []
    shouted = reading.tokens[start].upper
    for k in run:
        low = reading.lower(k)
        entry = words.entries.get(low)
        noun = entry is not None and not entry.doubtful
        if not (qualifies(low, words) or noun or (shouted and reading.tokens[k].upper)):
            break
        kept.append(k)
    return kept


def qualifies(low: str, words: Vocabulary) -> bool:
    """May this word stand before a noun and say more of it?"""
    return low in words["adjectives"] or (not words.adjectives_follow and adjectival(low))


def keeps(reading: Reading, k: int) -> bool:
    """Does this word belong in the thing's name?"""
    low = reading.lower(k)
    if low in reading.words["dropped"] or low in reading.words["determiners"]:
        return False
    return not low.endswith("ly") or low in reading.words["adjectives"]


def right(reading: Reading, end: int, name: str) -> tuple[list[str], int]:
    """What follows and belongs to the name: Spanish adjectives, and the contents of a container."""
    words = reading.words
    after: list[str] = []
    while words.adjectives_follow and reading.adjacent(end) and reading.lower(end) in words["adjectives"]:
        after.append(words.singular(reading.lower(end)))
        end += 1
    contents = _contents(reading, end, name)
    if contents:
        return [*after, reading.lower(end), *(reading.lower(k) for k in contents)], contents[-1] + 1
    return after, end


def _contents(reading: Reading, end: int, name: str) -> list[int]:
    words = reading.words
    link = "de" if words.adjectives_follow else "of"
    head = name.split()[0 if words.adjectives_follow else -1]
    if head not in words["containers"] or not reading.adjacent(end) or reading.lower(end) != link:
        return []
    k = end + 1
    inside: list[int] = []
    while k < len(reading.tokens) and reading.adjacent(k) and len(inside) < 3:
        low = reading.lower(k)
        if low in words["determiners"] and not inside:
            k += 1
            continue
        if k in reading.masked or any(
            low in words[g] for g in ("prepositions", "conjunctions", "pronouns", "auxiliaries", "handled")
        ):
            break
        if low.endswith("ed") and inside:
            break
        inside.append(k)
        if low in words.entries or words.singular(low) in words.entries:
            break
        k += 1
    return inside
