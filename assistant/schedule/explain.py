"""Says why a board is as it is: why a strip stands on its day, what a rule costs, and how two boards differ."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from assistant.domain.schedule import DayPlan, FixedDate, Problem, Result, Schedule, Strip, Verdict
from assistant.domain.screenplay import pages
from assistant.errors import NotFound
from assistant.schedule.check import check
from assistant.schedule.order import Orderer

Solver = Callable[[Problem], Result]
MOST_DATES = 6  # that a reason lists


@dataclass(frozen=True, slots=True)
class Alternative:
    """The board with one strip on another date and nothing else changed."""

    date: date
    extra: int  # cost
    broken: tuple[str, ...]  # hard rules, in words


@dataclass(frozen=True, slots=True)
class Why:
    """What speaks for a strip's day, and what every other date would cost or break."""

    scene: int
    date: date
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
    changed: tuple[tuple[int, date | None, date | None], ...]  # scene, first date, second date


def why(problem: Problem, schedule: Schedule, scene: int) -> Why:
    """Why this scene is shot on its date, by trying all the others."""
    here = schedule.dates.get(scene)
    if here is None:
        raise NotFound(f"scene #{scene} is not on the board", "it may be omitted, or in the boneyard")
    base, orderer = check(problem, schedule), Orderer(problem)
    others = (day.date for day in problem.days if day.date != here)
    alternatives = tuple(
        _alternative(problem, moved(problem, schedule, scene, when, orderer), base, when) for when in others
    )
    return Why(scene, here, tuple(_reasons(problem, schedule, scene)), alternatives)


def moved(problem: Problem, schedule: Schedule, scene: int, when: date, orderer: Orderer | None = None) -> Schedule:
    """The board with one strip on another date; only the two days it touches are ordered again."""
    orderer = orderer or Orderer(problem)
    strips = {strip.scene: strip for strip in problem.strips}
    days = {day.date: list(day.scenes) for day in schedule.days}
    for scenes in days.values():
        if scene in scenes:
            scenes.remove(scene)
    days.setdefault(when, []).append(scene)
    ordered = orderer.order([strips[s] for s in days[when]])
    plans = [DayPlan(day, tuple(ordered if day == when else days[day])) for day in sorted(days) if days[day]]
    return Schedule(tuple(plans), tuple(s for s in schedule.boneyard if s != scene))


def _alternative(problem: Problem, schedule: Schedule, base: Verdict, when: date) -> Alternative:
    verdict = check(problem, schedule)
    known = {(item.rule, item.where) for item in base.hard}
    broken = dict.fromkeys(item.words for item in verdict.hard if (item.rule, item.where) not in known)
    return Alternative(when, verdict.cost - base.cost, tuple(broken))


def _reasons(problem: Problem, schedule: Schedule, scene: int) -> list[str]:
    """Facts that tie the strip to its day."""
    strips = {strip.scene: strip for strip in problem.strips}
    mine, here = strips[scene], schedule.dates[scene]
    mates = [strips[s] for day in schedule.days if day.date == here for s in day.scenes if s != scene and s in strips]
    found = [f"locked to {lock.date.isoformat()} by a person" for lock in problem.locks if lock.scene == scene]
    found += [_fixed(problem, item) for item in problem.fixed if item.scene == scene and _binds(problem, item)]
    place = [strip.label for strip in mates if strip.location == mine.location]
    if place:
        found.append(f"{mine.location} is open that day for {_some(place, 'scene')}")
    names = {performer.id: performer.name for performer in problem.cast}
    shared = [names.get(c, c) for c in mine.cast if any(c in strip.cast for strip in mates)]
    if shared:
        found.append(f"{_some(shared, 'performer')} {'works' if len(shared) == 1 else 'work'} that day anyway")
    found += _limits(problem, mine, here)
    return found


def _binds(problem: Problem, item: FixedDate) -> bool:
    return any(day.date not in item.dates for day in problem.days)


def _fixed(problem: Problem, item: FixedDate) -> str:
    left = [day.date.isoformat() for day in problem.days if day.date in item.dates]
    dates = ", ".join(left) if len(left) <= MOST_DATES else f"{len(left)} of {len(problem.days)} dates"
    words = f"{item.words}: " if item.words else ""
    return f"{words}it can only be shot on {dates or 'dates outside the calendar'}"


def _limits(problem: Problem, mine: Strip, here: date) -> list[str]:
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
            found.append(item.words or f"scene {item.before} comes before scene {item.after}")
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
    scenes = sorted(first.dates.keys() | second.dates.keys())
    changed = [(s, first.dates.get(s), second.dates.get(s)) for s in scenes]
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
