"""How an audit looks: one line a statement with its verdict and its bearing, then the shares and descriptions."""

from typing import Any

from rich.text import Text

from assistant.domain.answers import Audit
from assistant.interfaces.cli.render import out, table

COLOURS = {"supported": "green", "contradicted": "red", "not in the material": "yellow"}


def audit(found: Audit) -> None:
    """Verdicts, then who speaks how much, then how people are described."""
    console = out()
    for item in found.findings:
        console.print(Text(f"{item.verdict:<20}", style=COLOURS[item.verdict]) + Text(item.text), soft_wrap=True)
        if item.why:
            console.print(Text(f"{'':<20}{item.why}", style="dim"), soft_wrap=True)
        for cited in item.citations[:3]:
            console.print(Text(f"{'':<20}{cited.place}  “{cited.quote}”", style="dim italic"), soft_wrap=True)
    console.print(f"{found.count('supported')} supported, {found.count('contradicted')} contradicted, ", end="")
    console.print(f"{found.count('not in the material')} not in the material")
    shown = table("Name", "Speeches", "Words", "Share of words", "Introduced as")
    for person in found.people:
        shown.add_row(
            Text(person.name),
            str(person.speeches),
            str(person.words),
            f"{person.share:.0%}",
            Text(person.described or "–"),
        )
    console.print(shown)


def as_json(found: Audit) -> dict[str, Any]:
    """The audit for a program."""
    return {
        "schema": "pa.audit/1",
        "claims": [
            {
                "text": item.text,
                "verdict": item.verdict,
                "why": item.why,
                "citations": [
                    {"file": c.file, "scene": c.scene or None, "line": c.line or None, "quote": c.quote}
                    for c in item.citations
                ],
            }
            for item in found.findings
        ],
        "people": [
            {"name": p.name, "speeches": p.speeches, "words": p.words, "share": p.share, "described": p.described}
            for p in found.people
        ],
    }
