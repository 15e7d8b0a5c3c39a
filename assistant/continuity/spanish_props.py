"""What Spanish sentences tell of things: taken, used, given away, lost, broken."""

import re
from collections.abc import Iterator

from assistant.continuity.people import Sentence, Story
from assistant.continuity.spanish import marks_es
from assistant.continuity.told import Deed, Event
from assistant.continuity.words import Lexicon, Thing, alternation, singular

_DETERMINED = re.compile(
    r"\s*(?:a\s+)?(el|la|los|las|un|una|unos|unas|su|sus|al|otro|otra|este|esta|ese|esa|aquel|aquella|mi|tu)\s+"
    r"(?:(viej[oa]|nuev[oa]|gran|pequeñ[oa]|últim[oa]|mism[oa]|segund[oa])\s+)?([a-záéíóúüñ]+)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?:^|[,;:]\s+|\b(?:y|pero|cuando|mientras)\s+)(?=(?:el|la|los|las|su|sus|un|una)\s)", re.IGNORECASE
)
_OTHER = re.compile(r"[.;]|\b(?:el|la|los|las|un|una)\s+\w+\s+$")
_NEW = frozenset({"nuevo", "nueva", "segundo", "segunda"})
_DEEDS: tuple[tuple[str, Deed], ...] = (
    ("handled", "handled"),
    ("gained", "gained"),
    ("broken", "lost"),
    ("regained", "regained"),
    ("put", "put"),
)


def thing_es(words: Lexicon, text: str, at: int) -> Thing | None:
    """The noun phrase that begins at `at` with a determiner: "el peine de marfil", "una carta abierta"."""
    opened = _DETERMINED.match(text, at)
    if not opened or words.has("stop", opened[3].lower()):
        return None
    end, marks = marks_es(words, text, opened.end())
    marks = [*([opened[2].lower()] if opened[2] else []), *marks]
    determiner, head = opened[1].lower(), opened[3].lower()
    return Thing(determiner, tuple(marks), singular(head), opened.start(1), end, text[opened.start(3) : end].lower())


def events_es(story: Story, sentence: Sentence) -> Iterator[Event]:
    """What a sentence tells of things."""
    text, words, quote = sentence.text, sentence.words, sentence.quote
    for group, deed in _DEEDS:
        for match in words.pattern(group).finditer(text):
            thing = thing_es(words, text, match.end())
            if thing is None or not _real(words, text, match.start()):
                continue
            held = words.has("held", " ".join(match[0].lower().split()))
            yield Event(deed, sentence.actor(match.start()), thing, quote, "", held)
    yield from _given(story, sentence)
    yield from _thrown(sentence)
    yield from _gone(sentence)
    yield from _used(sentence)
    for opened in re.finditer(r"\b(?=(?:un|una|otro|otra)\s)", text, re.IGNORECASE):
        thing = thing_es(words, text, opened.end())
        if thing and (thing.determiner.startswith("otr") or set(thing.marks) & _NEW):
            yield Event("anew", "", thing, quote)


def _real(words: Lexicon, text: str, at: int) -> bool:
    """Whether it is done: not "no", not "casi", not "como si"; and not by itself, as "se rompe"."""
    return not words.regex("negated").search(text[:at]) and not re.search(r"\bse\s+$", text[:at], re.IGNORECASE)


def _given(story: Story, sentence: Sentence) -> Iterator[Event]:
    """ "Le da la linterna al Niño", "entrega la carta a Julián"."""
    text, words = sentence.text, sentence.words
    for match in words.pattern("given").finditer(text):
        thing = thing_es(words, text, match.end())
        if thing is None or not _real(words, text, match.start()):
            continue
        to = next(
            (
                name
                for start, _, name in story.names.spans(text)
                if re.fullmatch(r"\s+(?:a|al|a la)\s+", text[thing.end : start], re.IGNORECASE)
            ),
            "",
        )
        if to and not thing.definite:
            yield Event("gained", to, thing, sentence.quote)
        yield Event("given", sentence.actor(match.start()), thing, sentence.quote, to)


def _thrown(sentence: Sentence) -> Iterator[Event]:
    """ "Tira el peine al río", "deja caer el reloj desde el puente"."""
    text, words = sentence.text, sentence.words
    for match in words.pattern("thrown").finditer(text):
        thing = thing_es(words, text, match.end())
        if thing is None or not _real(words, text, match.start()):
            continue
        rest = re.split(r"[.;,]|\sy\s", text[thing.end :], maxsplit=1)[0]
        if words.regex("away_to").search(rest):
            yield Event("lost", sentence.actor(match.start()), thing, sentence.quote)


def _gone(sentence: Sentence) -> Iterator[Event]:
    """ "La brújula se hunde en el mar", "Las llamas se comen el cuaderno"."""
    text, words = sentence.text, sentence.words
    for opened in _CLAUSE.finditer(text):
        thing = thing_es(words, text, opened.end())
        gone = words.regex("gone").search(text, thing.end) if thing else None
        if thing and gone and not _OTHER.search(text[thing.end : gone.start()]):
            yield Event("lost", "", thing, sentence.quote)
    for eaten in words.regex("eaten").finditer(text):
        thing = thing_es(words, text, eaten.end())
        if thing:
            yield Event("lost", "", thing, sentence.quote)


def _used(sentence: Sentence) -> Iterator[Event]:
    """Any verb with a known thing for its object: "firma el contrato", "escribe en el cuaderno"."""
    text, words = sentence.text, sentence.words
    known = alternation(words.list("unused"))
    for match in words.regex("used").finditer(text):
        thing = thing_es(words, text, match.end())
        unreal = words.regex("negated").search(text[: match.start() + 1])
        if thing and not unreal and not re.fullmatch(known, match[1], re.IGNORECASE):
            yield Event("handled", sentence.actor(match.start()), thing, sentence.quote)
