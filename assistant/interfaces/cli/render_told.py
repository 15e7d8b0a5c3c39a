"""What the terminal shows of a board told in sentences."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape

from assistant.interfaces.cli.render import out

if TYPE_CHECKING:
    from assistant.workflows.telling import Told


def facts(lines: Sequence[str]) -> None:
    """A fact a line."""
    for line in lines:
        out().print(f"· {escape(line)}")


def prose(told: "Told") -> None:
    """The text, then who wrote it and how much of it was not so."""
    console = out()
    console.print(escape(" ".join(told.sentences)))
    cost = f", ${told.cost_usd:.4f}" if told.cost_usd else ""
    cut = f", {len(told.cut)} sentences cut that the tables do not hold" if told.cut else ""
    console.print(f"[dim]by {escape(told.model)}{cost}{cut}[/]")
