"""Times and places: light that changes inside a run of scenes, sets inside and outside, people in two places."""

import re

from assistant.continuity.clues import words as day_words
from assistant.continuity.findings import Findings
from assistant.continuity.people import Sentence, Story
from assistant.domain.breakdown import Quote
from assistant.domain.screenplay import Scene

_LIGHT = {"DAY": "day", "MORNING": "day", "AFTERNOON": "day", "NIGHT": "night"}


def places(story: Story, found: Findings) -> None:
    """Everything that headings and light words contradict, and the states of sets and weather."""
    scenes = [scene for scene in story.script.scenes if not scene.omitted]
    _sets(story, scenes, found)
    for before, scene in zip(scenes, scenes[1:], strict=False):
        _link(story, before, scene, found)
        _meanwhile(story, before, scene, found)
    for sentence in story.sentences:
        _light(sentence, found)
        _surroundings(sentence, found)


def _heading(scene: Scene) -> Quote:
    return Quote(scene.ordinal, scene.lines[0].number, scene.heading.text)


def _sets(story: Story, scenes: list[Scene], found: Findings) -> None:
    """One set, once inside and once outside, where only one of them can be."""
    first: dict[str, Scene] = {}
    for scene in scenes:
        name = scene.set.upper()
        if not name or scene.int_ext not in {"INT", "EXT"}:
            continue
        known = first.setdefault(name, scene)
        if known.int_ext != scene.int_ext and _one_sided(story, name):
            what = f"{scene.set} is {known.int_ext} in one heading and {scene.int_ext} in the other."
            found.conflict("set", "medium", scene.set, what, (_heading(known), _heading(scene)))


def _one_sided(story: Story, name: str) -> bool:
    last = re.split(r"\s+[-–—/]\s+", name)[-1]
    return story.words.regex("one_sided").search(re.sub(r"\s*\(.*\)$", "", last)) is not None


def _link(story: Story, before: Scene, scene: Scene, found: Findings) -> None:
    """ "CONTINUOUS - NIGHT" after a scene by day."""
    headed = scene.heading.text.upper()
    if not story.words.regex("link").search(headed) or not scene.lines:
        return
    written = {light for light in ("day", "night") if story.words.regex(f"written_{light}").search(headed)}
    if len(written) != 1:
        return
    now, then = written.pop(), _LIGHT.get(before.time_of_day or "")
    if then and then != now and not day_words()["outside"].search(scene.heading.text + before.heading.text):
        what = f"The scene goes on from one by {then} and is headed {now.upper()}."
        found.conflict("light", "high", scene.set, what, (_heading(before), _heading(scene)))


def _light(sentence: Sentence, found: Findings) -> None:
    """Sunlight in a scene at night, moonlight in one by day."""
    scene = sentence.scene
    now = _LIGHT.get(scene.time_of_day or "")
    group = {"day": "night_light", "night": "day_light"}.get(now or "")
    if group is None or sentence.words.pattern("not_light").search(sentence.text):
        return
    match = sentence.words.pattern(group).search(sentence.text)
    if match:
        what = f"The heading has it by {now}; the action has {match[0].lower()}."
        found.conflict("light", "medium", scene.set, what, (_heading(scene), sentence.quote))


def _meanwhile(story: Story, before: Scene, scene: Scene, found: Findings) -> None:
    """Somebody seen in two scenes that play at the same time in two places."""
    same_time = day_words()["meanwhile"].search(scene.heading.text)
    if not same_time or scene.set == before.set or _place(scene) == _place(before):
        return
    here, there = _seen(story, scene.ordinal), _seen(story, before.ordinal)
    for name in here:
        if name in there:
            what = f"{name} is in two places at the same time."
            found.conflict("place", "high", name, what, (there[name], here[name]))


def _place(scene: Scene) -> str:
    return re.split(r"\s+[-–—/,]\s+", scene.set.upper())[0]


def _seen(story: Story, ordinal: int) -> dict[str, Quote]:
    """Who is seen to do something in a scene, with the words."""
    found: dict[str, Quote] = {}
    for sentence in story.sentences:
        if sentence.scene.ordinal != ordinal or sentence.words.pattern("remote").search(sentence.text):
            continue
        for start, end, name in story.names.spans(sentence.text):
            if _acts(sentence.text, start, end):
                found.setdefault(name, sentence.quote)
    for speech in story.speeches:
        if speech.scene.ordinal == ordinal and not speech.voice:
            found.setdefault(speech.speaker, speech.quote)
    return found


def _acts(text: str, start: int, end: int) -> bool:
    return text[end : end + 2] not in {"'s", "’s"} and re.match(r"(?:,[^,]*,)?\s+\w+", text[end:]) is not None


def _surroundings(sentence: Sentence, found: Findings) -> None:
    """Weather outside, damage to what belongs to the set, vehicles."""
    text, scene = sentence.text, sentence.scene
    words = sentence.words
    match = words.pattern("weather").search(text) if scene.int_ext != "INT" else None
    if match and not words.regex("weather_over").match(text[match.end() :]):
        found.state("weather", scene.set, match[0].lower(), sentence.quote)
    part, harm = words.pattern("set_parts").search(text), words.pattern("damage").search(text)
    follows = words.language == "es"  # "el cristal roto": what is said of a noun stands after it
    if part and harm and abs(part.start() - harm.start()) < 24 and (not follows or part.end() <= harm.start()):
        found.state("set", _place(scene), f"{part[0].lower()}: {harm[0].lower()}", sentence.quote)
    if match := words.regex("vehicle").search(text):
        found.state("vehicle", match[1].lower(), "seen: " + scene.set, sentence.quote)
