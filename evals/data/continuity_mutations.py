"""Conflicts planted into scripts by a script: what is put in, where, and so what must be found."""

# ruff: noqa: E501

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.domain.characters import Character
from assistant.domain.continuity import ConflictKind
from assistant.domain.screenplay import Line, Scene, Screenplay

_TITLED = ("DR.", "MR.", "MRS.", "THE ", "OLD ", "YOUNG ")


@dataclass(frozen=True)
class Planted:
    """A script with one conflict in it. `marks` stand in its two quotes, one in each."""

    kind: ConflictKind
    what: str
    script: Screenplay
    scenes: tuple[int, int]
    marks: tuple[str, str]


@dataclass(frozen=True)
class Stage:
    """A script to plant in: its leading people, and where each is seen."""

    script: Screenplay
    people: Sequence[Character]
    rng: random.Random

    def pairs(self, near: bool = False) -> list[tuple[Character, int, int]]:
        """People with two scenes of theirs in which they are seen, the first earlier."""
        found = []
        for person in self.people[:6]:
            seen = [scene for scene in person.scenes if scene not in person.voice_scenes and self._plain(scene)]
            for first, second in zip(seen, seen[1:] if near else seen[2:], strict=False):
                found.append((person, first, second))
        return found

    def _plain(self, ordinal: int) -> bool:
        scene = self.script.scene(ordinal)
        return not scene.omitted and not re.search("FLASH|DREAM|MONTAGE", scene.heading.text.upper())

    def name(self, person: Character) -> str:
        """As action lines write it."""
        return person.name.title()


def planted(script: Screenplay, people: Sequence[Character], seed: int, each: int = 2) -> list[Planted]:
    """Up to `each` conflicts of every kind, drawn by the seed; a script without room for a kind has none of it."""
    found = []
    usable = [person for person in people if person.speaking and len(person.scenes) >= 3]
    usable = [person for person in usable if not person.name.startswith(_TITLED) and person.name.isalpha()]
    stage = Stage(script, usable, random.Random(seed))
    for plant in PLANTS:
        for _ in range(each):
            one = plant(stage)
            if one is not None:
                found.append(one)
    return found


def put(script: Screenplay, ordinal: int, text: str, last: bool = True) -> Screenplay:
    """The script with one more action line at the end, or the beginning, of a scene."""
    top = max(line.number for scene in script.scenes for line in scene.lines) + 1
    scenes = []
    for scene in script.scenes:
        if scene.ordinal == ordinal:
            line = Line(top, "action", text)
            lines = (*scene.lines, line) if last else (scene.lines[0], line, *scene.lines[1:])
            scene = replace(scene, lines=lines)
        scenes.append(scene)
    return replace(script, scenes=tuple(scenes))


def say(script: Screenplay, ordinal: int, cue: str, text: str) -> Screenplay:
    """The script with one more speech at the end of a scene."""
    top = max(line.number for scene in script.scenes for line in scene.lines) + 1
    scenes = [
        replace(scene, lines=(*scene.lines, Line(top, "character", cue), Line(top + 1, "dialogue", text)))
        if scene.ordinal == ordinal
        else scene
        for scene in script.scenes
    ]
    return replace(script, scenes=tuple(scenes))


def _draw(stage: Stage, near: bool = False) -> tuple[Character, int, int] | None:
    pairs = stage.pairs(near)
    return stage.rng.choice(pairs) if pairs else None


def _two(stage: Stage, kind: ConflictKind, lines: Sequence[tuple[str, str, str, str]]) -> Planted | None:
    """Two action lines about one person: (first, its mark, second, its mark)."""
    drawn = _draw(stage)
    if drawn is None:
        return None
    person, first, second = drawn
    one, mark_one, two, mark_two = stage.rng.choice(lines)
    name = stage.name(person)
    script = put(put(stage.script, first, one.format(name)), second, two.format(name))
    return Planted(kind, f"{mark_one} / {mark_two}", script, (first, second), (mark_one, mark_two))


