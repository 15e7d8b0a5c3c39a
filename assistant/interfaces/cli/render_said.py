"""What the terminal shows of rules that people say: each in the trade's words, with the quote it was read from."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from assistant.domain.said import SaidRule
from assistant.interfaces.cli.render import out, table
from assistant.schedule.said import words_of

if TYPE_CHECKING:
    from assistant.workflows.saying import Heard


def heard(found: "Heard") -> None:
    """Rules that were read, sentences that were not, what a model claimed that is not so, and who read it."""
    console = out()
    for rule in found.rules:
        console.print(f"[green]·[/] [bold]{escape(words_of(rule))}[/]   “{escape(rule.quote)}”")
    for item in found.unread:
        console.print(f"[yellow]not read:[/] “{escape(item.quote)}”: {escape(item.why)}")
    for item in found.cut:
        console.print(f"[red]cut:[/] “{escape(item.quote)}”: {escape(item.why)}")
    if found.fell_back:
        console.print(f"[yellow]No model's answer stood ({escape(found.fell_back)}); the built-in grammar read it.[/]")
    cost = f", ${found.cost_usd:.4f}" if found.cost_usd else ""
    console.print(f"[dim]read by {escape(found.model)}{cost}[/]")


def question(rule: SaidRule) -> None:
    """One rule to be confirmed."""
    out().print(f"\n[bold]{escape(words_of(rule))}[/]\n  “{escape(rule.quote)}”")


def kept(rows: Sequence[Mapping[str, Any]]) -> None:
    """The rules in force that people said."""
    with_costs = any(row["costs"] is not None for row in rows)
    shown = table("Id", "In words", "Quote", *(["Costs"] if with_costs else []), "Who", "When", "Read by")
    for row in rows:
        costs = [str(row["costs"]) if row["costs"] is not None else "–"] if with_costs else []
        cells = (row["id"], row["words"], f"“{row['quote']}”", *costs, row["who"])
        shown.add_row(*map(escape, cells), row["at"].replace("T", " ")[:16], escape(row["model"]))
    out().print("Said by people; take one back with `pa schedule forget ID`", markup=False)
    out().print(shown)
