"""Ages, dates and counts that disagree from one scene to another."""

import re
from functools import lru_cache

from assistant.continuity.findings import Findings
from assistant.continuity.people import Speech, Story
from assistant.continuity.words import NUMBER, lexicon, number_of, singular
from assistant.domain.breakdown import Quote

_AGE_AFTER_NAME = re.compile(r"^\s*(?:\((?:age\s*)?(\d{1,2})\)|,\s*(?:age[d]?\s+)?(\d{1,2})\s*[,.])")
_I_AM = re.compile(
    rf"\bI(?:['’]m| am)\s+({NUMBER})(?:\s+years?\s+old)?\s*(?=[.,!?;]|$|and\b|now\b|today\b)", re.IGNORECASE
)
_IS_OLD = re.compile(rf"\b(?:is|['’]s)\s+(?:only\s+)?({NUMBER})\s+years?\s+old\b", re.IGNORECASE)
_BIRTHDAY = re.compile(
    r"\b(?:birthday|turn(?:s|ed|ing)?|next (?:year|month|week)|almost|nearly|years? (?:later|ago))\b", re.I
)
_WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_CLOCK = rf"(?:(?:{NUMBER}|noon|midnight)(?:\s*(?:o['’]clock|a\.?m\.?|p\.?m\.?)|:\d\d)?)"
_TURNED = re.compile(rf"\bI turned ({NUMBER})\b", re.IGNORECASE)
_YEARS = re.compile(rf"\b({NUMBER}) years\b", re.IGNORECASE)
_SPAN = re.compile(
    r"\b(married|widowed|divorced|sober|in prison|in this house|on this boat|on the force)\b", re.IGNORECASE
)
_DATED = re.compile(
    r"\b((?:my|his|her|our|the)\s+\w+)\s+(died|was born|was built|was founded|opened|"
    r"closed|burned down|sank|ended|began)"
    r"\s+in\s+((?:1[89]|20)\d\d)\b",
    re.IGNORECASE,
)
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
        facts = [((speech.speaker, f"{one[1]} {one[2]}".lower()), one[3]) for one in _DATED.finditer(text)]
        years, span = _YEARS.search(text), _SPAN.search(text)
        if years and span and (count := number_of(years[1])) is not None:
            facts.append(((speech.speaker, span[1].lower()), str(count)))
        for key, value in facts:
            before = told.setdefault(key, (value, speech.quote))
            if before[0] != value:
                what = f"{key[0]}: {key[1]}, {before[0]} in one speech and {value} in the other."
                found.conflict("number", "medium", key[0], what, (before[1], speech.quote))


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
        turned = _TURNED.search(speech.line.text)
        if story.main(speech.scene.ordinal) and (turned or not _BIRTHDAY.search(speech.line.text)):
            _said_age(story, speech, told, found)


def _said_age(story: Story, speech: Speech, told: dict[str, tuple[int, Quote]], found: Findings) -> None:
    text = speech.line.text
    match = _I_AM.search(text) or _TURNED.search(text)
    if match and (age := number_of(match[1])) is not None and age > 2:
        _age(speech.speaker, age, speech.quote, told, found)
    for match in _IS_OLD.finditer(text):
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
        for match in _appointment().finditer(speech.line.text):
            kind = "weekday" if match["weekday"] else "time"
            value = (match["weekday"] or match["clock"]).lower()
            value = re.sub(r"\s*o['’]clock", "", value)
            key = (match["event"].lower(), kind)
            before = told.setdefault(key, (value, speech.quote))
            if before[0] != value and story.number(before[1].scene) == story.number(speech.scene.ordinal):
                what = f"The {key[0]} is {before[0]} in one speech and {value} in the other."
                found.conflict("number", "medium", key[0], what, (before[1], speech.quote))


@lru_cache(maxsize=1)
def _appointment() -> re.Pattern[str]:
    verbs = r"(?:is|starts|leaves|begins|sails|departs|takes place|happens|['’]s)"
    return re.compile(
        rf"\bthe\s+(?P<event>{lexicon().any_of('events')})\s+{verbs}\s+"
        rf"(?:on\s+(?P<weekday>{_WEEKDAY})|at\s+(?P<clock>{_CLOCK}))\b",
        re.IGNORECASE,
    )


def _relations(story: Story, found: Findings) -> None:
    """ "My two daughters", and three of them elsewhere."""
    told: dict[tuple[str, str], tuple[int, Quote]] = {}
    pattern = re.compile(
        rf"\b(my|his|her|I have|I['’]ve got)\s+({NUMBER})\s+"
        rf"({lexicon().any_of('relations')}(?:s|ren)?)\b",
        re.IGNORECASE,
    )
    for speech in story.speeches:
        for match in pattern.finditer(speech.line.text):
            if match[1].lower() not in {"his", "her"}:
                _count((speech.speaker, match[3]), match[2], speech.quote, told, found)
    for sentence in story.sentences:
        for match in pattern.finditer(sentence.text):
            owner = sentence.owner(match.end(1))
            if owner and match[1].lower() in {"his", "her"}:
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
