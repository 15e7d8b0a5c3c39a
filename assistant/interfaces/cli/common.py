"""What every command shares: its options, and how it finds the production it is about."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import NotFound

if TYPE_CHECKING:
    from assistant.app import App

ProductionOption = Annotated[
    Path | None,
    typer.Option(
        "--production", "-P", help="The production's folder. Default: the one you are in.", show_default=False
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout and nothing else.")]
DraftOption = Annotated[
    int | None, typer.Option("--draft", "-d", help="Which draft. Default: the newest.", show_default=False)
]


def open_app(production: Path | None, flags: dict[str, Any] | None = None, hint: str = "") -> "App":
    """The named production, or the one the working folder lies in. Raises NotFound with the way out, or `hint`."""
    from assistant.app import App
    from assistant.settings import find_production

    folder = production or find_production(Path.cwd())
    if folder is None:
        raise NotFound(
            "There is no production here.",
            hint or "Make one with `pa init`, or hand over a script: `pa breakdown FILE`.",
        )
    return App.open(folder, flags)


def open_for(file: Path, production: Path | None, flags: dict[str, Any] | None = None) -> "App":
    """The production a script belongs to; outside any, one beside the script is made, and said so on stderr."""
    from assistant.app import App, as_screenplay, beside
    from assistant.settings import find_production

    folder = production or find_production(Path.cwd()) or find_production(file.parent)
    if folder is not None and (production or not folder.name.endswith(".pa") or folder == beside(file)):
        return App.open(folder, flags)
    target = beside(file)
    script = as_screenplay(file)  # nothing is made for a file that can not be read
    if not (target / "production.toml").is_file():
        typer.echo(f"Made a production for this script: {target}", err=True)
    return App.init(target, script.title or file.stem, flags)


def print_json(value: Any) -> None:
    """JSON for a program to read, in UTF-8, on stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
