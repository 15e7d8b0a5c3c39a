"""From a file to a stored breakdown: read → index → plan → waves of scenes → merge.

A wave asks for several scenes at once and keeps each answer the moment it stands, under a key made of the scene's
content; so a run that is killed asks only for what it had not finished, and an unchanged scene is not asked again.
"""

import dataclasses
import hashlib
from collections.abc import Iterator, Sequence

from langgraph.graph import END, StateGraph
from langgraph.runtime import Runtime

from assistant.breakdown import merge
from assistant.domain.breakdown import Breakdown
from assistant.domain.categories import Category
from assistant.llm import SMALL_OUTPUT, SMALL_WINDOW, Room
from assistant.review import unique_ids
from assistant.store import Result
from assistant.workflows.asking import ask_scene
from assistant.workflows.carrying import carried_over
from assistant.workflows.extras import merges, synopses
from assistant.workflows.ingest import add_ingest_nodes
from assistant.workflows.pool import answers
from assistant.workflows.state import Context, Event, Material, RunState, SceneTask
from assistant.workflows.tasks import material, restored

WAVE = 16  # times the concurrency: at the end of a wave workers wait for the slowest
NOBODY = Room(SMALL_WINDOW, SMALL_OUTPUT, False)  # asked all the same: the router says why there is nobody


def plan(state: RunState, runtime: Runtime[Context]) -> RunState:
    """Which scenes are not answered yet?"""
    context = runtime.context
    found = material(context, state["draft"])
    answered = context.store.results([task.key for task in found.tasks])
    pending = [task.scene.ordinal for task in found.tasks if task.key not in answered]
    context.progress(Event("scenes", len(found.tasks) - len(pending), len(found.tasks)))
    return {"pending": pending, "total": len(found.tasks)}


def wave(state: RunState, runtime: Runtime[Context]) -> RunState:
    """Ask for the next few scenes, a bounded number at a time."""
    context = runtime.context
    size = WAVE * context.concurrency
    now, later = state["pending"][:size], state["pending"][size:]
    wanted = set(now)
    tasks = [task for task in material(context, state["draft"]).tasks if task.scene.ordinal in wanted]
    answered = context.store.results([task.key for task in tasks])  # by this wave, before it was killed
    tasks = [task for task in tasks if task.key not in answered]
    done = state["total"] - len(state["pending"]) + len(answered)
    for count, result in enumerate(_ask_all(tasks, context, state["run"]), start=1):
        context.store.keep_results([result])
        context.progress(Event("scenes", done + count, state["total"]))
    return {"pending": later}


def merge_scenes(state: RunState, runtime: Runtime[Context]) -> RunState:
    """One name a thing, board numbers for the cast; then store the draft's proposals in one go."""
    context = runtime.context
    found = material(context, state["draft"])
    results = context.store.results([task.key for task in found.tasks])
    scenes = [restored(task, results[task.key]) for task in found.tasks]
    merged = merge(scenes, found.characters, context.store.cast_ids())
    merged = dataclasses.replace(merged, merges=merged.merges + merges(context, found, state["run"]))
    proposed = with_ids(merged, found, state["draft"])
    carried = carried_over(context, state["draft"], found, proposed)
    context.store.save_breakdown(state["draft"], unique_ids(carried.breakdown), carried.aside)
    note = f"{carried.kept} decisions carried over, {len(carried.aside)} set aside" if carried.kept else ""
    context.progress(Event("merge", 1, 1, note))
    problems = [[task.scene.label, why] for task in found.tasks if (why := results[task.key].body.get("problem", ""))]
    return {"rejected": sum(scene.rejected for scene in scenes), "problems": problems}


def tell(state: RunState, runtime: Runtime[Context]) -> RunState:
    """A synopsis for each scene, where they were asked for."""
    if state.get("synopses"):
        context = runtime.context
        synopses(context, material(context, state["draft"]), state["draft"], state["run"])
    return {}


def build_breakdown() -> "StateGraph[RunState, Context]":
    """File → stored breakdown. The caller compiles it with its checkpointer."""
    graph = StateGraph(RunState, context_schema=Context)
    add_ingest_nodes(graph)
    graph.add_node("plan", plan)
    graph.add_node("wave", wave)
    graph.add_node("merge", merge_scenes)
    graph.add_edge("index", "plan")
    graph.add_conditional_edges("plan", _next, ["wave", "merge"])
    graph.add_conditional_edges("wave", _next, ["wave", "merge"])
    graph.add_node("tell", tell)
    graph.add_edge("merge", "tell")
    graph.add_edge("tell", END)
    return graph


def with_ids(breakdown: Breakdown, found: Material, draft: int) -> Breakdown:
    """Every element under an id that the same thing in the same scene gets again."""
    labels = {scene.ordinal: scene.label for scene in found.script.scenes}
    scenes = []
    for scene in breakdown.scenes:
        elements = [
            dataclasses.replace(item, id=element_id(draft, labels[item.scene], item.category, item.name))
            for item in scene.elements
        ]
        scenes.append(dataclasses.replace(scene, elements=tuple(elements)))
    return dataclasses.replace(breakdown, scenes=tuple(scenes))


def element_id(draft: int, label: str, category: Category, name: str) -> str:
    """The same each time this draft is broken down; another draft's numbers may mean other scenes."""
    return hashlib.sha256(f"{draft}|{label}|{category}|{name.casefold()}".encode()).hexdigest()[:12]


def _next(state: RunState) -> str:
    return "wave" if state["pending"] else "merge"


def _ask_all(tasks: Sequence[SceneTask], context: Context, run: str) -> Iterator[Result]:
    """Results as they finish; a function of this process is not made faster by more threads."""
    room = context.llm.room("breakdown") or NOBODY
    workers = 1 if room.in_process else context.concurrency
    return answers(tasks, lambda task: ask_scene(task, context, run, room), workers)
