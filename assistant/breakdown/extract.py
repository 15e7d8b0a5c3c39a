"""What a model is asked about a scene, and the shape its answer must have."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from assistant.domain.breakdown import Element, Quote, Source
from assistant.domain.categories import Category


class FoundElement(BaseModel):
    """One element as a model reports it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    category: str
    name: str = Field(min_length=1)
    quote: str = Field(min_length=1)
    implied: bool = False
    quantity: int | None = Field(default=None, ge=1)


class SceneElements(BaseModel):
    """A model's answer for one scene."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    elements: tuple[FoundElement, ...]


def reported(elements: Sequence[Element]) -> SceneElements:
    """Elements in the shape a model would report them in."""
    return SceneElements(
        elements=tuple(
            FoundElement(
                category=item.category.value,
                name=item.name,
                quote=item.evidence.text,
                implied=item.implied,
                quantity=item.quantity,
            )
            for item in elements
        )
    )


def claimed(scene: int, answer: SceneElements, source: Source) -> tuple[list[Element], int]:
    """An answer as elements still to be verified (their line is 0), and how many name a category that is none."""
    elements, unknown = [], 0
    for item in answer.elements:
        try:
            category = Category(item.category)
        except ValueError:
            unknown += 1
            continue
        quote = Quote(scene, 0, item.quote)
        elements.append(Element(scene, category, item.name, quote, item.implied, item.quantity, source=source))
    return elements, unknown
