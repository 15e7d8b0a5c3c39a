"""`pa schedule export`, `pa schedule import`, `pa callsheet`: boards as files, ours and other programs'."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.interfaces.cli.common import JsonOption, ProductionOption, open_app, print_json

if TYPE_CHECKING:
    from assistant.app import App
    from assistant.domain.boardbook import BoardBook
    from assistant.store.schedules import Board

BoardOption = Annotated[
    int | None, typer.Option("--board", "-b", help="Which board. Default: the newest.", show_default=False)
]


def export(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder. Default: `schedule` in the production.")
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", "-f", help="Comma-separated: html, pdf, xlsx, csv, ics, uss.")
    ] = "html,pdf,xlsx",
    board: BoardOption = None,
    production: ProductionOption = None,
) -> None:
    """Write the stripboard, one-liner, shooting schedule and day out of days for people to print and pass on."""
    from assistant.exports.boards import export_board
    from assistant.interfaces.cli import render

    app = open_app(production)
    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    render.files(export_board(_book(app, board), wanted, out or app.folder / "schedule"))


def callsheet(
    day: Annotated[str, typer.Argument(help="A shooting day: 4, D4, or 2nd/D1 of another unit.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The PDF to write. Default: in the production.")
    ] = None,
    board: BoardOption = None,
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draft the call sheet of a day; what only people know stays open and says so.

    Where continuity was read (`pa continuity run`), it lists what must match with scenes shot on other days.
    """
    from assistant.domain.unit_days import day_label
    from assistant.exports.boards.pdf import callsheet as typeset
    from assistant.exports.boards.pdf import callsheet_name
    from assistant.exports.boards.plain import plain_day
    from assistant.exports.continuity.matching import match_rows
    from assistant.exports.files import write
    from assistant.interfaces.cli import render

    app = open_app(production)
    book, kept = _book(app, board), app.boards.kept.board(board)
    number, unit = _numbered(kept, day)
    matches = match_rows(app.store.screenplay(kept.draft), app.supervisor().known_match(kept, day_label(number, unit)))
    paper = typeset(book, number, matches, unit)
    found = book.day(number, unit)
    if as_json and found:
        print_json({"schema": "pa.callsheet/1", **plain_day(found, len(book.of(unit))), "matches": matches})
        return
    render.files([write(out or app.folder / "schedule" / callsheet_name(number, unit), paper)])


def _numbered(board: "Board", written: str) -> tuple[int, str]:
    from assistant.interfaces.cli.board_days import numbered

    number, day = numbered(board.schedule, written)
    return number, day.unit


def bring(
    file: Annotated[Path, typer.Argument(help="A schedule of another program: a .uss file.")],
    stripboard: Annotated[
        str, typer.Option("--stripboard", help="Which of its stripboards. Default: the one with most days.")
    ] = "",
    keep: Annotated[bool, typer.Option("--keep", help="Keep it as the newest board without asking.")] = False,
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring in a schedule made elsewhere: match its scenes, judge it, and keep it as a board when you want it.

    Kept, it can be mended (`pa schedule`), made cheaper (`pa schedule --improve`) and compared (`pa schedule compare`).
    """
    from assistant.workflows.schedule_import import as_dict

    app = open_app(production, hint="A schedule is matched to a script. Read that first: `pa breakdown SCRIPT`.")
    found = app.boards.bring(file, stripboard)
    if as_json:
        board = app.boards.keep(found) if keep else None
        print_json(as_dict(found) | {"board": board.seq if board else None})
        return
    from assistant.interfaces.cli import render_import

    render_import.imported(found)
    if not keep and sys.stdin.isatty():
        keep = typer.confirm("Keep it as the newest board?", err=True)
    if keep:
        board = app.boards.keep(found)
        typer.echo(f"Kept as board {board.seq}. Make it cheaper: pa schedule --improve", err=True)
    else:
        typer.echo("Nothing is kept. To keep it: --keep", err=True)


def _book(app: "App", board: int | None) -> "BoardBook":
    from assistant.workflows.schedule_book import board_book

    found = app.boards.kept.board(board)
    return board_book(app.boards.problem_of(found), found, app.book(found.draft))
