"""`pa doctor`: is everything here that a run needs?"""

import typer

from assistant.interfaces.cli.common import JsonOption, ProductionOption, print_json


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.command("doctor")(doctor)


def doctor(production: ProductionOption = None, as_json: JsonOption = False) -> None:
    """Check this machine and this production: versions, store, index, models, credentials, known bad releases."""
    from pathlib import Path

    from assistant.app import App
    from assistant.doctor import examine
    from assistant.settings import find_production

    folder = production or find_production(Path.cwd())
    checks = examine(App.open(folder) if folder else None)
    if as_json:
        rows = [{"check": item.name, "state": item.state, "found": item.found, "hint": item.hint} for item in checks]
        print_json({"schema": "pa.doctor/1", "checks": rows})
    else:
        marks = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "bad": ("✗", "red")}
        for item in checks:
            mark, colour = marks[item.state]
            typer.echo(f"{typer.style(mark, fg=colour)} {item.name:<22} {item.found}")
            if item.hint:
                typer.echo(f"  {'':<22} → {item.hint}")
    if any(item.state == "bad" for item in checks):
        raise typer.Exit(12)
