"""The picture of a story: characters against scenes, what holds of each as bands, conflicts as marks."""

from dataclasses import dataclass

from assistant.domain.continuity import State, StateKind, plain
from assistant.exports.continuity.sheet import ContinuitySheet

LANES: tuple[tuple[StateKind, str], ...] = (
    ("wardrobe", "Wardrobe"),
    ("wound", "Wounds"),
    ("prop", "Props in hand"),
    ("knowledge", "Knows"),
)
LANE, GAP, TOP = 6, 1, 4  # heights in pixels


@dataclass(frozen=True, slots=True)
class Band:
    """One state over the scenes in which it holds. `look` is the class it is drawn in."""

    look: str
    x: int
    y: int
    width: int
    title: str


@dataclass(frozen=True, slots=True)
class Track:
    """A character's row: in which scenes it is seen, its bands, and where a conflict lies."""

    name: str
    scenes: int
    seen: str
    bands: tuple[Band, ...]
    marks: tuple[Band, ...]


@dataclass(frozen=True)
class Timeline:
    """All rows, and the script days above them."""

    tracks: tuple[Track, ...]
    days: tuple[Band, ...]
    cell: int
    width: int
    height: int


def timeline(sheet: ContinuitySheet, cell: int) -> Timeline:
    """The picture, each scene `cell` pixels wide, omitted scenes too so that columns stand as in the matrix."""
    column = {scene.ordinal: at for at, scene in enumerate(sheet.screenplay.scenes)}
    height = TOP + len(LANES) * (LANE + GAP) + 3
    told = {state.subject for state in sheet.continuity.states}
    people = [
        person for person in sheet.people if person.name in told and set(person.scenes) - set(person.voice_scenes)
    ]
    tracks = tuple(_track(sheet, person.name, column, cell, height) for person in people)
    return Timeline(tracks, _days(sheet, column, cell), cell, cell * len(column), height)


def _track(sheet: ContinuitySheet, name: str, column: dict[int, int], cell: int, height: int) -> Track:
    here = [scene.ordinal for scene in sheet.shot if name in sheet.cast(scene.ordinal)]
    seen = "".join(f"M{column[ordinal] * cell} 1h{cell}v{height - 2}h-{cell}z" for ordinal in here)
    bands = []
    for lane, (kind, label) in enumerate(LANES):
        mine = [state for state in sheet.continuity.states if state.subject == name and state.kind == kind]
        for state in mine:
            bands += _bands(sheet, state, here, (column, cell, TOP + lane * (LANE + GAP), label))
    marks = []
    for item in sheet.continuity.open_conflicts:
        if item.subject == name or name in item.what:
            for ordinal in dict.fromkeys(item.scenes):
                x = column[ordinal] * cell + cell // 2
                marks.append(Band(f"v-{item.severity}", x, height - 3, 0, f"{item.what} ({sheet.labels[ordinal]})"))
    return Track(name, len(here), seen, tuple(bands), tuple(marks))


def _bands(
    sheet: ContinuitySheet, state: State, here: list[int], where: tuple[dict[int, int], int, int, str]
) -> list[Band]:
    """A state as one band from where it begins to the last scene of its holder in which it holds."""
    column, cell, y, label = where
    outside = sheet.days[state.scene].outside
    inside = [ordinal for ordinal in here if state.holds(ordinal) and sheet.days[ordinal].outside == outside]
    last = max(inside, default=state.scene)
    if not state.value or state.value.endswith(("taken off", "given away", "put down")):
        return []
    change = f", change {state.change}" if state.change else ""
    title = f"{label}{change}: {plain(state) if state.kind == 'wardrobe' else state.value}"
    title += f" ({sheet.labels[state.scene]}" + (f"–{sheet.labels[last]})" if last != state.scene else ")")
    look = f"b-{state.kind} c{state.change % 4}"
    first = column[state.scene]
    return [Band(look, first * cell + 1, y, (column[last] - first + 1) * cell - 2, title)]


def _days(sheet: ContinuitySheet, column: dict[int, int], cell: int) -> tuple[Band, ...]:
    """Each stretch of scenes on one script day."""
    found: list[Band] = []
    before = ""
    for scene in sheet.shot:
        day = sheet.days[scene.ordinal]
        if day.label == before and found:
            old = found[-1]
            width = (column[scene.ordinal] + 1) * cell - old.x
            found[-1] = Band(old.look, old.x, 0, width, old.title)
        else:
            found.append(Band(f"d-{day.label[0].lower()}", column[scene.ordinal] * cell, 0, cell, day.label))
        before = day.label
    return tuple(found)
