"""`pa schedule explain`: why a strip stands on its day, what a day is, what a board costs; in prose where asked."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.interfaces.cli.common import JsonOption, ProductionOption, print_json
from assistant.interfaces.cli.schedule import opened, schedule
from assistant.interfaces.cli.schedule_files import BoardOption

if TYPE_CHECKING:
    from assistant.app import App
    from assistant.domain.schedule import Problem
    from assistant.schedule.explain import Why
    from assistant.store.schedules import Board


def register(_cli: typer.Typer) -> None:
    """Add the command to `pa schedule`."""
    schedule.command("explain")(explain)


def explain(
    about: Annotated[
        str, typer.Argument(help='A scene ("12A", "#7") or a shooting day ("D4", "2nd/D1"). Default: the whole board.')
    ] = "",
    prose: Annotated[
        bool, typer.Option("--prose", help="A short text by the model the router picks; every figure is the tables'.")
    ] = False,
    board: BoardOption = None,
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Why a scene is shot on its day and what every other date would cost or break; what a day or the board is."""
    from assistant.interfaces.cli import render_schedule, render_told
    from assistant.workflows.telling import tell

    app, found, problem = opened(board, production)
    name, reason, facts = _facts(app, found, problem, about)
    told = tell(app.llm, name, facts, problem) if prose else None
    if as_json:
        more = (
            {"prose": told.sentences, "cut": told.cut, "model": told.model, "cost_usd": told.cost_usd} if told else {}
        )
        print_json({"schema": "pa.explain/1", **_as_dict(about, reason), "facts": list(facts), **more})
    elif told:
        render_told.prose(told)
    elif reason:
        render_schedule.why(about, reason)
    else:
        render_told.facts(facts)


def _facts(app: "App", found: "Board", problem: "Problem", about: str) -> "tuple[str, Why | None, tuple[str, ...]]":
    """What is spoken of, why a scene is where it is, and all of it as sentences."""
    from assistant.domain.unit_days import day_words
    from assistant.interfaces.cli.board_days import numbered
    from assistant.interfaces.cli.look import scene_named
    from assistant.schedule.naming import is_day
    from assistant.workflows.telling import board_facts, day_facts, scene_facts

    if not about:
        return f"board {found.seq}", None, board_facts(problem, found, app.boards.said_of(found))
    if is_day(about):
        number, day = numbered(found.schedule, about)
        return day_words(number, day.unit), None, day_facts(problem, found, number, day)
    scene = scene_named(app.store.screenplay(found.draft), about)
    reason, facts = scene_facts(problem, found, scene.ordinal, app.boards.said_of(found, scene.label))
    return f"scene {scene.label}", reason, facts


def _as_dict(about: str, reason: "Why | None") -> dict[str, Any]:
    if reason is None:
        return {"about": about or "board"}
    others = [
        {"date": str(a.date), "unit": a.unit, "extra": a.extra, "broken": list(a.broken)} for a in reason.alternatives
    ]
    return {
        "scene": about,
        "date": str(reason.date),
        "unit": reason.unit,
        "reasons": list(reason.reasons),
        "others": others,
    }
