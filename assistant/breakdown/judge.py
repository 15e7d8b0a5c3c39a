"""Is a model's answer for a scene good enough to be taken, and what of it stands in any case?"""

from dataclasses import dataclass

from assistant.breakdown.extract import SceneElements, claimed
from assistant.breakdown.people import speakers
from assistant.breakdown.verify import verify
from assistant.domain.breakdown import Element, SceneFacts, Source
from assistant.domain.categories import Category
from assistant.domain.screenplay import Scene

MOST_CUT = 0.4
"""Of a larger share of claims that do not stand, the rest is not trusted either."""
FEW = 3  # claims; of so few a share says little
_UNSAID = Source("")
_NOT_IN_CAST = "somebody who speaks in the scene is missing from its cast"


@dataclass(frozen=True, slots=True)
class Judged:
    """The claims that stand, how many were cut, and why a better answer should be sought, if it should."""

    kept: tuple[Element, ...]
    cut: int
    problems: tuple[str, ...]
    trusted: bool  # few enough claims were cut for the rest to count


def judge(scene: Scene, part: Scene, answer: SceneElements, facts: SceneFacts) -> Judged:
    """Judge an answer about `part` of a scene by the words of the scene and by what the parser knows of the part.

    Problems never quote the script: they go into logs.
    """
    claims, unknown = claimed(scene.ordinal, answer, _UNSAID)
    checked = verify(scene, claims, facts.characters, facts.language)
    cut = len(checked.cut) + unknown
    total = len(answer.elements)
    trusted = total <= FEW or cut <= MOST_CUT * total
    problems: tuple[str, ...] = (
        () if trusted else (f"more than {MOST_CUT:.0%} of the claims do not stand in the scene",)
    )
    if _missing(part, checked.kept, facts):
        problems += (_NOT_IN_CAST,)
    return Judged(checked.kept, cut, problems, trusted)


def _missing(part: Scene, kept: tuple[Element, ...], facts: SceneFacts) -> set[str]:
    """Who has a cue in the part, and is not among the cast that was reported."""
    cast = {element.name for element in kept if element.category is Category.CAST}
    speaking = {
        name for line in part.lines if line.kind == "character" for name in speakers(line.text, facts.characters)
    }
    return speaking - cast
