"""What a batch came to: one page to look at, a table for a spreadsheet, lines for a program."""

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.batch.run import Opened
from assistant.exports.cells import safe
from assistant.exports.files import write
from assistant.store.batches import Item

COLUMNS = ("file", "state", "title", "scenes", "eighths", "elements", "cast", "problems", "conflicts", "days")
FIGURES = ("cost_usd", "seconds", "folder", "error")


def row(item: Item) -> dict[str, Any]:
    """One script as it stands, for tables and for --json."""
    facts = item.facts
    known = {name: facts.get(name) for name in (*COLUMNS, *FIGURES) if name in facts}
    return {
        "file": item.file,
        "state": item.state,
        "folder": item.folder,
        "sha256": item.sha256,
        "scenes_done": [item.done, item.total],
        "error": item.error,
        **known,
    }


def totals(items: Sequence[Item]) -> dict[str, Any]:
    """All scripts in figures."""
    states = Counter(item.state for item in items)
    sums = {name: sum(item.facts.get(name) or 0 for item in items) for name in ("scenes", "elements", "problems")}
    cost = round(sum(item.facts.get("cost_usd") or 0.0 for item in items), 9)
    return {"scripts": len(items), "states": dict(states), **sums, "cost_usd": cost}


def write_report(opened: Opened) -> list[Path]:
    """Write `batch.html`, `batch.csv` and `batch.jsonl` into the batch's folder."""
    items, folder = opened.items(), Path(opened.batch.folder)
    lines = "".join(json.dumps(row(item), ensure_ascii=False) + "\n" for item in items)
    return [
        write(folder / "batch.html", _page(opened, items).encode("utf-8", "replace")),
        write(folder / "batch.csv", _table(items).encode("utf-8", "replace")),
        write(folder / "batch.jsonl", lines.encode("utf-8", "replace")),
    ]


def _table(items: Sequence[Item]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow((*COLUMNS, *FIGURES))
    for item in items:
        cells = row(item)
        writer.writerow(safe(str(cells.get(name) if cells.get(name) is not None else "")) for name in COLUMNS + FIGURES)
    return text.getvalue()


def _page(opened: Opened, items: Sequence[Item]) -> str:
    from jinja2 import Environment, FileSystemLoader

    parts = FileSystemLoader(Path(__file__).parent / "page")
    environment = Environment(loader=parts, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    rows = [row(item) | {"report": _report(item)} for item in items]
    page = environment.get_template("batch.html.j2")
    return page.render(batch=opened.batch, rows=rows, totals=totals(items), tasks=opened.batch.options["tasks"])


def _report(item: Item) -> str:
    """The script's own page, from where this page lies."""
    from urllib.parse import quote

    pages = [name for name in item.facts.get("files", ()) if name.endswith(".html")]
    return quote(f"{item.folder}/{pages[0]}") if pages else ""