def lost(stage: Stage) -> Planted | None:
    """Used after it is lost or broken."""
    rows = [
        ("{0} drops the ivory comb into the river.", "ivory comb", "{0} holds up the ivory comb.", "ivory comb"),
        ("{0} hurls the glass decanter at the wall. The decanter shatters.", "decanter", "{0} picks up the glass decanter and pours.", "decanter"),
        ("{0} burns the sealed telegram in the fireplace.", "telegram", "{0} unfolds the sealed telegram.", "telegram"),
        ("The silver compass sinks. {0} watches the bubbles.", "compass", "{0} checks the silver compass.", "compass"),
        ("{0} smashes the tin music box with a hammer.", "music box", "{0} winds the tin music box.", "music box"),
        ("{0} throws the striped umbrella overboard.", "umbrella", "{0} opens the striped umbrella.", "umbrella"),
    ]  # fmt: skip
    return _two(stage, "prop", rows)


def unborn(stage: Stage) -> Planted | None:
    """Used before it is found or made."""
    rows = [
        ("{0} polishes the jade pendant.", "jade pendant", "Under a floorboard {0} finds a jade pendant.", "jade pendant"),
        ("{0} studies the treasure chart.", "treasure chart", "In a bottle {0} discovers a treasure chart.", "treasure chart"),
        ("{0} wields the wooden flute like a baton.", "wooden flute", "{0} buys a wooden flute from a child.", "wooden flute"),
    ]  # fmt: skip
    return _two(stage, "prop", rows)


def moved(stage: Stage) -> Planted | None:
    """A wound on the other side."""
    rows = [
        ("A blade opens a gash on {0}'s left shoulder.", "left shoulder", "{0} winces and touches the bandage on the right shoulder.", "right shoulder"),
        ("{0} has a deep cut over the right eyebrow, bleeding.", "right eyebrow", "{0} leans close: the scar over the left eyebrow is white.", "left eyebrow"),
        ("Glass slashes {0} across the left forearm.", "left forearm", "{0} scratches at the stitches in the right forearm.", "right forearm"),
        ("{0} sprains the right ankle.", "right ankle", "{0} rests the bandaged left ankle on a chair.", "left ankle"),
        ("{0}'s left cheek has a fresh bruise.", "left cheek", "{0} presses ice on the bruised right cheek.", "right cheek"),
    ]  # fmt: skip
    return _two(stage, "wound", rows)


def healed(stage: Stage) -> Planted | None:
    """A wound gone on its own day."""
    drawn = _draw(stage, near=True)
    if drawn is None or not same_day(stage, drawn[1], drawn[2]):
        return None
    person, first, second = drawn
    name = stage.name(person)
    script = put(stage.script, first, f"A splinter opens a gash on {name}'s left palm.")
    script = put(script, second, f"{name} holds up both palms: not a scratch.")
    return Planted("wound", "gone", script, (first, second), ("gash", "not a scratch"))


def same_day(stage: Stage, first: int, second: int) -> bool:
    """No turn of the light between two scenes."""
    lights = {scene.time_of_day for scene in stage.script.scenes if first <= scene.ordinal <= second}
    return len(lights - {None}) <= 1


def runs(stage: Stage) -> list[tuple[Character, int, int]]:
    """People in two scenes of which the second goes on from the first without a break."""
    return [
        (person, before.ordinal, scene.ordinal)
        for before, scene in zip(stage.script.scenes, stage.script.scenes[1:], strict=False)
        for person in stage.people[:6]
        if scene.heading.inherits and (scene.heading.time_written or "").upper() != "LATER"
        and before.ordinal in person.scenes and scene.ordinal in person.scenes
        and not before.omitted and not {before.ordinal, scene.ordinal} & set(person.voice_scenes)
    ]  # fmt: skip


