"""A board made in another program, brought over to this script's scenes, and what is only on one side."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from typing import TypeVar

from assistant.domain.schedule import MAIN, DayPlan, Schedule
from assistant.domain.screenplay import Scene, Screenplay, pages
from assistant.domain.uss import DAY_NIGHT, INT_EXT, SET, Uss, UssBreakdown, UssStripboard
from assistant.errors import BadInput

T = TypeVar("T")
MOST_DAYS = 1000
ALIKE = 0.6  # of two set names, to be the same set
KINDS = {"set": SET, "int/ext": INT_EXT, "day/night": DAY_NIGHT}  # programs number their own "Set" as they like
_PART = re.compile(r"^(.*\d[A-Z]?)\s*(?:PT|PART|P)\.?\s*\d+$", re.IGNORECASE)
_RANGE = re.compile(r"^(\d+)\s*[-–]\s*(\d+)$")
_HINT = "Export it again with its stripboard, day breaks and calendar."


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a file says of the company's dates. `least_days` shooting days must be in the calendar."""

    start: date
    days_off: tuple[int, ...] = (5, 6)  # Monday is 0
    holidays: tuple[date, ...] = ()
    least_days: int = 0


@dataclass(frozen=True, slots=True)
class Foreign:
    """A file's board in this script's ordinals, and every scene that is not simply the same on both sides.

    `stated` is False where the file names no first day and `calendar` is the production's own.
    """

    name: str
    schedule: Schedule
    calendar: Calendar
    stated: bool
    by_number: int
    by_heading: tuple[tuple[str, str], ...] = ()  # the file's number, this script's
    other_heading: tuple[tuple[str, str], ...] = ()  # number, heading in the file
    other_length: tuple[tuple[str, str, str], ...] = ()  # number, length in the file, in the script
    unknown: tuple[str, ...] = ()  # in the file, not in the script
    missing: tuple[str, ...] = ()  # in the script, not in the file
    twice: tuple[str, ...] = ()  # on several days in the file; kept on the first
    omitted: tuple[str, ...] = ()  # on the file's board, omitted in the script
    other_boards: tuple[str, ...] = ()


def foreign(uss: Uss, script: Screenplay, own: Calendar, wanted: str = "", units: Sequence[str] = (MAIN,)) -> Foreign:
    """The file's stripboard (the `wanted` one, or the one with most shooting days) over the script's scenes.

    `own` is the calendar to use where the file has none. `units` are the production's; the days of the file's other
    units are the main unit's here. Raises BadInput where there is no board, no shooting day, no
    date, or no scene that is also in the script.
    """
    stripboard = _stripboard(uss, wanted)
    rows, loose = _rows(stripboard, units)
    said = _calendar(uss, stripboard, len(rows))
    calendar = said or Calendar(own.start, own.days_off, own.holidays, len(rows))
    matcher = Matcher(uss, script)
    matcher.match()
    placed: set[int] = set()
    plans: list[DayPlan] = []
    twice: list[str] = []
    omitted: list[str] = []
    live = {scene.ordinal for scene in matcher.live}
    slots = ((day, unit, ids) for day, row in zip(_dates(calendar, len(rows)), rows, strict=True) for unit, ids in row)
    for day, unit, row in slots:
        scenes = list(dict.fromkeys(ordinal for id in row for ordinal in matcher.found.get(id, ())))
        omitted += [matcher.label(ordinal) for ordinal in scenes if ordinal not in live]
        scenes = [ordinal for ordinal in scenes if ordinal in live]
        twice += [matcher.label(ordinal) for ordinal in scenes if ordinal in placed]
        plans.append(DayPlan(day, tuple(ordinal for ordinal in scenes if ordinal not in placed), unit))
        placed.update(scenes)
    if not placed:
        raise BadInput(
            f"None of the {len(matcher.strips)} scenes of the file stands on its board and in this script.",
            "Is it a schedule of this script? Scenes are matched by number and heading.",
        )
    matched = (ordinal for id in loose for ordinal in matcher.found.get(id, ()))
    waiting = dict.fromkeys(ordinal for ordinal in matched if ordinal in live - placed)
    lost = [scene for scene in matcher.live if scene.ordinal not in placed and scene.ordinal not in waiting]
    return Foreign(
        name=stripboard.name,
        schedule=Schedule(tuple(plan for plan in plans if plan.scenes), (*waiting, *(scene.ordinal for scene in lost))),
        calendar=calendar,
        stated=said is not None,
        by_number=matcher.by_number,
        by_heading=tuple(matcher.by_heading),
        other_heading=tuple(matcher.other_heading),
        other_length=tuple(matcher.lengths()),
        unknown=tuple(matcher.unknown()),
        missing=tuple(scene.label for scene in lost),
        twice=tuple(dict.fromkeys(twice)),
        omitted=tuple(dict.fromkeys(omitted)),
        other_boards=tuple(one.name for one in uss.stripboards or () if one is not stripboard),
    )


# boards and days


