"""What the terminal shows of decisions: how many, whose, and on what."""

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.text import Text

from assistant.domain.breakdown import Element
from assistant.domain.categories import FACTS, Category
from assistant.domain.review import Decision, merge_of
from assistant.interfaces.cli.render import out, table

_STATES = ("proposed", "accepted", "edited", "rejected")


def status(counts: Counter[tuple[str, str]], merges: int) -> None:
    """How many elements of each category are in which state."""
    shown = table("Category", *(state.title() for state in _STATES), "Of")
    for column in shown.columns[1:]:
        column.justify = "right"
    for category in Category:
        row = [counts[(category.value, state)] for state in _STATES]
        if sum(row):
            name = Text(FACTS[category].label, style=FACTS[category].colour)
            shown.add_row(name, *(str(number or "–") for number in row), str(sum(row)))
    totals = [sum(number for (_, state), number in counts.items() if state == wanted) for wanted in _STATES]
    shown.add_row(Text("All", style="bold"), *(str(number or "–") for number in totals), str(sum(totals)))
    out().print(shown)
    if merges:
        out().print(f"{merges} pairs of names may be one thing each; `pa review` asks.")


def history(said: Sequence[Decision], known: Mapping[str, Element]) -> None:
    """Every word, oldest first."""
    shown = table("When", "Who", "What", "On", "Why")
    for item in said:
        change = ", ".join(f"{key}: {value}" for key, value in item.change.items())
        shown.add_row(
            item.at.replace("T", " ")[:16],
            item.who,
            item.action + (f" ({change})" if change else ""),
            _about(item, known),
            item.why,
        )
    out().print(shown)


def _about(item: Decision, known: Mapping[str, Element]) -> str:
    element, merge = known.get(item.subject), merge_of(item.subject)
    if element:
        return f"{element.name} ({FACTS[element.category].label}) {item.subject}"
    return f"{merge.other} = {merge.keep}" if merge else item.subject
