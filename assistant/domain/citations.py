"""Passages of a production's material, and where in it they stand."""

from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["script", "bible", "call sheet", "note", "schedule", "contract", "table"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one source that can be found and quoted. Lines are the source's own, first and last included."""

    id: str
    source: str  # sha-256 of the file
    file: str
    kind: SourceKind
    text: str
    line_from: int
    line_to: int
    draft: int | None = None
    scene: int | None = None  # ordinal
    label: str = ""  # the scene's number, or the heading of a section
    page: int | None = None
    numbers: tuple[int, ...] = ()  # the source's line number of each line of `text`


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that a search returned, with its fused score (higher is better)."""

    passage: Passage
    score: float
