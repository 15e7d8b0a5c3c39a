"""Ages, dates and counts that disagree from one scene to another."""

import re
from collections.abc import Iterator

from assistant.continuity.findings import Findings
from assistant.continuity.people import Speech, Story
from assistant.continuity.words import number_of, singular
from assistant.domain.breakdown import Quote

_AGE_AFTER_NAME = re.compile(r"^\s*(?:\((?:age\s*)?(\d{1,2})\)|,\s*(?:age[d]?\s+)?(\d{1,2})\s*[,.])")
_SLACK = 1  # years an age may be off: a birthday is not always told


def numbers(story: Story, found: Findings) -> None:
    """Everything counted, dated or aged, once one way and once another."""
    _ages(story, found)
    _appointments(story, found)
    _relations(story, found)
    _spans(story, found)


def _spans(story: Story, found: Findings) -> None:
    """ "Married nine years", and twelve elsewhere; "my father died in 1971", and in 1968."""
    told: dict[tuple[str, str], tuple[str, Quote]] = {}
    for speech in story.speeches:
        if not story.main(speech.scene.ordinal):
            continue
        text = speech.line.text
        dated = story.words.regex("dated").finditer(text)
        facts = [((speech.speaker, f"{one[1]} {one[2]}".lower()), one[3]) for one in dated]
        facts += _counted(story, speech)
        years, span = story.words.regex("years").search(text), story.words.regex("span").search(text)
        if years and span and (count := number_of(years[1])) is not None:
            facts.append(((speech.speaker, span[1].lower()), str(count)))
        for key, value in facts:
            before = told.setdefault(key, (value, speech.quote))
            if before[0] != value:
                what = _told_twice(key, before[0], value)
                found.conflict("number", "medium", key[0], what, (before[1], speech.quote))


def _told_twice(key: tuple[str, str], one: str, other: str) -> str:
    who, what = key[0], key[1].rpartition(":")[2]
    return f"{who}: {what}, {one} in one speech and {other} in the other."


def _counted(story: Story, speech: Speech) -> Iterator[tuple[tuple[str, str], str]]:
    """ "Buried my mother in 1988", "four of us walked out", "my boy is nine", "paid me forty thousand"."""
    text, words = speech.line.text, story.words
    for one in words.regex("dated_deed").finditer(text):
        yield (speech.speaker, f"{one[1]} {one[2]}".lower()), one[3]
    for name, count, what in (("of_us", 1, 2), ("kin_age", 2, 1), ("sum", 2, 1)):
        for one in words.regex(name).finditer(text):
            if (number := number_of(one[count])) is not None:
                yield (speech.speaker, f"{name}:{one[what]}".lower()), str(number)


def _ages(story: Story, found: Findings) -> None:
    told: dict[str, tuple[int, Quote]] = {}
    for person in story.people:
        if person.introduced and person.age and person.age.isdecimal() and story.main(person.introduced.scene):
            told[person.name] = (int(person.age), person.introduced)
    for sentence in story.sentences:
        if not story.main(sentence.scene.ordinal):
            continue
        for _, end, name in story.names.spans(sentence.text):
            match = _AGE_AFTER_NAME.match(sentence.text[end:])
            if match:
                _age(name, int(match[1] or match[2]), sentence.quote, told, found)
    for speech in story.speeches:
        turned = story.words.regex("turned").search(speech.line.text)
        birthday = story.words.regex("birthday").search(speech.line.text)
        if story.main(speech.scene.ordinal) and (turned or not birthday):
            _said_age(story, speech, told, found)


def _said_age(story: Story, speech: Speech, told: dict[str, tuple[int, Quote]], found: Findings) -> None:
    text = speech.line.text
    match = story.words.regex("i_am").search(text) or story.words.regex("turned").search(text)
    if match and (age := number_of(match[1])) is not None and age > 2:
        _age(speech.speaker, age, speech.quote, told, found)
    for match in story.words.regex("is_old").finditer(text):
        who = [name for _, end, name in story.names.spans(text) if end <= match.start()]
        if who and (age := number_of(match[1])) is not None:
            _age(who[-1], age, speech.quote, told, found)


def _age(name: str, age: int, quote: Quote, told: dict[str, tuple[int, Quote]], found: Findings) -> None:
    before = told.get(name)
    if before is None:
        told[name] = (age, quote)
        return
    if abs(before[0] - age) > _SLACK and before[1].line != quote.line:
        quotes = (before[1], quote) if before[1].scene <= quote.scene else (quote, before[1])
        found.conflict("number", "medium", name, f"{name} is {before[0]} in one place and {age} in the other.", quotes)


def _appointments(story: Story, found: Findings) -> None:
    """ "The wedding is on Saturday", and on Sunday elsewhere."""
    told: dict[tuple[str, str], tuple[str, Quote]] = {}
    for speech in story.speeches:
        for match in story.words.regex("appointment").finditer(speech.line.text):
            kind = "weekday" if match["weekday"] else "time"
            value = (match["weekday"] or match["clock"]).lower()
            value = re.sub(r"\s*o['’]clock", "", value)
            key = (match["event"].lower(), kind)
            before = told.setdefault(key, (value, speech.quote))
            if before[0] != value and story.number(before[1].scene) == story.number(speech.scene.ordinal):
                what = f"The {key[0]} is {before[0]} in one speech and {value} in the other."
                found.conflict("number", "medium", key[0], what, (before[1], speech.quote))


def _relations(story: Story, found: Findings) -> None:
    """ "My two daughters", and three of them elsewhere."""
    told: dict[tuple[str, str], tuple[int, Quote]] = {}
    pattern, theirs = story.words.regex("relation"), frozenset(story.words.list("theirs"))
    for speech in story.speeches:
        for match in pattern.finditer(speech.line.text):
            if match[1].lower() not in theirs:
                _count((speech.speaker, match[3]), match[2], speech.quote, told, found)
    for sentence in story.sentences:
        for match in pattern.finditer(sentence.text):
            owner = sentence.owner(match.end(1))
            if owner and match[1].lower() in theirs:
                _count((owner, match[3]), match[2], sentence.quote, told, found)


def _count(
    key: tuple[str, str], written: str, quote: Quote, told: dict[tuple[str, str], tuple[int, Quote]], found: Findings
) -> None:
    count, noun = number_of(written), singular(key[1].lower())
    if count is None:
        return
    before = told.setdefault((key[0], noun), (count, quote))
    if before[0] != count:
        what = f"{key[0]} has {before[0]} in one place and {count} in the other: {noun}."
        found.conflict("number", "medium", key[0], what, (before[1], quote))
