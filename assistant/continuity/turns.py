"""Script days as a model reads them: what it is shown of each scene, and which turns of its answer stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.continuity.clues import telling_lines
from assistant.continuity.verify import FEW, MOST_CUT, Bench
from assistant.domain.breakdown import Quote, Source
from assistant.domain.continuity import DayTurn
from assistant.domain.quotes import fold, locate
from assistant.domain.screenplay import Scene

DAYS_PROMPT = "continuity/script_days"
_LABEL = re.compile(r"[DNXM][1-9]\d{0,3}")
_KIND: dict[str, Literal["new", "outside", "montage"]] = {"X": "outside", "M": "montage"}
_LONGEST_LINE = 400  # characters


class ToldDay(BaseModel):
    """The script day of one scene, as a model reports it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scene: int
    day: str = Field(min_length=2, max_length=6)
    quote: str | None = None
    why: str = Field(default="", max_length=160)


class ScriptDays(BaseModel):
    """A model's whole answer for a window of scenes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: list[ToldDay] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class JudgedDays:
    """The turns that stand, how many were cut, and why a better answer should be sought, if it should."""

    turns: tuple[DayTurn, ...]
    cut: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Scenes in a row that are asked about at once. The first of all windows but the first is the last of the one
    before, so that the step between them is seen."""

    scenes: tuple[Scene, ...]
    follows: bool  # whether the first scene was asked about before

    def halves(self) -> tuple["Window", ...]:
        """Two windows that share a scene; the window itself where it can not be cut."""
        middle = len(self.scenes) // 2
        if len(self.scenes) < 3:
            return (self,)
        return Window(self.scenes[: middle + 1], self.follows), Window(self.scenes[middle:], True)

    def told(self) -> list[dict[str, object]]:
        """What a model is shown: ordinal, heading, and the lines that may tell of time."""
        return [
            {"ordinal": scene.ordinal, "heading": scene.heading.text, "lines": _lines(scene)} for scene in self.scenes
        ]


def windows(scenes: Sequence[Scene], most: int, longest: int) -> Iterator[Window]:
    """Scenes in windows of at most `most` bytes and `longest` scenes; a window has at least one scene of its own."""
    start = 0
    while start < len(scenes):
        first = max(0, start - 1)
        size, end = (_size(scenes[first]) if first < start else 0), start
        while end < len(scenes) and end - first < longest and (end == start or size + _size(scenes[end]) <= most):
            size += _size(scenes[end])
            end += 1
        yield Window(tuple(scenes[first:end]), first < start)
        start = end


def judge_days(bench: Bench, window: Window, answer: ScriptDays, source: Source | None = None) -> JudgedDays:
    """Check an answer: each scene once, days that never run backwards, each turn by words of its scene, or the one
    before, that are no heading. Headings are read by rules."""
    told = {item.scene: item for item in answer.days}
    shown = [scene.ordinal for scene in window.scenes]
    if len(answer.days) != len(shown) or set(told) != set(shown):
        return JudgedDays((), 0, ("not each scene has exactly one day",))
    rows = [told[ordinal] for ordinal in shown]
    labels = [row.day.strip().upper() for row in rows]
    if not all(_LABEL.fullmatch(label) for label in labels):
        return JudgedDays((), 0, ("a day is no script day",))
    numbers = [int(label[1:]) for label in labels if label[0] in "DN"]
    if numbers != sorted(numbers):
        return JudgedDays((), 0, ("the days run backwards",))
    turns, claims, stood = _turns(bench, window, rows, labels, source or Source(""))
    cut = claims - stood
    trusted = claims <= FEW or cut <= MOST_CUT * claims
    problems = () if trusted else (f"more than {MOST_CUT:.0%} of the turns do not stand in the scenes",)
    return JudgedDays(tuple(turns) if trusted else (), cut, problems)


def _turns(
    bench: Bench, window: Window, rows: Sequence[ToldDay], labels: Sequence[str], source: Source
) -> tuple[list[DayTurn], int, int]:
    """The turns that stand; how many were claimed with a quote, and of how many the quote is there."""
    turns: list[DayTurn] = []
    claims, stood, number, before = 0, 0, 0, ""
    for place, (scene, row, label) in enumerate(zip(window.scenes, rows, labels, strict=True)):
        main = label[0] in "DN"
        turned = int(label[1:]) != number if main else label != before
        if main:
            number = int(label[1:])
        goes_on = turns and not main and label == before and turns[-1].label == label
        if place and turned or goes_on or (not place and not main and not window.follows):
            own = _own_words(scene, row)
            quote = _located(bench, window.scenes[max(0, place - 1) : place + 1], own)
            quote = quote or (turns[-1].quote if goes_on and not own else None)
            claims, stood = claims + bool(own), stood + bool(own and quote)
            if quote is not None:
                kind = _KIND.get(label[0], "new")
                turns.append(DayTurn(scene.ordinal, kind, label, row.why or "the words say so", quote, source))
        before = label
    return turns, claims, stood


def _located(bench: Bench, places: Sequence[Scene], words: str) -> Quote | None:
    """Words of the scene itself, else of the one before: "Tomorrow. Noon." may be said where the day ends."""
    found = (locate(Quote(scene.ordinal, 0, words), bench.scene(scene.ordinal)) for scene in reversed(places))
    return next((quote for quote in found if quote), None) if words else None


def _own_words(scene: Scene, row: ToldDay) -> str:
    """What a row quotes beside the heading; a turn that is said by the heading alone is left to the rules."""
    return row.quote if row.quote and fold(row.quote) not in fold(scene.heading.text) else ""


def _lines(scene: Scene) -> list[str]:
    return [line[:_LONGEST_LINE] for line in telling_lines(scene)]


def _size(scene: Scene) -> int:
    """Bytes of what is shown of a scene."""
    return sum(len(line.encode()) + 3 for line in (scene.heading.text, *_lines(scene))) + 8
