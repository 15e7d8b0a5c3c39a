"""From a problem to a board: search, order the days, and let the judge have the last word."""

import time
from dataclasses import replace

from assistant.domain.schedule import Bound, DayPlan, Problem, Result, Schedule
from assistant.schedule.bound import counting_bound
from assistant.schedule.check import check
from assistant.schedule.greedy import greedy_days
from assistant.schedule.order import Orderer
from assistant.schedule.search import Draft, Listener, Progress, Stop, search

PROOF_SECONDS = 20.0


def solve(
    problem: Problem,
    stop: Stop | None = None,
    seed: int = 0,
    workers: int = 1,
    progress: Listener | None = None,
) -> Result:
    """A legal board, as cheap as the budget allows; or the rules that can not hold together."""
    began = time.perf_counter()
    bound = counting_bound(problem)
    told = _with_bound(progress, bound)
    draft = search(problem, greedy_days(problem), stop or Stop(), seed, workers, told)
    if draft.cost is None:
        return replace(_unsolved(problem, draft, bound), seconds=time.perf_counter() - began)
    return replace(finish(problem, draft, bound), seconds=time.perf_counter() - began)


def finish(problem: Problem, draft: Draft, bound: Bound) -> Result:
    """The draft with its days in order, judged."""
    schedule = board_of(problem, draft.days)
    return Result(
        schedule=schedule,
        verdict=check(problem, schedule),
        bound=bound,
        seconds=draft.seconds,
        first_legal_seconds=draft.first_legal,
        tried=draft.tries,
        repeatable=draft.repeatable,
    )


def board_of(problem: Problem, days: tuple[int, ...] | list[int]) -> Schedule:
    """A schedule from the day index of every strip, each day in its best order."""
    orderer = Orderer(problem)
    plans = []
    for index, day in enumerate(problem.days):
        strips = [strip for strip, d in zip(problem.strips, days, strict=True) if d == index]
        if strips:
            plans.append(DayPlan(day.date, tuple(orderer.order(strips))))
    return Schedule(tuple(plans))


def _unsolved(problem: Problem, draft: Draft, bound: Bound) -> Result:
    """Ask the exact solver: it finds a board after all, or names the rules that clash."""
    from assistant.schedule.clash import find_clash

    clash = find_clash(problem, PROOF_SECONDS)
    if clash.days is not None:
        return finish(problem, replace(draft, days=clash.days, cost=0), bound)
    schedule = board_of(problem, draft.days)
    return Result(
        schedule=None,
        verdict=check(problem, schedule),
        bound=bound,
        reasons=clash.reasons,
        proved_infeasible=clash.proved,
        tried=draft.tries,
        repeatable=False,
    )


def _with_bound(progress: Listener | None, bound: Bound) -> Listener | None:
    if progress is None:
        return None

    def listen(now: Progress) -> None:
        progress(replace(now, bound=bound.value))

    return listen
