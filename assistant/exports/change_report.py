"""What changed between two drafts, as one HTML page to read or to print: a list first, then every changed scene."""

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from assistant.domain.revision import ChangeKind, DraftDiff, SceneChange, colour_of
from assistant.domain.screenplay import Scene, Screenplay, pages
from assistant.exports.change_marks import Marked, marked

PARTS = Path(__file__).parent / "changes"
CONTEXT = 1  # unchanged lines kept around a change
PAPER = {
    "White": "#ffffff",
    "Blue": "#bfd9f2",
    "Pink": "#f7c6d4",
    "Yellow": "#f8ef9e",
    "Green": "#c3e6c0",
    "Goldenrod": "#f0cf6a",
    "Buff": "#ead9b8",
    "Salmon": "#f7b9a0",
    "Cherry": "#e79aa5",
    "Tan": "#d9c09a",
    "Ivory": "#f7f3df",
}
WORDS = {"accept": "accepted", "reject": "rejected"}
_ONLY_COUNTED = {"renumbered", "longer", "shorter", "moved", "same"}


@dataclass(frozen=True)
class Row:
    """One change as it is read: its names in both drafts, what it is, and its marked lines; None where lines are left
    out because nothing changed in them."""

    change: SceneChange
    old: Scene | None
    new: Scene | None
    word: str
    lines: tuple[Marked | None, ...]

    @property
    def scene(self) -> Scene:
        """The scene it is about: the new one, or the one that was cut."""
        found = self.new or self.old
        assert found is not None
        return found


def rows(old: Screenplay, new: Screenplay, diff: DraftDiff, words: Mapping[SceneChange, str]) -> list[Row]:
    """All changes but the scenes that stayed as they were."""
    return [
        Row(change, *_ends(old, new, change), WORDS.get(words.get(change, ""), ""), _lines(old, new, change))
        for change in diff.changes
        if change.kinds != ("same",)
    ]


def counts(diff: DraftDiff) -> list[tuple[str, int]]:
    """How many scenes changed in which way, in a fixed order."""
    found = Counter(kind for change in diff.changes for kind in change.kinds)
    return [(kind, found[kind]) for kind in get_args(ChangeKind) if found[kind]]


def length(eighths: int) -> str:
    """A difference in eighths: "+1 2/8", "−3/8", or nothing."""
    if not eighths:
        return ""
    return ("+" if eighths > 0 else "−") + pages(abs(eighths))


def render(old: Screenplay, new: Screenplay, diff: DraftDiff, words: Mapping[SceneChange, str]) -> str:
    """The whole page; it asks the network for nothing and runs nothing."""
    css = (PARTS / "changes.css").read_text("utf-8")
    papers = {seq: PAPER[colour_of(seq).split()[-1]] for seq in (diff.old, diff.new)}
    css += f".was{{--paper:{papers[diff.old]}}}.now{{--paper:{papers[diff.new]}}}"
    environment = Environment(
        loader=FileSystemLoader(PARTS), autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    helpers: dict[str, Callable[..., object]] = {"pages": pages, "length": length, "colour_of": colour_of}
    environment.globals.update(helpers)
    return environment.get_template("changes.html.j2").render(
        old=old,
        new=new,
        diff=diff,
        rows=rows(old, new, diff, words),
        counts=counts(diff),
        css=Markup(css),
        policy=f"default-src 'none'; style-src '{_hash(css)}'; base-uri 'none'; form-action 'none'",
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _ends(old: Screenplay, new: Screenplay, change: SceneChange) -> tuple[Scene | None, Scene | None]:
    before = old.scene(change.old) if change.old is not None else None
    return before, new.scene(change.new) if change.new is not None else None


def _lines(old: Screenplay, new: Screenplay, change: SceneChange) -> tuple[Marked | None, ...]:
    if set(change.kinds) <= _ONLY_COUNTED:
        return ()
    return tuple(_shortened(marked(*_ends(old, new, change))))


def _shortened(lines: Sequence[Marked]) -> Iterator[Marked | None]:
    """The changed lines with their neighbours; one None for each run that is left out."""
    near = {n + step for n, line in enumerate(lines) if line.touched for step in range(-CONTEXT, CONTEXT + 1)} | {0}
    silent = False
    for n, line in enumerate(lines):
        if n in near:
            yield line
        elif not silent:
            yield None
        silent = n not in near
