"""`pa schedule explain`: why a strip stands on its day, what a day is, what a board costs; in prose where asked."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import NotFound
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
        str, typer.Argument(help='A scene ("12A", "#7") or a shooting day ("D4"). Default: the whole board.')
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
    from assistant.interfaces.cli.look import scene_named
    from assistant.workflows.telling import board_facts, day_facts, scene_facts

    if not about:
        return f"board {found.seq}", None, board_facts(problem, found, app.boards.said_of(found))
    if about[:1].upper() == "D" and about[1:].isdigit():
        number, days = int(about[1:]), len(found.schedule.shooting)
        if not 1 <= number <= days:
            raise NotFound(f"There is no shooting day {about}.", f"The board has D1 to D{days}.")
        return f"day {number}", None, day_facts(problem, found, number)
    scene = scene_named(app.store.screenplay(found.draft), about)
    reason, facts = scene_facts(problem, found, scene.ordinal, app.boards.said_of(found, scene.label))
    return f"scene {scene.label}", reason, facts


def _as_dict(about: str, reason: "Why | None") -> dict[str, Any]:
    if reason is None:
        return {"about": about or "board"}
    others = [{"date": str(a.date), "extra": a.extra, "broken": list(a.broken)} for a in reason.alternatives]
    return {"scene": about, "date": str(reason.date), "reasons": list(reason.reasons), "others": others}
