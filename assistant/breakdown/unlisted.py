"""Props in nobody's list: a noun that hands grab, pocket or unfold is one."""

from collections.abc import Iterator

from assistant.breakdown.nouns import Found
from assistant.breakdown.phrase import keeps
from assistant.breakdown.reading import Reading
from assistant.domain.categories import Category

_MOST_MODIFIERS = 2


def unlisted(reading: Reading) -> Iterator[Found]:
    """Props in nobody's list: what someone grabs, pockets, hands over."""
    words = reading.words
    for i in range(len(reading.tokens)):
        after = _surely_handled(reading, i)
        if after is None or not reading.adjacent(after):
            continue
        k = after
        while k < len(reading.tokens) and reading.adjacent(k) and (k == after or not _ends_phrase(reading, k)):
            k += 1
        phrase = range(after + 1, k)
        if reading.lower(after) not in words["articles"] or not 1 <= len(phrase) <= 3:
            continue
        found = _unlisted(reading, phrase)
        if found is not None:
            yield found


def _ends_phrase(reading: Reading, k: int) -> bool:
    low, words = reading.lower(k), reading.words
    groups = ("prepositions", "conjunctions", "pronouns", "auxiliaries", "determiners", "handled")
    return k in reading.masked or any(low in words[group] for group in groups)


def _surely_handled(reading: Reading, i: int) -> int | None:
    sure = reading.words["handled_surely"]
    if i in reading.masked:
        return None
    pair = f"{reading.lower(i)} {reading.lower(i + 1)}"
    if pair in sure:
        return i + 2
    return i + 1 if reading.lower(i) in sure else None


def _unlisted(reading: Reading, phrase: range) -> Found | None:
    words = reading.words
    at = phrase[0] if words.adjectives_follow else phrase[-1]
    last = words.singular(reading.lower(at))
    known = last in words.entries or last in words.senses or reading.lower(at) in words.entries
    bare = last in words["not_things"] or reading.lower(at) in words["bodies"] or last in words["bodies"]
    odd = reading.tokens[at].owner or last.endswith(("ing", "ed", "ly")) or not last.isalpha() or len(last) < 3
    if known or bare or odd or last in words["adjectives"]:
        return None
    kept = [reading.lower(k) for k in phrase if keeps(reading, k) and k != at][-_MOST_MODIFIERS:]
    name = " ".join([last, *kept] if words.adjectives_follow else [*kept, last])
    return Found(Category.PROPS, name, reading.tokens[phrase[0]].start, reading.tokens[phrase[-1]].end)
