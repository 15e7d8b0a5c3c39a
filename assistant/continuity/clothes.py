"""Wardrobe, hair and make-up: what each character wears from where on, change by change, and costumes that jump."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from assistant.continuity.findings import Findings
from assistant.continuity.people import Sentence, Story
from assistant.continuity.spanish import garments_es, hair_es
from assistant.continuity.told import Garment
from assistant.continuity.words import lexicon
from assistant.domain.continuity import State

_WORN = re.compile(
    r"\b(?:in|wearing|wears|has\s+on|dressed\s+in|clad\s+in|lost\s+in|under|inside|with)\s+(?:nothing\s+but\s+)?$", re.I
)
_FINGERED = re.compile(
    r"\b(?:straightens|adjusts|loosens|knots|tightens|hitches\s+up|hikes\s+up|pats\s+down|buttons|zips\s+up|smooths|smoothes|tugs\s+at|pulls\s+at|brushes)\s+$",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(r"(?:,|:|–|-|\.)\s*$")
_SAME_COLOUR = {
    "gray": "grey",
    "golden": "gold",
    "crimson": "red",
    "scarlet": "red",
    "navy": "blue",
    "charcoal": "grey",
}
_SYNONYMS = {"pyjamas": "pajamas", "trouser": "pant", "jacket": "coat", "overcoat": "coat", "raincoat": "coat"}
_DETERMINERS = frozenset({"a", "an", "the", "his", "her", "another"})
_BEFORE = re.compile(r"[\w’'-]+\s*")


def clothes(story: Story, found: Findings) -> None:
    """States of wardrobe and hair, and costumes that jump where nobody had time to change."""
    told: list[Garment] = []
    for sentence in story.sentences:
        for garment in garments_es(sentence) if sentence.words.language == "es" else _garments(sentence):
            if garment.deed != "off":
                found.state("wardrobe", garment.owner, f"{garment.slot}: {garment.name}", garment.quote)
            else:
                found.state("wardrobe", garment.owner, f"{garment.slot}: {garment.name} taken off", garment.quote)
            if story.main(garment.quote.scene):
                _jumped(story, garment, told, found)
                told.append(garment)
        for owner, value in hair_es(sentence) if sentence.words.language == "es" else _hair(sentence):
            found.state("hair_makeup", owner, value, sentence.quote)


def _jumped(story: Story, now: Garment, told: list[Garment], found: Findings) -> None:
    if now.deed != "worn":
        return
    for before in reversed(told):
        if before.owner != now.owner or before.slot != now.slot:
            continue
        if before.deed == "off" or before.quote.scene == now.quote.scene:
            return
        run = story.runs.get(before.quote.scene) == story.runs.get(now.quote.scene)
        same_day = story.day(before.quote.scene) == story.day(now.quote.scene)
        colours = _denies(before.colour, now.colour) or _denies(before.stuff, now.stuff)
        other = before.head != now.head and run and _whole(before) and _whole(now)
        recoloured = colours and before.head == now.head and (run or (same_day and now.definite))
        if recoloured or other:
            what = f"{now.owner} wears {before.name} and then {now.name}, and does not change between."
            grave = "high" if run else "medium"
            found.conflict("costume", grave, now.owner, what, (before.quote, now.quote))  # type: ignore[arg-type]
        return


def _denies(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _whole(garment: Garment) -> bool:
    return garment.slot in {"whole", "coat", "top", "bottom"}


def _garments(sentence: Sentence) -> Iterator[Garment]:
    text = sentence.text
    for match in lexicon().pattern("garments").finditer(text):
        head = match[0].lower()
        start, determiner, marks = _lead(text, match.start())
        before = text[:start]
        deed = _deed(before)
        owner = _wearer(sentence, start, determiner)
        if not owner or not (
            deed
            or determiner in {"his", "her"}
            or determiner.endswith(("'s", "’s"))
            or _introduces(sentence, before, owner)
        ):
            continue
        colour = next((_SAME_COLOUR.get(mark, mark) for mark in marks if lexicon().has("colours", mark)), "")
        stuff = next((mark for mark in marks if lexicon().has("materials", mark)), "")
        slot = lexicon().within("garments")[head]
        definite = determiner in {"the", "his", "her"} or determiner.endswith(("'s", "’s"))
        single = _SYNONYMS.get(head.rstrip("s"), head)
        name = " ".join((*marks, head))
        yield Garment(owner, slot, single, colour, stuff, name, deed or "worn", definite, sentence.quote)


def _lead(text: str, at: int) -> tuple[int, str, list[str]]:
    """Where a garment's noun phrase begins, its determiner, and the words between: "her old red" coat."""
    marks: list[str] = []
    start = at
    for match in reversed(list(_BEFORE.finditer(text, max(0, at - 60), at))):
        word = match[0].strip().lower()
        if text[match.end() : start].strip() or len(marks) > 3:
            break
        if word in _DETERMINERS or word.endswith(("'s", "’s")):
            return match.start(), word, marks
        if lexicon().has("stop", word) or not word.replace("-", "").isalpha():
            break
        marks.insert(0, word)
        start = match.start()
    return (
        (start, "", marks)
        if marks and text[:start].rstrip().endswith((",", "in", "wears", "wearing"))
        else (at, "", [])
    )


