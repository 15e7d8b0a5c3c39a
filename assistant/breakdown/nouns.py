"""Things that a line names: noun phrases around the lexicon's words, with their sense, number and canonical name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.breakdown.vocabulary import LONGEST, Entry, Sense, Vocabulary
from assistant.breakdown.words import Token, adjectival, sentences, tokens
from assistant.domain.categories import Category

Span = tuple[int, int]
_MOST_MODIFIERS = 2
_REACH = 5  # words between a hand's verb and what it takes
_PERSONS_NEED = frozenset({"a", "an", "another", "un", "una", "otro", "otra"})


@dataclass(frozen=True, slots=True)
class Found:
    """A thing named in a line; `start` and `end` are the phrase's place in it."""

    category: Category
    name: str
    start: int
    end: int
    quantity: int | None = None
    shifts: bool = False  # dressing, unless it is handled elsewhere in the scene


@dataclass(frozen=True)
class Reading:
    """One line taken apart: its words, and which of them are spoken for (names, figures of speech)."""

    text: str
    tokens: list[Token]
    masked: frozenset[int]
    named: frozenset[int]
    words: Vocabulary
    glossary: Mapping[str, Category]

    def adjacent(self, index: int) -> bool:
        """Whether word `index` follows the one before with nothing but spaces between."""
        if not 0 < index < len(self.tokens):
            return False
        return self.text[self.tokens[index - 1].end : self.tokens[index].start].strip() == ""

    def lower(self, index: int) -> str:
        return self.tokens[index].lower if 0 <= index < len(self.tokens) else ""

    def sentence(self, index: int) -> str:
        at = self.tokens[index].start
        return next((self.text[a:b] for a, b in sentences(self.text) if a <= at < b), self.text)


def read(text: str, names: list[Span], words: Vocabulary, glossary: Mapping[str, Category]) -> Reading:
    """Take a line apart. `names` are the places of known characters."""
    line = tokens(text)
    named = frozenset(i for i, token in enumerate(line) if any(a <= token.start < b for a, b in names))
    masked = named | frozenset(_figures(line, words)) | frozenset(_similes(text, line, words))
    return Reading(text, line, masked, named, words, glossary)


def _similes(text: str, line: list[Token], words: Vocabulary) -> Iterator[int]:
    """Places of words in a comparison, from "like a" or "as if" to the end of the clause."""
    inside = False
    for i, token in enumerate(line):
        gap = text[line[i - 1].end : token.start] if i else ""
        if gap.strip():
            inside = False
        if inside:
            yield i
        elif i + 1 < len(line):
            inside = (token.lower, line[i + 1].lower) in words.comparisons


def _figures(line: list[Token], words: Vocabulary) -> Iterator[int]:
    """Places of words used in a set phrase, where they name no thing."""
    written = [token.lower + ("'s" if token.owner else "") for token in line]
    for i, word in enumerate(written):
        for phrase in words.idioms.get(word.split("-")[0], ()):
            parts = phrase.split()
            if written[i : i + len(parts)] == parts:
                yield from range(i, i + len(parts))
                break


def things(reading: Reading) -> Iterator[Found]:
    """All things the line names, left to right."""
    i, listed = 0, False
    while i < len(reading.tokens):
        match = _lookup(reading, i)
        if match is None:
            listed = listed and reading.lower(i) in {"and", "or", "y", "e", "o"}
            i += 1
            continue
        size, entry, name = match
        start = i
        i, entry, name = _compound(reading, i, size, entry, name)
        found = _judge(reading, start, i, entry, name, listed)
        listed = found is not None
        if found is None:
            i = start + size  # what followed may stand for itself: "watches children"
        else:
            yield found
            i = _skip_contents(reading, i, found)


def _lookup(reading: Reading, i: int) -> tuple[int, Entry, str] | None:
    """The longest entry that begins at word i: how many words, the entry, and its singular name."""
    if i in reading.masked or _does(reading, i):
        return None
    widest = LONGEST if reading.lower(i) in reading.words.starts or reading.glossary else 1
    for size in range(min(widest, len(reading.tokens) - i), 0, -1):
        if size > 1 and not all(reading.adjacent(k) and k not in reading.masked for k in range(i + 1, i + size)):
            continue
        hit = _entry(reading, i, size)
        if hit is not None:
            return size, *hit
    return None


