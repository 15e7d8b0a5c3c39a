"""How answers look in the terminal: claims with numbered citations, the quoted lines, and what a refusal offers."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from assistant.domain.answers import Answer, Citation, Claim
from assistant.interfaces.cli.render import out, table
from assistant.store.sources import Source

LISTED = 8  # citations below an answer; the others open by number
LABELS: Mapping[str, tuple[str, str, str]] = {
    "en": ("Nearest passages", "more: /open N", "claims cut, their quotes do not stand in the material"),
    "es": ("Pasajes más cercanos", "más: /open N", "afirmaciones cortadas: sus citas no están en el material"),
}


def answer(given: Answer, console: Console | None = None) -> None:
    """The answer with its citations; a refusal with the nearest passages."""
    console = console or out()
    nearest, more, cut = LABELS.get(given.language, LABELS["en"])
    numbers = {citation: number for number, citation in enumerate(given.citations, start=1)}
    for claim in given.claims:
        console.print(marked(claim, numbers), soft_wrap=not console.is_terminal)
    if given.refused:
        console.print(Text(given.why, style="yellow"))
        if given.nearest:
            console.print(Text(f"{nearest}:", style="dim"))
        for citation in given.nearest:
            console.print(_line("  ", citation), soft_wrap=not console.is_terminal)
    elif given.why:
        console.print(Text(given.why, style="dim"))
    for citation, number in list(numbers.items())[:LISTED]:
        console.print(_line(f"[{number}] ", citation), soft_wrap=not console.is_terminal)
    if len(numbers) > LISTED:
        console.print(Text(f"    … {len(numbers) - LISTED} {more}", style="dim"))
    if given.cut:
        console.print(Text(f"{given.cut} {cut}", style="yellow"))


def marked(claim: Claim, numbers: Mapping[Citation, int]) -> Text:
    """A claim with the numbers of its citations; many in a row are shown as a range."""
    text = Text(claim.text)
    for first, last in _ranges(sorted(numbers[item] for item in claim.citations if item in numbers)):
        text.append(f" [{first}]" if first == last else f" [{first}–{last}]", style="cyan")
    return text


def _ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges


def _line(before: str, citation: Citation) -> Text:
    text = Text(before, style="cyan")
    text.append(f"{citation.place}  ", style="dim")
    text.append(f"“{citation.quote}”", style="italic")
    return text


def sources(rows: Sequence[Source]) -> None:
    """What answers are quoted from."""
    shown = table("Source", "File", "Kind", "Draft", "Passages", "State")
    for row in rows:
        state = "indexed" if row.indexed else "not indexed yet"
        shown.add_row(
            row.id[:12],
            Text(row.file),
            row.kind,
            str(row.draft or "–"),
            str(row.passages),
            "superseded" if row.superseded else state,
        )
    out().print(shown)


def as_json(given: Answer) -> dict[str, Any]:
    """The answer in the public shape."""
    return {
        "schema": "pa.answer/1",
        "question": given.question,
        "answer": given.text,
        "claims": [
            {"text": claim.text, "citations": [_cited(item) for item in claim.citations]} for claim in given.claims
        ],
        "refused": given.refused,
        "why": given.why,
        "nearest": [_cited(item) for item in given.nearest],
        "cut": given.cut,
        "language": given.language,
        "model": given.model,
        "cost_usd": float(given.cost_usd),
        "trace": given.trace,
    }


def _cited(item: Citation) -> dict[str, Any]:
    return {
        "source": item.source,
        "file": item.file,
        "scene": item.scene or None,
        "line": item.line or None,
        "quote": item.quote,
    }
