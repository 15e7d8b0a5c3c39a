"""From a problem to a board: search, order the days, and let the judge have the last word."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from assistant.domain.schedule import Bound, DayPlan, Lock, Problem, Reason, Result, Schedule
from assistant.schedule.board import on_locks
from assistant.schedule.bound import counting_bound
from assistant.schedule.check import check
from assistant.schedule.greedy import greedy_days
from assistant.schedule.order import Orderer
from assistant.schedule.search import Draft, Listener, Progress, Stop, search

PROOF_SECONDS = 20.0
STOPPED = Reason("stopped", "the search was stopped before any board was legal", "let it search on")
NEARLY = 30  # hard trouble small enough to be mended strip by strip
MILD = 0.5  # heat of a search that starts from a board somebody made
PLACING = 5_000  # tries for each strip that has to find a new day


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
    stop = stop or Stop()
    draft = search(problem, greedy_days(problem), stop, seed, workers, told)
    if draft.cost is None:
        return replace(_unsolved(problem, draft, bound, stop, seed), seconds=time.perf_counter() - began)
    return replace(finish(problem, draft, bound), seconds=time.perf_counter() - began)


def improve(
    problem: Problem,
    old: Schedule,
    stop: Stop | None = None,
    seed: int = 0,
    workers: int = 1,
    progress: Listener | None = None,
) -> Result:
    """A board made cheaper from where it stands; strips move where that pays. It is never dearer than a legal `old`.

    Strips that are not on a day of the calendar start where the board made by hand would have them.
    """
    began = time.perf_counter()
    bound, stop = counting_bound(problem), stop or Stop()
    days = {day.slot: d for d, day in enumerate(problem.days)}
    slots = old.slots
    start = [
        days.get(slots[strip.scene], by_hand) if strip.scene in slots else by_hand
        for strip, by_hand in zip(problem.strips, greedy_days(problem), strict=True)
    ]
    start, told = on_locks(problem, start), _with_bound(progress, bound)
    draft = search(problem, start, replace(stop, heat=MILD), seed, workers, told)
    if draft.cost is None:
        return replace(_unsolved(problem, draft, bound, stop, seed), seconds=time.perf_counter() - began)
    found = finish(problem, draft, bound)
    before = check(problem, old)
    if not before.hard and found.verdict and found.verdict.cost >= before.cost:
        found = replace(found, schedule=old, verdict=before)
    return replace(found, moved=changed(old, found.schedule or old), seconds=time.perf_counter() - began)


def finish(problem: Problem, draft: Draft, bound: Bound) -> Result:
    """The draft with its days in order, judged."""
    schedule = close_ranks(problem, board_of(problem, draft.days))
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
            plans.append(DayPlan(day.date, tuple(orderer.order(strips)), day.unit))
    return Schedule(tuple(plans))


def changed(old: Schedule, new: Schedule) -> tuple[int, ...]:
    """The scenes on both boards that have another date, or another unit."""
    before, now = old.slots, new.slots
    return tuple(scene for scene in sorted(before) if scene in now and now[scene] != before[scene])


def close_ranks(problem: Problem, schedule: Schedule) -> Schedule:
    """Dark days inside the shoot are filled by moving up what follows, where that breaks nothing and costs no more."""
    best, verdict = schedule, check(problem, schedule)
    for unit in problem.units:
        dates = [day.date for day in problem.days if day.unit == unit]
        for gap in reversed(range(len(dates))):
            used = {day.date for day in best.days if day.unit == unit}
            if dates[gap] in used or not any(day > dates[gap] for day in used):
                continue
            trial = _moved_up(best, unit, dict(zip(dates[gap + 1 :], dates[gap:], strict=False)))
            found = check(problem, trial)
            if len(found.hard) <= len(verdict.hard) and found.cost <= verdict.cost:
                best, verdict = trial, found
    return best


def _moved_up(schedule: Schedule, unit: str, earlier: Mapping[date, date]) -> Schedule:
    days = [replace(day, date=earlier.get(day.date, day.date)) if day.unit == unit else day for day in schedule.days]
    return replace(schedule, days=tuple(sorted(days, key=lambda day: day.date)))


def resolve(
    problem: Problem,
    old: Schedule,
    stop: Stop | None = None,
    seed: int = 0,
    workers: int = 2,
    progress: Listener | None = None,
) -> Result:
    """After a new draft or rule: as few strips as possible change their date, locks stay, new strips find a place.

    First the least number of moves is found (and proved where time allows), then only the strips that had to move
    are set where they cost least.
    """
    from assistant.schedule.repair import fewest_moves

    began = time.perf_counter()
    stop = stop or Stop(seconds=30.0)
    bound = counting_bound(problem)
    mended = fewest_moves(problem, old, 0.8 * (stop.seconds or 30.0), workers, stop.halted)
    if mended.days is None:
        proved = mended.impossible
        if stop.halted():
            mended, proved = replace(mended, reasons=(STOPPED,)), False
        return Result(None, None, bound, mended.reasons, proved, seconds=time.perf_counter() - began)
    placed = old.dates
    loose = set(mended.moved) | {strip.scene for strip in problem.strips if strip.scene not in placed}
    left = Stop(seconds=None, tries=PLACING * len(loose))
    draft = search(_hold_still(problem, mended.days, loose), list(mended.days), left, seed, 1, progress)
    days = draft.days if draft.cost is not None else mended.days
    schedule = _keep_orders(board_of(problem, days), old, problem)
    return Result(
        schedule=schedule,
        verdict=check(problem, schedule),
        bound=bound,
        seconds=time.perf_counter() - began,
        tried=draft.tries,
        repeatable=False,
        moved=changed(old, schedule),
        moves_bound=mended.least,
    )


def _hold_still(problem: Problem, days: tuple[int, ...], loose: set[int]) -> Problem:
    """The problem with every strip but the loose ones locked where it is."""
    known = {lock.scene for lock in problem.locks}
    locks, strips = [], []
    for strip, day in zip(problem.strips, days, strict=True):
        stays = strip.scene not in loose
        strips.append(replace(strip, units=(problem.days[day].unit,)) if stays else strip)
        if stays and strip.scene not in known:
            locks.append(Lock(strip.scene, problem.days[day].date))
    return replace(problem, strips=tuple(strips), locks=problem.locks + tuple(locks))


def _keep_orders(new: Schedule, old: Schedule, problem: Problem) -> Schedule:
    """Days that still hold the same strips keep the order they had, where that is still legal."""
    before = {day.slot: day.scenes for day in old.days}
    days = tuple(
        replace(day, scenes=before[day.slot]) if set(before.get(day.slot, ())) == set(day.scenes) else day
        for day in new.days
    )
    kept = replace(new, days=days)
    return kept if len(check(problem, kept).hard) <= len(check(problem, new).hard) else new


def _unsolved(problem: Problem, draft: Draft, bound: Bound, stop: Stop, seed: int) -> Result:
    """Ask the exact solver: it finds a board after all, which is then made cheaper, or names the rules that clash."""
    from assistant.schedule.clash import Clash, find_clash
    from assistant.schedule.repair import fewest_moves

    if stop.halted():
        return Result(None, None, bound, (STOPPED,), tried=draft.tries, repeatable=False)
    close = draft.trouble <= NEARLY
    days = fewest_moves(problem, board_of(problem, draft.days), PROOF_SECONDS / 2).days if close else None
    clash = find_clash(problem, PROOF_SECONDS) if days is None else Clash(days)
    if clash.days is not None:
        better = search(problem, list(clash.days), replace(stop, heat=MILD), seed)
        return finish(problem, replace(better, tries=draft.tries + better.tries, repeatable=False), bound)
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
