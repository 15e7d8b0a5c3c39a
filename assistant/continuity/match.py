"""The script supervisor's list for a shooting day: what must match with scenes that are shot on another day."""

from collections.abc import Mapping, Sequence

from assistant.domain.continuity import OVER, Continuity, MatchNote, State
from assistant.domain.screenplay import Screenplay

_MATTERS = frozenset({"wardrobe", "hair_makeup", "wound", "prop", "set", "weather", "vehicle"})
_LINKS = frozenset({"CONTINUOUS", "SAME", "SAME TIME", "MOMENTS LATER", "MOMENT LATER"})


def match(
    script: Screenplay, continuity: Continuity, cast: Mapping[int, frozenset[str]], days: Mapping[str, Sequence[int]]
) -> tuple[MatchNote, ...]:
    """For every pair of scenes that are neighbours in the story and shot on different days, what must match.

    `cast` gives the characters of each scene, `days` the ordinals of each shooting day. Neighbours are the scenes
    before and after in the story, and for each character the scene in which it was last seen on the same script day.
    """
    shot = {ordinal: day for day, ordinals in days.items() for ordinal in ordinals}
    notes: dict[tuple[int, int], MatchNote] = {}
    for first, second in _neighbours(script, continuity, cast):
        if first not in shot or second not in shot or shot[first] == shot[second]:
            continue
        direct = _direct(script, second) and _follows(script, first, second)
        items = _items(script, continuity, cast, (first, second))
        if items or direct:
            for scene, other in ((first, second), (second, first)):
                notes[scene, other] = MatchNote(shot[scene], scene, shot[other], other, direct, items)
    return tuple(notes[key] for key in sorted(notes))


def between(
    script: Screenplay, continuity: Continuity, cast: Mapping[int, frozenset[str]], first: int, second: int
) -> tuple[bool, tuple[State, ...]]:
    """Whether two scenes are one continuous run, and the states that must match whenever they are shot."""
    direct = _direct(script, second) and _follows(script, first, second)
    return direct, _items(script, continuity, cast, (first, second))


def _neighbours(
    script: Screenplay, continuity: Continuity, cast: Mapping[int, frozenset[str]]
) -> list[tuple[int, int]]:
    """Pairs in story order: by script, and by each character within one script day. A flashback is its own story."""
    labels = {day.scene: day.label for day in continuity.days}
    pairs: dict[tuple[int, int], None] = {}
    last_of_line: dict[bool, int] = {}
    last_seen: dict[tuple[str, str], int] = {}
    for scene in script.scenes:
        label = labels.get(scene.ordinal)
        if label is None:
            continue
        outside = label.startswith("X")
        before = last_of_line.get(outside)
        if before is not None and _one_day(labels[before], label):
            pairs[before, scene.ordinal] = None
        last_of_line[outside] = scene.ordinal
        for name in sorted(cast.get(scene.ordinal, ())):
            key = (name, _day(label))
            if key in last_seen:
                pairs[last_seen[key], scene.ordinal] = None
            last_seen[key] = scene.ordinal
    return sorted(pairs)


def _day(label: str) -> str:
    """D2 and N2 are one day; a flashback is its own."""
    return label[1:] if label[0] in "DN" else label


def _one_day(one: str, other: str) -> bool:
    return _day(one) == _day(other)


def _direct(script: Screenplay, ordinal: int) -> bool:
    heading = script.scene(ordinal).heading
    return heading.inherits and (heading.time_written or "").upper() in _LINKS


def _follows(script: Screenplay, first: int, second: int) -> bool:
    between = [scene for scene in script.scenes if first < scene.ordinal < second and not scene.omitted]
    return not between


def _over(state: State) -> bool:
    """Whether nothing of it is to be seen any more."""
    return state.value.endswith(OVER) or ": given to " in state.value


def _items(
    script: Screenplay, continuity: Continuity, cast: Mapping[int, frozenset[str]], pair: tuple[int, int]
) -> tuple[State, ...]:
    """States of the first scene that still hold in the second, of people in both, and of the set where it is one."""
    first, second = pair
    people = cast.get(first, frozenset()) & cast.get(second, frozenset())
    place = script.scene(first).set if script.scene(first).set == script.scene(second).set else ""
    at_end = [state for state in continuity.standing(first) if state.until is None or state.until >= second - 1]
    found = [state for state in at_end if state.value and state.kind in _MATTERS and not _over(state)]
    return tuple(
        state
        for state in found
        if state.subject in people or (place and (state.subject in place or state.value.endswith(place)))
    )
