"""What a schedule is made of: strips, the calendar, the rules that bind them, and what a judge says of the board."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from assistant.domain.categories import Category
from assistant.domain.rulepack import RulePack
from assistant.domain.screenplay import IntExt

Band = Literal["D", "S", "N"]
"""The call a strip needs: by day, by night, or S: it fits any call (dawn, dusk, a set that can be blacked out)."""

Subject = Literal["cast", "location", "element"]

MAIN = "1st"
"""The main unit; every other unit has a calendar of its own and the scenes it is given."""

Slot = tuple[date, str]
"""A date and the unit that shoots on it."""


@dataclass(frozen=True, slots=True)
class Strip:
    """One scene on the board. `cast` and `elements` are ids of the problem's performers and resources.

    `assumed`: the heading names no time, `time_of_day` is that of the scene's script day.
    """

    scene: int
    label: str
    eighths: int
    minutes: int
    set: str
    location: str
    band: Band = "D"
    int_ext: IntExt | None = "INT"
    cast: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    time_of_day: str | None = None
    units: tuple[str, ...] = (MAIN,)  # which units may shoot it
    assumed: bool = False

    @property
    def light(self) -> str:
        """The time of day as it is printed: "NIGHT", "(NIGHT)" where it was assumed, "" where nobody knows."""
        return f"({self.time_of_day})" if self.assumed else self.time_of_day or ""

    @property
    def exterior(self) -> bool:
        return self.int_ext in ("EXT", "INT/EXT")

    @property
    def unit_key(self) -> str:
        return f"unit:{self.scene}"


@dataclass(frozen=True, slots=True)
class Performer:
    """A role and its terms. `wage` is money or a weight a day; `max_minutes` caps a minor's working day."""

    id: str
    name: str
    wage: int = 0
    holds: bool = True  # paid for company days between first and last work
    drops: bool = True  # may be dropped and picked up once
    age: int | None = None
    max_minutes: int | None = None

    @property
    def minor(self) -> bool:
        return self.max_minutes is not None


@dataclass(frozen=True, slots=True)
class Resource:
    """Anything else that costs by the day it is used: a crowd, a crane, a picture car."""

    id: str
    name: str
    category: Category
    day_cost: int = 0


@dataclass(frozen=True, slots=True)
class Location:
    """Where the company goes; one location holds many sets."""

    id: str
    name: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class ShootDay:
    """A date on which a unit can shoot. Days off and holidays are simply not in the list."""

    date: date
    unit: str = MAIN
    target: int | None = None  # a short or long day; None = the rule pack's
    most: int | None = None  # that it may hold; None = the rule pack's share of its target

    @property
    def slot(self) -> Slot:
        return self.date, self.unit

    @property
    def week(self) -> int:
        year, week, _ = self.date.isocalendar()
        return year * 100 + week


@dataclass(frozen=True, slots=True)
class Window:
    """When a performer, location or element can be used: only on these dates, or never on those."""

    kind: Subject
    subject: str
    only: frozenset[date] | None = None
    never: frozenset[date] = frozenset()
    words: str = ""

    @property
    def key(self) -> str:
        return f"window:{self.kind}:{self.subject}"

    def open_on(self, day: date) -> bool:
        return day not in self.never and (self.only is None or day in self.only)


@dataclass(frozen=True, slots=True)
class Precedence:
    """`before` is shot before `after`, at least `gap` shooting days earlier (0: the same day, in order)."""

    before: int
    after: int
    gap: int = 0
    words: str = ""

    @property
    def key(self) -> str:
        return f"order:{self.before}<{self.after}"


@dataclass(frozen=True, slots=True)
class FixedDate:
    """A scene that can only be shot on some dates: a real parade, a full moon, a permit."""

    scene: int
    dates: frozenset[date]
    words: str = ""

    @property
    def key(self) -> str:
        return f"fixed:{self.scene}"


