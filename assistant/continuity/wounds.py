"""Wounds: whose, where, on which side, and whether a later scene has them elsewhere or not at all."""

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.continuity.findings import Findings
from assistant.continuity.people import Sentence, Story
from assistant.continuity.spanish import wounds_es
from assistant.continuity.told import Wound
from assistant.continuity.words import lexicon

_NEAR = 45  # characters between a wound and the part of the body it is on
_TIGHT = 14  # the same where no side is told
_VAGUE = frozenset({"side", "temple", "calf", "heel", "toe", "hip", "jaw", "shin"})  # words that are more than bodies
_DONE = ("ed", "en", "ing", "cut", "gash", "wound", "bruise", "graze", "scratch", "bloody", "scar", "bandage", "sling")
_SOUND = re.compile(r"\b(?:good|other|uninjured|free|sound|unhurt|healthy|opposite)\b", re.IGNORECASE)


def wounds(story: Story, found: Findings) -> None:
    """States of wounds, and the wounds that move or are gone."""
    told: list[Wound] = []
    for sentence in story.sentences:
        for wound in wounds_es(sentence) if sentence.words.language == "es" else _wounds(sentence):
            found.state("wound", wound.owner, f"{wound.place}: {wound.word}", wound.quote)
            if story.main(wound.quote.scene):
                _moved(wound, told, found)
                told.append(wound)
        if story.main(sentence.scene.ordinal):
            _gone(story, sentence, told, found)


def _wounds(sentence: Sentence) -> Iterator[Wound]:
    """Each wound with the part of the body that stands nearest to it."""
    text = sentence.text
    bodies = [
        match for match in _body().finditer(text) if not _SOUND.search(text[max(0, match.start() - 12) : match.end()])
    ]
    seen: set[tuple[str, str]] = set()
    for match in _any_wound().finditer(text) if bodies else ():
        body = min(bodies, key=lambda item: _gap(item, match))
        owner = sentence.owner(body.start())
        side, part = (body["side"] or "").lower(), lexicon().within("bodies")[body["part"].lower()]
        told = bool(side) or (match[0].lower().endswith(_DONE) and body["part"].lower() not in _VAGUE)
        if owner and told and _gap(body, match) <= (_NEAR if side else _TIGHT) and (side, part) not in seen:
            seen.add((side, part))
            word = match[0].lower()
            place = " ".join(filter(None, (side, part)))
            yield Wound(owner, part, side, word, _old(text, word, match.start()), sentence.quote, place)


def _gap(body: re.Match[str], wound: re.Match[str]) -> int:
    """Characters between the two; what stands before the wound is a little further off than what follows."""
    if wound.end() <= body.start():
        return body.start() - wound.end()
    return max(0, wound.start() - body.end()) + 4


def _old(text: str, word: str, at: int) -> bool:
    """Bandaged, scarred; "the cut": it was there before. "A cut", "cuts": it is new."""
    if lexicon().has("wound_old", word):
        return not re.search(r"\b(?:wraps?|winds?|ties|bandages)\s*$", text[:at], re.IGNORECASE)
    if lexicon().regex("nursed").search(text):
        return True
    return re.search(r"\b(?:the|his|her|that|old)\s+(?:\w+\s+)?$", text[:at], re.IGNORECASE) is not None


def _moved(wound: Wound, told: list[Wound], found: Findings) -> None:
    mine = [item for item in told if item.owner == wound.owner and item.part == wound.part and item.side]
    if not mine or not wound.side or any(item.side == wound.side for item in mine) or not wound.old:
        return
    before = mine[0]  # where it was made
    what = f"{wound.owner}'s wound is on the {before.place} in one scene and on the {wound.place} in the other."
    found.conflict("wound", "high", wound.owner, what, (before.quote, wound.quote))


def _gone(story: Story, sentence: Sentence, told: list[Wound], found: Findings) -> None:
    """ "Without a scratch" on the day of the wound."""
    match = sentence.words.pattern("unhurt").search(sentence.text)
    if not match:
        return
    who = sentence.owner(match.start())
    scene = sentence.scene.ordinal
    mine = [item for item in told if item.owner == who and item.quote.scene < scene]
    if mine and story.number(mine[-1].quote.scene) == story.number(scene):
        what = f"{who} is wounded earlier the same day and bears no mark of it here."
        found.conflict("wound", "high", who, what, (mine[-1].quote, sentence.quote))


@lru_cache(maxsize=1)
def _any_wound() -> re.Pattern[str]:
    words = f"{lexicon().any_of('wound_new')}|{lexicon().any_of('wound_old')}"
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE)


@lru_cache(maxsize=1)
def _body() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:(?P<side>left|right)\s+(?:[\w-]+\s+)?)?(?P<part>{lexicon().any_of('bodies')})(?![\w-])", re.IGNORECASE
    )
