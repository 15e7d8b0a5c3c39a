"""`pa evals …`: hands its words to the evals package, which stands above this one and is not part of the wheel."""

import importlib
import importlib.util
from typing import Annotated

import typer

from assistant.interfaces.cli.common import ProductionOption

PACKAGE = "evals.__main__"  # named, not imported: evals may import the assistant, never the other way round
PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.command("evals", context_settings=PASSED_ON)(evals)


def evals(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(help="list, run, report, gate, compare, rank or from-review; then --help", show_default=False),
    ] = None,
    production: ProductionOption = None,
) -> None:
    """Measure models on the assistant's own work, and on this production's decisions."""
    from assistant.errors import NotFound

    if importlib.util.find_spec(PACKAGE.partition(".")[0]) is None:
        raise NotFound(
            "The evals are not installed here.", "They come with the project's source: run `pa evals` from a checkout."
        )
    place = ["--production", str(production)] if production else []
    raise typer.Exit(importlib.import_module(PACKAGE).main([*(words or []), *ctx.args, *place], "pa evals"))
