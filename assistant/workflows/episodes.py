"""Which of a series' scripts is an episode: the newest whose title, label or file name says so."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from assistant.errors import NotFound
from assistant.store import Draft

_MARK = r"(?:episode|episodio|chapter|capitulo|capítulo|teil|folge|part|ep|cap|e|\d+\s*x)"


def episode_of(drafts: Sequence[Draft], wanted: str) -> Draft:
    """The episode of a number ("3", "episode 3") or of words of its title or file. Raises NotFound."""
    asked = " ".join(wanted.split())
    number = re.fullmatch(rf"(?:{_MARK}[\W_]*)?0*(\d+)", asked, re.IGNORECASE)
    pattern = _numbered(int(number[1])) if number else re.compile(re.escape(asked), re.IGNORECASE)
    found = [draft for draft in drafts if any(pattern.search(text) for text in _names(draft))]
    if found:
        return found[-1]
    known = ", ".join(dict.fromkeys(draft.title or draft.file for draft in drafts)) or "none"
    raise NotFound(
        f"No script here is called episode {asked}.", f"Scripts are known by title and file name; there are: {known}."
    )


def _numbered(number: int) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:s\d+[\W_]*)?{_MARK}[\W_]*0*{number}(?!\d)", re.IGNORECASE)


def _names(draft: Draft) -> tuple[str, ...]:
    return draft.title, draft.label, PurePath(draft.file).stem
