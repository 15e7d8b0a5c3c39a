"""Everything the terminal shows: tables, one scene with its colours, the summary of a run."""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assistant.domain.breakdown import Element
from assistant.domain.categories import FACTS, Category, label
from assistant.domain.screenplay import SILENT_KINDS, Scene, pages
from assistant.exports.book import Book
from assistant.store import Draft

PIPE_WIDTH = 180
PAGE_WIDTH = 84
INDENT = {"character": 22, "parenthetical": 16, "dialogue": 11, "lyrics": 11}
WHOLE = {"Scene", "Model", "I/E", "D/N", "Pages", "Id", "Name", "Draft", "Attempt"}  # columns that are never folded
STRIPS = {("INT", "D"): "black on white", ("EXT", "D"): "black on yellow3", ("INT", "N"): "white on blue3"}
STRIPS |= {("EXT", "N"): "black on green3"}
SOURCES = {"fdx": "Final Draft", "computed": "computed", "override": "by hand"}


def out() -> Console:
    """Results go to stdout; a pipe or a file gets long lines instead of folded ones."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)


def drafts(rows: Sequence[Draft]) -> None:
    """The drafts of a production."""
    shown = table("Draft", "File", "Title", "Calls itself", "Read")
    for row in rows:
        shown.add_row(str(row.seq), row.file, row.title, row.label or "–", row.created.replace("T", " ")[:16])
    out().print(shown)


def scenes(book: Book) -> None:
    """One line a scene, coloured as its strip would be."""
    shown = table("Scene", "I/E", "Set", "D/N", "Pages", "Length from", "Page", "Cast")
    for sheet in book.sheets:
        scene = sheet.scene
        cast = ", ".join(member.id for member in sheet.cast)
        length = "omitted" if scene.omitted else pages(scene.eighths)
        name = Text(f" {scene.label} ", style=_strip(scene))
        shown.add_row(
            name,
            scene.int_ext or "–",
            scene.set or scene.heading.text,
            scene.time_of_day or "–",
            length,
            SOURCES[scene.eighths_source] if not scene.omitted else "–",
            str(scene.page or "–"),
            cast or "–",
        )
    out().print(shown)
    out().print(f"{len(book.sheets)} scenes, {pages(book.screenplay.eighths)} pages (sum of rounded eighths)")


def cast(book: Book) -> None:
    """The cast by board number, then the merges that wait for a person."""
    shown = table("Id", "Name", "Scenes", "Speeches", "In")
    for member in book.breakdown.cast:
        where = ", ".join(book.labels[ordinal] for ordinal in member.scenes)
        name = member.name if member.speaking else f"{member.name} (silent)"
        shown.add_row(member.id, name, str(len(member.scenes)), str(member.speeches), where)
    out().print(shown)
    proposals = [merge for merge in book.breakdown.merges if merge.kind == "cast"]
    for merge in proposals:
        out().print(f"[yellow]maybe one person:[/] {merge.keep} = {merge.other}  [dim]({merge.why})[/]")


def elements(book: Book, wanted: Category | None) -> None:
    """Elements by category and name, with their scenes and one quote each."""
    for category in [wanted] if wanted else book.categories:
        found = [element for sheet in book.sheets for element in sheet.elements if element.category is category]
        shown = table("Element", "Scenes", "Status", "The script says", title=_title(category, len(found)))
        for name, group in _by_name(found).items():
            first = group[0]
            where = ", ".join(dict.fromkeys(book.labels[item.scene] for item in group))
            quote = Text(f"“{first.evidence.text}”", style="italic")
            quote.append(f"  l. {first.evidence.line}" + (" · implied" if first.implied else ""), style="dim")
            shown.add_row(name, where, first.status, quote)
        out().print(shown)


def scene(book: Book, wanted: Scene) -> None:
    """A scene as written; evidence carries its category's colour, the legend below says which."""
    sheet = next(sheet for sheet in book.sheets if sheet.scene.ordinal == wanted.ordinal)
    console = out()
    length = "omitted" if wanted.omitted else f"{_long(wanted.eighths)}, {SOURCES[wanted.eighths_source]}"
    console.print(Text(f" {wanted.label}  {wanted.heading.text} ", style=_strip(wanted)), Text(length, style="dim"))
    grid = Table.grid(padding=(0, 2))
    grid.add_column(justify="right", style="dim", no_wrap=True)
    grid.add_column(max_width=PAGE_WIDTH)
    for line in wanted.lines[1:]:
        text = Text(line.text, style="dim" if line.kind in SILENT_KINDS else "")
        for element in sheet.elements:
            if element.evidence.line == line.number:
                _mark(text, element)
        above = 1 if line.kind in {"action", "character", "general", "shot", "transition"} else 0
        margin = "\n" * above + str(line.number)
        grid.add_row(margin, Padding(text, (above, 0, 0, INDENT.get(line.kind, 0))))
    console.print(grid)
    console.print()
    _legend(console, sheet.elements)


