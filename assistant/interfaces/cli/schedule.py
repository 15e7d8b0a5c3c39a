"""`pa schedule`, `pa dood`: a board that keeps the rules, what it costs, and why."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.interfaces.cli.common import JsonOption, ProductionOption, open_app, print_json
from assistant.interfaces.cli.schedule_files import BoardOption, bring, callsheet, export

if TYPE_CHECKING:
    from assistant.app import App
    from assistant.domain.categories import Category
    from assistant.domain.schedule import Problem, Result
    from assistant.schedule.explain import WhatIf
    from assistant.store.said import KeptRule
    from assistant.store.schedules import Board

TimeOption = Annotated[float, typer.Option("--time", "-t", min=0.5, help="Seconds to search for.")]

schedule = typer.Typer(help="Draft a board from the breakdown, or look at the one there is.", no_args_is_help=False)


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.add_typer(schedule, name="schedule")
    cli.command("dood")(dood)
    cli.command("callsheet")(callsheet)
    schedule.command("export")(export)
    schedule.command("import")(bring)


@schedule.callback(invoke_without_command=True)
def draft(
    ctx: typer.Context,
    time: TimeOption = 10.0,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same board.")] = 0,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start anew instead of moving as little as possible.")] = False,
    improve: Annotated[
        bool, typer.Option("--improve", help="Start from the newest board; strips move where that makes it cheaper.")
    ] = False,
    place_new: Annotated[
        bool, typer.Option("--place-new", help="Place scenes that are new in this draft; else they wait.")
    ] = False,
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draft a schedule. With a board already there, as few strips as possible move and locks stay.

    Ctrl-C ends the search early and keeps the best board so far; a second one keeps nothing.
    """
    if ctx.invoked_subcommand:
        return
    from assistant.interfaces.cli import render_schedule
    from assistant.interfaces.cli.progress import searching, stoppable
    from assistant.schedule.search import Watch

    if fresh and improve:
        raise typer.BadParameter("give either --fresh or --improve")
    app = open_app(production)
    with searching(time, as_json) as listen, stoppable() as halted:
        watch = Watch(listen, halted)
        board = app.boards.draft(time, seed, watch, fresh=fresh, place_new=place_new, better=improve)
    problem = app.boards.problem_of(board)
    if as_json:
        print_json(app.boards.as_dict(board))
    else:
        render_schedule.board(problem, board)


@schedule.command("show")
def show(board: BoardOption = None, production: ProductionOption = None, as_json: JsonOption = False) -> None:
    """The board, day by day: strips, day breaks, totals, what is broken."""
    app, found, problem = opened(board, production)
    if as_json:
        print_json(app.boards.as_dict(found))
        return
    from assistant.interfaces.cli import render_schedule

    render_schedule.board(problem, found)


@schedule.command("list")
def list_boards(production: ProductionOption = None, as_json: JsonOption = False) -> None:
    """Every board that was drafted, oldest first."""
    boards = open_app(production).boards.kept.all()
    if as_json:
        rows = [{"board": b.seq, "draft": b.draft, "why": b.why, "created": b.created, **b.facts} for b in boards]
        print_json({"schema": "pa.schedules/1", "boards": rows})
        return
    from assistant.interfaces.cli import render_schedule

    render_schedule.boards(boards)


@schedule.command("check")
def check(board: BoardOption = None, production: ProductionOption = None, as_json: JsonOption = False) -> None:
    """Judge a board, whoever made it: every rule it breaks or strains, its price by rule. Exit 16 if one is broken."""
    from assistant.schedule import check as judge

    _, found, problem = opened(board, production)
    verdict = judge(problem, found.schedule)
    if as_json:
        violations = [{"rule": v.rule, "hard": v.hard, "where": v.where, "words": v.words} for v in verdict.violations]
        lines = [{"rule": x.rule, "subject": x.subject, "amount": x.amount, "words": x.words} for x in verdict.lines]
        print_json({"schema": "pa.check/1", "cost": verdict.cost, "violations": violations, "lines": lines})
    else:
        from assistant.interfaces.cli import render_schedule

        render_schedule.verdict(verdict)
    if verdict.hard:
        raise typer.Exit(16)


