"""One proposal as a person sees it: what it is, its category's colour, and its words in the scene around them."""

import io
from collections.abc import Sequence

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from assistant.domain.breakdown import Element, MergeProposal
from assistant.domain.categories import FACTS, Category
from assistant.domain.screenplay import SILENT_KINDS, Scene, Screenplay
from assistant.review import Item

AROUND = 3  # lines before and after the quote
_INDENT = {"character": 20, "parenthetical": 14, "dialogue": 9, "lyrics": 9}
_QUOTES = 4  # scenes shown for a doubtful name
KEYS = (("a", "accept"), ("e", "edit"), ("r", "reject"), ("s", "skip"), ("u", "undo"), ("A", "all of this kind"))
MERGE_KEYS = (("a", "one and the same"), ("e", "keep the other name"), ("r", "two, not one"), *KEYS[3:])


def card(item: Item, place: tuple[int, int], script: Screenplay, shown: Sequence[Element], width: int) -> str:
    """The proposal as ANSI text. `place` is its number and how many there are; `shown` are the draft's elements."""
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system="truecolor", highlight=False)
    number, total = place
    console.print(Rule(Text(f" {number} of {total} "), align="left", style="dim"))
    if item.element is not None and item.scene is not None:
        _element(console, item.element, item.scene)
    elif item.merge is not None:
        _merge(console, item.merge, script, shown)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def legend(item: Item, extra: Sequence[tuple[str, str]] = (("q", "quit"),)) -> str:
    """The keys that work now."""
    keys = MERGE_KEYS if item.merge else KEYS
    return "   ".join(f"{key} {what}" for key, what in (*keys, *extra))


def _element(console: Console, element: Element, scene: Scene) -> None:
    colour = FACTS[element.category].colour
    head = Text(f" {FACTS[element.category].label} ", style=f"bold white on {colour}")
    head.append("  ", style="default on default").append(element.name, style=f"bold {colour} on default")
    if element.quantity:
        head.append(f"  ×{element.quantity}", style="default on default")
    console.print(head)
    notes = [element.status, "implied by the words below" if element.implied else "named in the words below"]
    notes += [f"by {element.source.model}", element.id]
    console.print(Text(" · ".join(notes), style="dim"))
    console.print()
    console.print(Text(f"{scene.label}  {scene.heading.text}", style="bold"))
    _lines(console, scene, element)


def _lines(console: Console, scene: Scene, element: Element) -> None:
    lines = [line for line in scene.lines if line.kind not in SILENT_KINDS and line.kind != "heading"]
    at = next((n for n, line in enumerate(lines) if line.number == element.evidence.line), None)
    if at is None:  # the heading itself says it
        console.print(Text(f"       {element.evidence.text}", style="italic"))
        at = 0
    for line in lines[max(at - AROUND, 0) : at + AROUND + 1]:
        here = line.number == element.evidence.line
        text = Text(line.text, style="" if here else "dim")
        if here:
            _highlight(text, element)
        indent = _INDENT.get(line.kind, 0)
        margin = Text(f"{line.number:>5} {'▸' if here else ' '} ", style="bold" if here else "dim")
        _hang(console, margin, text, indent)


def _hang(console: Console, margin: Text, text: Text, indent: int) -> None:
    """A line of the script folded under itself, not under its number."""
    room = max(console.width - len(margin.plain) - indent, 20)
    for n, part in enumerate(text.wrap(console, room)):
        lead = margin if n == 0 else Text(" " * len(margin.plain))
        console.print(Text.assemble(lead, " " * indent, part))


def _highlight(text: Text, element: Element) -> None:
    start = text.plain.find(element.evidence.text)
    if start < 0:
        return
    end = start + len(element.evidence.text)
    colour = FACTS[element.category].colour
    text.stylize(f"underline {colour}", start, end)
    inner = text.plain.casefold().find(element.name.casefold(), start, end)
    if inner >= 0:
        text.stylize(f"bold white on {colour}", inner, inner + len(element.name))


def _merge(console: Console, merge: MergeProposal, script: Screenplay, shown: Sequence[Element]) -> None:
    category = merge.category or Category.CAST
    colour = FACTS[category].colour
    head = Text(f" {FACTS[category].label} ", style=f"bold white on {colour}")
    head.append("  one and the same?", style="bold default on default")
    console.print(head)
    console.print(Text(merge.why, style="dim"))
    labels = {scene.ordinal: scene.label for scene in script.scenes}
    for name, role in ((merge.keep, "kept"), (merge.other, "joined to it")):
        found = [item for item in shown if item.category is category and item.name == name]
        console.print()
        console.print(
            Text.assemble(
                (name, f"bold {colour}"), (f"  {role}", "dim"), f", in {len(found)} scene{'s' * (len(found) != 1)}"
            )
        )
        for item in found[:_QUOTES]:
            margin = Text(f"{labels.get(item.scene, '?'):>6}  ", style="dim")
            _hang(console, margin, Text(f"“{item.evidence.text}”", style="italic"), 0)
