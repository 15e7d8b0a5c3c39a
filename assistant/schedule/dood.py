"""Day out of days: who works, is held, dropped and picked up on which date, computed and never stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.domain.categories import Category
from assistant.domain.schedule import MAIN, Problem, Schedule
from assistant.domain.unit_days import day_label

WORKING = frozenset({"W", "SW", "WF", "SWF", "WD", "PW", "SWD", "PWF", "PWD"})


@dataclass(frozen=True, slots=True)
class Engaged:
    """Someone or something with a row of its own: the scenes it is needed in and the terms it is engaged on."""

    id: str
    name: str
    scenes: frozenset[int]
    holds: bool = True
    drops: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the chart. `cells` has a code for every date of the chart; empty means not engaged or a day off."""

    id: str
    name: str
    cells: tuple[str, ...]
    start: date | None
    finish: date | None
    work: int
    hold: int
    dropped: int  # company days between drop and pick-up

    @property
    def total(self) -> int:
        """Days to be paid."""
        return self.work + self.hold


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole chart, one column a date from the first to the last shooting day; days off are columns too."""

    dates: tuple[date, ...]
    shoot_days: tuple[str | None, ...]  # "4", on a date with another unit alone "2nd 1"; None where nobody shoots
    rows: tuple[Row, ...]

    def working(self, column: int) -> int:
        """How many rows work on a date."""
        return sum(row.cells[column] in WORKING for row in self.rows)


def chart(problem: Problem, schedule: Schedule, category: Category = Category.CAST) -> Chart:
    """The chart of the cast, or of the problem's elements of a category."""
    if category is Category.CAST:
        rows = [
            Engaged(p.id, p.name, _scenes(problem, p.id, "cast"), holds=p.holds, drops=p.drops) for p in problem.cast
        ]
    else:
        rows = [
            Engaged(e.id, e.name, _scenes(problem, e.id, "elements"), holds=False)
            for e in problem.elements
            if e.category is category
        ]
    company = problem.company
    drop = problem.rules.value("drop_days") if problem.rules.on("drop_days") else None
    return chart_of(schedule, company, rows, drop)


def chart_of(schedule: Schedule, company: Sequence[date], rows: Iterable[Engaged], drop_days: int | None) -> Chart:
    """The chart of anything that has scenes. `company` are the dates the main unit can shoot on."""
    shooting = schedule.numbered
    if not shooting:
        return Chart((), (), ())
    first, last = (end(day.date for _, day in shooting) for end in (min, max))
    dates = tuple(first + timedelta(days=i) for i in range((last - first).days + 1))
    numbers = {day.date: day_label(number, day.unit) for number, day in reversed(shooting)}
    main = {*company, *(day.date for _, day in shooting if day.unit == MAIN)}
    span = [day for day in dates if day in main]
    placed = schedule.dates
    made = tuple(_row(item, dates, span, {placed[s] for s in item.scenes if s in placed}, drop_days) for item in rows)
    return Chart(dates, tuple(numbers.get(day) for day in dates), made)


def _scenes(problem: Problem, ident: str, field: str) -> frozenset[int]:
    return frozenset(strip.scene for strip in problem.strips if ident in getattr(strip, field))


def _row(item: Engaged, dates: Sequence[date], span: Sequence[date], work: set[date], drop_days: int | None) -> Row:
    if not work:
        return Row(item.id, item.name, ("",) * len(dates), None, None, 0, 0, 0)
    days = sorted(work)
    gap = _drop(days, span, drop_days) if item.drops and item.holds else None
    codes = dict.fromkeys(days, "W")
    idle = [day for day in span if days[0] < day < days[-1] and day not in work]
    away = [day for day in idle if gap and gap[0] < day < gap[1]]
    if item.holds:
        codes |= {day: "H" for day in idle if day not in away}
    for day in days:
        codes[day] = _code(day, days, gap)
    hold = sum(code == "H" for code in codes.values())
    cells = tuple(codes.get(day, "") for day in dates)
    return Row(item.id, item.name, cells, days[0], days[-1], len(days), hold, len(away))


def _code(day: date, days: Sequence[date], gap: tuple[date, date] | None) -> str:
    start = "S" if day == days[0] else "P" if gap and day == gap[1] else ""
    finish = "F" if day == days[-1] else "D" if gap and day == gap[0] else ""
    return f"{start}W{finish}"


def _drop(days: Sequence[date], span: Sequence[date], drop_days: int | None) -> tuple[date, date] | None:
    """The one break that saves most: last day before, pick-up day. It must be longer than `drop_days` calendar days."""
    best: tuple[date, date] | None = None
    saved = 0
    for left, right in zip(days, days[1:], strict=False):
        idle = sum(left < day < right for day in span)
        if drop_days is not None and (right - left).days > drop_days and idle > saved:
            best, saved = (left, right), idle
    return best