def _stripboard(uss: Uss, wanted: str) -> UssStripboard:
    every = uss.stripboards or ()
    if not every:
        raise BadInput("The file is a breakdown: it has no stripboard.", _HINT)
    if not wanted:
        return max(every, key=lambda one: len(_rows(one, (MAIN,))[0]))
    named = [one for one in every if one.name.casefold() == wanted.casefold()]
    if not named:
        names = ", ".join(one.name for one in every[:8])
        raise BadInput(f"The file has no stripboard {wanted!r}.", f"It has: {names}.")
    return named[0]


Row = list[tuple[str, list[str]]]
"""What every unit shoots on a day, the main unit first."""


def _rows(stripboard: UssStripboard, units: Sequence[str]) -> tuple[list[Row], list[str]]:
    """Ids by shooting day and unit, and those that stand in no day. Empty days at the end are dropped."""
    names = dict.fromkeys((MAIN, *units))
    rows: list[Row] = []
    loose: list[str] = []
    for board in stripboard.boards:
        if "boneyard" in board.name.casefold():
            loose += board.flat
            continue
        days = [item for item in board.breakdown_ids if not isinstance(item, str)]
        loose += [item for item in board.breakdown_ids if isinstance(item, str)]
        rows += [[(name, []) for name in names] for _ in range(len(days) - len(rows))]
        at = list(names).index(_unit_of(board.name, names))
        for row, day in zip(rows, days, strict=False):
            row[at][1].extend(day)
    while rows and not any(ids for _, ids in rows[-1]):
        rows.pop()
    return rows, loose


def _unit_of(board: str, units: Iterable[str]) -> str:
    """The unit a board of a file is of: the one it is named after, else the main unit."""
    name = board.casefold().removesuffix("unit").strip(" -")
    return next((unit for unit in units if unit.casefold() == name), MAIN)


def _calendar(uss: Uss, stripboard: UssStripboard, count: int) -> Calendar | None:
    """The file's calendar; None where it names no first day."""
    if not count:
        raise BadInput(f"The stripboard {stripboard.name!r} has no shooting days.", _HINT)
    if count > MOST_DAYS:
        raise BadInput(f"The stripboard {stripboard.name!r} has {count} shooting days.", "Is it the right file?")
    calendars = {calendar.id: calendar for calendar in uss.calendars or ()}
    told = calendars.get(stripboard.calendar or "")
    starts = [event for event in (told.events or () if told else ()) if event.type == "start"]
    if told is None or not starts:
        return None
    off = tuple(sorted({(day - 1) % 7 for day in told.days_off}))
    if len(off) == 7:
        raise BadInput("In the file's calendar every day of the week is off.", _HINT)
    holidays = sorted({day_of(event.date) for event in told.events or () if event.type == "dayOff"})
    return Calendar(day_of(starts[0].date), off, tuple(holidays), count)


def _dates(calendar: Calendar, count: int) -> list[date]:
    """The dates of so many shooting days; the first is the start, whatever day that is."""
    found = [calendar.start]
    day, off = calendar.start, set(calendar.holidays)
    while len(found) < count:
        try:
            day += timedelta(days=1)
        except OverflowError:
            raise BadInput("The file's shooting days go beyond the last date there is.", _HINT) from None
        if day.weekday() not in calendar.days_off and day not in off:
            found.append(day)
    return found[:count]


def day_of(written: str) -> date:
    """The day a date means: programs write midnight in their own time zone as UTC. Raises BadInput."""
    try:
        moment = datetime.fromisoformat(written.replace("Z", "+00:00"))
        return (moment.replace(tzinfo=None) + timedelta(hours=12)).date()
    except (ValueError, OverflowError):
        raise BadInput(f"The file's calendar has a date that is none: {written[:40]!r}.", _HINT) from None


# scenes


