"""How a batch shows itself: bars on a terminal, a line a change elsewhere, JSON lines for a program."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from assistant.logs import start, tell
from assistant.settings import load_settings

if TYPE_CHECKING:
    from assistant.batch.plan import Estimate
    from assistant.batch.run import Opened
    from assistant.store.batches import Item

Show = Callable[[Sequence["Item"], str], None]
COLOURS = {"done": "green", "failed": "red", "quarantined": "red", "running": "cyan"}
OVER = frozenset({"done", "failed", "quarantined", "cancelled"})


Say = Callable[..., None]


def event(kind: str, **facts: Any) -> None:
    """One JSON line on stdout."""
    typer.echo(json.dumps({"event": kind, **facts}, ensure_ascii=False))


def voice(as_json: bool, options: Mapping[str, Any]) -> Say | None:
    """How a program is told: events on stdout, or its log on stderr; None where a person reads."""
    if as_json:
        return event
    style = load_settings(None, options["settings"]).telemetry.log
    start(style)
    return tell if style else None


def estimate(found: "Estimate", copies: int, budget: int | None) -> None:
    """What it may cost, before anything is spent; the budget is in nano-dollars."""
    models = ", ".join(found.models) or "no model"
    scenes = f" with {found.scenes} scenes" if found.scenes else ""
    cost = f"at most about ${found.usd:.2f}" if found.usd else "free of charge"
    cap = f"; budget ${budget / 1e9:.2f}" if budget is not None else ""
    typer.echo(f"{found.scripts} scripts to do{scenes}, by {models}: {cost}{cap}.", err=True)
    if copies:
        typer.echo(f"{copies} files hold what another one holds; each is done once.", err=True)
    if found.unread:
        typer.echo(f"{found.unread} scripts could not be read for the estimate.", err=True)


@contextmanager
def shown(say: Say | None, before: Sequence["Item"]) -> Iterator[Show]:
    """A callable that shows how all scripts stand, while the block runs; `before` is how they stood."""
    if say is not None:
        yield _changes(lambda item: say("script", **_short(item)), lambda note: say("note", note=note), before)
    elif sys.stderr.isatty():
        yield from _bars()
    else:
        yield _changes(_line, lambda note: typer.echo(note, err=True), before)


def _short(item: "Item") -> dict[str, Any]:
    facts: dict[str, Any] = {"file": item.file, "state": item.state, "stage": item.stage}
    return facts | {"done": item.done, "total": item.total, "error": item.error}


def _line(item: "Item") -> None:
    if item.state == "running" and item.total:
        return  # a line at the beginning and at the end of a script is enough in a log
    typer.echo(f"{item.state:<12} {Path(item.file).name}{f': {item.error}' if item.error else ''}", err=True)


def _changes(tell: Callable[["Item"], None], say: Callable[[str], None], before: Sequence["Item"]) -> Show:
    last = {item.key: (item.state, item.done) for item in before}
    said = [""]

    def show(items: Sequence["Item"], note: str) -> None:
        if note and note != said[0]:
            say(note)
        said[0] = note
        for item in items:
            now = item.state, item.done
            if last.get(item.key, ("waiting", 0)) != now:
                tell(item)
            last[item.key] = now

    return show


def _bars() -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("[dim]{task.fields[note]}"), console=Console(stderr=True)) as progress:
        whole = progress.add_task("All scripts", total=None, note="")
        bars: dict[str, TaskID] = {}

        def show(items: Sequence["Item"], note: str) -> None:
            over = sum(item.state in OVER for item in items)
            wrong = sum(item.state in {"failed", "quarantined"} for item in items)
            progress.update(
                whole,
                completed=over,
                total=len(items),
                note="; ".join(filter(None, [f"{wrong} failed" if wrong else "", note])),
            )
            for item in items:
                if item.state == "running":
                    if item.key not in bars:
                        bars[item.key] = progress.add_task(Path(item.file).name[:28], total=None, note="")
                    total = item.total or None
                    progress.update(bars[item.key], completed=item.done, total=total, note=item.stage)
                elif item.key in bars:
                    progress.remove_task(bars.pop(item.key))

        yield show


def status(opened: "Opened") -> None:
    """How a batch stands, script by script."""
    from rich.console import Console
    from rich.table import Table

    items = opened.items()
    table = Table(box=None, pad_edge=False)
    for name in ("Script", "State", "Scenes", "Elements", "Cost"):
        table.add_column(name, justify="right" if name in {"Scenes", "Elements", "Cost"} else "left")
    for item in items:
        facts, colour = item.facts, COLOURS.get(item.state, "")
        scenes = f"{item.done}/{item.total}" if item.state == "running" else str(facts.get("scenes", ""))
        cost = f"${facts['cost_usd']:.4f}" if "cost_usd" in facts else ""
        state = f"[{colour}]{item.state}[/]" if colour else item.state
        table.add_row(Path(item.file).name, state, scenes, str(facts.get("elements", "")), cost)
    over = opened.batch.state == "open" and all(item.state in OVER for item in items)
    state = "finished" if over else opened.batch.state
    Console().print(f"Batch {opened.batch.id} in {opened.batch.folder}, {state}", highlight=False, soft_wrap=True)
    Console().print(table)
    failures([item for item in items if item.error])


def failures(items: Sequence["Item"]) -> None:
    """The scripts that did not come to their end, each with the reason."""
    for item in items:
        typer.secho(f"{item.state}: {item.file}", fg=typer.colors.RED, err=True)
        if item.error:
            typer.echo(f"  {item.error}", err=True)
