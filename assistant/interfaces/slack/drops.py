"""A script dropped in a thread: read in, compared with the draft before, broken down, handed back, put to review."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.domain.categories import label
from assistant.errors import AssistantError
from assistant.exports.files import write
from assistant.interfaces.slack import reviews
from assistant.interfaces.slack.task import Task

if TYPE_CHECKING:
    from assistant.exports.book import Book
    from assistant.workflows.revision import Revision

SCENES = 12  # named one by one
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
    earlier = [item.seq for item in app.store.drafts() if item.seq < draft.seq]
    if earlier:
        changed(task, earlier[-1], draft.seq)
    else:
        task.say(f"Draft {draft.seq} is in: {len(app.store.screenplay(draft.seq).scenes)} scenes.")
    breakdown(task, earlier[-1] if earlier else 0)


def tame(name: str) -> str:
    """A file name that is a name and nothing else."""
    kept = re.sub(r"[^\w.\- ]+", "_", name.replace("\\", "/").rpartition("/")[2]).strip(". ")
    stem, dot, suffix = kept.rpartition(".")
    return f"{(stem or suffix)[:60]}{dot if stem else ''}{suffix[:10] if stem else ''}" or "script"


def changed(task: Task, old: int, new: int) -> None:
    """Say in short what the new draft changes: which scenes, by their labels."""
    from assistant.exports.change_report import counts
    from assistant.workflows.revision import revision

    shown = revision(task.production.app.store, old, new)
    rows = [f"{kind} {number}: {_scenes(shown, kind)}" for kind, number in counts(shown.diff) if kind != "same"]
    task.rows(f"Draft {new} is in; against draft {old}:", rows or ["nothing changed"], "in the file")


def _scenes(shown: "Revision", kind: str) -> str:
    """Labels of the scenes that changed so."""
    found = [shown.label(change) for change in shown.diff.changes if kind in change.kinds]
    more = f" and {len(found) - SCENES} more" if len(found) > SCENES else ""
    return f"Sc. {', '.join(found[:SCENES])}{more}"


def breakdown(task: Task, since: int = 0) -> None:
    """Break the newest draft down, say what is in it, and hand over the files; with what changed `since` a draft."""
    task.status("is breaking the script down…")
    book = task.production.app.breakdown(None, task.pause)
    found = Counter(element.category for sheet in book.sheets for element in sheet.elements)
    rows = [f"{label(category)}: {found[category]}" for category in book.categories]
    task.rows(f"{len(book.sheets)} scenes, {len(book.breakdown.cast)} roles", rows, "in the files")
    task.hand(lambda folder: [*_report(task, since, folder), *_papers(book, folder)], "The breakdown.")


def _report(task: Task, since: int, folder: Path) -> Sequence[Path]:
    from assistant.exports.change_report import render
    from assistant.workflows.revision import revision

    if not since:
        return []
    store = task.production.app.store
    seq = store.current_draft().seq
    shown = revision(store, since, seq)
    path = folder / f"changes-{since}-{seq}.html"
    path.write_text(render(shown.old, shown.new, shown.diff, shown.words), encoding="utf-8")
    return [path]


def _papers(book: "Book", folder: Path) -> Sequence[Path]:
    from assistant.exports import export

    made: list[Path] = []
    for name in FORMATS:
        try:
            made += export(book, [name], folder)
        except AssistantError:  # a format that this script can not be written in is left out
            continue
    return made
