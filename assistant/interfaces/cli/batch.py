"""`pa batch`: a folder of scripts overnight, and what became of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from assistant.errors import SettingsError
from assistant.interfaces.cli.common import JsonOption, print_json

if TYPE_CHECKING:
    from threading import Event

    from assistant.batch.job import Executor
    from assistant.batch.metrics import Board
    from assistant.batch.plan import Order
    from assistant.batch.run import Opened
    from assistant.interfaces.cli.render_batch import Say
    from assistant.store.batches import Item

SOME_FAILED = 18
OutArgument = Annotated[Path, typer.Argument(help="The folder a batch writes into.")]
BatchOption = Annotated[str, typer.Option("--batch", "-b", help="A batch's id, or its start. Default: the newest.")]
EngineOption = Annotated[str, typer.Option("--engine", help="local, dask://HOST:PORT, or bedrock-batch.")]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", "-w", min=1, help="Processes. Default: one a core.", show_default=False)
]
MetricsOption = Annotated[
    str,
    typer.Option("--metrics", help="A port on loopback, or a file, for Prometheus to read.", show_default=False),
]
LeaseOption = Annotated[
    float, typer.Option("--lease", min=4, help="Seconds of silence before a script goes to another worker.")
]
WatchOption = Annotated[
    float | None,
    typer.Option(
        "--watch", min=0.1, help="Look again every so many seconds, and do what has come in.", show_default=False
    ),
]
LogOption = Annotated[
    str, typer.Option("--log", help="json: structured logs on stderr, without script text.", show_default=False)
]
SettingsOption = Annotated[
    Path | None, typer.Option("--settings", help="Settings for every production, as TOML.", show_default=False)
]
ConcurrencyOption = Annotated[int, typer.Option("--concurrency", min=1, max=1024, help="Questions at once, in all.")]

batch = typer.Typer(help="Many scripts in one go: resumable, within a budget, on one machine or many.")


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.add_typer(batch, name="batch")


@batch.command("run")
def run(
    target: Annotated[Path, typer.Argument(help="A folder of scripts, or a list of them, one path a line.")],
    tasks: Annotated[
        str, typer.Option("--task", "-t", help="Comma-separated: breakdown, synopsis, continuity, schedule.")
    ] = "breakdown",
    precision: Annotated[
        str | None, typer.Option("--precision", help="draft, standard or final.", show_default=False)
    ] = None,
    budget: Annotated[
        float | None, typer.Option("--budget", min=0, help="US dollars for the whole batch.", show_default=False)
    ] = None,
    concurrency: ConcurrencyOption = 16,
    workers: WorkersOption = None,
    engine: EngineOption = "local",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Default: `productions` beside the scripts.", show_default=False)
    ] = None,
    formats: Annotated[str, typer.Option("--format", "-f", help="Comma-separated.")] = "html,xlsx,csv,json",
    lease: LeaseOption = 60.0,
    series: Annotated[bool, typer.Option("--series", help="All scripts are episodes of one production.")] = False,
    watch: WatchOption = None,
    metrics: MetricsOption = "",
    log: LogOption = "",
    settings: SettingsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Break every script down into a production of its own, and keep at it until all are done.

    Stopped, killed or run again, it goes on where it was: what was paid for is not asked again. Exit code 18 when
    some scripts failed; the others are kept.
    """
    from assistant.batch.plan import Order
    from assistant.batch.run import asked_to_stop
    from assistant.batch.watch import rounds
    from assistant.interfaces.cli import render_batch

    place = (out or (target if target.is_dir() else target.parent) / "productions").resolve()
    options: dict[str, Any] = {"tasks": _tasks(tasks), "precision": precision, "formats": _formats(formats)}
    options |= {
        "settings": _template(settings, log),
        "workers": workers,
        "concurrency": concurrency,
        "engine": engine,
        "lease": lease,
        "series": series,
    }
    order = Order(target, place, options, None if budget is None else round(budget * 1e9))
    status = 0
    say = render_batch.voice(as_json, options)
    with asked_to_stop() as stop, _engine(options, place) as pool, _board(metrics, say) as figures:
        for _ in rounds(target, place, watch, stop) if watch else (None,):
            status = _finish(_priced(order, as_json), _Room(pool, stop, figures), as_json)
    _leave(status)


