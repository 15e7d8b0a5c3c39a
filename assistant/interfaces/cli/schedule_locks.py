"""`pa schedule lock`: what stays put, whatever is drafted later."""

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import NotFound
from assistant.interfaces.cli.common import JsonOption, ProductionOption, print_json
from assistant.interfaces.cli.schedule import opened, schedule

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.app import App
    from assistant.domain.schedule import DayPlan, Problem
    from assistant.domain.screenplay import Scene
    from assistant.store.schedules import Board
    from assistant.workflows.locking import Held


def register(_cli: typer.Typer) -> None:
    """Add the command to `pa schedule`."""
    schedule.command("lock")(lock)


def lock(
    what: Annotated[
        str, typer.Argument(help='A scene ("12A", "#7") or a shooting day ("D4", "2nd/D1"). Default: list the locks.')
    ] = "",
    day: Annotated[str, typer.Argument(help='A day ("D4"), a date, or "off" to unlock. Default: where it is.')] = "",
    order: Annotated[bool, typer.Option("--order", help="Hold the place in the day too.")] = False,
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lock a scene to a date, or a whole shooting day; no later draft of the board moves it. "off" gives it free."""
    from assistant.interfaces.cli.look import scene_named
    from assistant.schedule.naming import is_day

    app, found, problem = opened(None, production)
    if not what:
        _list(app, found, as_json)
    elif is_day(what):
        _day(app, found, what, day, order)
    else:
        strip = scene_named(app.store.screenplay(found.draft), what)
        _scene(app, found, problem, strip, day, order)


def _scene(app: "App", found: "Board", problem: "Problem", strip: "Scene", day: str, order: bool) -> None:
    from assistant.domain.schedule import MAIN
    from assistant.interfaces.cli.board_days import slot_of
    from assistant.schedule.naming import is_day
    from assistant.settings import user_name

    if day == "off":
        app.boards.kept.lock(strip.label, None, None, user_name(), found.draft)
        typer.echo(f"Scene {strip.label} is free.", err=True)
        return
    here = found.schedule.slots.get(strip.ordinal)
    slot = slot_of(problem, found.schedule, day, strip.ordinal) if day else here
    if slot is None:
        raise NotFound(f"Scene {strip.label} is not on the board.", "Name the day: `pa schedule lock 12 D4`.")
    if order and slot != here:
        raise typer.BadParameter("--order holds the place a scene has; name no other day.")
    on, unit = slot
    named = unit if is_day(day) or not day else None
    place = _place(found, strip.ordinal) if order else None
    app.boards.kept.lock(strip.label, on, place, user_name(), found.draft, named)
    by = "" if named in (None, MAIN) else f" with the {unit} unit"
    nth = "" if place is None else f", as strip {place + 1} of the day"
    typer.echo(f"Scene {strip.label} is locked to {on:%a %d %b %Y}{by}{nth}. Draft again: pa schedule", err=True)


def _place(found: "Board", scene: int) -> int:
    return next(day.scenes.index(scene) for day in found.schedule.days if scene in day.scenes)


def _day(app: "App", found: "Board", written: str, how: str, order: bool) -> None:
    from assistant.domain.unit_days import day_title
    from assistant.interfaces.cli.board_days import numbered
    from assistant.settings import user_name
    from assistant.workflows.locking import free_day, lock_day

    number, day = numbered(found.schedule, written)
    title = f"{day_title(number, day.unit)}, {day.date:%a %d %b %Y},"
    if how == "off":
        free_day(app.boards.kept, found, day, _labels(app, found, day), user_name())
        typer.echo(f"{title} is open again, its {len(day.scenes)} strips are free.", err=True)
        return
    if how:
        raise typer.BadParameter('a day is locked as it stands; write "off" to open it again.')
    lock_day(app.boards.kept, found, day, _labels(app, found, day), user_name(), order)
    words = "in this order, " if order else ""
    typer.echo(f"{title} is locked: its {len(day.scenes)} strips stay, {words}and no other comes in.", err=True)


def _labels(app: "App", found: "Board", day: "DayPlan") -> "Callable[[int], str]":
    scenes = app.store.screenplay(found.draft).scenes
    return {ordinal: scenes[ordinal - 1].label for ordinal in day.scenes}.__getitem__


def _list(app: "App", found: "Board", as_json: bool) -> None:
    from assistant.workflows.locking import held
    from assistant.workflows.renumbering import Renumbering

    rows = list(held(app.boards.kept, Renumbering(app.store, found.draft)))
    if as_json:
        told = [{"scene": r.scene, "date": str(r.date), "unit": r.unit, "place": r.place} for r in rows]
        print_json({"schema": "pa.locks/1", "locks": told})
    for row in rows if not as_json else ():
        typer.echo(_words(row))
    if not rows and not as_json:
        typer.echo("Nothing is locked. Lock a strip: pa schedule lock 12; a day: pa schedule lock D4", err=True)


def _words(row: "Held") -> str:
    from assistant.domain.schedule import MAIN

    by = "" if row.unit in (None, MAIN) else f" with the {row.unit} unit"
    if not row.scene:
        return f"{row.date:%a %d %b %Y}{by}: the whole day, no other strip comes in"
    return f"{row.date:%a %d %b %Y}{by}: scene {row.scene}" + (f", as strip {row.place}" if row.place else "")
