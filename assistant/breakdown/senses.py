"""Whether a word means a thing that the scene needs: noun or verb, there or denied, and in which sense."""

from assistant.breakdown.phrase import opens, qualifies
from assistant.breakdown.reading import Reading
from assistant.breakdown.vocabulary import Entry, Sense, Vocabulary
from assistant.domain.categories import Category

_REACH = 5  # words between a hand's verb and what it takes
_MARKS = tuple(".:!?,;-–—(")
_ENDS = frozenset({"", ".", ",", "!", ":", ";"})
_NO_GERUNDS = frozenset({"building", "ceiling", "wedding", "evening", "morning", "king", "wing", "thing", "something"})
_PERSONS_NEED = frozenset({"a", "an", "another", "un", "una", "otro", "otra"})


def stands_as_noun(reading: Reading, start: int, begin: int, listed: bool) -> bool:
    """Whether a word that may also be a verb is a noun here."""
    words = reading.words
    if reading.lower(start).endswith("s") and _acts_like_verb(reading, start):
        return False
    opened = opens(reading, begin) or qualifies(reading.lower(start - 1), words)
    if begin <= start and reading.adjacent(start) and opened:
        return True
    if not reading.adjacent(start):
        return _alone(reading, start, listed) or _subject(reading, start)
    before = reading.lower(start - 1)
    if before in {"to", "as", "like"}:
        return False
    if _gerund(before, reading) and reading.lower(start).endswith("s"):
        return True  # "arranging papers"
    return (
        before in words["prepositions"] or before in words["handled"] or (listed and before in {"and", "or", "y", "o"})
    )


def _alone(reading: Reading, start: int, listed: bool) -> bool:
    """ "Files. Photographs." and the next of a list."""
    token = reading.tokens[start]
    rest = reading.text[token.end : token.end + 1]
    begins = start == 0 or reading.text[reading.tokens[start - 1].end : token.start].strip()[:1] in _MARKS
    return begins and (rest in _ENDS or listed)


def _subject(reading: Reading, start: int) -> bool:
    """ "Rain hammers the roof", "Books line the walls": first in a sentence, and what follows is its verb."""
    words, after = reading.words, reading.lower(start + 1)
    if not reading.adjacent(start + 1) or not reading.breaks(start) or start + 1 in reading.named:
        return False
    if words.adjectives_follow or reading.tokens[start].owner or not reading.tokens[start].text[:1].isupper():
        return False
    if reading.lower(start).endswith("s"):
        groups = ("determiners", "prepositions", "pronouns", "adjectives", "conjunctions")
        known = after in words.entries or words.singular(after) in words.entries
        return not (known or after in words.numbers or after.endswith("ly") or any(after in words[g] for g in groups))
    return after.endswith("s") and not after.endswith("ss") and after not in words["determiners"] | words["pronouns"]


def _gerund(word: str, reading: Reading) -> bool:
    return word.endswith("ing") and word not in reading.words.entries and word not in _NO_GERUNDS


def _acts_like_verb(reading: Reading, start: int) -> bool:
    """ "the building looms ahead" against "three operation reports." """
    words = reading.words
    before, after = reading.lower(start - 1), reading.lower(start + 1)
    if not reading.adjacent(start) or not reading.adjacent(start + 1):
        return False
    plain = any(before in words[group] for group in ("adjectives", "determiners", "prepositions", "handled"))
    gerund = _gerund(before, reading)
    if plain or gerund or before in words.numbers or reading.tokens[start - 1].owner:
        return False
    if after in words["prepositions"] or after in words["determiners"]:
        return True
    return after.endswith("ly") or after in {"ahead", "back"}


def denied(reading: Reading, begin: int) -> bool:
    """ "no gun", "without a coat", "like a knife": the thing is not there."""
    words = reading.words
    for at in (begin, begin - 1):
        if 0 <= at < len(reading.tokens) and reading.lower(at) in words["negations"]:
            return True
    if any(reading.lower(at) in words["sensed"] for at in range(max(0, begin - _REACH), begin)):
        return True
    before = reading.lower(begin - 1) if reading.adjacent(begin) else ""
    if before == "as":
        return reading.lower(begin) in words["determiners"]
    return before in words["similes"]


