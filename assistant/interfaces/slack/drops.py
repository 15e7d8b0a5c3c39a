"""A script dropped in a thread: read in, compared with the draft before, broken down, handed back, put to review."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.domain.categories import label
from assistant.errors import AssistantError
from assistant.exports.files import write
from assistant.interfaces.slack import reviews
from assistant.interfaces.slack.task import Task

FORMATS = ("pdf", "xlsx", "fdx", "uss")


def take(task: Task) -> None:
    """Take in every file of a message, one after the other."""
    for file in task.request.files:
        _take(task, file)
    reviews.begin(task)


def _take(task: Task, file: dict[str, Any]) -> None:
    from assistant.screenplay import MAX_BYTES

    app, name = task.production.app, tame(file["name"])
    task.status("is reading the draft…")
    content = task.bench.slack.fetch(file["url"], MAX_BYTES)
    task.pause()
    path = write(app.data / "dropped" / hashlib.sha256(content).hexdigest()[:16] / name, content)
    draft = app.ingest(path, task.pause)  # stopped or killed, it goes on from this very file next time
    path.unlink()
    _changes(task, draft.seq)
    breakdown(task)


def tame(name: str) -> str:
    """A file name that is a name and nothing else."""
    kept = re.sub(r"[^\w.\- ]+", "_", name.replace("\\", "/").rpartition("/")[2]).strip(". ")
    stem, dot, suffix = kept.rpartition(".")
    return f"{(stem or suffix)[:60]}{dot if stem else ''}{suffix[:10] if stem else ''}" or "script"


def _changes(task: Task, seq: int) -> None:
    from assistant.exports.change_report import counts, render
    from assistant.workflows.revision import revision

    store = task.production.app.store
    earlier = [draft.seq for draft in store.drafts() if draft.seq < seq]
    if not earlier:
        task.say(f"Draft {seq} is in: {len(store.screenplay(seq).scenes)} scenes.")
        return
    shown = revision(store, earlier[-1], seq)
    said = ", ".join(f"{number} {kind}" for kind, number in counts(shown.diff) if kind != "same") or "nothing changed"
    task.say(f"Draft {seq} is in. Against draft {earlier[-1]}: {said}.")

    def report(folder: Path) -> Sequence[Path]:
        path = folder / f"changes-{earlier[-1]}-{seq}.html"
        path.write_text(render(shown.old, shown.new, shown.diff, shown.words), encoding="utf-8")
        return [path]

    task.hand(report, f"What draft {seq} changes.")


def breakdown(task: Task) -> None:
    """Break the newest draft down, say what is in it, and hand over the files."""
    from assistant.exports import export

    task.status("is breaking the script down…")
    book = task.production.app.breakdown(None, task.pause)
    found = Counter(element.category for sheet in book.sheets for element in sheet.elements)
    lines = [f"{label(category)}: {found[category]}" for category in book.categories]
    task.rows(f"{len(book.sheets)} scenes, {len(book.breakdown.cast)} roles", lines, "in the files")

    def papers(folder: Path) -> Sequence[Path]:
        made: list[Path] = []
        for name in FORMATS:
            try:
                made += export(book, [name], folder)
            except AssistantError:  # a format that this script can not be written in is left out
                continue
        return made

    task.hand(papers, "The breakdown.")
