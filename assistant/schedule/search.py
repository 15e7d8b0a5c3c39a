"""Drafts a board: from the greedy one to a legal one as fast as can be, then cheaper as long as there is time."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from assistant.domain.schedule import Problem
from assistant.schedule.board import Board, compile_board

FIRST = 40_000  # tries for each strip in the first stage of a search; every later stage has twice as many
RATES = (800_000, 6_000)  # tries a second on 200 strips, compiled and not; only sets how long a search is meant to be
BEHIND = 0.05  # the share of its time by which a search may lag behind its plan before the clock decides


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Stop:
    """When to stop: after so many seconds, or so many tries, which is repeatable on any machine.

    `halted` is asked now and then; once it says yes, the search hands over the best board it has. `clock` says what a
    second is: of the wall, or of a core where a machine is shared.
    """

    seconds: float | None = 10.0
    tries: int | None = None
    heat: float = 3.0  # where annealing starts, in mean wages; low stays near the board it starts from
    halted: Callable[[], bool] = _never
    clock: Callable[[], float] = time.perf_counter


@dataclass(frozen=True, slots=True)
class Progress:
    """How the search stands. `cost` is None until a board is legal; `trouble` then counts what is broken."""

    seconds: float
    cost: int | None
    trouble: int
    tries: int
    bound: int | None = None

    @property
    def gap(self) -> float | None:
        return (self.cost - self.bound) / self.cost if self.cost and self.bound is not None else None


Listener = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on: told how the search stands, and asked whether it should end."""

    listen: Listener | None = None
    halted: Callable[[], bool] = _never


@dataclass(frozen=True, slots=True)
class Draft:
    """What one search found: a day for every strip, and its price; `cost` is None where hard rules are still broken."""

    days: tuple[int, ...]
    cost: int | None
    trouble: int
    tries: int
    seconds: float
    first_legal: float | None
    repeatable: bool


def search(
    problem: Problem,
    start: list[int],
    stop: Stop,
    seed: int = 0,
    workers: int = 1,
    progress: Listener | None = None,
) -> Draft:
    """The best of `workers` searches with following seeds. One of them reports."""
    return search_board(compile_board(problem), start, stop, seed, workers, progress)


def search_board(
    board: Board, start: list[int], stop: Stop, seed: int = 0, workers: int = 1, progress: Listener | None = None
) -> Draft:
    """The same on a board already compiled."""
    _warm(board, start)
    seeds = [seed + 1000 * i for i in range(max(1, workers))]
    if len(seeds) == 1:
        return _staged(board, start, stop, seed, progress)
    with ThreadPoolExecutor(len(seeds)) as pool:
        listeners = [progress, *[None] * (len(seeds) - 1)]
        drafts = list(pool.map(lambda each: _staged(board, start, stop, *each), zip(seeds, listeners, strict=True)))
    best = min(drafts, key=lambda draft: (draft.cost is None, draft.cost or draft.trouble))
    legal = [draft.first_legal for draft in drafts if draft.first_legal is not None]
    return Draft(
        days=best.days,
        cost=best.cost,
        trouble=best.trouble,
        tries=sum(draft.tries for draft in drafts),
        seconds=max(draft.seconds for draft in drafts),
        first_legal=min(legal, default=None),
        repeatable=all(draft.repeatable for draft in drafts),
    )


def stages(stop: Stop, strips: int) -> list[Stop]:
    """A long search as shorter ones, each twice as long as the one before it; the last has what is left.

    The first is the same for every longer search, so that with more tries a board is never dearer.
    """
    rate = _rate(strips)
    left = stop.tries if stop.tries is not None else int((stop.seconds or 10.0) * rate)
    parts, size = [], FIRST * max(strips, 1)
    while left > 1.5 * size:
        parts.append(size)
        left, size = left - size, 2 * size
    parts.append(left)
    if len(parts) == 1:
        return [stop]
    if stop.tries is not None:
        return [replace(stop, tries=part) for part in parts]
    return [replace(stop, seconds=part / rate) for part in parts]