def cancelled(reading: Reading, end: int, entry: Entry) -> bool:
    """ "bus stop", "gun shop": the noun only tells which stop, which shop."""
    if not reading.adjacent(end) or reading.words.adjectives_follow:
        return False
    following = reading.tokens[end]
    if reading.text[reading.tokens[end - 1].end : following.start] == "-":
        return True
    if following.lower == "of" and entry.category is Category.BACKGROUND:
        return True  # "a crowd of students": the students are named next
    last = reading.lower(end - 1)
    if reading.words.singular(last) != last and entry.category is not Category.BACKGROUND:
        return False  # "books line the walls"
    single = reading.words.singular(following.lower)
    return following.lower in reading.words["cancelling"] or single in reading.words["cancelling"]


def sense_of(reading: Reading, start: int, end: int) -> Sense | None:
    """The reading of an ambiguous word that its sentence calls for; None where it has only one."""
    words = reading.words
    written = " ".join(token.lower for token in reading.tokens[start:end])
    last = reading.lower(start if words.adjectives_follow else end - 1)
    senses = words.senses.get(written)
    if senses is None and written not in words.entries and _singular(written, words) not in words.entries:
        senses = words.senses.get(last)
        if senses is None and last not in words.plural_only:
            senses = words.senses.get(words.singular(last))
    elif senses is None and end - start == 1 and last not in words.plural_only:
        senses = words.senses.get(words.singular(last))
    if senses is None:
        return None
    sentence = reading.sentence(start)
    for sense in senses:
        near = sense.near is None or sense.near.search(sentence)
        if near and not (sense.unless and sense.unless.search(sentence)):
            return sense
    if senses[-1].near is None and senses[-1].unless is None:
        return senses[-1]
    fallback = words.entries.get(written) or words.entries.get(words.singular(last))
    return Sense(fallback.category if fallback else None)


def _singular(written: str, words: Vocabulary) -> str:
    parts = written.split()
    at = 0 if words.adjectives_follow else -1
    parts[at] = words.singular(parts[at])
    return " ".join(parts)


def is_crowd(reading: Reading, start: int, end: int, begin: int) -> bool:
    """Several people, or one newly seen; never a second word for someone who has a name."""
    last = reading.tokens[end - 1 if not reading.words.adjectives_follow else start]
    if last.owner:
        return False
    several = reading.words.singular(last.lower) != last.lower or last.lower in reading.words.plural_only
    group = last.lower in reading.words["groups"]
    if several or group:
        return not (begin >= 1 and reading.lower(begin) in {"his", "her", "their"} and not group)
    if reading.lower(begin) not in _PERSONS_NEED or begin >= start:
        return False
    before = reading.tokens[begin - 1] if begin else None
    if before is None:
        return True
    gap = reading.text[before.end : reading.tokens[begin].start]
    if begin - 1 in reading.named or ("," in gap and reading.named) or "(" in gap:
        return False
    if before.owner and before.lower in reading.words["pronouns"]:
        return False  # "He's a courier"
    return before.lower not in reading.words["auxiliaries"] and before.lower not in {
        "as",
        "not",
        "like",
        "for",
        "than",
        "es",
        "como",
    }


def handled(reading: Reading, begin: int) -> bool:
    """Whether a hand's verb stands shortly before the phrase, in its clause."""
    for k in range(begin - 1, max(-1, begin - 1 - _REACH), -1):
        if reading.text[reading.tokens[k].end : reading.tokens[k + 1].start].strip(" ") not in {"", ","}:
            return False
        if reading.lower(k) in reading.words["handled"] and k not in reading.named:
            return True
    return False


def does(reading: Reading, i: int) -> bool:
    """ "Ray phones Deb", "she hammers": what someone does is no thing."""
    low = reading.lower(i)
    if not reading.adjacent(i) or not low.endswith("s") or reading.tokens[i].owner:
        return False
    return (i - 1 in reading.named and not reading.tokens[i - 1].owner) or reading.lower(i - 1) in reading.words[
        "subjects"
    ]
