"""Writes docs/cli.md from the commands themselves: `python -m assistant.interfaces.cli.reference`."""

from pathlib import Path

import typer
import typer.cli

from assistant.interfaces.cli.main import cli

TARGET = Path(__file__).resolve().parents[3] / "docs" / "cli.md"


def reference() -> str:
    """Every command with its options, as Markdown."""
    command = typer.main.get_command(cli)
    context = typer.Context(command, info_name="pa")
    text = typer.cli.get_docs_for_click(obj=command, ctx=context, name="pa", title="The command line")
    return f"{text.strip()}\n"


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
