"""`pa init`, `pa ingest`, `pa drafts`: making a production and handing it material."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.interfaces.cli.changes import told
from assistant.interfaces.cli.common import JsonOption, ProductionOption, open_app, open_for, print_json

Files = Annotated[
    list[Path], typer.Argument(help="Scripts: .fountain, .fdx, .pdf or indented .txt.", show_default=False)
]


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.command("init")(init)
    cli.command("ingest")(ingest)
    cli.command("drafts")(drafts)


def init(
    folder: Annotated[Path, typer.Argument(help="Where the production will live.")] = Path(),
    title: Annotated[str, typer.Option("--title", help="Default: the folder's name.", show_default=False)] = "",
    as_json: JsonOption = False,
) -> None:
    """Make a production in a folder: a production.toml to edit, and a store of its own."""
    from assistant.app import App

    app = App.init(folder, title or folder.resolve().name)
    if as_json:
        print_json({"production": str(app.folder), "id": app.settings.production.id})
    else:
        typer.echo(f"Production ready in {app.folder}. Hand it a script: pa ingest FILE", err=True)


def ingest(files: Files, production: ProductionOption = None, as_json: JsonOption = False) -> None:
    """Read scripts into the production as drafts and index them. The same bytes twice are one draft."""
    from assistant.interfaces.cli.progress import shown

    read = []
    for file in files:
        app = open_for(file, production)
        with shown(as_json) as show:
            draft = app.ingest(file, show)
        script = app.store.screenplay(draft.seq)
        read.append({"file": str(file), "draft": draft.seq, "title": script.title, "scenes": len(script.scenes)})
        if not as_json:
            typer.echo(f"{file.name}: draft {draft.seq}, {len(script.scenes)} scenes", err=True)
            for remark in script.remarks:
                where = f" (line {remark.line})" if remark.line else ""
                typer.echo(f"  note: {remark.what}{where}", err=True)
            told(app, draft.seq, broken_down=False)
    if as_json:
        print_json({"schema": "pa.ingest/1", "drafts": read})


def drafts(production: ProductionOption = None, as_json: JsonOption = False) -> None:
    """List the drafts of this production, oldest first."""
    app = open_app(production)
    rows = app.store.drafts()
    if as_json:
        keys = ("seq", "file", "title", "label", "created", "sha256")
        print_json({"schema": "pa.drafts/1", "drafts": [{key: getattr(row, key) for key in keys} for row in rows]})
        return
    from assistant.interfaces.cli import render

    render.drafts(rows)
