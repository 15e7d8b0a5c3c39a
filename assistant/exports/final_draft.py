"""Final Draft's own names, ids and colours for categories and revisions, as its files carry them."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.domain.categories import Category

_FILE = Path(__file__).with_name("final_draft.json")


@dataclass(frozen=True, slots=True)
class TagCategory:
    """A tag category. `number` is its place in the program's list; `colour` has sixteen bits a channel."""

    name: str
    id: str
    number: int
    colour: str
    style: str


@cache
def _told() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return told


@cache
def tag_categories() -> dict[Category, TagCategory]:
    """All categories in the program's order: its 23 that name elements, then ours."""
    return {
        Category(row["key"]): TagCategory(row["name"], row["id"], row["number"], row["colour"], row["style"])
        for row in _told()["categories"]
    }


def revision_colours(name: str) -> tuple[str, str]:
    """The ink and the page of a revision set, black on white where the name is no colour of the trade."""
    known = _told()["revisions"].get(name.title(), {})
    return known.get("ink", "#000000000000"), known.get("page", "#FFFFFFFFFFFF")
