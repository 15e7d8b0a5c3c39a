"""`pa slack`: the assistant in the office's Slack."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.interfaces.cli.common import JsonOption, print_json

slack = typer.Typer(no_args_is_help=True, help="Serve the production office's Slack.")

Productions = Annotated[
    list[Path] | None,
    typer.Option(
        "--production", "-P", help="A production's folder; may be given again. Default: the one you are in.",
        show_default=False,
    ),
]  # fmt: skip


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.add_typer(slack, name="slack")


@slack.command("serve")
def serve(
    production: Productions = None,
    http: Annotated[
        int | None, typer.Option("--http", help="Listen on this port instead of Socket Mode.", metavar="PORT")
    ] = None,
) -> None:
    """Answer in Slack until interrupted: over Socket Mode, or over HTTP behind a server of yours."""
    from assistant.interfaces.slack import wire

    wire.run(_folders(production), http, lambda: typer.echo("Serving Slack. Ctrl-C ends it.", err=True))


@slack.command("doctor")
def doctor(production: Productions = None, as_json: JsonOption = False) -> None:
    """Check tokens, channels and roles, and ask Slack whether it agrees."""
    from assistant.interfaces.slack import doctor, door
    from assistant.interfaces.slack.office import Office
    from assistant.settings import credential

    door.need_bolt()
    office, token = Office.open(_folders(production)), credential("slack_bot_token")
    checks = doctor.examine(office, door.Slack(token, office.api_url) if token else None)
    if as_json:
        rows = [{"check": item.name, "state": item.state, "found": item.found, "hint": item.hint} for item in checks]
        print_json({"schema": "pa.slack.doctor/1", "checks": rows})
    else:
        for item in checks:
            typer.echo(f"{item.state:<5} {item.name:<22} {item.found}{f'  → {item.hint}' if item.hint else ''}")
    if any(item.state == "bad" for item in checks):
        raise typer.Exit(12)


@slack.command("audit")
def audit(production: Productions = None, as_json: JsonOption = False) -> None:
    """Who wanted what from where in Slack, and whether it was given."""
    from assistant.interfaces.slack.office import Office

    office = Office.open(_folders(production))
    rows = office.log.all([item.id for item in office.productions])
    if as_json:
        print_json({"schema": "pa.slack.audit/1", "access": rows})
        return
    for row in rows:
        word = "given" if row["allowed"] else f"refused ({row['why']})"
        typer.echo(f"{row['at']}  {row['who']:<12} {row['channel']:<12} {row['what']:<12} {word}")


def _folders(given: list[Path] | None) -> list[Path]:
    from assistant.interfaces.cli.common import open_app

    return given or [open_app(None).folder]
