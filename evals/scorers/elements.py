"""How good a breakdown is: its elements against those that people found by reading the same scenes."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.domain.breakdown import Element
from assistant.domain.categories import Category

_SHORT = {"cast": Category.CAST, "background": Category.BACKGROUND, "makeup": Category.MAKEUP_HAIR}
_OBJECTS = frozenset({Category.PROPS, Category.SET_DRESSING, Category.WEAPONS})


@dataclass(frozen=True, slots=True)
class Reference:
    """One element that a reader found, with the second reader's wording where it differs."""

    category: Category
    name: str
    also: str | None = None
    also_category: Category | None = None

    def matches(self, element: Element) -> bool:
        """Whether an element is this one, by either reader's wording."""
        if kin(element.category) == kin(self.category) and same_name(element.name, self.name):
            return True
        if self.also is None:
            return False
        category = self.also_category or self.category
        return kin(element.category) == kin(category) and same_name(element.name, self.also)


@dataclass(frozen=True, slots=True)
class GoldScene:
    """`must` was found by every reader, `may` by one only: it neither helps nor hurts."""

    id: str
    heading: str
    ordinal: int
    must: tuple[Reference, ...]
    may: tuple[Reference, ...]


@dataclass(slots=True)
class Score:
    """Counts behind precision and recall, and what was missed or invented."""

    found: int = 0
    wanted: int = 0
    right: int = 0
    claimed: int = 0
    missed: list[tuple[GoldScene, Reference]] = field(default_factory=list)
    extra: list[Element] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.claimed if self.claimed else 1.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def same_name(one: str, other: str) -> bool:
    """Equal, one within the other, or with the same last word."""
    a, b = " ".join(one.lower().split()), " ".join(other.lower().split())
    if not a or not b:
        return a == b
    return a in b or b in a or a.split()[-1] == b.split()[-1]


def score(
    gold: Iterable[GoldScene],
    elements: Mapping[int, Sequence[Element]],
    wanted: Callable[[Category], bool] = lambda category: True,
) -> Score:
    """Score the elements of each scene (by ordinal) in the categories `wanted`."""
    total = Score()
    for scene in gold:
        claims = [element for element in elements.get(scene.ordinal, ()) if wanted(element.category)]
        _recall(total, scene, claims, wanted)
        references = scene.must + scene.may
        for element in claims:
            total.claimed += 1
            if any(reference.matches(element) for reference in references):
                total.right += 1
            else:
                total.extra.append(element)
    return total


def _recall(total: Score, scene: GoldScene, claims: Sequence[Element], wanted: Callable[[Category], bool]) -> None:
    for reference in scene.must:
        if not wanted(reference.category):
            continue
        total.wanted += 1
        if any(reference.matches(element) for element in claims):
            total.found += 1
        else:
            total.missed.append((scene, reference))


def kin(category: Category) -> str:
    """Props, set dressing and weapons are told apart by use alone; the rest stand for themselves."""
    return "objects" if category in _OBJECTS else category.value


def load(path: Path) -> tuple[GoldScene, ...]:
    """Annotated scenes of a file."""
    return tuple(_scene(row) for row in rows(path))


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Scenes as written: a JSON object by id, or JSON lines of which the first tells where they come from."""
    text = path.read_text(encoding="utf-8")
    return _lines(text) if path.suffix == ".jsonl" else ({"id": key, **row} for key, row in json.loads(text).items())


def _lines(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        row = json.loads(line)
        if "must" in row:
            yield row


def _scene(row: Mapping[str, Any]) -> GoldScene:
    must, may = (tuple(_reference(item) for item in row[key]) for key in ("must", "may"))
    return GoldScene(row["id"], row["heading"], row["ordinal"], must, may)


def category_of(name: str) -> Category:
    """A category by its key, or by the short word of older files."""
    return _SHORT.get(name) or Category(name)


def _reference(item: Mapping[str, Any]) -> Reference:
    also_category = category_of(item["also_category"]) if "also_category" in item else None
    return Reference(category_of(item["category"]), item["name"], item.get("also"), also_category)
