"""Props in hand: gained, handled, given away, lost, broken; and those used when they can not be there."""

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.continuity.findings import Findings
from assistant.continuity.people import Sentence, Story
from assistant.continuity.spanish_props import events_es
from assistant.continuity.told import Deed, Event
from assistant.continuity.words import Thing, alternation, lexicon, singular, thing_at

_NEGATED = re.compile(
    r"\b(?:not|n't|n’t|never|no|almost|nearly|tries to|about to|would|could|if|as if|like)\b[^.;]*$", re.I
)
_SIMILE = re.compile(r"\b(?:like|as if|as though|than)\b[^.;,]*$", re.IGNORECASE)
_RUIN = re.compile(r"(?<![\w-])(lets|feeds|tears|rips|shreds|breaks|grinds|cuts|hacks|chops|burns|smashes)(?![\w-])")
_RUINED = (
    r"\s*(?:to|into)\s+(?:shreds|pieces|bits|ashes|ash|dust|splinters|ribbons|a thousand|tiny)"
    r"|\s*(?:apart|in two|in half)\b"
)
_LONG_AGO = 40  # scenes after which a thing of the same name is taken for another


def props(story: Story, found: Findings) -> None:
    """States of props in hand, and props used before they exist or after they are gone."""
    read = events_es if story.words.language == "es" else _events
    events = [event for sentence in story.sentences for event in sorted(read(story, sentence), key=_where)]
    events = [event for event in events if not story.words.has("never_props", event.thing.head)]
    for event in events:
        _state(event, found)
    line = [event for event in events if story.main(event.quote.scene)]
    for place, event in enumerate(line):
        if event.deed == "lost":
            _after_loss(story, event, line[place + 1 :], found)
        elif event.deed == "gained":
            _before_gain(event, line[:place], found)
        elif event.deed == "given":
            _after_giving(story, event, line[place + 1 :], found)


def _where(event: Event) -> int:
    return event.thing.start


def _state(event: Event, found: Findings) -> None:
    name, who = event.thing.name, event.actor
    if event.deed == "lost":
        found.state("prop", who or name, f"{name}: lost or broken", event.quote)
    elif event.deed == "given" and who:
        found.state("prop", who, f"{name}: given to {event.to}" if event.to else f"{name}: given away", event.quote)
        if event.to:
            found.state("prop", event.to, f"{name}: in hand", event.quote)
    elif event.deed == "put" and who:
        found.state("prop", who, f"{name}: put down", event.quote)
    elif who and (event.deed in {"gained", "regained"} or event.held):
        found.state("prop", who, f"{name}: in hand", event.quote)


def _after_loss(story: Story, lost: Event, later: list[Event], found: Findings) -> None:
    for event in later:
        if not event.thing.same(lost.thing) or event.quote.line == lost.quote.line:
            continue
        if event.deed in {"regained", "anew", "gained"} or event.quote.scene - lost.quote.scene > _LONG_AGO:
            return
        if event.deed == "handled" and event.thing.definite and not _not_whole(story, event.thing):
            if not (_shared(lost.thing, event.thing) or _near(story, lost, event) or lost.thing.definite):
                return
            grave = "high" if story.number(lost.quote.scene) == story.number(event.quote.scene) else "medium"
            what = f"The {event.thing.name} is lost or broken in one scene and used in the other."
            found.conflict("prop", grave, event.thing.name, what, (lost.quote, event.quote))  # type: ignore[arg-type]
            return


def _shared(one: Thing, other: Thing) -> bool:
    """Whether a mark such as "brass" says that it is the very same thing, or the noun is its only name throughout."""
    return bool(set(one.marks) & set(other.marks))


def _near(story: Story, one: Event, other: Event) -> bool:
    return story.number(one.quote.scene) == story.number(other.quote.scene)


def _before_gain(gain: Event, before: list[Event], found: Findings) -> None:
    if gain.thing.definite or not gain.thing.marks:
        return
    for event in before:
        if event.quote.scene >= gain.quote.scene or event.deed not in {"handled", "given"}:
            continue
        if event.thing.definite and event.thing.marks == gain.thing.marks and event.thing.head == gain.thing.head:
            what = f"The {event.thing.name} is used before it is found or made."
            found.conflict("prop", "medium", event.thing.name, what, (event.quote, gain.quote))
            return