def _does(reading: Reading, i: int) -> bool:
    """ "Ray phones Deb", "she hammers": what someone does is no thing."""
    low = reading.lower(i)
    if not reading.adjacent(i) or not low.endswith("s") or reading.tokens[i].owner:
        return False
    return (i - 1 in reading.named and not reading.tokens[i - 1].owner) or reading.lower(i - 1) in reading.words[
        "subjects"
    ]


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
    if plain in words.plural_only and plain in words.entries:
        return words.entries[plain], plain
    if plain in words.senses or one in words.senses:
        known = words.entries.get(plain) or words.entries.get(one)
        return (known or Entry(Category.MISCELLANEOUS, True)), one
    known = [words.entries[form] for form in (one, plain) if form in words.entries]
    if known:
        kept = one in words.plural_only or plain in words.plural_only
        return min(known, key=lambda entry: entry.doubtful), plain if kept else one
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
    words = reading.words
    begin, modifiers, quantity = _left(reading, start)
    if entry.doubtful and not _stands_as_noun(reading, start, begin, listed):
        return None
    if _denied(reading, begin) or _cancelled(reading, end, entry):
        return None
    sense = _sense(reading, start, end)
    if sense is not None and sense.category is None:
        return None
    category = sense.category if sense and sense.category else entry.category
    if category is Category.BACKGROUND and not _is_crowd(reading, start, end, begin):
        return None
    if sense and sense.name:
        name = sense.name
    after, end = _right(reading, end, name)
    full = " ".join([*modifiers, name, *after])
    handled = entry.shifts and _handled(reading, begin)
    category = Category.PROPS if handled else category
    first, last = reading.tokens[begin if begin < start else start], reading.tokens[end - 1]
    return Found(category, full, first.start, last.end, quantity, entry.shifts and not handled)


def _left(reading: Reading, start: int) -> tuple[int, list[str], int | None]:
    """Where the phrase begins, its modifiers, and how many there are."""
    words, run, i = reading.words, [], start - 1
    while i >= 0 and start - i <= _MOST_MODIFIERS + 2 and reading.adjacent(i + 1) and not _stops(reading, i):
        run.append(i)
        i -= 1
    closed = i >= 0 and reading.adjacent(i + 1) and _opens(reading, i)
    quantity = words.numbers.get(reading.lower(i)) if closed and not _vast(reading, run) else None
    if closed and reading.lower(i).isdigit() and len(reading.lower(i)) < 3:
        quantity = int(reading.lower(i))
    if not closed:
        run = _certain(reading, run, start)
    modifiers = [reading.lower(k) for k in reversed(run) if _keeps(reading, k)][-_MOST_MODIFIERS:]
    begin = i if closed else (run[-1] if run else start)
    return begin, modifiers, quantity if quantity and quantity > 1 else None


def _vast(reading: Reading, run: list[int]) -> bool:
    return any(reading.lower(k) in {"million", "billion", "thousand", "hundred", "millones", "mil"} for k in run)


def _opens(reading: Reading, i: int) -> bool:
    token, words = reading.tokens[i], reading.words
    return token.owner or token.lower in words["determiners"] or token.lower in words.numbers or token.lower.isdigit()


def _stops(reading: Reading, i: int) -> bool:
    """Words that end a noun phrase on its left."""
    token, words = reading.tokens[i], reading.words
    low = token.lower
    if i in reading.masked or _opens(reading, i):
        return True
    function = ("prepositions", "conjunctions", "pronouns", "auxiliaries", "handled", "negations")
    if any(low in words[group] for group in function) and low not in words["adjectives"]:
        return True
    verb = low.endswith("s") and not low.endswith("ss") and low not in words.entries and not token.upper
    return verb


def _certain(reading: Reading, run: list[int], start: int) -> list[int]:
    """Of words with no determiner before them, those that are surely modifiers."""
    words, kept = reading.words, []
    shouted = reading.tokens[start].upper
    for k in run:
        low = reading.lower(k)
        entry = words.entries.get(low)
        noun = entry is not None and not entry.doubtful
        if not (_qualifies(low, words) or noun or (shouted and reading.tokens[k].upper)):
            break
        kept.append(k)
    return kept


def _qualifies(low: str, words: Vocabulary) -> bool:
    return low in words["adjectives"] or (not words.adjectives_follow and adjectival(low))


def _keeps(reading: Reading, k: int) -> bool:
    low = reading.lower(k)
    if low in reading.words["dropped"] or low in reading.words["determiners"]:
        return False
    return not low.endswith("ly") or low in reading.words["adjectives"]


