"""A board after something changed: legal again with the fewest strips moved, and the proof of how few that is."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from assistant.domain.schedule import Problem, Reason, Schedule
from assistant.schedule.board import compile_board, forbidden, on_locks, only_moves
from assistant.schedule.clash import Clash, find_clash
from assistant.schedule.cpsat import Model, solved, solver_for
from assistant.schedule.greedy import greedy_days
from assistant.schedule.search import Stop, search_board


@dataclass(frozen=True, slots=True)
class Repair:
    """A legal board close to an old one: which strips moved, and how many at least have to."""

    days: tuple[int, ...] | None
    moved: tuple[int, ...] = ()
    least: int = 0
    reasons: tuple[Reason, ...] = ()
    impossible: bool = False  # proved: no board at all is legal

    @property
    def proved(self) -> bool:
        return self.days is not None and len(self.moved) == self.least


class Mender:
    """Where every strip was, which of them can not stay, and ever wider searches for the rest."""

    def __init__(
        self,
        problem: Problem,
        old: Schedule,
        seconds: float,
        workers: int,
        halted: Callable[[], bool] = lambda: False,
    ) -> None:
        self.problem, self.workers, self.halted = problem, workers, halted
        self.deadline = time.perf_counter() + seconds
        days, slots = {day.slot: d for d, day in enumerate(problem.days)}, old.slots
        self.before = [days.get(slots[s.scene], -1) if s.scene in slots else None for s in problem.strips]
        table, size = forbidden(problem), len(problem.days)
        self.hit = {i for i, d in enumerate(self.before) if d is not None and (d < 0 or table[i * size + d])}
        self.new = {i for i, d in enumerate(self.before) if d is None}
        self.best: tuple[int, ...] | None = None
        self.least = sum(self._leaving(day) for day in range(-1, size))

    def _leaving(self, day: int) -> int:
        """How many strips at least leave a day: those that can not stay, and as many more as bring it under its cap.

        A strip that leaves takes its load, and at most one company move, with it.
        """
        here = [i for i, was in enumerate(self.before) if was == day]
        gone = [i for i in here if i in self.hit]
        cap = self.problem.cap(self.problem.days[day]) if day >= 0 else None
        if cap is None:
            return len(gone)
        load, move = self.problem.load, self.problem.rules.value("move_load")
        strips = self.problem.strips
        places = len({strips[i].location for i in here})
        locked = {lock.scene for lock in self.problem.locks}
        excess = sum(load(strips[i]) for i in here) + move * max(0, places - 1)
        excess -= cap + sum(load(strips[i]) + move for i in gone)
        stay = (i for i in here if i not in self.hit and strips[i].scene not in locked)
        more = 0
        for weight in sorted((load(strips[i]) + move for i in stay), reverse=True):
            if excess <= 0:
                break
            excess, more = excess - weight, more + 1
        return len(gone) + more

    def sketch(self) -> None:
        """A first answer by annealing, where the only cost is a strip that moves."""
        board = only_moves(compile_board(self.problem), self.before)
        by_hand = greedy_days(self.problem)
        start = [d if d is not None and d >= 0 else hand for d, hand in zip(self.before, by_hand, strict=True)]
        start = on_locks(self.problem, start)
        for seed, heat in enumerate((0.5, 1.0, 3.0)):
            draft = search_board(board, start, Stop(seconds=None, tries=2000 * board.n, heat=heat), seed)
            if draft.cost is not None:
                self.best = draft.days
                return

    def left(self) -> float:
        return 0.0 if self.halted() else self.deadline - time.perf_counter()

    def moves(self, days: tuple[int, ...]) -> int:
        """How many strips these days take off the day they had."""
        return sum(was is not None and was != now for was, now in zip(self.before, days, strict=True))

    def moved(self) -> tuple[int, ...]:
        strips, days = self.problem.strips, self.best or ()
        changed = zip(strips, self.before, days, strict=False)
        return tuple(strip.scene for strip, was, now in changed if was is not None and was != now)

    def neighbours(self, free: set[int]) -> set[int]:
        """Strips that share location or cast with one of these, or a day with one that stays."""
        strips = self.problem.strips
        places = {strips[i].location for i in free}
        people = {ident for i in free for ident in strips[i].cast}
        days = {self.before[i] for i in free}
        return {
            i
            for i, strip in enumerate(strips)
            if strip.location in places or self.before[i] in days or len(people & set(strip.cast)) > 1
        } | free

    def attempt(self, free: set[int], seconds: float) -> bool | None:
        """Let these strips move and keep the rest, better than the best so far. None: the clock ran out; False: no."""
        frozen = {i: d for i, d in enumerate(self.before) if d is not None and d >= 0 and i not in free}
        model = Model(self.problem, frozen=frozen)
        rows = [(model.on[i], self.before[i]) for i in sorted(free)]
        stays = [row[d] for row, d in rows if d is not None and d >= 0]
        lost, everything = sum(d == -1 for d in self.before), len(free) == len(self.before)
        if self.best is not None:  # what is not better need not be found
            model.model.add(sum(stays) >= len(stays) + lost - self.moves(self.best) + 1)
        model.model.add(sum(stays) <= len(stays) + lost - self.least)
        self._hint(model, free)
        model.model.maximize(sum(stays))
        solver = solver_for(min(seconds, self.left()), self.workers)
        status = solved(solver, model.model, self.halted)
        if status in (model.cp.OPTIMAL, model.cp.FEASIBLE):
            was, self.best = self.best, model.days_of(solver)
            if was is not None and self.moves(was) <= self.moves(self.best):
                self.best = was
        if everything and status == model.cp.INFEASIBLE and self.best is not None:
            self.least = self.moves(self.best)
        elif everything and status in (model.cp.OPTIMAL, model.cp.FEASIBLE):  # before a board the bound means nothing
            bound = solver.best_objective_bound
            self.least = max(self.least, lost + len(stays) - int(min(bound, len(stays)) + 1e-6))
        if status == model.cp.INFEASIBLE and self.best is not None:
            return True
        return None if status == model.cp.UNKNOWN else status != model.cp.INFEASIBLE

    def _hint(self, model: Model, free: set[int]) -> None:
        for i in free:
            goal = self.best[i] if self.best else self.before[i]
            for d, x in enumerate(model.on[i] if goal is not None and goal >= 0 else ()):
                model.model.add_hint(x, int(d == goal))

    def done(self) -> bool:
        return self.best is not None and len(self.moved()) <= self.least


def fewest_moves(
    problem: Problem,
    old: Schedule,
    seconds: float = 30.0,
    workers: int = 2,
    halted: Callable[[], bool] = lambda: False,
) -> Repair:
    """As few strips as possible get another date than on the old board; new strips are free.

    First only what can not stay may move, then its neighbours, then everything: the last pass proves the minimum.
    """
    mender = Mender(problem, old, seconds, workers, halted)
    mender.sketch()
    free = mender.hit | mender.new
    everything = set(range(len(problem.strips)))
    possible: bool | None = None
    if mender.done():
        return Repair(mender.best, mender.moved(), mender.least)
    for scope, share in ((free, 0.1), (mender.neighbours(free) if free else free, 0.35), (everything, 1.0)):
        if mender.left() <= 0.2:
            break
        possible = mender.attempt(scope, share * seconds)
        if mender.done() or (scope == everything and possible is False):
            break
    if mender.best is None:
        clash = find_clash(problem, seconds, workers) if possible is False else Clash(None)
        return Repair(None, reasons=clash.reasons, impossible=clash.proved)
    return Repair(mender.best, mender.moved(), mender.least)
