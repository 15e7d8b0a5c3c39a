"""Says why a board is as it is: why a strip stands on its day, what a rule costs, and how two boards differ."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from assistant.domain.schedule import MAIN, DayPlan, FixedDate, Problem, Result, Schedule, Slot, Strip, Verdict
from assistant.domain.screenplay import pages
from assistant.errors import NotFound
from assistant.schedule.check import check
from assistant.schedule.order import Orderer
from assistant.schedule.units import unit_words

Solver = Callable[[Problem], Result]
MOST_DATES = 6  # that a reason lists


@dataclass(frozen=True, slots=True)
class Alternative:
    """The board with one strip on another day and nothing else changed."""

    date: date
    unit: str
    extra: int  # cost
    broken: tuple[str, ...]  # hard rules, in words


@dataclass(frozen=True, slots=True)
class Why:
    """What speaks for a strip's day, and what every other date would cost or break."""

    scene: int
    date: date
    unit: str
    reasons: tuple[str, ...]
    alternatives: tuple[Alternative, ...]

    @property
    def best_other(self) -> Alternative | None:
        """The cheapest other date that breaks nothing."""
        return min((a for a in self.alternatives if not a.broken), key=lambda a: (a.extra, a.date), default=None)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A rule dropped and the board made again: what the rule costs, as far as the search found out."""

    rule: str
    words: str
    cost_with: int
    cost_without: int | None
    bound_without: int

    @property
    def saving(self) -> int | None:
        return None if self.cost_without is None else self.cost_with - self.cost_without


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two boards side by side; each pair is (first, second)."""

    cost: tuple[int, int]
    days: tuple[int, int]
    work_days: tuple[int, int]
    hold_days: tuple[int, int]
    moves: tuple[int, int]
    hard: tuple[int, int]
    lines: tuple[tuple[str, int, int], ...]  # rule, first, second
    changed: tuple[tuple[int, Slot | None, Slot | None], ...]  # scene, first day, second day


def why(problem: Problem, schedule: Schedule, scene: int) -> Why:
    """Why this scene is shot on its date, by trying all the others."""
    here = schedule.slots.get(scene)
    if here is None:
        raise NotFound(f"scene #{scene} is not on the board", "it may be omitted, or in the boneyard")
    base, orderer = check(problem, schedule), Orderer(problem)
    mine = next(strip.units for strip in problem.strips if strip.scene == scene)
    others = (day.slot for day in problem.days if day.slot != here and day.unit in mine)
    alternatives = tuple(
        _alternative(problem, moved(problem, schedule, scene, slot, orderer), base, slot) for slot in others
    )
    return Why(scene, *here, tuple(_reasons(problem, schedule, scene)), alternatives)


def moved(problem: Problem, schedule: Schedule, scene: int, slot: Slot, orderer: Orderer | None = None) -> Schedule:
    """The board with one strip on another day; only the two days it touches are ordered again."""
    orderer = orderer or Orderer(problem)
    strips = {strip.scene: strip for strip in problem.strips}
    days = {day.slot: list(day.scenes) for day in schedule.days}
    for scenes in days.values():
        if scene in scenes:
            scenes.remove(scene)
    days.setdefault(slot, []).append(scene)
    days[slot] = orderer.order([strips[s] for s in days[slot]])
    units = {unit: at for at, unit in enumerate((*problem.units, *(unit for _, unit in days)))}
    order = sorted(days, key=lambda item: (item[0], units[item[1]]))
    plans = [DayPlan(when, tuple(days[when, unit]), unit) for when, unit in order if days[when, unit]]
    return Schedule(tuple(plans), tuple(s for s in schedule.boneyard if s != scene))


def _alternative(problem: Problem, schedule: Schedule, base: Verdict, slot: Slot) -> Alternative:
    verdict = check(problem, schedule)
    known = {(item.rule, item.where) for item in base.hard}
    broken = dict.fromkeys(item.words for item in verdict.hard if (item.rule, item.where) not in known)
    return Alternative(*slot, verdict.cost - base.cost, tuple(broken))


def _reasons(problem: Problem, schedule: Schedule, scene: int) -> list[str]:
    """Facts that tie the strip to its day."""
    strips = {strip.scene: strip for strip in problem.strips}
    mine, here = strips[scene], schedule.slots[scene]
    mates = [strips[s] for day in schedule.days if day.slot == here for s in day.scenes if s != scene and s in strips]
    found = [f"locked to {lock.date.isoformat()} by a person" for lock in problem.locks if lock.scene == scene]
    found += [unit_words(mine)] if mine.units != (MAIN,) else []
    found += [_fixed(problem, item) for item in problem.fixed if item.scene == scene and _binds(problem, item)]
    place = [strip.label for strip in mates if strip.location == mine.location]
    if place:
        found.append(f"{mine.location} is open that day for {_some(place, 'scene')}")
    names = {performer.id: performer.name for performer in problem.cast}
    shared = [names.get(c, c) for c in mine.cast if any(c in strip.cast for strip in mates)]
    if shared:
        found.append(f"{_some(shared, 'performer')} {'works' if len(shared) == 1 else 'work'} that day anyway")
    found += _limits(problem, mine)
    return found


