"""Wounds: whose, where, on which side, and whether a later scene has them elsewhere or not at all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.continuity.findings import Findings
from assistant.continuity.people import Sentence, Story
from assistant.continuity.words import lexicon
from assistant.domain.breakdown import Quote

_NEAR = 45  # characters between a wound and the part of the body it is on
_SOUND = re.compile(r"\b(?:good|other|uninjured|free|sound|unhurt|healthy|opposite)\b", re.IGNORECASE)
_OTHER_SIDE = {"left": "right", "right": "left"}


@dataclass(frozen=True, slots=True)
class Wound:
    """A wound as one sentence tells of it. `old` says that it must have been there before."""

    owner: str
    part: str  # hand, arm, eye …
    side: str  # left | right | ""
    word: str
    old: bool
    quote: Quote


def wounds(story: Story, found: Findings) -> None:
    """States of wounds, and the wounds that move or are gone."""
    told: list[Wound] = []
    for sentence in story.sentences:
        for wound in _wounds(sentence):
            place = " ".join(filter(None, (wound.side, wound.part)))
            found.state("wound", wound.owner, f"{place}: {wound.word}", wound.quote)
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
        owner = sentence.owner(body.start("side"))
        side, part = body["side"].lower(), lexicon().within("bodies")[body["part"].lower()]
        if owner and _gap(body, match) <= _NEAR and (side, part) not in seen:
            seen.add((side, part))
            word = match[0].lower()
            yield Wound(owner, part, side, word, _old(text, word, match.start()), sentence.quote)


def _gap(body: re.Match[str], wound: re.Match[str]) -> int:
    """Characters between the two; what stands before the wound is a little further off than what follows."""
    if wound.end() <= body.start():
        return body.start() - wound.end()
    return max(0, wound.start() - body.end()) + 4


def _old(text: str, word: str, at: int) -> bool:
    """Bandaged, scarred; "the cut": it was there before. "A cut", "cuts": it is new."""
    if lexicon().has("wound_old", word):
        return not re.search(r"\b(?:wraps?|winds?|ties|bandages)\s*$", text[:at], re.IGNORECASE)
    return re.search(r"\b(?:the|his|her|that|old)\s+(?:\w+\s+)?$", text[:at], re.IGNORECASE) is not None


def _moved(wound: Wound, told: list[Wound], found: Findings) -> None:
    mine = [item for item in told if item.owner == wound.owner and item.part == wound.part and item.side]
    if not mine or not wound.side or any(item.side == wound.side for item in mine) or not wound.old:
        return
    before = mine[0]  # where it was made
    what = (
        f"{wound.owner}'s wound is on the {before.side} {before.part} in one scene "
        f"and on the {wound.side} {wound.part} in the other."
    )
    found.conflict("wound", "high", wound.owner, what, (before.quote, wound.quote))


def _gone(story: Story, sentence: Sentence, told: list[Wound], found: Findings) -> None:
    """ "Without a scratch" on the day of the wound."""
    match = lexicon().pattern("unhurt").search(sentence.text)
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
        rf"\b(?P<side>left|right)\s+(?:[\w-]+\s+)?(?P<part>{lexicon().any_of('bodies')})(?![\w-])", re.IGNORECASE
    )
