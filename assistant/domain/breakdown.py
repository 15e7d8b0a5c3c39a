"""What a breakdown consists of: elements with evidence, the cast list, and what was proposed but not merged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from assistant.domain.categories import Category

Status = Literal["proposed", "accepted", "edited", "rejected"]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that stand in the script: scene ordinal, source line number, and the words exactly as they are there."""

    scene: int
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """Which model said so, with which prompt, in which attempt of the ledger."""

    model: str
    prompt: str = ""
    attempt: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """Something a scene needs. `evidence` always stands in the scene; `implied` means the quote implies the thing
    ("She dials" → a phone) and does not name it."""

    scene: int
    category: Category
    name: str
    evidence: Quote
    implied: bool = False
    quantity: int | None = None
    status: Status = "proposed"
    source: Source = Source("builtin/rules")
    id: str = ""


@dataclass(frozen=True, slots=True)
class SceneFacts:
    """What a breakdown may know beyond the scene: the names in the whole script, speaking and introduced, its
    language, and the production's own words ("the Beast" → vehicles)."""

    characters: tuple[str, ...] = ()
    language: str = "en"
    glossary: Mapping[str, Category] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class CastMember:
    """A role. `id` is its board number as a string, 1 = most important, stable across drafts once given."""

    id: str
    name: str
    scenes: tuple[int, ...]  # ordinals
    speaking: bool = True
    aliases: tuple[str, ...] = ()  # accepted by a person
    speeches: int = 0


@dataclass(frozen=True, slots=True)
class MergeProposal:
    """Two names that may be one ("SMITH" and "MR. SMITH"); a person decides."""

    kind: Literal["cast", "element"]
    keep: str
    other: str
    why: str
    category: Category | None = None


@dataclass(frozen=True, slots=True)
class SceneBreakdown:
    """All elements of one scene, and how many claims were cut because their quote does not stand in it."""

    scene: int
    elements: tuple[Element, ...]
    rejected: int = 0
    synopsis: str | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A whole script's breakdown after merging."""

    scenes: tuple[SceneBreakdown, ...]
    cast: tuple[CastMember, ...]
    merges: tuple[MergeProposal, ...] = ()

    @property
    def elements(self) -> tuple[Element, ...]:
        return tuple(element for scene in self.scenes for element in scene.elements)
