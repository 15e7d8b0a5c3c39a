"""Keeps script text out of channels: a text passes only if it has no run of words of the material in it."""

import re
from collections.abc import Iterable

from assistant.domain.screenplay import Screenplay

RUN = 3  # so many words in a row, as the material has them, are its text
SHORT = 2  # a whole line this long is its text too
_WORD = re.compile(r"[^\W_]+")


class Leaks:
    """What of one production's material must not be said aloud. Slug lines are the trade's, and may be."""

    def __init__(self, script: Screenplay | None, papers: Iterable[str] = ()) -> None:
        self._runs: set[tuple[str, ...]] = set()
        self._lines: set[tuple[str, ...]] = set()
        spoken = [
            line.text
            for scene in (script.scenes if script else ())
            for line in scene.lines
            if line.kind not in ("heading", "character")
        ]
        for text in [*spoken, *papers]:
            self._learn(text)

    def _learn(self, text: str) -> None:
        for line in text.splitlines():
            found = words(line)
            if SHORT <= len(found) < RUN:
                self._lines.add(found)
        everything = words(text)
        self._runs |= {everything[n : n + RUN] for n in range(len(everything) - RUN + 1)}

    def finds(self, text: str) -> bool:
        """Does this text carry the material's own words?"""
        said = words(text)
        runs = (said[n : n + RUN] for n in range(len(said) - RUN + 1))
        if any(run in self._runs for run in runs):
            return True
        spans = (said[n : n + size] for size in range(SHORT, RUN) for n in range(len(said) - size + 1))
        return any(span in self._lines for span in spans)


def words(text: str) -> tuple[str, ...]:
    """The words alone, lower case."""
    return tuple(_WORD.findall(text.casefold()))
