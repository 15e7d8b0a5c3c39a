"""What the judge asks where more than one unit shoots: whose scene it is, and who would be in two places."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from assistant.domain.categories import Category
from assistant.domain.schedule import MAIN, DayPlan, Performer, Problem, Schedule, Strip, Violation

ONLY_ONE = frozenset({Category.VEHICLES, Category.ANIMALS, Category.SPECIAL_EQUIPMENT})
"""Categories of which there is usually one of a name."""


def unit_violations(problem: Problem, schedule: Schedule) -> Iterator[Violation]:
    """Scenes with a unit that does not shoot them, and what two units need on one date."""
    strips = {strip.scene: strip for strip in problem.strips}
    for day in schedule.shooting:
        for strip in (strips[scene] for scene in day.scenes if scene in strips):
            if day.unit not in strip.units:
                yield Violation(strip.unit_key, True, f"scene {strip.label}", unit_words(strip))
    if len({day.unit for day in schedule.shooting}) > 1:
        for performer in problem.cast:
            yield from _everywhere(problem, performer, days_with(schedule, strips, performer.id, "cast"))
        yield from _shared_things(problem, schedule, strips)


def unit_words(strip: Strip) -> str:
    """Whose scene it is."""
    names = " or ".join("main" if unit == MAIN else unit for unit in strip.units)
    return f"scene {strip.label} is shot by the {names} unit"


def _everywhere(problem: Problem, performer: Performer, days: list[DayPlan]) -> Iterator[Violation]:
    for one, other in pairwise(days):
        if one.date == other.date and problem.rules.on("one_unit"):
            yield _both(one.date, performer.name, True)


def _shared_things(problem: Problem, schedule: Schedule, strips: dict[int, Strip]) -> Iterator[Violation]:
    """One warning a date, with everything that both units want."""
    found: dict[date, list[str]] = {}
    for thing in (thing for thing in problem.elements if thing.category in ONLY_ONE):
        for one, other in pairwise(days_with(schedule, strips, thing.id, "elements")):
            if one.date == other.date:
                found.setdefault(one.date, []).append(thing.name)
    yield from (_both(when, ", ".join(dict.fromkeys(names)), False) for when, names in sorted(found.items()))


def _both(when: date, names: str, hard: bool) -> Violation:
    return Violation("one_unit", hard, when.isoformat(), f"wanted by two units on {when.isoformat()}: {names}")


def days_with(schedule: Schedule, strips: dict[int, Strip], ident: str, field: str) -> list[DayPlan]:
    """The shooting days that need somebody or something, by date."""
    days = [d for d in schedule.shooting if any(ident in getattr(strips[s], field) for s in d.scenes if s in strips)]
    return sorted(days, key=lambda day: day.date)