@schedule.command("what-if")
def what_if(
    drop: Annotated[
        str,
        typer.Option(
            "--drop", help="A rule to do without: its name or id in `pa schedule rules`, or words that were said."
        ),
    ] = "",
    move: Annotated[str, typer.Option("--move", help="SCENE:DAY, e.g. 12:D4, 12:2nd/D1 or 12:2026-03-05.")] = "",
    time: TimeOption = 10.0,
    board: BoardOption = None,
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """What a rule costs, or what moving one strip would cost or break; the board itself stays as it is."""
    app, found, problem = opened(board, production)
    if bool(drop) == bool(move):
        raise typer.BadParameter("give either --drop RULE or --move SCENE:DAY")
    outcome = _dropped(app, problem, found, drop, time) if drop else _moved(app, found, problem, move)
    if as_json:
        print_json({"schema": "pa.what-if/1", **outcome})
        return
    from assistant.interfaces.cli import render_schedule

    render_schedule.what_if(outcome)


@schedule.command("compare")
def compare(
    first: Annotated[int, typer.Argument(help="A board's number.")],
    second: Annotated[int, typer.Argument(help="Another board's number.")],
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Two boards side by side: cost, days, holds, company moves, and every strip that changed its date."""
    from dataclasses import asdict

    from assistant.schedule.explain import compare as side_by_side

    app = open_app(production)
    one, other = app.boards.kept.board(first), app.boards.kept.board(second)
    found = side_by_side(app.boards.problem_of(other), one.schedule, other.schedule)
    if as_json:
        print_json({"schema": "pa.compare/1", "first": first, "second": second, **_plain(asdict(found))})
        return
    from assistant.interfaces.cli import render_schedule

    labels = {scene.ordinal: scene.label for scene in app.store.screenplay(other.draft).scenes}
    render_schedule.comparison(first, second, found, labels)


def dood(
    category: Annotated[str, typer.Option("--category", "-c", help="cast, or any category.")] = "cast",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write it: a .pdf or .csv file.")] = None,
    board: BoardOption = None,
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """The day out of days: who works, is held, dropped and picked up on which date."""
    from assistant.domain.categories import Category
    from assistant.interfaces.cli.names import category_named
    from assistant.schedule import chart

    app, found, problem = opened(board, production)
    wanted = Category.CAST if category == "cast" else category_named(category)
    if out:
        typer.echo(f"  {_dood_file(app, found, problem, wanted, out)}", err=True)
        return
    made = chart(problem, found.schedule, wanted)
    if as_json:
        rows = [
            {"id": r.id, "name": r.name, "cells": list(r.cells), "work": r.work, "hold": r.hold, "total": r.total}
            for r in made.rows
        ]
        print_json({"schema": "pa.dood/1", "dates": [str(day) for day in made.dates], "rows": rows})
        return
    from assistant.interfaces.cli import render_schedule

    render_schedule.dood(made, {performer.id for performer in problem.cast})


def _dood_file(app: "App", found: "Board", problem: "Problem", category: "Category", out: Path) -> Path:
    from assistant.exports.boards.dood_file import export_dood
    from assistant.workflows.schedule_book import board_book, with_dood_of

    book = board_book(problem, found, app.book(found.draft))
    return export_dood(with_dood_of(book, problem, found.schedule, category), out)


def opened(board: int | None, production: Path | None) -> "tuple[App, Board, Problem]":
    """The production, a board of it (the newest without a number), and the problem that board answers."""
    app = open_app(production)
    found = app.boards.kept.board(board)
    return app, found, app.boards.problem_of(found)


def _dropped(app: "App", problem: "Problem", found: "Board", rule: str, seconds: float) -> dict[str, Any]:
    """A rule of the pack or a constraint by its key, else a said rule by its id or words."""
    from assistant.schedule import Stop, solve
    from assistant.schedule.explain import what_if as ask

    try:
        problem.without(rule)
    except KeyError:
        return priced(app, found, app.boards.kept.said.named(rule), seconds)
    return _answer(ask(problem, _result(problem, found), rule, lambda looser: solve(looser, Stop(seconds=seconds))))


def priced(app: "App", found: "Board", kept: "KeptRule", seconds: float) -> dict[str, Any]:
    """What a said rule costs: the board made again without it."""
    from assistant.schedule import Stop, solve
    from assistant.schedule.explain import loosened

    here = _result(app.boards.problem_of(found), found)
    looser = app.boards.problem_of(found, {kept.seq})
    words = f"{kept.id}: {kept.rule.quote}"
    return _answer(loosened(looser, here, kept.id, words, lambda free: solve(free, Stop(seconds=seconds))))


def _result(problem: "Problem", found: "Board") -> "Result":
    from assistant.domain.schedule import Bound, Result
    from assistant.schedule import check as judge

    bound = Bound(int(found.facts["lower_bound"]), str(found.facts["bound_how"]))
    return Result(found.schedule, judge(problem, found.schedule), bound)


def _answer(answer: "WhatIf") -> dict[str, Any]:
    costs = {"cost_with": answer.cost_with, "cost_without": answer.cost_without, "saving": answer.saving}
    return {"rule": answer.rule, "words": answer.words, **costs}


def _moved(app: "App", found: "Board", problem: "Problem", move: str) -> dict[str, Any]:
    from assistant.interfaces.cli.board_days import slot_of
    from assistant.interfaces.cli.look import scene_named
    from assistant.schedule import check as judge
    from assistant.schedule.explain import moved

    name, _, day = move.rpartition(":")
    strip = scene_named(app.store.screenplay(found.draft), name)
    when, unit = slot_of(problem, found.schedule, day, strip.ordinal)
    before = judge(problem, found.schedule)
    after = judge(problem, moved(problem, found.schedule, strip.ordinal, (when, unit)))
    known = {(v.rule, v.where) for v in before.hard}
    broken = [v.words for v in after.hard if (v.rule, v.where) not in known]
    return {"scene": strip.label, "date": str(when), "unit": unit, "extra": after.cost - before.cost, "broken": broken}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, date) else value
