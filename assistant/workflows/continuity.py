"""From a stored draft to its continuity: plan → waves of scenes → done; every answer is kept the moment it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from assistant.continuity import Judged, SceneContinuity, reported
from assistant.domain.breakdown import Source
from assistant.llm import SMALL_OUTPUT, SMALL_WINDOW, NoneStands, Room
from assistant.store import Result
from assistant.workflows.pool import answers
from assistant.workflows.state import Context, Event, RunState
from assistant.workflows.supervising import BUILT_IN, TASK, Reading, Watch, kept, question
from routers.errors import ContentStopped, NoAnswer, NoEligibleModel

WAVE = 16  # times the concurrency
OUT = 1500  # tokens of an answer
_TOO_LONG = frozenset({"truncated", "window"})
NOBODY = Room(SMALL_WINDOW, SMALL_OUTPUT, False)


@dataclass(frozen=True)
class Watching:
    """Collaborators of a run: the common ones, and the draft as it is read."""

    common: Context
    made: Reading


def plan(state: RunState, runtime: Runtime[Watching]) -> RunState:
    """Which scenes are not answered yet?"""
    made, common = runtime.context.made, runtime.context.common
    answered = common.store.results([watch.key for watch in made.watches])
    pending = [watch.scene.ordinal for watch in made.watches if watch.key not in answered]
    common.progress(Event(TASK, len(made.watches) - len(pending), len(made.watches)))
    return {"pending": pending, "total": len(made.watches)}


def wave(state: RunState, runtime: Runtime[Watching]) -> RunState:
    """Ask for the next few scenes, a bounded number at a time."""
    made, common = runtime.context.made, runtime.context.common
    size = WAVE * common.concurrency
    now, later = set(state["pending"][:size]), state["pending"][size:]
    watches = [watch for watch in made.watches if watch.scene.ordinal in now]
    done = state["total"] - len(state["pending"])
    for count, result in enumerate(_ask_all(watches, runtime.context, state["run"]), start=1):
        common.store.keep_results([result])
        common.progress(Event(TASK, done + count, state["total"]))
    return {"pending": later}


def build_continuity() -> "StateGraph[RunState, Watching]":
    """Draft → answers in the result ledger. The caller compiles it with its checkpointer."""
    graph = StateGraph(RunState, context_schema=Watching)
    graph.add_node("plan", plan)
    graph.add_node("wave", wave)
    graph.add_edge(START, "plan")
    graph.add_conditional_edges("plan", _next, ["wave", END])
    graph.add_conditional_edges("wave", _next, ["wave", END])
    return graph


def _next(state: RunState) -> str:
    return "wave" if state["pending"] else END


def _ask_all(watches: Sequence[Watch], context: Watching, run: str) -> Iterator[Result]:
    """Results as they finish; after a failure the running ones are still kept."""
    room = context.common.llm.room(TASK) or NOBODY
    if room.in_process:
        for watch in watches:
            silent = not (watch.found.states or watch.found.conflicts)
            yield _nothing(watch, context) if silent else ask_watch(watch, context, run, room)
        return
    yield from answers(watches, lambda watch: ask_watch(watch, context, run, room), context.common.concurrency)


def ask_watch(watch: Watch, context: Watching, run: str, room: Room) -> Result:
    """One scene's answer that stands; the rules' own findings, and why, where no model's does."""
    made, heard = context.made, list[Judged]()

    def check(answer: SceneContinuity) -> tuple[str, ...]:
        heard.append(made.bench.judge(watch.scene, watch.earlier, answer))
        return heard[-1].problems

    asked = question(made, watch, run, min(OUT, room.max_output))
    try:
        answer = context.common.llm.ask(asked, check)
    except (NoneStands, ContentStopped) as error:
        return _fallen_back(made, watch, error.sentence, sum(item.cut for item in heard))
    except (NoAnswer, NoEligibleModel) as error:
        if not _too_long(error):
            raise
        return _fallen_back(made, watch, error.sentence, 0)
    source, stands = Source(answer.model, answer.prompt, answer.attempt), heard[-1]
    good = reported(stands.states, stands.conflicts)
    return kept(made, watch, good, source, {"cut": sum(item.cut for item in heard)})


def _nothing(watch: Watch, context: Watching) -> Result:
    """A scene in which the rules find nothing: the built-in model would say just that."""
    return kept(context.made, watch, watch.found, Source(BUILT_IN), {"cut": 0})


def _fallen_back(made: Reading, watch: Watch, why: str, cut: int) -> Result:
    problem = f"Completed with the findings of the built-in rules: {why.rstrip('.')}."
    return kept(made, watch, watch.found, Source(BUILT_IN), {"cut": cut, "problem": problem})


def _too_long(error: NoAnswer | NoEligibleModel) -> bool:
    """Was the question, or the answer, too long for everybody who may be asked?"""
    if isinstance(error, NoAnswer):
        last = error.attempts[-1] if error.attempts else None
        return last is not None and (last.outcome in _TOO_LONG or last.detail.startswith("too_long"))
    found = error.plan
    return found is not None and any(
        item.rules and {rule.rule for rule in item.rules} <= {"window", "max_output"} for item in found.candidates
    )