def _binds(problem: Problem, item: FixedDate) -> bool:
    return any(day.date not in item.dates for day in problem.days)


def _fixed(problem: Problem, item: FixedDate) -> str:
    left = [day.date.isoformat() for day in problem.days if day.date in item.dates]
    dates = ", ".join(left) if len(left) <= MOST_DATES else f"{len(left)} of {len(problem.days)} dates"
    words = f"{item.words}: " if item.words else ""
    return f"{words}it can only be shot on {dates or 'dates outside the calendar'}"


def _limits(problem: Problem, mine: Strip) -> list[str]:
    """Windows and orders that rule other dates out."""
    found = []
    subjects = {"cast": mine.cast, "location": (mine.location,), "element": mine.elements}
    for window in problem.windows:
        if window.subject in subjects[window.kind]:
            closed = sum(not window.open_on(day.date) for day in problem.days)
            words = window.words or f"{window.kind} {window.subject}"
            found.append(f"{words}: {closed} of {len(problem.days)} dates are ruled out")
    for item in problem.precedences:
        if mine.scene in (item.before, item.after):
            found.append(
                item.words or f"scene {problem.label(item.before)} comes before scene {problem.label(item.after)}"
            )
    return list(dict.fromkeys(found))


def _some(items: list[str], noun: str) -> str:
    head = ", ".join(items[:4])
    return f"{noun}{'s' if len(items) > 1 else ''} {head}" + (f" and {len(items) - 4} more" if len(items) > 4 else "")


def what_if(problem: Problem, result: Result, rule: str, solver: Solver) -> WhatIf:
    """Drop one rule, solve again, and compare; the board at hand counts too where it is still the cheaper one."""
    from assistant.schedule.clash import words

    try:
        looser = problem.without(rule)
    except KeyError:
        raise NotFound(f"There is no rule {rule!r}.", "`pa schedule rules` lists them.") from None
    return loosened(looser, result, rule, words(problem, rule), solver)


def loosened(looser: Problem, result: Result, rule: str, words: str, solver: Solver) -> WhatIf:
    """What a rule costs, given the problem without it."""
    again = solver(looser)
    costs = [cost for cost in (again.cost, _still(looser, result)) if cost is not None]
    return WhatIf(rule, words, result.cost or 0, min(costs, default=None), again.bound.value)


def _still(problem: Problem, result: Result) -> int | None:
    """What the board at hand costs under the looser rules."""
    if result.schedule is None:
        return None
    verdict = check(problem, result.schedule)
    return None if verdict.hard else verdict.cost


def prices(verdict: Verdict) -> tuple[tuple[str, int], ...]:
    """What each rule takes out of the board's price, dearest first."""
    rules = dict.fromkeys(line.rule for line in verdict.lines)
    return tuple(sorted(((rule, verdict.of(rule)) for rule in rules), key=lambda item: -item[1]))


def compare(problem: Problem, first: Schedule, second: Schedule) -> Comparison:
    """Cost, days, holds, moves and changed strips of two boards under the same rules."""
    from assistant.schedule.dood import chart

    one, other = check(problem, first), check(problem, second)
    charts = [chart(problem, board).rows for board in (first, second)]
    rules = dict.fromkeys(line.rule for line in (*one.lines, *other.lines))
    before, after = first.slots, second.slots
    changed = [(s, before.get(s), after.get(s)) for s in sorted(before.keys() | after.keys())]
    return Comparison(
        cost=(one.cost, other.cost),
        days=(len(first.shooting), len(second.shooting)),
        work_days=(sum(r.work for r in charts[0]), sum(r.work for r in charts[1])),
        hold_days=(sum(r.hold for r in charts[0]), sum(r.hold for r in charts[1])),
        moves=(company_moves(problem, first), company_moves(problem, second)),
        hard=(len(one.hard), len(other.hard)),
        lines=tuple((rule, one.of(rule), other.of(rule)) for rule in rules),
        changed=tuple(item for item in changed if item[1] != item[2]),
    )


def company_moves(problem: Problem, schedule: Schedule) -> int:
    """Changes of location inside days."""
    where = {strip.scene: strip.location for strip in problem.strips}
    return sum(
        where[a] != where[b]
        for day in schedule.days
        for a, b in zip(day.scenes, day.scenes[1:], strict=False)
        if a in where and b in where
    )


def day_totals(problem: Problem, day: DayPlan) -> str:
    """A day's length as the trade writes it."""
    eighths = {strip.scene: strip.eighths for strip in problem.strips}
    return pages(sum(eighths.get(scene, 0) for scene in day.scenes))


def without_date(schedule: Schedule, scene: int) -> Schedule:
    """The board with one strip put into the boneyard."""
    days = tuple(replace(day, scenes=tuple(s for s in day.scenes if s != scene)) for day in schedule.days)
    return Schedule(tuple(day for day in days if day.scenes), (*schedule.boneyard, scene))
