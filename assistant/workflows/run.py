"""Running a graph so that a kill costs nothing: the same work again goes on where the last checkpoint was."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import StateGraph
from sqlalchemy import Engine, inspect, text

from assistant.store.locks import only_one
from assistant.workflows.state import Context, RunState

STEPS = 2000  # of one run; a wave is a step


@contextmanager
def sqlite_checkpoints(path: Path) -> Iterator[SqliteSaver]:
    """A checkpointer in a file of its own: never the facts' file, so that neither waits for the other.

    It is as durable as the facts are: a kill loses nothing, and steps lost with the power are done again.
    """
    connection = sqlite3.connect(path, check_same_thread=False, timeout=30)
    connection.execute("pragma synchronous=normal")  # with the saver's write-ahead log: no wait for the disk at a step
    try:
        yield SqliteSaver(connection)
    finally:
        connection.close()


@contextmanager
def checkpoints(engine: Engine, folder: Path) -> Iterator[Any]:
    """A checkpointer where the facts are shared if they are: PostgreSQL's own tables, else a file in `folder`."""
    if engine.dialect.name != "postgresql":
        with sqlite_checkpoints(folder / "checkpoints.db") as saver:
            yield saver
        return
    from langgraph.checkpoint.postgres import PostgresSaver

    with PostgresSaver.from_conn_string(_plain(engine)) as shared:
        if not _is_set_up(engine, len(shared.MIGRATIONS)):
            with only_one(engine, "checkpoint tables", folder / "checkpoints.lock"):
                shared.setup()
        yield shared


def _is_set_up(engine: Engine, steps: int) -> bool:
    """Has the checkpointer's own last migration been done here?"""
    if not inspect(engine).has_table("checkpoint_migrations"):
        return False
    with engine.connect() as db:
        return bool(db.scalar(text("select max(v) from checkpoint_migrations")) == steps - 1)


def _plain(engine: Engine) -> str:
    """The address as psycopg takes it."""
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def run_graph(graph: "StateGraph[RunState, Context]", saver: Any, context: Context, start: RunState) -> RunState:
    """Run to the end, or go on from the checkpoint that `start["run"]` left behind. Returns the last state."""
    compiled = graph.compile(checkpointer=saver)
    config: Any = {"configurable": {"thread_id": start["run"]}, "recursion_limit": STEPS}
    unfinished = bool(compiled.get_state(config).next)
    given: Any = None if unfinished else start
    state: RunState = compiled.invoke(given, config, context=context, durability="sync")  # type: ignore[assignment]
    return state
