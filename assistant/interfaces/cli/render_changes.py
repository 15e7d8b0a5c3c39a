"""What the terminal shows of a new draft: its changes scene by scene, what was carried over, what lies aside."""

from collections.abc import Sequence

from rich.text import Text

from assistant.domain.categories import label
from assistant.domain.review import Aside
from assistant.domain.revision import colour_of
from assistant.exports.change_report import Row, counts, length, rows
from assistant.interfaces.cli.render import out, table
from assistant.workflows.revision import Carrying, Revision

_COLOURS = {"added": "green", "restored": "green", "cut": "red", "omitted": "red", "reworded": "yellow"}
_COLOURS |= {"renamed": "yellow", "moved": "blue", "split": "blue", "joined": "blue"}


def headline(shown: Revision) -> str:
    """The changes in one line."""
    said = ", ".join(f"{number} {kind}" for kind, number in counts(shown.diff)) or "nothing changed"
    return (
        f"Draft {shown.diff.old} ({colour_of(shown.diff.old)}) → {shown.diff.new} ({colour_of(shown.diff.new)}): {said}"
    )


def changes(shown: Revision) -> None:
    """Every change, one a line."""
    listed = table("Scene", "Was", "Heading", "What changed", "Pages", "Decision")
    for row in rows(shown.old, shown.new, shown.diff, shown.words):
        listed.add_row(*_cells(row))
    out().print(listed)
    out().print(headline(shown))


def carried(found: Carrying) -> str:
    """What became of the decisions."""
    return f"{found.carried} decisions carried over, {found.aside} set aside, {found.open} proposals wait."


def asides(items: Sequence[Aside]) -> None:
    """What was decided and has no place now."""
    listed = table("Where", "Category", "Element", "Why", "The script said")
    for item in items:
        quote = Text(f"“{item.element.evidence.text}”", style="italic")
        listed.add_row(f"ALT {item.label}", label(item.element.category), item.element.name, item.why, quote)
    out().print(listed)
    out().print(f"{len(items)} decided elements lie aside; they come back when their words do.")


def _cells(row: Row) -> list[str | Text]:
    kinds = Text(", ").join(Text(kind, style=_COLOURS.get(kind, "")) for kind in row.change.kinds)
    word = Text(row.word, style="red" if row.word == "rejected" else "green")
    new, old = row.new.label if row.new else "–", row.old.label if row.old else "–"
    return [new, old, row.scene.heading.text, kinds, length(row.change.eighths), word]
