"""The `pa` command: every subcommand in its own module, loaded light."""

from typing import Annotated

import typer

from assistant import __version__
from assistant.interfaces.cli import (
    ask,
    batch,
    breakdown,
    changes,
    chat,
    continuity,
    doctor,
    evals,
    look,
    production,
    review,
    routing,
    schedule,
    schedule_explain,
    schedule_locks,
    schedule_rules,
    slack,
)
from assistant.interfaces.cli.boundary import Boundary

cli = typer.Typer(
    name="pa",
    cls=Boundary,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="A film's breakdown, schedule and continuity, every claim quoted from the script. "
    "The model proposes; you decide.",
    epilog="Exit codes: 0 ok · 2 usage · 10 bad input file · 11 not found · 12 settings · 13 no eligible model · "
    "14 budget · 15 answer unusable · 16 infeasible · 17 decision needed · 18 some of a batch failed · "
    "130 interrupted.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pa {__version__}")
        raise typer.Exit


@cli.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that come before any command."""


for module in (
    production,
    breakdown,
    look,
    review,
    changes,
    schedule,
    schedule_explain,
    schedule_locks,
    schedule_rules,
    continuity,
    ask,
    batch,
    chat,
    routing,
    evals,
    slack,
    doctor,
):
    module.register(cli)
