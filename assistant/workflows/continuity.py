"""From a stored draft to its continuity: plan → waves of scenes → done; every answer is kept the moment it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from assistant.continuity import Judged, SceneContinuity, reported
from assistant.domain.breakdown import Source
from assistant.domain.continuity import Conflict, State
from assistant.llm import SMALL_OUTPUT, SMALL_WINDOW, NoneStands, Room
from assistant.store import Result
from assistant.workflows.parts import Part, cut_off, first_parts, in_parts, longest, too_long
from assistant.workflows.pool import answers
from assistant.workflows.state import Context, Event, RunState
from assistant.workflows.supervising import BUILT_IN, TASK, Reading, Watch, found_in, kept, question, shown
from routers.errors import ContentStopped, NoAnswer, NoEligibleModel

WAVE = 16  # times the concurrency
OUT = 1500  # tokens of an answer for a scene of no length
NOBODY = Room(SMALL_WINDOW, SMALL_OUTPUT, False)
Told = TypeVar("Told", State, Conflict)


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
    """One scene's answer that stands, asked for in parts where it is long; the rules' own findings, and why, where
    no model's does."""
    return _Asking(watch, context, run, room).all()


@dataclass
class _Asking:
    """What has come of one scene so far."""

    watch: Watch
    context: Watching
    run: str
    room: Room
    states: list[State] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    cut: int = 0
    source: Source = Source(BUILT_IN)

    def all(self) -> Result:
        """Ask for the whole scene and give what stands, to be kept."""
        watch, made = self.watch, self.context.made
        first = first_parts(watch.scene, longest(self.room, shown(made, watch), OUT), OUT, self.room)
        for part in in_parts(first, self._answered, self.room):
            self._fall_back(part, "even the shortest part's answer was cut off")
        notes: dict[str, Any] = {"cut": self.cut}
        if self.problems:
            notes["problem"] = " ".join(dict.fromkeys(self.problems))
        return kept(made, watch, reported(_once(self.states), _once(self.conflicts)), self.source, notes)

    def _answered(self, part: Part) -> bool:
        """Ask for a part; False when question or answer was too long."""
        made, watch, heard = self.context.made, self.watch, list[Judged]()
        found = found_in(watch, part.scene)

        def check(answer: SceneContinuity) -> tuple[str, ...]:
            heard.append(made.bench.judge(watch.scene, watch.earlier, answer))
            return heard[-1].problems

        try:
            answer = self.context.common.llm.ask(question(made, watch, self.run, part, found), check)
        except (NoneStands, ContentStopped) as error:
            if isinstance(error, NoneStands) and cut_off(error):
                return False
            self._fall_back(part, error.sentence)
        except (NoAnswer, NoEligibleModel) as error:
            if not too_long(error):
                raise
            return False
        else:
            self.states += heard[-1].states
            self.conflicts += heard[-1].conflicts
            self.source = Source(answer.model, answer.prompt, answer.attempt)
        finally:
            self.cut += sum(item.cut for item in heard)
        return True

    def _fall_back(self, part: Part, why: str) -> None:
        """What rules find in a part, and the reason."""
        found = self.context.made.bench.judge(self.watch.scene, self.watch.earlier, found_in(self.watch, part.scene))
        self.states += found.states
        self.conflicts += found.conflicts
        self.problems.append(f"Completed with the findings of the built-in rules: {why.rstrip('.')}.")


def _once(items: "Sequence[Told]") -> "list[Told]":
    """What two parts of a scene told both, once."""
    return list(dict.fromkeys(items))


def _nothing(watch: Watch, context: Watching) -> Result:
    """A scene in which the rules find nothing: the built-in model would say just that."""
    return kept(context.made, watch, watch.found, Source(BUILT_IN), {"cut": 0})
