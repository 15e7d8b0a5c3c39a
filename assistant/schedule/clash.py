"""Why no board is possible: a set of rules that can not hold together, as small as can be, in words."""

import time
from dataclasses import dataclass

from assistant.domain.schedule import FixedDate, Precedence, Problem, Reason, Window
from assistant.domain.screenplay import pages
from assistant.schedule.cpsat import Model, solver_for
from assistant.schedule.units import unit_words


@dataclass(frozen=True, slots=True)
class Clash:
    """Either a day for every strip, or the rules that can not hold together; neither when time ran out."""

    days: tuple[int, ...] | None
    reasons: tuple[Reason, ...] = ()
    proved: bool = False


def find_clash(problem: Problem, seconds: float = 20.0, workers: int = 2) -> Clash:
    """A board by exact search, or a set of rules of which none can stay out: drop any one, and the rest can hold."""
    deadline = time.perf_counter() + seconds
    plain = Model(problem)
    solver = solver_for(seconds / 2, workers)
    status = solver.solve(plain.model)
    if status in (plain.cp.OPTIMAL, plain.cp.FEASIBLE):
        return Clash(plain.days_of(solver))
    if status != plain.cp.INFEASIBLE:
        return Clash(None, (Reason("unknown", "no board was found and none was proved impossible", "give it time"),))
    core, smallest = _shrink(problem, _core(problem, deadline, workers), deadline, workers)
    how = "" if smallest else " (not proved to be the smallest set)"
    return Clash(None, tuple(Reason(key, words(problem, key) + how, help_for(problem, key)) for key in core), True)


def _core(problem: Problem, deadline: float, workers: int) -> list[str]:
    """A first set of clashing rules, from the solver's own assumptions."""
    model = Model(problem, guarded=True)
    model.model.add_assumptions(list(model.guards.values()))
    solver = solver_for((deadline - time.perf_counter()) / 2, 1)
    if solver.solve(model.model) != model.cp.INFEASIBLE:
        return list(model.guards)
    names = {guard.index: key for key, guard in model.guards.items()}
    found = [names[i] for i in solver.sufficient_assumptions_for_infeasibility() if i in names]
    return found or list(model.guards)


def _shrink(problem: Problem, core: list[str], deadline: float, workers: int) -> tuple[list[str], bool]:
    """Leave out one rule after another; what still clashes without it does not need it."""
    everything = list(Model(problem, guarded=True).guards)
    kept, sure = list(core), True
    for key in list(core):
        trial = frozenset(everything) - (frozenset(kept) - {key})
        left = deadline - time.perf_counter()
        if left <= 0:
            return kept, False
        model = Model(problem, off=trial)
        solver = solver_for(min(left, 5.0), workers)
        status = solver.solve(model.model)
        if status == model.cp.INFEASIBLE:
            kept.remove(key)
        sure = sure and status != model.cp.UNKNOWN
    return kept, sure


def words(problem: Problem, key: str) -> str:
    """A rule as a person would say it."""
    rule = problem.rules.rule(key)
    if rule:
        return rule.text
    bound: tuple[Window | Precedence | FixedDate, ...] = (*problem.windows, *problem.precedences, *problem.fixed)
    told = dict.fromkeys(item.words for item in bound if item.key == key and item.words)
    return "; ".join(told) or _plain(problem, key)


def _plain(problem: Problem, key: str) -> str:
    """Words for a rule nobody has put into words."""
    kind, _, rest = key.partition(":")
    names = {f"cast:{p.id}": p.name for p in problem.cast} | {f"element:{e.id}": e.name for e in problem.elements}
    dates = {lock.key: lock.date.isoformat() for lock in problem.locks}
    name = names.get(rest) or names.get(f"cast:{rest}") or rest.rpartition(":")[2]
    before, after = ([problem.label(int(one)) for one in rest.split("<") if one.isdecimal()] + ["", ""])[:2]
    strips = {strip.unit_key: strip for strip in problem.strips}
    if key in strips:
        return unit_words(strips[key])
    return {
        "window": f"{name} can only be had on some dates",
        "order": f"scene {before} is shot before scene {after}",
        "fixed": f"scene {before} has fixed dates",
        "lock": f"scene {before} is locked to {dates.get(key, 'its date')}",
        "minor": f"{name} is a minor with limited hours and no nights",
        "closed": "locked days take no other strip",
    }.get(kind, key)


HELP = {
    "day_cap_percent": "add shooting days, or let days be longer",
    "max_locations": "allow one more location a day",
    "week_calls": "let calls move back inside a week",
    "turnaround_hours": "put a day off between nights and days",
    "split_percent": "allow more of a split day to be dark or light",
    "window": "ask for other dates",
    "order": "let the later scene come first",
    "fixed": "find another date",
    "lock": "take the lock off",
    "closed": "open a locked day",
    "minor": "move the minor's scenes apart, or cast older",
    "one_unit": "give one of the units other dates",
    "unit": "let another unit shoot it",
    "light_order": "shoot the night scene on an earlier day",
}


def help_for(problem: Problem, key: str) -> str:
    """What would help, with the figure where there is one."""
    hint = HELP.get(key.partition(":")[0], "drop or loosen it")
    if key == "day_cap_percent":
        load = sum(problem.load(strip) for strip in problem.strips)
        room = sum(problem.cap(day) or 0 for day in problem.days)
        minutes = bool(problem.rules.value("count_minutes"))
        there, here = (f"{n} minutes" if minutes else f"{pages(n)} pages" for n in (load, room))
        return f"{hint}: {there} to shoot, room for {here} in {len(problem.days)} days"
    return hint