def _stands_as_noun(reading: Reading, start: int, begin: int, listed: bool) -> bool:
    """Whether a word that may also be a verb is a noun here."""
    words = reading.words
    if reading.lower(start).endswith("s") and _acts_like_verb(reading, start):
        return False
    if begin <= start and reading.adjacent(start) and (_opens(reading, begin) or _qualifies(reading.lower(start - 1), words)):
        return True
    if not reading.adjacent(start):
        token = reading.tokens[start]
        rest = reading.text[token.end : token.end + 1]
        alone = start == 0 or reading.text[reading.tokens[start - 1].end : token.start].strip()[:1] in ".:!?,;-–—("
        return bool(alone) and (rest in {"", ".", ",", "!", ":", ";"} or listed)
    before = reading.lower(start - 1)
    if before in {"to", "as", "like"}:
        return False
    if before.endswith("ing") and before not in words.entries and reading.lower(start).endswith("s"):
        return True  # "arranging papers"
    return (
        before in words["prepositions"] or before in words["handled"] or (listed and before in {"and", "or", "y", "o"})
    )


def _acts_like_verb(reading: Reading, start: int) -> bool:
    """ "the building looms ahead" against "three operation reports." """
    words = reading.words
    before, after = reading.lower(start - 1), reading.lower(start + 1)
    if not reading.adjacent(start) or not reading.adjacent(start + 1):
        return False
    plain = any(before in words[group] for group in ("adjectives", "determiners", "prepositions", "handled"))
    gerund = before.endswith("ing") and before not in words.entries
    if plain or gerund or before in words.numbers or reading.tokens[start - 1].owner:
        return False
    return after in words["prepositions"] or after in words["determiners"] or after.endswith("ly") or after in {"ahead", "back"}


def _denied(reading: Reading, begin: int) -> bool:
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


def _cancelled(reading: Reading, end: int, entry: Entry) -> bool:
    """ "bus stop", "gun shop": the noun only tells which stop, which shop."""
    if not reading.adjacent(end) or reading.words.adjectives_follow:
        return False
    following = reading.tokens[end]
    if reading.text[reading.tokens[end - 1].end : following.start] == "-":
        return True
    if following.lower == "of" and entry.category is Category.BACKGROUND:
        return True  # "a crowd of students": the students are named next
    single = reading.words.singular(following.lower)
    return following.lower in reading.words["cancelling"] or single in reading.words["cancelling"]


def _sense(reading: Reading, start: int, end: int) -> Sense | None:
    words = reading.words
    written = " ".join(token.lower for token in reading.tokens[start:end])
    last = reading.lower(start if words.adjectives_follow else end - 1)
    senses = words.senses.get(written)
    if senses is None and end - start == 1:
        senses = words.senses.get(words.singular(last)) if last not in words.plural_only else None
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


def _is_crowd(reading: Reading, start: int, end: int, begin: int) -> bool:
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
    return before.lower not in reading.words["auxiliaries"] and before.lower not in {
        "as",
        "like",
        "for",
        "than",
        "es",
        "como",
    }


def _right(reading: Reading, end: int, name: str) -> tuple[list[str], int]:
    """What follows and belongs to the name: Spanish adjectives, and the contents of a container."""
    words, after = reading.words, []
    while words.adjectives_follow and reading.adjacent(end) and reading.lower(end) in words["adjectives"]:
        after.append(reading.lower(end))
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
    k, inside = end + 1, []
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


def _skip_contents(reading: Reading, i: int, found: Found) -> int:
    while i < len(reading.tokens) and reading.tokens[i].start < found.end:
        i += 1
    return i


def _handled(reading: Reading, begin: int) -> bool:
    """Whether a hand's verb stands shortly before the phrase, in its clause."""
    for k in range(begin - 1, max(-1, begin - 1 - _REACH), -1):
        if reading.text[reading.tokens[k].end : reading.tokens[k + 1].start].strip(" ") not in {"", ","}:
            return False
        if reading.lower(k) in reading.words["handled"] and k not in reading.named:
            return True
    return False


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
    kept = [reading.lower(k) for k in phrase if _keeps(reading, k) and k != at][-_MOST_MODIFIERS:]
    name = " ".join([last, *kept] if words.adjectives_follow else [*kept, last])
    return Found(Category.PROPS, name, reading.tokens[phrase[0]].start, reading.tokens[phrase[-1]].end)