def costume(stage: Stage) -> Planted | None:
    """A costume that jumps inside a continuous run."""
    places = runs(stage)
    if not places:
        return None
    person, first, second = stage.rng.choice(places)
    name = stage.name(person)
    one, two = stage.rng.choice(
        [("a green raincoat", "a white raincoat"), ("a grey suit", "striped pajamas"), ("a red dress", "a black dress")]
    )
    script = put(stage.script, first, f"{name} stands in {one}.")
    script = put(script, second, f"{name} waits in {two}.", last=False)
    return Planted("costume", f"{one} / {two}", script, (first, second), (one.split()[-1], two.split()[-1]))


def light(stage: Stage) -> Planted | None:
    """Sun at night, moon by day."""
    scenes = [scene for scene in stage.script.scenes if scene.time_of_day in {"DAY", "NIGHT"} and not scene.omitted]
    if not scenes:
        return None
    scene = stage.rng.choice(scenes)
    word = "sunlight" if scene.time_of_day == "NIGHT" else "moonlight"
    script = put(stage.script, scene.ordinal, f"Hard {word} falls across the floor.")
    return Planted("light", word, script, (scene.ordinal, scene.ordinal), (scene.heading.text[:12], word))


def headed(stage: Stage) -> Planted | None:
    """A heading that goes on and turns the light."""
    rows = [
        (before, scene)
        for before, scene in zip(stage.script.scenes, stage.script.scenes[1:], strict=False)
        if before.time_of_day in {"DAY", "NIGHT"} and not scene.omitted and not before.omitted
        and not re.search("FLASH|DREAM|PRESENT", (scene.heading.text + before.heading.text).upper())
    ]  # fmt: skip
    if not rows:
        return None
    before, scene = stage.rng.choice(rows)
    other = "NIGHT" if before.time_of_day == "DAY" else "DAY"
    text = f"{scene.heading.int_ext or 'INT'}. {scene.set} - CONTINUOUS - {other}"
    script = reheaded(stage.script, scene, text)
    return Planted("light", text, script, (before.ordinal, scene.ordinal), (before.heading.text[:12], "CONTINUOUS"))


def reheaded(script: Screenplay, scene: Scene, text: str, int_ext: str | None = None) -> Screenplay:
    """The script with another heading over a scene; its set and time stay as they were read."""
    heading = replace(scene.heading, text=text)
    if int_ext in {"INT", "EXT"}:
        heading = replace(heading, int_ext=int_ext)  # type: ignore[arg-type]
    lines = (replace(scene.lines[0], text=text), *scene.lines[1:])
    new = replace(scene, heading=heading, lines=lines)
    return replace(script, scenes=tuple(new if one.ordinal == scene.ordinal else one for one in script.scenes))


def dead(stage: Stage) -> Planted | None:
    """Somebody acts after dying."""
    rows = [
        ("{0} is killed by a falling beam.", "killed", "{0} opens the letter and smiles.", "opens the letter"),
        (
            "{0} stops breathing. No pulse, and nothing brings it back.",
            "stops breathing",
            "{0} walks to the window.",
            "walks to the window",
        ),
        ("A shot. {0} falls dead.", "falls dead", "{0} grabs a chair.", "grabs a chair"),
    ]
    return _two(stage, "death", rows)


def twice(stage: Stage) -> Planted | None:
    """Somebody in two places at the same time."""
    drawn = _draw(stage, near=True)
    if drawn is None:
        return None
    person, _, ordinal = drawn
    scenes = [scene for scene in stage.script.scenes if not scene.omitted]
    at = [scene.ordinal for scene in scenes].index(ordinal)
    before, scene = scenes[at - 1], scenes[at]
    name = stage.name(person)
    script = put(stage.script, before.ordinal, f"{name} sits on the floor and waits.")
    script = put(script, ordinal, f"{name} runs up the stairs.")
    script = reheaded(script, scene, "INT. LIGHTHOUSE - MEANWHILE")
    script = replace(
        script,
        scenes=tuple(
            replace(one, heading=replace(one.heading, set="LIGHTHOUSE", inherits=True, time_written="MEANWHILE"))
            if one.ordinal == ordinal
            else one
            for one in script.scenes
        ),
    )
    return Planted("place", name, script, (before.ordinal, ordinal), (name, name))


