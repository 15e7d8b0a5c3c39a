"""A schedule made elsewhere: read, brought over to this script, judged, and kept as a board when a person wants it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from assistant.domain.schedule import Bound, Problem, Verdict
from assistant.domain.shoot import ScheduleRules
from assistant.exports.uss_read import faults, read_uss
from assistant.schedule import check, rules_from
from assistant.schedule.bound import counting_bound
from assistant.schedule.foreign import Calendar, Foreign, foreign
from assistant.schedule.production import WEEKDAYS
from assistant.workflows.schedule import Plan, kept_calendar, shoot


@dataclass(frozen=True, slots=True)
class Imported:
    """A file's board and what the judge says of it under this production's rules. `faults` are the file's own."""

    file: str
    draft: int
    found: Foreign
    problem: Problem
    verdict: Verdict
    bound: Bound
    own_calendar: bool  # production.toml names the first day, so the file's calendar does not count
    faults: tuple[str, ...] = ()


def bring(plan: Plan, seq: int, path: Path, stripboard: str = "") -> Imported:
    """The board of a USS file over a draft's scenes, judged; nothing is kept. Raises NotFound or BadInput."""
    uss = read_uss(path)
    rules = _rules(plan, seq)
    found = foreign(uss, plan.store.screenplay(seq), _own(rules), stripboard, [unit.name for unit in rules.units])
    problem = shoot(plan, seq, as_table(found.calendar))
    return Imported(
        file=path.name,
        draft=seq,
        found=found,
        problem=problem,
        verdict=check(problem, found.schedule),
        bound=counting_bound(problem),
        own_calendar="start" in plan.table,
        faults=tuple(faults(uss)),
    )


def keep(plan: Plan, imported: Imported) -> int:
    """Keep the board as the newest one, with the calendar it was made for; its number."""
    cost, bound = imported.verdict.cost, imported.bound
    facts = {
        "cost": cost,
        "lower_bound": bound.value,
        "bound_how": bound.how,
        "gap": (cost - bound.value) / cost if cost else 0.0,
        "seconds": 0.0,
        "seed": None,
        "repeatable": True,
        "moved": [],
        "moves_bound": None,
        "calendar": as_table(imported.found.calendar),
    }
    return plan.schedules.keep(imported.draft, imported.found.schedule, facts, f"imported from {imported.file}")


def as_dict(imported: Imported) -> dict[str, Any]:
    """The public JSON of an import, schema pa.import/1."""
    found, verdict = imported.found, imported.verdict
    said = asdict(found)
    names = ("by_heading", "other_heading", "other_length", "unknown", "missing", "twice", "omitted", "other_boards")
    return {
        "schema": "pa.import/1",
        "stripboard": found.name,
        "days": len(found.schedule.shooting),
        "dates": [day.date.isoformat() for day in found.schedule.shooting],
        "calendar": as_table(found.calendar),
        "by_number": found.by_number,
        **{name: said[name] for name in names},
        "faults": list(imported.faults),
        "cost": verdict.cost,
        "lower_bound": imported.bound.value,
        "violations": [
            {"rule": v.rule, "hard": v.hard, "where": v.where, "words": v.words} for v in verdict.violations
        ],
    }


def as_table(calendar: Calendar) -> dict[str, Any]:
    """A calendar as production.toml would write it."""
    return {
        "start": calendar.start.isoformat(),
        "days_off": [WEEKDAYS[day] for day in calendar.days_off],
        "holidays": [day.isoformat() for day in calendar.holidays],
        "least_days": calendar.least_days,
    }


def _rules(plan: Plan, seq: int) -> ScheduleRules:
    """What production.toml says, with the newest board's calendar where it says none."""
    table: Mapping[str, Any] = {**kept_calendar(plan.schedules.all()), **plan.table}
    table = {key: value for key, value in table.items() if key != "least_days"}
    return rules_from(table, plan.store.screenplay(seq), plan.folder, plan.today, {})


def _own(rules: ScheduleRules) -> Calendar:
    """The production's own calendar, for a file that names no first day."""
    start = rules.start
    while start.weekday() in rules.days_off or start in rules.holidays:
        start += timedelta(days=1)
    return Calendar(start, tuple(sorted(rules.days_off)), tuple(sorted(rules.holidays)))
