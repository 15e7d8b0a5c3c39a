"""Live progress on stderr: a bar a stage on a terminal, one line a stage elsewhere, nothing with --json."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from assistant.schedule.search import Progress
    from assistant.workflows.state import Event

STAGES = {"continuity": "Continuity", "script-days": "Script days"} | {
    "read": "Reading",
    "index": "Indexing",
    "scenes": "Breaking down",
    "merge": "Merging",
    "synopses": "Synopses",
}


@contextmanager
def shown(quiet: bool = False) -> Iterator[Callable[["Event"], None]]:
    """A callable that shows events while the block runs."""
    if quiet:
        yield lambda event: None
    elif sys.stderr.isatty():
        yield from _bars()
    else:
        yield _lines()


def _bars() -> Iterator[Callable[["Event"], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<14}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("[dim]{task.fields[note]}"), console=Console(stderr=True)) as progress:
        tasks: dict[str, TaskID] = {}

        def show(event: "Event") -> None:
            if event.stage not in tasks:
                tasks[event.stage] = progress.add_task(STAGES.get(event.stage, event.stage), total=event.total, note="")
            progress.update(tasks[event.stage], completed=event.done, total=max(event.total, 1), note=event.note)

        yield show


def _lines() -> Callable[["Event"], None]:
    finished: set[str] = set()

    def show(event: "Event") -> None:
        if event.done >= event.total and event.stage not in finished:
            finished.add(event.stage)
            note = f" ({event.note})" if event.note else ""
            typer.echo(f"{STAGES.get(event.stage, event.stage)}: {event.done}/{event.total}{note}", err=True)

    return show


@contextmanager
def searching(seconds: float, quiet: bool = False) -> Iterator[Callable[["Progress"], None] | None]:
    """A listener that shows how a schedule search stands: time, cost, bound and gap."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("Searching     "), BarColumn(), TextColumn("{task.fields[note]}"))
    with Bars(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task("search", total=seconds, note="starting; the very first time takes about 15 s longer")

        def show(now: "Progress") -> None:
            note = f"{now.trouble} rules broken" if now.cost is None else f"cost {now.cost}"
            if now.cost is not None and now.gap is not None:
                note += f", bound {now.bound}, gap {now.gap:.0%}"
            bars.update(task, completed=min(now.seconds, seconds), note=note)

        yield show


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Says whether a first Ctrl-C came; a second one interrupts as usual."""
    asked = threading.Event()

    def first(number: int, frame: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)
        typer.echo("\nStopping; the best board so far is kept. Ctrl-C again keeps nothing.", err=True)

    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    before = signal.signal(signal.SIGINT, first)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)