def _rate(strips: int) -> float:
    from assistant.schedule import kernel

    return float(RATES[0 if kernel.COMPILED else 1] * (200 / max(strips, 50)) ** 0.5)


def _staged(board: Board, start: list[int], stop: Stop, seed: int, progress: Listener | None) -> Draft:
    """One stage after the other, the best board handed on."""
    began = stop.clock()
    draft, repeatable = None, True
    for number, part in enumerate(stages(stop, board.n)):
        if draft is not None and stop.seconds is not None and stop.tries is None:
            part = replace(part, seconds=min(part.seconds or 0, stop.seconds - (stop.clock() - began)))
            if (part.seconds or 0) <= 0:
                break
        draft = Chain(board, start, part, seed + 7 * number, progress, draft).run()
        repeatable = repeatable and draft.repeatable
    assert draft is not None, "there is always a first stage"
    return replace(draft, repeatable=repeatable)


def _warm(board: Board, start: list[int]) -> None:
    """Load or compile the kernel before the clock starts."""
    from assistant.schedule import anneal, kernel

    if not kernel.COMPILED or not board.free:
        return
    m = kernel.books(board, 0)
    anneal.place_all(m, kernel.array(start))
    anneal.anneal(m, kernel.array([1, 1000, 1000, 1, 1]), kernel.array([0] * board.n + [-1, 0, 0]))


