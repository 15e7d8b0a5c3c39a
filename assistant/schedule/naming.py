"""Shooting days as people write them: D4, and 2nd/D1 for another unit's."""

import re

from assistant.domain.schedule import MAIN, DayPlan, Schedule
from assistant.errors import NotFound

_DAY = re.compile(r"(?:(?P<unit>[^/]+)/)?[Dd]?(?P<number>\d{1,4})", re.ASCII)


def is_day(written: str) -> bool:
    """Is it written as a shooting day is, with its D or its unit? A bare number may be a scene's."""
    return bool(_DAY.fullmatch(written)) and not written.isdecimal()


def day_named(schedule: Schedule, written: str) -> tuple[int, DayPlan] | None:
    """ "D4" or "4" is the main unit's fourth shooting day, "2nd/D1" the first of the unit called 2nd.

    None where it is not written as a day. Raises NotFound where the board has no such day.
    """
    found = _DAY.fullmatch(written)
    if not found:
        return None
    number, unit = int(found["number"]), _unit(schedule, found["unit"] or MAIN)
    day = schedule.day(number, unit)
    if day is None:
        raise NotFound(f"There is no shooting day {written}.", _has(schedule, unit))
    return number, day


def _has(schedule: Schedule, unit: str) -> str:
    count, whose = sum(day.unit == unit for day in schedule.shooting), "" if unit == MAIN else f"{unit}/"
    if not count:
        return f"The board has no day of a unit called {unit!r}." if whose else "The board has no shooting day."
    return f"The board has {whose}D1 to {whose}D{count}." if count > 1 else f"The board has {whose}D1."


def _unit(schedule: Schedule, written: str) -> str:
    known = {day.unit.casefold(): day.unit for day in schedule.shooting}
    return known.get(written.strip().casefold(), written.strip())