def aged(stage: Stage) -> Planted | None:
    """Two ages."""
    drawn = _draw(stage)
    if drawn is None:
        return None
    person, first, second = drawn
    name, age = stage.name(person), stage.rng.randint(20, 40)
    if person.age:
        return None
    script = put(stage.script, first, f"{name} ({age}) looks out.")
    script = say(script, second, person.name, f"I'm {age + 7}.")
    return Planted("number", f"{age} / {age + 7}", script, (first, second), (f"({age})", f"{age + 7}"))


def counted(stage: Stage) -> Planted | None:
    """Two counts, or two dates."""
    drawn = _draw(stage, near=True)
    if drawn is None:
        return None
    person, first, second = drawn
    rows = [
        ("My two brothers never write.", "My four brothers never write."),
        ("I have my three daughters.", "Ask my two daughters."),
    ]
    if same_day(stage, first, second):
        rows.append(("The wedding is on Saturday.", "The wedding is on Sunday."))
    one, two = stage.rng.choice(rows)
    script = say(say(stage.script, first, person.name, one), second, person.name, two)
    return Planted("number", one, script, (first, second), (one[-12:], two[-12:]))


def renamed(stage: Stage) -> Planted | None:
    """A name that nobody has any more."""
    drawn = _draw(stage)
    if drawn is None:
        return None
    person, first, _ = drawn
    old = stage.rng.choice(["Bartholomew", "Ottoline", "Wilhelmina", "Ferdinand"])
    script = put(stage.script, first, f"{old} nods and picks up a pencil.")
    return Planted("name", old, script, (first, first), ("", old))


def inside_out(stage: Stage) -> Planted | None:
    """One set, inside and outside."""
    rooms = re.compile(
        r"(?:KITCHEN|OFFICE|HALLWAY|BEDROOM|WHEELHOUSE|SALOON|CLASSROOM|STREET|ALLEY|ROOFTOP|QUAY|CAR DECK)$"
    )
    by_set: dict[str, list[Scene]] = {}
    for scene in stage.script.scenes:
        if not scene.omitted and scene.int_ext in {"INT", "EXT"} and rooms.search(scene.set.upper()):
            by_set.setdefault(scene.set.upper(), []).append(scene)
    several = [scenes for scenes in by_set.values() if len(scenes) > 1 and len({s.int_ext for s in scenes}) == 1]
    if not several:
        return None
    scenes = stage.rng.choice(several)
    first, scene = scenes[0], scenes[-1]
    other = "EXT" if scene.int_ext == "INT" else "INT"
    text = re.sub(r"^(?:INT|EXT)", other, scene.heading.text)
    script = reheaded(stage.script, scene, text, other)
    return Planted("set", text, script, (first.ordinal, scene.ordinal), (first.heading.text[:8], text[:8]))


def known(stage: Stage) -> Planted | None:
    """Known before it is learned."""
    drawn = _draw(stage)
    if drawn is None:
        return None
    person, first, second = drawn
    script = say(stage.script, first, person.name, "The lighthouse keeper was poisoned, mark my words.")
    text = f"{stage.name(person)} learns that the lighthouse keeper was poisoned."
    script = put(script, second, text)
    return Planted("knowledge", text, script, (first, second), ("poisoned", "learns"))


PLANTS: tuple[Callable[[Stage], Planted | None], ...] = (
    lost,
    unborn,
    moved,
    healed,
    costume,
    light,
    headed,
    dead,
    twice,
    aged,
    counted,
    renamed,
    inside_out,
    known,
)
