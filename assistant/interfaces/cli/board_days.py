"""Days of a board on the command line: D4, 2nd/D1, a date."""

from datetime import date

import typer

from assistant.domain.schedule import MAIN, DayPlan, Problem, Schedule, Slot
from assistant.schedule.naming import day_named, is_day


def numbered(schedule: Schedule, written: str) -> tuple[int, DayPlan]:
    """The shooting day and its number. Raises NotFound."""
    found = day_named(schedule, written)
    if found is None:
        raise typer.BadParameter(f"{written!r} is no shooting day; write D4, or 2nd/D1 for another unit's.")
    return found


def slot_of(problem: Problem, schedule: Schedule, written: str, scene: int) -> Slot:
    """The day that is meant for a scene: a shooting day, or a date with the unit that shoots the scene."""
    if is_day(written):
        return numbered(schedule, written)[1].slot
    try:
        when = date.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(f"{written!r} is no day; write D4, 2nd/D1 or 2026-03-05.") from None
    units = next((strip.units for strip in problem.strips if strip.scene == scene), (MAIN,))
    here = [day.unit for day in problem.days if day.date == when and day.unit in units]
    return when, (here or list(units))[0]