@batch.command("resume")
def resume(
    out: OutArgument = Path("productions"),
    identity: BatchOption = "",
    engine: Annotated[str | None, typer.Option("--engine", help="Default: as before.", show_default=False)] = None,
    metrics: MetricsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Go on with a batch that was stopped, killed or cancelled."""
    found = _found(out, identity)
    found.batches.reopen(found.batch.id)
    _go_on(found, as_json, engine, metrics)


@batch.command("retry")
def retry(
    out: OutArgument = Path("productions"),
    identity: BatchOption = "",
    budget: Annotated[
        float | None, typer.Option("--budget", min=0, help="A new budget for the whole.", show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Try the scripts again that failed or were quarantined."""
    found = _found(out, identity)
    if budget is not None:
        found.batches.open(found.batch.id, found.batch.folder, found.batch.options, round(budget * 1e9))
    found.batches.retry(found.batch.id)
    _go_on(found, as_json)


@batch.command("status")
def status(out: OutArgument = Path("productions"), identity: BatchOption = "", as_json: JsonOption = False) -> None:
    """How every script of a batch stands."""
    found = _found(out, identity)
    if as_json:
        from assistant.batch.report import row, totals

        items = found.items()
        facts = {"batch": found.batch.id, "state": found.batch.state, **totals(items)}
        print_json({"schema": "pa.batch/1", **facts, "items": [row(item) for item in items]})
        return
    from assistant.interfaces.cli import render_batch

    render_batch.status(found)


@batch.command("cancel")
def cancel(out: OutArgument = Path("productions"), identity: BatchOption = "", as_json: JsonOption = False) -> None:
    """Begin no more scripts, and stop those that are being worked on; what was finished is kept."""
    from assistant.batch.run import stop_ordered

    found = _found(out, identity)
    dropped = found.batches.cancel(found.batch.id)
    stop_ordered(found)
    if as_json:
        print_json({"batch": found.batch.id, "cancelled": dropped})
    else:
        typer.echo(f"Cancelled: {dropped} scripts will not be done. `pa batch resume` takes them up again.", err=True)


@batch.command("report")
def report(out: OutArgument = Path("productions"), identity: BatchOption = "", as_json: JsonOption = False) -> None:
    """Write what a batch came to: a page, a table, and lines for a program."""
    from assistant.batch.report import write_report

    paths = write_report(_found(out, identity))
    if as_json:
        print_json({"files": [str(path) for path in paths]})
    else:
        for path in paths:
            typer.echo(str(path))


def _priced(order: "Order", as_json: bool) -> "Opened":
    """The batch of an order, after telling what it may cost."""
    from assistant.batch.run import opened
    from assistant.interfaces.cli import render_batch

    found = opened(order)
    say = render_batch.voice(as_json, order.options)
    if say and found.estimate:
        facts = {"batch": found.batch.id, "folder": str(order.out), **found.estimate.as_dict()}
        say("estimate", **facts, copies=found.copies)
    elif found.estimate:
        render_batch.estimate(found.estimate, found.copies, order.budget)
    return found


def _go_on(found: "Opened", as_json: bool, engine: str | None = None, metrics: str = "") -> None:
    from assistant.batch.run import asked_to_stop
    from assistant.interfaces.cli import render_batch

    options = found.batch.options
    chosen = options | {"engine": engine or options["engine"]}
    say = render_batch.voice(as_json, options)
    with asked_to_stop() as stop, _engine(chosen, Path(found.batch.folder)) as pool, _board(metrics, say) as figures:
        status = _finish(found, _Room(pool, stop, figures), as_json)
    _leave(status)


class _Room(NamedTuple):
    """What a batch works in: its engine, the wish to stop, and where figures are put up."""

    pool: "Executor"
    stop: "Event"
    figures: "Board | None"


@contextmanager
def _board(where: str, say: "Say | None") -> "Iterator[Board | None]":
    """Where figures are put up, said once."""
    from assistant.batch.metrics import board

    with board(where) as made:
        if made is not None and say:
            say("metrics", place=made.place)
        elif made is not None:
            typer.echo(f"Figures for Prometheus: {made.place}", err=True)
        yield made


@contextmanager
def _engine(options: dict[str, Any], folder: Path) -> "Iterator[Executor]":
    """The engine of a batch, until the block ends."""
    from assistant.batch.job import executor

    pool = executor(options, options["workers"] or _cores(), folder)
    try:
        yield pool
    finally:
        pool.close()


def _leave(status: int) -> None:
    if status:
        raise typer.Exit(status)


def _finish(found: "Opened", room: _Room, as_json: bool) -> int:
    """Work to the end, report, and return the exit code."""
    from assistant.batch.report import totals, write_report
    from assistant.batch.run import again, finish
    from assistant.interfaces.cli import render_batch

    say = render_batch.voice(as_json, found.batch.options)
    with render_batch.shown(say, found.items()) as drawn:

        def show(items: "Sequence[Item]", note: str) -> None:
            drawn(items, note)
            if room.figures is not None:
                room.figures.show(found.batch.id, items)

        whole = finish(found, room.pool, found.batch.options["workers"] or _cores(), show, room.stop)
    found = again(found)
    paths, items = write_report(found), found.items()
    failed = [item for item in items if item.state in {"failed", "quarantined"}]
    if say:
        say("end", batch=found.batch.id, **totals(items), files=[str(path) for path in paths])
    else:
        states = ", ".join(f"{count} {state}" for state, count in sorted(totals(items)["states"].items()))
        typer.echo(f"{states}; ${totals(items)['cost_usd']:.4f} spent. {paths[0]}", err=True)
        render_batch.failures(failed)
    if not whole or found.batch.state == "cancelled":
        return 130
    return SOME_FAILED if failed else 0


def _found(out: Path, identity: str) -> "Opened":
    from assistant.batch.run import looked_up

    return looked_up(out, identity)


def _cores() -> int:
    import os

    return os.cpu_count() or 1


def _tasks(names: str) -> list[str]:
    from assistant.batch.job import TASKS

    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in TASKS:
            raise SettingsError(f"There is no task {name!r}.", f"Tasks: {', '.join(TASKS)}.")
    return ["breakdown", *(name for name in TASKS[1:] if name in wanted)]


def _formats(names: str) -> list[str]:
    from assistant.exports import exporter

    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        exporter(name)
    return wanted


def _template(path: Path | None, log: str) -> dict[str, Any]:
    from assistant.settings import load_settings, read_toml

    layer = read_toml(path) if path else {}
    if log:
        layer["telemetry"] = {**layer.get("telemetry", {}), "log": log}
    load_settings(None, layer)  # what is wrong in it is told before any work
    return layer
