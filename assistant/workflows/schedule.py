"""From a breakdown to a kept board: problem, draft, judge; a new draft of the script moves as little as it can."""

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from assistant.domain.breakdown import Breakdown
from assistant.domain.schedule import DayPlan, Problem, Result, Schedule
from assistant.domain.screenplay import Screenplay
from assistant.domain.shoot import ScheduleRules
from assistant.errors import Infeasible
from assistant.schedule import Stop, check, improve, problem_from, resolve, rules_from, solve, with_ages
from assistant.schedule.said import Known, known_of, merged
from assistant.schedule.search import Progress
from assistant.screenplay import characters, compare
from assistant.store import Store
from assistant.store.said import KeptRule
from assistant.store.schedules import Board, Schedules
from assistant.workflows.blame import clash_words
from assistant.workflows.renumbering import Renumbering
from assistant.workflows.supervising import days_of


@dataclass(frozen=True)
class Plan:
    """Collaborators and settings of a scheduling run."""

    store: Store
    schedules: Schedules
    table: Mapping[str, Any]  # [schedule] of production.toml
    folder: Path
    today: date
    listen: Callable[[Progress], None] = lambda progress: None
    halted: Callable[[], bool] = lambda: False  # someone wants the best board so far
    workers: int = 1
    results: dict[str, Result] = field(default_factory=dict)  # of this process, by run


class PlanState(TypedDict, total=False):
    """JSON-native values only."""

    run: str
    draft: int
    seconds: float
    seed: int
    fresh: bool  # start anew instead of moving as little as possible
    better: bool  # start from the newest board and move whatever makes it cheaper
    place_new: bool
    board: int


def shoot(plan: Plan, seq: int, calendar: Mapping[str, Any] | None = None, but: Collection[int] = ()) -> Problem:
    """The problem of shooting a draft as the production describes its shoot, without the said rules in `but`.

    Where production.toml names no first day, the shoot keeps the calendar of a board: `calendar`, a kept board's, or
    the newest one's. Without any board it starts on the next Monday. Raises SettingsError.
    """
    said = [kept.rule for kept in said_now(plan, seq) if kept.seq not in but]
    script, breakdown, rules = _described(plan, seq, calendar)
    base = problem_from(script, breakdown, rules)
    if not said:
        return base
    return problem_from(script, breakdown, merged(rules, said, base, known_of(base, script, breakdown.cast)))


def said_now(plan: Plan, seq: int) -> list[KeptRule]:
    """The said rules in force, with the scene numbers of a draft; those whose scenes are gone are left out."""
    number = Renumbering(plan.store, seq)
    rules = ((kept, number.rule(kept)) for kept in plan.schedules.said.all())
    return [dataclasses.replace(kept, rule=rule) for kept, rule in rules if rule]


def nameable(plan: Plan, seq: int) -> Known:
    """What a sentence about the shoot may name. Raises SettingsError."""
    script, breakdown, _ = _described(plan, seq)
    return known_of(shoot(plan, seq), script, breakdown.cast)


def _described(
    plan: Plan, seq: int, calendar: Mapping[str, Any] | None = None
) -> tuple[Screenplay, Breakdown, ScheduleRules]:
    """A draft, its breakdown, and the rules of production.toml."""
    script = plan.store.screenplay(seq)
    breakdown = plan.store.breakdown(seq)
    told = dict(calendar if calendar is not None else kept_calendar(plan.schedules.all()))
    least = int(told.pop("least_days", 0))
    table, least = (plan.table, 0) if "start" in plan.table else ({**told, **plan.table}, least)
    rules = rules_from(table, script, plan.folder, plan.today, plan.schedules.locks(Renumbering(plan.store, seq)))
    lights, closed = _lights(plan, seq, script), plan.schedules.closed()
    rules = dataclasses.replace(rules, least_days=least, lights=lights, closed=closed)
    ages = {person.name: person.age for person in characters(script) if person.age}
    return script, breakdown, with_ages(rules, breakdown, ages)


def _lights(plan: Plan, seq: int, script: Screenplay) -> tuple[tuple[int, str], ...]:
    """Day or night of scenes whose headings name no time, by their script days."""
    silent = {scene.ordinal for scene in script.scenes if not scene.time_of_day}
    told = {"D": "DAY", "N": "NIGHT"}
    days = days_of(plan.store, seq) if silent else ()
    return tuple((day.scene, told[day.label[0]]) for day in days if day.scene in silent and day.label[0] in told)