def _after_giving(story: Story, given: Event, later: list[Event], found: Findings) -> None:
    """Given away, and in the giver's hand again before the run of scenes has ended."""
    for event in later:
        if not event.thing.same(given.thing) or event.quote.line == given.quote.line:
            continue
        if story.runs.get(event.quote.scene) != story.runs.get(given.quote.scene):
            return
        if event.actor != given.actor or event.quote.scene == given.quote.scene:
            return
        if event.deed == "handled" and event.thing.definite:
            what = f"{given.actor} gives the {given.thing.name} away and has it again in the same run of scenes."
            found.conflict("prop", "medium", given.thing.name, what, (given.quote, event.quote))
            return


def _not_whole(story: Story, thing: Thing) -> bool:
    return any(story.words.has("not_whole", mark) for mark in (*thing.marks, thing.head))


def _events(story: Story, sentence: Sentence) -> Iterator[Event]:
    text, quote = sentence.text, sentence.quote
    for group, deed in _DEEDS:
        for match in _verb(group).finditer(text):
            to, thing = _object(story, text, match.end(), deed)
            if thing is None or _NEGATED.search(text[: match.start()]) or _SIMILE.search(text[: match.start()]):
                continue
            actor = sentence.actor(match.start())
            held = lexicon().has("held", " ".join(match[0].lower().split()))
            if deed == "given" and thing.determiner in {"a", "an"} and to:
                yield Event("gained", to, thing, quote)
            yield Event(deed, actor, thing, quote, to, held)
    yield from _thrown(sentence)
    yield from _fallen(sentence)
    yield from _taken_by(sentence)
    yield from _used(sentence)
    yield from _gone(sentence)
    for thing in _indefinite(text):
        if re.search(r":\s*$", text[: thing.start]):  # "opens a parcel: a biscuit tin"
            yield Event("gained", sentence.subject, thing, quote)
        if any(
            mark in {"new", "another", "second", "spare", "replacement"} for mark in (*thing.marks, thing.determiner)
        ):
            yield Event("anew", "", thing, quote)


def _object(story: Story, text: str, at: int, deed: Deed) -> tuple[str, Thing | None]:
    """What a verb takes; for "gives Nora the lantern" and "gives it to Nora" also who gets it."""
    thing = thing_at(text, at)
    if deed != "given":
        return "", thing
    for start, end, name in story.names.spans(text):
        if thing is None and 0 <= start - at <= 1:
            return name, thing_at(text, end)
        if thing and re.fullmatch(r"\s+(?:back\s+)?to\s+", text[thing.end : start]):
            return name, thing
    return "", thing


def _thrown(sentence: Sentence) -> Iterator[Event]:
    """ "throws the lantern into the sea"."""
    text = sentence.text
    for match in _verb("thrown").finditer(text):
        thing = thing_at(text, match.end())
        if thing is None or _NEGATED.search(text[: match.start()]):
            continue
        rest = re.split(r"[.;,]|\band\b", text[thing.end :], maxsplit=1)[0]
        if _away(rest):
            yield Event("lost", sentence.actor(match.start()), thing, sentence.quote)


def _away(rest: str) -> bool:
    """ "into the sea", "off the bridge", "overboard"; not "into a bag"."""
    if re.search(
        rf"\b(?:in|into|to|on|onto|down)\b.*\b{lexicon().any_of('away')}\b|\boverboard\b", rest, re.IGNORECASE
    ):
        return True
    far = re.match(r"\s*(?:\w+\s+)?(?:off|over|down)\s+(?:the|a)\s+([\w-]+)", rest)
    return far is not None and not lexicon().has("safe_places", far[1].lower())


def _fallen(sentence: Sentence) -> Iterator[Event]:
    """ "lets the watch fall down the well", "tears it to shreds", "feeds it into the shredder"."""
    text = sentence.text
    for match in _RUIN.finditer(text):
        thing = thing_at(text, match.end())
        if thing is None or _NEGATED.search(text[: match.start()]):
            continue
        rest = text[thing.end : thing.end + 50]
        if re.match(_RUINED, rest, re.IGNORECASE) or (
            match[1] in {"lets", "feeds"} and _away(rest.replace(" fall", ""))
        ):
            yield Event("lost", sentence.actor(match.start()), thing, sentence.quote)