@dataclass(frozen=True, slots=True)
class Lock:
    """A person's decision: this strip stays on this date, and at `place` in the day when that is given.

    Where a scene is either unit's, `unit` says whose day is meant; without one the date alone binds.
    """

    scene: int
    date: date
    place: int | None = None
    unit: str | None = None

    @property
    def key(self) -> str:
        return f"lock:{self.scene}"

    def allows(self, slot: Slot) -> bool:
        """Is the strip on this day where the lock wants it?"""
        return slot[0] == self.date and self.unit in (None, slot[1])


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a board has to respect and pay for. Days are in order of their dates; ids are unique."""

    strips: tuple[Strip, ...]
    days: tuple[ShootDay, ...]
    cast: tuple[Performer, ...]
    rules: RulePack
    title: str = ""
    elements: tuple[Resource, ...] = ()
    locations: tuple[Location, ...] = ()
    travel: tuple[tuple[str, str, int], ...] = ()  # location, location, minutes; either direction
    windows: tuple[Window, ...] = ()
    precedences: tuple[Precedence, ...] = ()
    fixed: tuple[FixedDate, ...] = ()
    locks: tuple[Lock, ...] = ()
    closed: frozenset[Slot] = frozenset()  # locked days: no strip but those locked to them

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit that has a day, the main unit first."""
        return tuple(dict.fromkeys((MAIN, *(day.unit for day in self.days))))

    @property
    def company(self) -> tuple[date, ...]:
        """The main unit's dates: who is held, is held on these."""
        return tuple(day.date for day in self.days if day.unit == MAIN)

    def label(self, scene: int) -> str:
        """A scene as the script numbers it; "#7" for one that has no strip."""
        return next((strip.label for strip in self.strips if strip.scene == scene), f"#{scene}")

    def load(self, strip: Strip) -> int:
        """What the strip takes out of a day: eighths, or minutes where the pack counts in minutes.

        A scene longer than any day fills one day; the judge says that it has to be split.
        """
        amount = self.size(strip)
        limit = self.rules.value("day_target") * self.rules.value("day_cap_percent") // 100
        return min(amount, limit) if limit else amount

    def minutes_of(self, strip: Strip, performer: Performer) -> int:
        """What the strip takes out of a minor's day: never more than the whole of it, as with `load`."""
        limit = performer.max_minutes
        return strip.minutes if limit is None else min(strip.minutes, limit)

    def size(self, strip: Strip) -> int:
        """The strip's own length in the unit days are filled by."""
        return strip.minutes if self.rules.value("count_minutes") else strip.eighths

    def target(self, day: ShootDay) -> int:
        return day.target if day.target is not None else self.rules.value("day_target")

    def cap(self, day: ShootDay) -> int | None:
        """The most that a day may hold, moves counted; None where the rule is switched off."""
        percent = self.rules.value("day_cap_percent")
        return (self.target(day) * percent // 100 if day.most is None else day.most) if percent else None

    def without(self, key: str) -> "Problem":
        """The same problem with one rule or constraint dropped, for a what-if. KeyError where there is none."""
        if self.rules.rule(key):
            return replace(self, rules=self.rules.without(key))
        every = self.units
        kept = replace(
            self,
            strips=tuple(replace(s, units=every) if s.unit_key == key else s for s in self.strips),
            windows=tuple(item for item in self.windows if item.key != key),
            precedences=tuple(item for item in self.precedences if item.key != key),
            fixed=tuple(item for item in self.fixed if item.key != key),
            locks=tuple(item for item in self.locks if item.key != key),
            cast=tuple(replace(p, max_minutes=None) if f"minor:{p.id}" == key else p for p in self.cast),
        )
        if kept == self:
            raise KeyError(key)
        return kept


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One unit's day of the board: scene ordinals in shooting order."""

    date: date
    scenes: tuple[int, ...]
    unit: str = MAIN

    @property
    def slot(self) -> Slot:
        return self.date, self.unit


@dataclass(frozen=True, slots=True)
class Schedule:
    """A board. `boneyard` holds strips that are not placed."""

    days: tuple[DayPlan, ...]
    boneyard: tuple[int, ...] = ()

    @property
    def dates(self) -> dict[int, date]:
        """On which date each placed scene is shot."""
        return {scene: day.date for day in self.days for scene in day.scenes}

    @property
    def slots(self) -> dict[int, Slot]:
        """On which date, and with which unit, each placed scene is shot."""
        return {scene: day.slot for day in self.days for scene in day.scenes}

    @property
    def shooting(self) -> tuple[DayPlan, ...]:
        """The days that have strips."""
        return tuple(day for day in self.days if day.scenes)

    @property
    def numbered(self) -> tuple[tuple[int, DayPlan], ...]:
        """The days that have strips with their numbers; every unit counts its own from 1."""
        counts: dict[str, int] = {}
        found = []
        for day in self.shooting:
            counts[day.unit] = counts.get(day.unit, 0) + 1
            found.append((counts[day.unit], day))
        return tuple(found)

    def day(self, number: int, unit: str = MAIN) -> DayPlan | None:
        """A unit's n-th shooting day, if there is one."""
        return next((day for n, day in self.numbered if n == number and day.unit == unit), None)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that the board breaks (`hard`) or strains, and where."""

    rule: str
    hard: bool
    where: str
    words: str


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of the price: which rule asks for it, for what, how much."""

    rule: str
    subject: str
    amount: int
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge found: the price line by line, and every rule broken."""

    lines: tuple[CostLine, ...]
    violations: tuple[Violation, ...]
    waiting_minutes: int = 0  # cast on set between two of their scenes of one day

    @property
    def cost(self) -> int:
        return sum(line.amount for line in self.lines)

    @property
    def hard(self) -> tuple[Violation, ...]:
        return tuple(item for item in self.violations if item.hard)

    def of(self, rule: str) -> int:
        """The sum of one rule's cost lines."""
        return sum(line.amount for line in self.lines if line.rule == rule)


@dataclass(frozen=True, slots=True)
class Bound:
    """A cost no legal board can go under, and how that was established."""

    value: int
    how: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule of a set that can not hold together."""

    rule: str
    words: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What a solver hands over. `schedule` is None when nothing legal was found; `reasons` then say why.

    `proved_infeasible` is True only when an exact method showed it. `moved` lists scenes whose date changed from the
    schedule before, `moves_bound` the proved minimum of that number.
    """

    schedule: Schedule | None
    verdict: Verdict | None
    bound: Bound
    reasons: tuple[Reason, ...] = ()
    proved_infeasible: bool = False
    seconds: float = 0.0
    first_legal_seconds: float | None = None
    tried: int = 0
    repeatable: bool = True  # False when the clock, not the number of tries, ended the search
    moved: tuple[int, ...] = field(default=())
    moves_bound: int | None = None

    @property
    def cost(self) -> int | None:
        return self.verdict.cost if self.verdict and self.schedule else None

    @property
    def gap(self) -> float | None:
        """(cost − bound) / cost, against the stated bound."""
        if self.cost is None:
            return None
        return (self.cost - self.bound.value) / self.cost if self.cost else 0.0
