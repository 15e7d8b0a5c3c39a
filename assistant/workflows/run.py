"""Running a graph so that a kill costs nothing: the same work again goes on where the last checkpoint was."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import StateGraph

from assistant.workflows.state import Context, RunState

STEPS = 2000  # of one run; a wave is a step


@contextmanager
def sqlite_checkpoints(path: Path) -> Iterator[SqliteSaver]:
    """A checkpointer in a file of its own: never the facts' file, so that neither waits for the other."""
    connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
    try:
        yield SqliteSaver(connection)
    finally:
        connection.close()


def run_graph(graph: "StateGraph[RunState, Context]", saver: Any, context: Context, start: RunState) -> RunState:
    """Run to the end, or go on from the checkpoint that `start["run"]` left behind. Returns the last state."""
    compiled = graph.compile(checkpointer=saver)
    config: Any = {"configurable": {"thread_id": start["run"]}, "recursion_limit": STEPS}
    unfinished = bool(compiled.get_state(config).next)
    given: Any = None if unfinished else start
    state: RunState = compiled.invoke(given, config, context=context, durability="sync")  # type: ignore[assignment]
    return state