def _taken_by(sentence: Sentence) -> Iterator[Event]:
    """ "Over the parapet goes the opera glass", "Flames eat the notebook", "holds the letter to the candle"."""
    text, words = sentence.text, sentence.words
    for match in words.regex("inverted").finditer(text):
        thing = thing_at(text, match.end())
        if thing and (match["board"] or _away(text[match.start() : match.end("where")].lower())):
            yield Event("lost", sentence.subject, thing, sentence.quote)
    for match in words.regex("eaten").finditer(text):
        if thing := thing_at(text, match.end()):
            yield Event("lost", "", thing, sentence.quote)
    for opened in re.finditer(r"\b(?:holds|puts|touches|sets)(?=\s+(?:the|his|her)\s)", text):
        thing = thing_at(text, opened.end())
        flame = r"\s+(?:to|in|into)\s+(?:the|a)\s+(?:candle|flame|flames|fire|lighter|match|stove)\b"
        if thing and re.match(flame, text[thing.end :]) and not _NEGATED.search(text[: opened.start()]):
            yield Event("lost", sentence.actor(opened.start()), thing, sentence.quote)


def _used(sentence: Sentence) -> Iterator[Event]:
    """Any other verb with a known thing for its object: "signs the contract", "kisses her photograph"."""
    text = sentence.text
    for match in re.finditer(
        r"\b([a-z]{2,}s)(?:\s+(?:up|down|out|on|off|open|over|at|with|in|through|back))?(?=\s+(?:the|his|her)\s)", text
    ):
        thing = thing_at(text, match.end())
        usual = lexicon().has("unused", match[1]) or match[1].endswith("ss")
        if thing is None or usual or _NEGATED.search(text[: match.start()]) or _SIMILE.search(text[: match.start()]):
            continue
        yield Event("handled", sentence.actor(match.start()), thing, sentence.quote)


def _gone(sentence: Sentence) -> Iterator[Event]:
    """ "The lantern strikes the water, hisses and sinks." """
    text = sentence.text
    for match in re.finditer(r"(?:^|[,;]\s+|\b(?:and|but|as|when)\s+)(?=(?:the|his|her|a|an)\s)", text, re.IGNORECASE):
        thing = _subject_at(text, match.end())
        if thing is None:
            continue
        rest = text[thing.end :]
        gone = lexicon().pattern("gone").search(rest) or lexicon().regex("flung").search(rest)
        if gone and not re.search(r"[.;]|\b(?:the|his|her|a|an|who|which)\s+\w+\s+$", rest[: gone.start()]):
            yield Event("lost", "", thing, sentence.quote)


def _subject_at(text: str, at: int) -> Thing | None:
    """A noun phrase in front of its verb: cut where a word ends in -s and the rest goes on as a verb would."""
    thing = thing_at(text, at)
    if thing is None:
        return None
    words = [*thing.marks, text[thing.start : thing.end].split()[-1].lower()]
    for place in range(1, len(words)):
        if words[place].endswith("s") and not words[place].endswith("ss"):
            head = words[place - 1]
            inner = text.lower().find(head, thing.start) + len(head)
            return Thing(thing.determiner, tuple(words[: place - 1]), singular(head), thing.start, inner)
    return thing


def _indefinite(text: str) -> Iterator[Thing]:
    for match in re.finditer(r"\b(?=(?:a|an|another)\s)", text):
        thing = thing_at(text, match.end())
        if thing is not None:
            rest = text[thing.end : thing.end + 6].lower()
            yield Thing(
                thing.determiner,
                (*thing.marks, "new") if rest.startswith(", new") else thing.marks,
                thing.head,
                thing.start,
                thing.end,
            )


_DEEDS: tuple[tuple[str, Deed], ...] = (
    ("handled", "handled"),
    ("gained", "gained"),
    ("given", "given"),
    ("broken", "lost"),
    ("regained", "regained"),
    ("put", "put"),
)


@lru_cache(maxsize=16)
def _verb(group: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){alternation(lexicon().list(group))}(?![\w-])", re.IGNORECASE)
