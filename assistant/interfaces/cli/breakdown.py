"""`pa breakdown`: a script in, a breakdown out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.interfaces.cli.changes import told
from assistant.interfaces.cli.common import JsonOption, ProductionOption, open_app, open_for, print_json

if TYPE_CHECKING:
    from assistant.app import App
    from assistant.exports.book import Book

FileArgument = Annotated[
    Path | None,
    typer.Argument(help="A script. Default: the production's newest draft.", show_default=False),
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", help="Folder for the files. Default: `breakdown` in the production.", show_default=False
    ),
]
FormatOption = Annotated[
    str, typer.Option("--format", "-f", help="Comma-separated: html, xlsx, csv, json …", metavar="FORMATS")
]
PrecisionOption = Annotated[
    str | None,
    typer.Option("--precision", help="draft, standard or final. Default: the production's.", show_default=False),
]
SynopsisOption = Annotated[
    bool, typer.Option("--synopsis", help="Also a sentence on each scene that the writer gave no synopsis.")
]


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.command("breakdown")(breakdown)


def breakdown(
    file: FileArgument = None,
    out: OutOption = None,
    formats: FormatOption = "html,xlsx,csv,json",
    precision: PrecisionOption = None,
    synopsis: SynopsisOption = False,
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Break a script down, scene by scene, and write the report, the sheets and the lists.

    Run again, it asks only for what changed; stopped at any moment, it goes on from there.
    """
    from assistant.exports import exporter
    from assistant.interfaces.cli.progress import shown

    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    for name in wanted:
        exporter(name)  # an unknown format is told before any work
    flags = {"production": {"precision": precision}}
    app = open_for(file, production, flags) if file else open_app(production, flags)
    with shown(as_json) as show:
        book = app.breakdown(file, show, synopsis)
    if not as_json:
        known = app.store.draft_by_sha(book.screenplay.sha256)
        told(app, known.seq if known else 0, broken_down=True)
    if as_json:
        from assistant.exports.json_file import as_dict

        print_json(as_dict(book))
    if not as_json or out:
        _write(app, book, wanted, out, as_json)


def _write(app: "App", book: "Book", formats: list[str], out: Path | None, quiet: bool) -> None:
    from assistant.exports import export
    from assistant.interfaces.cli import render

    paths = export(book, formats, out or app.folder / "breakdown")
    if not quiet:
        render.summary(book)
        render.files(paths)
