"""Everything an exporter needs to print one script's breakdown, so that no exporter asks the store for more."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from assistant.domain.breakdown import Breakdown, CastMember, Element, SceneBreakdown
from assistant.domain.categories import Category
from assistant.domain.screenplay import Scene, Screenplay
from assistant.exports.continuity.sheet import ContinuitySheet


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What the breakdown took. `rejected` counts the claims cut because their quote does not stand in the scene,
    `truncated` the answers that were cut off and asked for again in smaller parts; `problems` are (scene, sentence)."""

    models: tuple[str, ...] = ("builtin/rules",)
    attempts: int = 0
    cost_usd: float = 0.0
    rejected: int = 0
    seconds: float = 0.0
    truncated: int = 0
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One scene with all that was found in it. `elements` leaves out what a person rejected."""

    scene: Scene
    script_day: str
    synopsis: str
    cast: tuple[CastMember, ...]
    elements: tuple[Element, ...]

    def of(self, category: Category) -> tuple[Element, ...]:
        """The scene's elements in one category."""
        return tuple(element for element in self.elements if element.category is category)


@dataclass(frozen=True)
class Book:
    """A script, its breakdown, the script days by scene ordinal, and the run that made them.

    `original` is the file that the script was read from, `created` when (ISO 8601), `production` the id it is part of.
    """

    screenplay: Screenplay
    breakdown: Breakdown
    script_days: Mapping[int, str] = field(default_factory=dict)
    run: RunSummary = RunSummary()
    original: Path | None = None
    production: str = ""
    created: str = ""
    continuity: ContinuitySheet | None = None  # where the draft was read for continuity

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """One sheet a scene, in script order, omitted scenes too."""
        found = {part.scene: part for part in self.breakdown.scenes}
        return tuple(self._sheet(scene, found.get(scene.ordinal)) for scene in self.screenplay.scenes)

    def _sheet(self, scene: Scene, part: SceneBreakdown | None) -> Sheet:
        elements = part.elements if part else ()
        return Sheet(
            scene=scene,
            script_day=self.script_days.get(scene.ordinal, ""),
            synopsis=scene.synopsis or (part and part.synopsis) or "",
            cast=tuple(member for member in self.breakdown.cast if scene.ordinal in member.scenes),
            elements=tuple(element for element in elements if element.status != "rejected"),
        )

    @cached_property
    def categories(self) -> tuple[Category, ...]:
        """The categories that have at least one element, in the trade's order."""
        present = {element.category for sheet in self.sheets for element in sheet.elements}
        return tuple(category for category in Category if category in present)

    @cached_property
    def labels(self) -> Mapping[int, str]:
        """Scene ordinal → what people call the scene."""
        return {scene.ordinal: scene.label for scene in self.screenplay.scenes}

    def element_id(self, element: Element) -> str:
        """The store's id, or one that the same element of the same scene gets again next time."""
        if element.id:
            return element.id
        key = f"{self.labels.get(element.scene, element.scene)}|{element.category}|{element.name.casefold()}"
        return hashlib.sha256(key.encode()).hexdigest()[:10]