@dataclass(slots=True)
class Matcher:
    """Finds the script's scene for every strip of a file: by number and heading, by heading alone, by number alone."""

    uss: Uss
    script: Screenplay
    found: dict[str, tuple[int, ...]] = field(default_factory=dict)  # the file's id → ordinals
    by_number: int = 0
    by_heading: list[tuple[str, str]] = field(default_factory=list)
    other_heading: list[tuple[str, str]] = field(default_factory=list)
    strips: list[UssBreakdown] = field(init=False)
    live: list[Scene] = field(init=False)
    headings: dict[str, tuple[str, str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.strips = [strip for strip in self.uss.breakdowns if strip.type == "scene"]
        self.live = [scene for scene in self.script.scenes if not scene.omitted]
        self.headings = self._headings()

    def label(self, ordinal: int) -> str:
        return self.script.scenes[ordinal - 1].label

    def match(self) -> None:
        """All three passes; a scene that one pass took is not for the next."""
        labels: dict[str, list[Scene]] = {}
        for scene in self.script.scenes:
            for name in {scene.label.casefold(), scene.number.casefold() if scene.number else str(scene.ordinal)}:
                labels.setdefault(name, []).append(scene)
        numbered = {strip.id: self._numbered(strip, labels) for strip in self.strips}
        for strip in self.strips:
            scenes = numbered[strip.id]
            if scenes and all(self._same_set(strip, scene) for scene in scenes):
                self.found[strip.id] = tuple(scene.ordinal for scene in scenes)
                self.by_number += 1
        self._by_heading()
        for strip in self.strips:
            scenes = [scene for scene in numbered[strip.id] if scene.ordinal not in self._taken()]
            if strip.id not in self.found and scenes:
                self.found[strip.id] = tuple(scene.ordinal for scene in scenes)
                self.other_heading.append((strip.scene or "", _written(self.headings[strip.id])))

    def unknown(self) -> Iterator[str]:
        """What is only in the file."""
        for strip in self.strips:
            if strip.id not in self.found:
                heading = _written(self.headings[strip.id])
                yield f"{strip.scene or 'no number'} {heading}".strip()

    def lengths(self) -> Iterator[tuple[str, str, str]]:
        """Scenes that are not as long in the file as in the script; parts and joined scenes are left out."""
        times = Counter(ordinal for ordinals in self.found.values() for ordinal in ordinals)
        for strip in self.strips:
            ordinals = self.found.get(strip.id, ())
            if len(ordinals) != 1 or times[ordinals[0]] > 1 or strip.pages is None:
                continue
            scene, theirs = self.script.scenes[ordinals[0] - 1], round(strip.pages * 8)
            if theirs != scene.eighths and not scene.omitted:
                yield scene.label, pages(theirs), pages(scene.eighths)

    def _headings(self) -> dict[str, tuple[str, str, str]]:
        """INT/EXT, set and time of every strip, as written in its elements."""
        ucid = {category.id: KINDS.get(category.name.casefold(), category.ucid) for category in self.uss.categories}
        told = {element.id: (ucid.get(element.category), element.name) for element in self.uss.elements}
        found = {}
        for strip in self.strips:
            said = {kind: name for kind, name in (told.get(id, (None, "")) for id in reversed(strip.elements))}
            found[strip.id] = (said.get(INT_EXT, ""), said.get(SET, ""), said.get(DAY_NIGHT, ""))
        return found

    def _numbered(self, strip: UssBreakdown, labels: Mapping[str, Sequence[Scene]]) -> list[Scene]:
        """The scenes a strip's number names; of several with one number, the one with the same set."""
        scenes: list[Scene] = []
        for number in numbers(strip.scene or ""):
            known = labels.get(number.casefold(), ())
            same = [scene for scene in known if self._same_set(strip, scene)]
            scenes += (same or list(known))[:1] if len(known) > 1 else known
        return list(dict.fromkeys(scenes))

    def _same_set(self, strip: UssBreakdown, scene: Scene) -> bool:
        """Do heading and strip speak of the same set? A strip without a set, and an omitted scene, agree with any."""
        theirs, ours = _plain(self.headings[strip.id][1]), _plain(scene.set or scene.heading.text)
        if not theirs or scene.omitted or theirs in ours or ours in theirs:
            return True
        return SequenceMatcher(None, theirs, ours).ratio() >= ALIKE

    def _taken(self) -> set[int]:
        return {ordinal for ordinals in self.found.values() for ordinal in ordinals}

    def _by_heading(self) -> None:
        """Strips and scenes that are left and whose heading stands only once on either side."""
        taken = self._taken()
        ours = _once(
            (_key(s.int_ext or "", s.set, s.time_of_day or ""), s) for s in self.live if s.ordinal not in taken
        )
        theirs = _once((_key(*self.headings[s.id]), s) for s in self.strips if s.id not in self.found)
        for key, strip in theirs.items():
            if key in ours and key[1]:
                self.found[strip.id] = (ours[key].ordinal,)
                self.by_heading.append((strip.scene or "–", ours[key].label))


def numbers(written: str) -> list[str]:
    """The scene numbers a strip bears: "12, 13", "12-15", "89PT1" (a part of 89)."""
    found: list[str] = []
    for piece in re.split(r"[,;/&+]", written):
        number = piece.strip()
        spread = _RANGE.match(number)
        part = _PART.match(number)
        if spread and 0 < int(spread[2]) - int(spread[1]) < 50:
            found += [str(n) for n in range(int(spread[1]), int(spread[2]) + 1)]
        elif number:
            found.append(part[1].strip() if part else number)
    return found


def _once(pairs: Iterable[tuple[tuple[str, str, str], T]]) -> dict[tuple[str, str, str], T]:
    """What has a key of its own."""
    every = list(pairs)
    times = Counter(key for key, _ in every)
    return {key: item for key, item in every if times[key] == 1}


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text[:200].casefold()))


def _key(int_ext: str, set_name: str, time: str) -> tuple[str, str, str]:
    return _plain(int_ext), _plain(set_name), _plain(time)


def _written(heading: tuple[str, str, str]) -> str:
    int_ext, set_name, time = heading
    head = f"{int_ext}. {set_name}" if int_ext and set_name else int_ext or set_name
    return f"{head} - {time}" if time else head