def kept_calendar(boards: Sequence[Board]) -> Mapping[str, Any]:
    """The calendar of the newest board, as production.toml would write it; nothing where there is no board."""
    if not boards:
        return {}
    told, shooting = boards[-1].facts.get("calendar"), boards[-1].schedule.shooting
    return told or ({"start": min(day.date for day in shooting)} if shooting else {})


def draft_board(state: PlanState, runtime: Runtime[Plan]) -> PlanState:
    """Solve anew, or repair the newest board where there is one."""
    plan, seq = runtime.context, state["draft"]
    problem = shoot(plan, seq)
    old = None if state["fresh"] else latest(plan, seq)
    stop = Stop(seconds=state["seconds"], halted=plan.halted)
    if old is None:
        why, result = "drafted", solve(problem, stop, state["seed"], plan.workers, plan.listen)
    elif state.get("better"):
        why, result = "improved", improve(problem, old, stop, state["seed"], plan.workers, plan.listen)
    else:
        why, result = "repaired, moving as little as possible", _repaired(problem, old, state, stop, plan)
    plan.results[state["run"]] = result
    if result.schedule is None:
        said = said_now(plan, seq)
        raise Infeasible(*clash_words(problem, result, said, lambda rule: shoot(plan, seq, but={rule})))
    calendar = {**kept_calendar(plan.schedules.all()), "start": problem.company[0].isoformat()}
    facts = facts_of(result, state) | {"calendar": calendar}
    return {"board": plan.schedules.keep(seq, result.schedule, facts, why)}


def latest(plan: Plan, seq: int) -> Schedule | None:
    """The newest board in the ordinals of this draft; scenes that are new to it are not on it."""
    boards = plan.schedules.all()
    if not boards:
        return None
    board = boards[-1]
    if board.draft == seq:
        return board.schedule
    return carried(board, plan.store.screenplay(board.draft), plan.store.screenplay(seq))


def carried(board: Board, old: Screenplay, new: Screenplay) -> Schedule:
    """A board over to the next draft of the script: matched scenes keep date and order, cut ones leave it."""
    after = {c.old: c.new for c in compare(old, new).changes if c.old is not None and c.new is not None}
    live = {scene.ordinal for scene in new.scenes if not scene.omitted}

    def over(scenes: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(after[s] for s in scenes if s in after and after[s] in live))

    days = tuple(DayPlan(day.date, over(day.scenes), day.unit) for day in board.schedule.days)
    return Schedule(tuple(day for day in days if day.scenes), over(board.schedule.boneyard))


def build_schedule() -> "StateGraph[PlanState, Plan]":
    """Draft → kept board. The caller compiles it with its checkpointer."""
    graph = StateGraph(PlanState, context_schema=Plan)
    graph.add_node("draft", draft_board)
    graph.add_edge(START, "draft")
    graph.add_edge("draft", END)
    return graph


def facts_of(result: Result, state: PlanState) -> dict[str, Any]:
    """What is kept beside a board."""
    return {
        "cost": result.cost,
        "lower_bound": result.bound.value,
        "bound_how": result.bound.how,
        "gap": result.gap,
        "seconds": round(result.seconds, 2),
        "seed": state["seed"],
        "repeatable": result.repeatable,
        "moved": list(result.moved),
        "moves_bound": result.moves_bound,
    }


def _repaired(problem: Problem, old: Schedule, state: PlanState, stop: Stop, plan: Plan) -> Result:
    """The old board if it still holds, else the least change; new strips wait in the boneyard until they are wanted."""
    placed = set(old.dates)
    new = tuple(strip.scene for strip in problem.strips if strip.scene not in placed)
    if new and not state["place_new"]:
        held = dataclasses.replace(problem, strips=tuple(s for s in problem.strips if s.scene not in set(new)))
        result = resolve(_without(held, set(new)), old, stop, state["seed"], max(1, plan.workers), plan.listen)
        if result.schedule is None:
            return result
        board = dataclasses.replace(result.schedule, boneyard=new)
        return dataclasses.replace(result, schedule=board, verdict=check(problem, board))
    return resolve(problem, old, stop, state["seed"], max(1, plan.workers), plan.listen)


def _without(problem: Problem, scenes: set[int]) -> Problem:
    """Rules that only speak of scenes that are not placed yet do not bind."""
    return dataclasses.replace(
        problem,
        precedences=tuple(p for p in problem.precedences if not {p.before, p.after} & scenes),
        fixed=tuple(f for f in problem.fixed if f.scene not in scenes),
        locks=tuple(lock for lock in problem.locks if lock.scene not in scenes),
    )
