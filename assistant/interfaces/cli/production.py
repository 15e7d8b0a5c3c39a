"""`pa init`, `pa ingest`, `pa drafts`, `pa sources`, `pa forget`: making a production and handing it material."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.interfaces.cli.changes import told
from assistant.interfaces.cli.common import JsonOption, ProductionOption, open_app, open_for, print_json

Files = Annotated[
    list[Path],
    typer.Argument(
        help="Scripts (.fountain .fdx .pdf .txt) and other papers (.md .txt .docx .xlsx .csv .eml .pdf).",
        show_default=False,
    ),
]
KindOption = Annotated[
    str,
    typer.Option(
        "--kind",
        help="script, bible, call-sheet, note, schedule or contract. Default: by name and content.",
        show_default=False,
    ),
]


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.command("init")(init)
    cli.command("ingest")(ingest)
    cli.command("drafts")(drafts)
    cli.command("sources")(sources)
    cli.command("forget")(forget)


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


def ingest(
    files: Files, kind: KindOption = "", production: ProductionOption = None, as_json: JsonOption = False
) -> None:
    """Read scripts in as drafts, other papers as sources, and index them. The same bytes twice are one."""
    from assistant.interfaces.cli.progress import shown
    from assistant.workflows.papers import is_script

    read = []
    papers = []
    for file in files:
        if not is_script(file, kind):
            papers.append(_paper(file, kind, production, as_json))
            continue
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
        print_json({"schema": "pa.ingest/1", "drafts": read, "papers": papers})


def _paper(file: Path, kind: str, production: Path | None, as_json: bool) -> dict[str, object]:
    from assistant.interfaces.cli.progress import shown
    from assistant.settings import find_production

    app = open_app(production or find_production(Path.cwd()) or find_production(file.resolve().parent))
    with shown(as_json) as show:
        source = app.add_paper(file, kind, show)
    if not as_json:
        typer.echo(f"{file.name}: {source.kind}, {source.passages} passages", err=True)
    return {"file": str(file), "kind": source.kind, "source": source.id, "passages": source.passages}


def sources(production: ProductionOption = None, as_json: JsonOption = False) -> None:
    """List everything that answers are quoted from, and whether all of it is indexed."""
    app = open_app(production)
    rows = app.sources.all()
    if as_json:
        keys = ("id", "file", "kind", "draft", "added", "superseded", "indexed", "passages")
        print_json({"schema": "pa.sources/1", "sources": [{key: getattr(row, key) for key in keys} for row in rows]})
        return
    from assistant.interfaces.cli.render_answer import sources as show

    show(rows)


def forget(
    source: Annotated[str, typer.Argument(help="A file name, or the start of a source's id.")],
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove a source: its vectors and its passages are gone, and nothing is answered from it.

    A script's draft stays listed with the decisions people took on it.
    """
    gone = open_app(production).forget(source)
    if as_json:
        print_json({"schema": "pa.forget/1", "file": gone.file, "source": gone.id, "passages": gone.passages})
    else:
        typer.echo(f"{gone.file}: forgotten, {gone.passages} passages removed", err=True)


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