def summary(book: Book) -> None:
    """What a run found, in a few lines."""
    script, run = book.screenplay, book.run
    active = [scene for scene in script.scenes if not scene.omitted]
    sources = sorted({SOURCES[scene.eighths_source] for scene in active})
    counts = Counter(element.category for sheet in book.sheets for element in sheet.elements)
    console = out()
    console.print(
        f"[bold]{script.title or 'Untitled'}[/]  {len(script.scenes)} scenes, {pages(script.eighths)} pages ", end=""
    )
    console.print(f"(lengths: {', '.join(sources)}), {len(book.breakdown.cast)} in the cast")
    shown = table("Category", "Elements")
    for category, count in counts.most_common():
        shown.add_row(Text(label(category), style=FACTS[category].colour), str(count))
    console.print(shown)
    waiting = sum(1 for sheet in book.sheets for element in sheet.elements if element.status == "proposed")
    console.print(
        f"{', '.join(run.models) or 'no model'}: {run.attempts} calls, ${run.cost_usd:.4f}, "
        f"{run.rejected} claims cut for want of a quote, {run.seconds:.1f} s"
    )
    if run.truncated:
        console.print(f"{run.truncated} answers were cut off and asked for again in smaller parts.")
    _problems(console, run.problems)
    console.print(f"{waiting} elements are proposals until a person accepts them.")
    for remark in script.remarks:
        console.print(f"[yellow]note:[/] {remark.what}" + (f" (line {remark.line})" if remark.line else ""))


def _problems(console: Console, problems: Sequence[tuple[str, str]]) -> None:
    """Scenes for which no model's answer was taken as it is, by reason."""
    by_reason: dict[str, list[str]] = {}
    for label_, why in problems:
        by_reason.setdefault(why, []).append(label_)
    for why, labels in by_reason.items():
        console.print(f"[yellow]scene{'s' if len(labels) > 1 else ''} {', '.join(labels)}:[/] {why}")


def files(paths: Iterable[Path]) -> None:
    """What was written, for people to open."""
    for path in paths:
        out().print(f"  {path}", soft_wrap=True)


def table(*columns: str, title: str | Text | None = None) -> Table:
    """The look of every table: no lines, bold heads, figures to the right."""
    shown = Table(
        title=title, title_justify="left", header_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for column in columns:
        right = column in {"Pages", "Page", "Scenes", "Speeches", "Elements"} and title is None
        shown.add_column(column, justify="right" if right else "left", overflow="fold", no_wrap=column in WHOLE)
    return shown


def _title(category: Category, count: int) -> Text:
    return Text(f"\n{label(category)} ({count})", style=f"bold {FACTS[category].colour}")


def _by_name(found: Iterable[Element]) -> dict[str, list[Element]]:
    groups: dict[str, list[Element]] = {}
    for element in found:
        groups.setdefault(element.name, []).append(element)
    return dict(sorted(groups.items(), key=lambda item: item[0].casefold()))


def _mark(text: Text, element: Element) -> None:
    quote, name = element.evidence.text, element.name
    start = text.plain.find(quote)
    if start < 0:
        return
    inner = text.plain.casefold().find(name.casefold(), start, start + len(quote))
    first, last = (inner, inner + len(name)) if inner >= 0 else (start, start + len(quote))
    style = "underline" if element.implied else "bold"
    text.stylize(f"{style} {FACTS[element.category].colour}", first, last)


def _legend(console: Console, found: Sequence[Element]) -> None:
    for category in dict.fromkeys(element.category for element in found):
        names = []
        for element in found:
            if element.category is category:
                many = f" ×{element.quantity}" if element.quantity else ""
                names.append(f"{element.name}{many}" + (" (implied)" if element.implied else ""))
        console.print(Text(f"{label(category)}: ", style=f"bold {FACTS[category].colour}") + Text(", ".join(names)))


def _long(eighths: int) -> str:
    return f"{pages(eighths)} page" + ("" if eighths <= 8 else "s")


def _strip(scene: Scene) -> str:
    if scene.omitted:
        return "dim strike"
    night = scene.time_of_day in {"NIGHT", "EVENING", "DUSK"}
    where = "EXT" if scene.int_ext == "EXT" else "INT"
    return STRIPS[(where, "N" if night else "D")]
