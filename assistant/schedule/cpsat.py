"""The door to OR-Tools: the hard rules of a board as a CP-SAT model, each rule on a guard of its own when asked."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from assistant.domain.schedule import Performer, Problem, Strip, Window
from assistant.schedule.board import location_index, precedences, short_rests


def engine() -> Any:
    """OR-Tools' CP-SAT module, loaded when something is to be proved."""
    from ortools.sat.python import cp_model

    return cp_model


def solver_for(seconds: float, workers: int) -> Any:
    """A CP-SAT solver with a time limit; one worker makes it repeatable."""
    solver = engine().CpSolver()
    solver.parameters.max_time_in_seconds = max(0.1, seconds)
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = 1
    return solver


def solved(solver: Any, model: Any, halted: Callable[[], bool]) -> Any:
    """The solver's status; it stops early once `halted` says so."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            if halted():
                solver.stop_search()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        return solver.solve(model)
    finally:
        done.set()
        watcher.join()


@dataclass
class Model:
    """The hard rules as constraints; with guards, every rule hangs on a literal of its own."""

    problem: Problem
    guarded: bool = False
    guards: dict[str, Any] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    frozen: dict[int, int] = field(default_factory=dict)  # strip index → the day it stays on

    def __post_init__(self) -> None:
        self.cp = engine()
        self.model = self.cp.CpModel()
        self.on: list[list[Any]] = [self._row(i) for i in range(len(self.problem.strips))]
        self.loc_of = location_index(self.problem)
        self._dates()
        self._places()
        self._loads()
        self._calls()
        self._minors()
        self._two_units()
        self._orders()

    def _row(self, i: int) -> list[Any]:
        """Strip i on each day: one of them is true."""
        days = range(len(self.problem.days))
        if i in self.frozen:
            return [self.model.new_constant(int(d == self.frozen[i])) for d in days]
        row = [self.model.new_bool_var(f"s{i}d{d}") for d in days]
        self.model.add_exactly_one(row)
        return row

    def guard(self, key: str) -> list[Any]:
        """The literal a rule's constraints are enforced by; nothing when every rule simply holds."""
        if not self.guarded:
            return []
        if key not in self.guards:
            self.guards[key] = self.model.new_bool_var(key)
        return [self.guards[key]]

    def holds(self, key: str) -> bool:
        return key not in self.off

    def _never(self, key: str, literals: Iterable[Any]) -> None:
        for literal in literals:
            self.model.add_bool_or([literal.negated()]).only_enforce_if(*self.guard(key))

    def _dates(self) -> None:
        problem = self.problem
        fixed = {item.scene: item for item in problem.fixed}
        locks = {item.scene: item for item in problem.locks}
        for strip, row in zip(problem.strips, self.on, strict=True):
            for window in problem.windows:
                if window.subject in needs(strip, window):
                    closed = [x for x, day in zip(row, problem.days, strict=True) if not window.open_on(day.date)]
                    self._never(window.key, closed if self.holds(window.key) else ())
            if strip.scene in fixed and self.holds(fixed[strip.scene].key):
                dates = fixed[strip.scene].dates
                self._never(fixed[strip.scene].key, self._off_dates(row, dates))
            lock = locks.get(strip.scene)
            if lock and self.holds(lock.key):
                self._never(lock.key, [x for x, d in zip(row, problem.days, strict=True) if not lock.allows(d.slot)])
            if self.holds(strip.unit_key):
                other_units = [x for x, d in zip(row, problem.days, strict=True) if d.unit not in strip.units]
                self._never(strip.unit_key, other_units)
            if self.holds("closed"):
                shut = [slot for slot in problem.closed if not (lock and lock.allows(slot))]
                self._never("closed", [x for x, d in zip(row, problem.days, strict=True) if d.slot in shut])

    def _off_dates(self, row: Sequence[Any], dates: Iterable[date]) -> list[Any]:
        allowed = set(dates)
        return [x for x, day in zip(row, self.problem.days, strict=True) if day.date not in allowed]

    def _places(self) -> None:
        """Which location is used on which day."""
        days = range(len(self.problem.days))
        self.used = [[self.model.new_bool_var(f"l{p}d{d}") for d in days] for p in range(len(self.loc_of))]
        for strip, row in zip(self.problem.strips, self.on, strict=True):
            for d in days:
                self.model.add_implication(row[d], self.used[self.loc_of[strip.location]][d])
        rules = self.problem.rules
        if rules.on("max_locations") and self.holds("max_locations"):
            for d in days:
                here = sum(row[d] for row in self.used)
                limit = rules.value("max_locations")
                self.model.add(here <= limit).only_enforce_if(*self.guard("max_locations"))

    def _load(self, d: int, band: str = "DSN") -> Any:
        return sum(
            self.problem.load(strip) * row[d]
            for strip, row in zip(self.problem.strips, self.on, strict=True)
            if strip.band in band
        )

    def _loads(self) -> None:
        rules = self.problem.rules
        if not self.holds("day_cap_percent"):
            return
        move = rules.value("move_load")
        for d, day in enumerate(self.problem.days):
            if (cap := self.problem.cap(day)) is None:
                return
            load = self._load(d) + move * (sum(row[d] for row in self.used) - 1)
            self.model.add(load <= cap).only_enforce_if(*self.guard("day_cap_percent"))

    def _calls(self) -> None:
        """What light each day asks for, and which calls may follow each other."""
        model, problem, days = self.model, self.problem, range(len(self.problem.days))
        self.light = [model.new_bool_var(f"light{d}") for d in days]
        self.dark = [model.new_bool_var(f"dark{d}") for d in days]
        for d in days:
            for band, flag in (("D", self.light[d]), ("N", self.dark[d])):
                mine = [row[d] for s, row in zip(problem.strips, self.on, strict=True) if s.band == band]
                for x in mine:
                    model.add_implication(x, flag)
                model.add_bool_or([*mine, flag.negated()])
        self._splits()
        rests = short_rests(problem.rules.value("turnaround_hours"))
        for d, e in combinations(days, 2):
            one, other = problem.days[d], problem.days[e]
            if one.unit == other.unit:
                if problem.rules.on("week_calls") and one.week == other.week and self.holds("week_calls"):
                    for a, b in ((1, 0), (2, 0), (2, 1)):
                        self._forbid("week_calls", (d, a), (e, b))
                if (other.date - one.date).days == 1 and self.holds("turnaround_hours"):
                    for a, b in ((a, b) for a in range(3) for b in range(3) if rests[a * 3 + b]):
                        self._forbid("turnaround_hours", (d, a), (e, b))

    def _is(self, d: int, call: int) -> list[Any]:
        """Literals that are all true when the day has this call: 0 day, 1 split, 2 night."""
        light, dark = self.light[d], self.dark[d]
        return [[light, dark.negated()], [light, dark], [light.negated(), dark]][call]

    def _forbid(self, key: str, one: tuple[int, int], other: tuple[int, int]) -> None:
        literals = self._is(*one) + self._is(*other)
        self.model.add_bool_or([x.negated() for x in literals]).only_enforce_if(*self.guard(key))

    def _splits(self) -> None:
        rules, problem = self.problem.rules, self.problem
        share = rules.value("split_percent")
        if not share or not self.holds("split_percent"):
            return
        for d, day in enumerate(problem.days):
            if (cap := problem.cap(day)) is None:
                return
            limit = cap * share // 100
            for band, other in (("D", self.dark[d]), ("N", self.light[d])):
                self.model.add(self._load(d, band) <= limit).only_enforce_if(other, *self.guard("split_percent"))

    def _minors(self) -> None:
        for performer in self.problem.cast:
            key = f"minor:{performer.id}"
            if performer.max_minutes is not None and self.holds(key):
                self._minor(key, performer)

    def _minor(self, key: str, performer: Performer) -> None:
        mine = [(s, row) for s, row in zip(self.problem.strips, self.on, strict=True) if performer.id in s.cast]
        for d in range(len(self.problem.days)):
            minutes = sum(self.problem.minutes_of(s, performer) * row[d] for s, row in mine)
            if mine:
                self.model.add(minutes <= performer.max_minutes).only_enforce_if(*self.guard(key))
            for _, row in mine:
                literals = [row[d], *self._is(d, 2)]
                self.model.add_bool_or([x.negated() for x in literals]).only_enforce_if(*self.guard(key))

    def _two_units(self) -> None:
        """On a date of several units, nobody is with more than one of them."""
        days: dict[date, list[int]] = {}
        for d, day in enumerate(self.problem.days):
            days.setdefault(day.date, []).append(d)
        shared = [slots for slots in days.values() if len(slots) > 1]
        if not shared or not self.problem.rules.on("one_unit") or not self.holds("one_unit"):
            return
        for performer in self.problem.cast:
            mine = [row for s, row in zip(self.problem.strips, self.on, strict=True) if performer.id in s.cast]
            for slots in shared if mine else ():
                there = [self.model.new_bool_var(f"{performer.id}d{d}") for d in slots]
                for d, x in zip(slots, there, strict=True):
                    for row in mine:
                        self.model.add_implication(row[d], x)
                self.model.add(sum(there) <= 1).only_enforce_if(*self.guard("one_unit"))

    def _orders(self) -> None:
        keys = {(item.before, item.after): item.key for item in self.problem.precedences}
        scenes = [strip.scene for strip in self.problem.strips]
        pairs = precedences(self.problem)
        days = range(len(self.problem.days))
        early = {gap: [self._too_early(d, gap) for d in days] for gap in {gap for *_, gap in pairs}}
        for a, b, gap in pairs:
            key = keys.get((scenes[a], scenes[b]), "light_order")
            if not self.holds(key):
                continue
            for d, first in enumerate(self.on[a]):
                for e in early[gap][d]:
                    clause = [self.on[b][e].negated(), first.negated()]
                    self.model.add_bool_or(clause).only_enforce_if(*self.guard(key))

    def _too_early(self, d: int, gap: int) -> list[int]:
        """The days on which nothing can be shot that comes so many days after day d."""
        days = self.problem.days
        mine = [e for e, day in enumerate(days) if day.unit == days[d].unit]
        own = set(mine[mine.index(d) + gap :])
        dates = sorted({day.date for day in days})
        later = set(dates[dates.index(days[d].date) + max(1, gap) :])
        return [e for e, day in enumerate(days) if e not in own and (e in mine or day.date not in later)]

    def days_of(self, solver: Any) -> tuple[int, ...]:
        return tuple(next(d for d, x in enumerate(row) if solver.boolean_value(x)) for row in self.on)


def needs(strip: Strip, window: Window) -> tuple[str, ...]:
    """What a strip uses of the kind a window speaks of."""
    return {"cast": strip.cast, "location": (strip.location,), "element": strip.elements}[window.kind]