def _wearer(sentence: Sentence, start: int, determiner: str) -> str:
    """Whose a garment is: by "her" or "Nora's", else the person before it."""
    if determiner in {"his", "her"} or determiner.endswith(("'s", "’s")):
        return next((name for at, _, name in sentence.mentions if at == start), "")
    return sentence.owner(start)


def _deed(before: str) -> str:
    clause = re.split(r"[.;]|,\s+(?:and|then)\b|\band\b", before)[-1]
    if lexicon().pattern("takes_off").search(clause):
        return "off"
    if lexicon().pattern("puts_on").search(clause):
        return "on"
    return "worn" if _WORN.search(before) or _FINGERED.search(before) else ""


def _introduces(sentence: Sentence, before: str, owner: str) -> bool:
    """ "NORA VANCE (52), broad, weathered, a red wool coat": in a list after the name."""
    named = [end for _, end, name in sentence.mentions if name == owner and end <= len(before)]
    if not named:
        return bool(_INTRODUCED.search(before)) and sentence.subject == owner and len(before) < 60
    between = before[named[-1] :]
    verb = re.search(r"\b\w+(?:s|ed)\b\s+(?:a|the|his|her)\b", between)
    return bool(_INTRODUCED.search(before)) and not verb


def _hair(sentence: Sentence) -> Iterator[tuple[str, str]]:
    for match in lexicon().pattern("hair").finditer(sentence.text):
        owner = sentence.owner(match.start())
        lead = re.search(r"((?:[\w-]+\s+){0,3})$", sentence.text[: match.start()])
        marks = [word for word in (lead[1].split() if lead else []) if not lexicon().has("around_hair", word.lower())]
        if owner and marks and sentence.text[match.end() :][:1] not in {"'", "’"}:
            yield owner, f"{match[0].lower()}: {' '.join(marks + [match[0]]).lower()}"


def numbered(states: list[State], story: Story) -> list[State]:
    """Wardrobe changes counted per character: a new one where something is put on or taken off, and on a new day.

    A new day of which nothing is said opens a change with no value: it is for the costume designer to fill.
    """
    worn: dict[str, dict[int, list[State]]] = defaultdict(lambda: defaultdict(list))
    for state in states:
        if state.kind == "wardrobe":
            worn[state.subject][state.scene].append(state)
    changed: dict[int, State] = {}
    opened: list[State] = []
    for person in story.people:
        number, day, before, first = 0, -1, "", True
        for quote in person.appearances:
            scene = quote.scene
            if scene not in story.days:
                continue
            here = worn[person.name].get(scene, [])
            turned = story.day(scene) if not story.main(scene) else story.number(scene)
            if first or turned != day or _differs(story, here, before):
                number += 1
                if not here:
                    opened.append(State(person.name, "wardrobe", "", scene, None, None, number))
            first, day = False, turned  # type: ignore[assignment]
            before = here[-1].value if here else before
            changed.update({id(state): replace(state, change=number) for state in here})
    return [changed.get(id(state), state) for state in states] + opened


def _differs(story: Story, here: list[State], before: str) -> bool:
    """Whether a scene puts something on or takes it off."""
    return any(state.quote and _deed_in(story, state.quote.text) for state in here) and bool(before)


def _deed_in(story: Story, text: str) -> bool:
    return any(story.words.pattern(group).search(text) for group in ("puts_on", "takes_off"))
