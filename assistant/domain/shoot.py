"""What a production says about its shoot: calendar, units, places, terms, orders, dates."""

from dataclasses import dataclass
from datetime import date

from assistant.domain.rulepack import RulePack
from assistant.domain.schedule import Band, FixedDate, Lock, Precedence, Slot, Window


@dataclass(frozen=True, slots=True)
class DayLength:
    """What was said of a date: so many eighths at most, or aimed at; with neither it is half a day."""

    date: date
    most: int | None = None
    aim: int | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit beside the main one. What it does not say of its calendar is as the main unit has it."""

    name: str
    scenes: tuple[int, ...] = ()  # only this unit shoots them
    either: tuple[int, ...] = ()  # the main unit may as well
    start: date | None = None
    days: int | None = None  # None = by the pace
    days_off: frozenset[int] | None = None
    holidays: frozenset[date] | None = None
    day_target: int | None = None


@dataclass(frozen=True, slots=True)
class ScheduleRules:
    """What a production says about its shoot. Everything but the pack has a default, so a script is enough."""

    pack: RulePack
    start: date
    days: int | None = None  # shooting days in the calendar; None = by the pace of the pack, with some in reserve
    least_days: int = 0  # where `days` is None: no fewer than these
    days_off: frozenset[int] = frozenset({5, 6})  # weekdays, Monday is 0
    holidays: frozenset[date] = frozenset()
    lengths: tuple[DayLength, ...] = ()  # the main unit's dates that are shorter or longer than the others
    locations: tuple[tuple[str, str], ...] = ()  # set or its first part → location
    travel: tuple[tuple[str, str, int], ...] = ()
    coordinates: tuple[tuple[str, float, float], ...] = ()  # location, latitude, longitude in degrees
    wages: tuple[tuple[str, int], ...] = ()  # cast id or name → a day
    ages: tuple[tuple[str, int], ...] = ()  # cast id or name → years
    drops: tuple[tuple[str, bool], ...] = ()  # cast id or name → may be dropped once
    day_costs: tuple[tuple[str, int], ...] = ()  # element id, name or category → a day
    windows: tuple[Window, ...] = ()  # subjects by id or name
    precedences: tuple[Precedence, ...] = ()
    fixed: tuple[FixedDate, ...] = ()
    locks: tuple[Lock, ...] = ()
    closed: frozenset[Slot] = frozenset()
    minutes: tuple[tuple[int, int], ...] = ()  # scene → estimated minutes
    bands: tuple[tuple[int, Band], ...] = ()  # scene → the call it needs
    units: tuple[Unit, ...] = ()
    lights: tuple[tuple[int, str], ...] = ()  # scene → DAY or NIGHT by its script day, where its heading says none