class Chain:
    """One annealing run. Temperature and penalty follow the share of tries used, or of time where that is ahead."""

    def __init__(
        self,
        board: Board,
        start: list[int],
        stop: Stop,
        seed: int,
        progress: Listener | None = None,
        before: Draft | None = None,
    ) -> None:
        """`before` is what the earlier stages found."""
        from assistant.schedule import anneal, kernel

        self.board, self.stop, self.progress = board, stop, progress
        self.began = stop.clock()
        self.first_began = self.began - (before.seconds if before else 0.0)
        self.tried_before = before.tries if before else 0
        self.m: Any = kernel.books(board, seed)
        anneal.place_all(self.m, kernel.array(start))
        legal = before is not None and before.cost is not None
        found = [*before.days, before.cost, 0, 0] if before and legal else [0] * board.n + [-1, 0, 0]
        self.best: Any = kernel.array([int(item or 0) for item in found])
        self.array, self.step = kernel.array, anneal.anneal
        self.plan = stop.tries if stop.tries is not None else int((stop.seconds or 10.0) * _rate(board.n))
        self.scale = _scale(board)
        self.tries = 0
        self.first_legal = before.first_legal if before else None
        self.clocked = False

    def run(self) -> Draft:
        """Repair, anneal, then warm the best board up again a few times; while none is legal, with low penalties."""
        self._remember_start()
        if self.board.free:
            self._repair()
            start = self._share()
            ends = [start + part * (1 - start) for part in (0.4, 0.55, 0.7, 0.85, 1.0)]
            self._phase(start, ends[0], (self.stop.heat, 0.08), (5, 100))
            for end in ends[1:]:
                self._restore()
                if self._cost() is None:
                    self._phase(self._share(), end, (min(1.0, self.stop.heat), 0.05), (3, 30))
                else:
                    self._phase(self._share(), end, (min(0.7, self.stop.heat), 0.08 if end < 1 else 0.04), (5, 100))
        return self._draft()

    def _repair(self) -> None:
        """Short annealing runs, each twice as long as the last, until a board is legal or a quarter is used up."""
        size = 300 * self.board.n / max(self.plan, 1)
        while self._cost() is None and self._share() < 0.25 and not self.stop.halted():
            share = self._share()
            self._phase(share, min(0.25, share + size), (min(1.0, self.stop.heat), 0.05), (3, 30), until_legal=True)
            size *= 2

    def _remember_start(self) -> None:
        """A start that is already legal is the first best."""
        cost, trouble, _ = _part(self.m, "TOTAL", 3)
        if trouble == 0 and self._cost() is None:
            self.best[: self.board.n] = self.array(_part(self.m, "DAY", self.board.n))
            self.best[self.board.n] = cost
            self.first_legal = self.stop.clock() - self.first_began

    def _restore(self) -> None:
        """Go back to the best legal board, where there is one."""
        if self._cost() is None:
            return
        from assistant.schedule import anneal, kernel

        fresh = kernel.books(self.board, self.tries)
        anneal.place_all(fresh, self.array([int(day) for day in self.best[: self.board.n]]))
        self.m = fresh

    def _elapsed(self) -> float:
        return self.stop.clock() - self.began

    def _share(self) -> float:
        """How much of the budget is used up, by tries; by time where that is clearly ahead, and always at its end."""
        tried = self.tries / self.plan if self.plan else 1.0
        timed = self._elapsed() / self.stop.seconds if self.stop.seconds and self.stop.tries is None else 0.0
        if timed <= tried + BEHIND * (1 - timed):
            return tried
        self.clocked = True
        return timed

    def _phase(
        self,
        start: float,
        end: float,
        heat: tuple[float, float],
        penalty: tuple[int, int],
        until_legal: bool = False,
    ) -> None:
        chunk = max(500, min(self.plan // 200, int(self.plan * (end - start) / 10)))
        share, stride = max(start, self._share()), max(chunk / max(self.plan, 1), 1e-9)
        while share < end and not self.stop.halted():
            here, there = ((min(x, end) - start) / (end - start) for x in (share, share + stride))
            hot, cold = (1000 * self.scale * heat[0] * (heat[1] / heat[0]) ** x for x in (here, there))
            grow = [int(self.scale * (penalty[0] + (penalty[1] - penalty[0]) * x)) for x in (here, there)]
            self._chunk(chunk, [max(1, int(hot)), max(1, int(cold)), *grow])
            if until_legal and self._cost() is not None:
                return
            before, share = share, max(start, self._share())
            stride = max(share - before, 1e-9)

    def _chunk(self, tries: int, plan: list[int]) -> None:
        self.step(self.m, self.array([tries, *plan]), self.best)
        self.tries += tries
        if self.first_legal is None and self._cost() is not None:
            self.first_legal = self.stop.clock() - self.first_began
        if self.progress:
            trouble = 0 if self._cost() is not None else int(self.best[self.board.n + 1])
            spent = self.stop.clock() - self.first_began
            self.progress(Progress(spent, self._cost(), trouble, self.tried_before + self.tries))

    def _cost(self) -> int | None:
        cost = int(self.best[self.board.n])
        return cost if cost >= 0 else None

    def _draft(self) -> Draft:
        legal = self._cost() is not None
        days = [int(day) for day in self.best[: self.board.n]] if legal else _part(self.m, "DAY", self.board.n)
        trouble = 0 if legal else _part(self.m, "TOTAL", 2)[1]
        spent, tries = self.stop.clock() - self.first_began, self.tried_before + self.tries
        repeatable = not self.clocked and not self.stop.halted()
        return Draft(tuple(days), self._cost(), trouble, tries, spent, self.first_legal, repeatable)


def _part(m: Any, name: str, size: int) -> list[int]:
    from assistant.schedule import layout

    return layout.part(m, getattr(layout, name), size)


def _scale(board: Board) -> float:
    """What one placement is worth: the mean wage of the cast over their scenes. All temperatures are in it."""
    wages = [board.wage[c] for c in board.cast_of if board.wage[c]]
    usual = sum(wages) / len(wages) if wages else 0.0
    if not usual and not any(board.price):
        usual = max(board.place_cost) / 2
    return max(usual, max(board.price, default=0) / 4, board.overtime / 2, 1.0)
