"""Drafts built from the scenes of tests/cases/revise, and elements quoted from them."""

from collections.abc import Sequence
from typing import Any

import yaml

from assistant.domain.breakdown import Breakdown, Element, Quote, SceneBreakdown
from assistant.domain.categories import Category
from assistant.domain.screenplay import Scene, Screenplay
from assistant.screenplay import parse_bytes
from tests.conftest import ROOT

CASES: dict[str, Any] = yaml.safe_load((ROOT / "tests/cases/revise/drafts.yaml").read_text(encoding="utf-8"))
TEXTS: dict[str, str] = CASES["scenes"]


def draft(*scenes: Sequence[str]) -> Screenplay:
    """A script of these scenes: [number, letter], "-" for no number."""
    parts = []
    for number, name in scenes:
        head, _, rest = TEXTS.get(name, f".{name}\n").partition("\n")
        parts.append(head + ("" if number == "-" else f" #{number}#") + "\n" + rest)
    return parse_bytes(("Title: Floats\n\n" + "\n\n".join(parts)).encode(), "floats.fountain")


def thing(scene: Scene, name: str, words: str, category: Category = Category.PROPS) -> Element:
    """An element with its quote found in the scene; its id is the scene's label and the name."""
    line = next(line for line in scene.lines if words in line.text)
    return Element(scene.ordinal, category, name, Quote(scene.ordinal, line.number, words), id=f"{scene.label}-{name}")


def broken_down(script: Screenplay, *elements: Element) -> Breakdown:
    """A breakdown with these elements, every scene in it."""
    return Breakdown(
        tuple(
            SceneBreakdown(scene.ordinal, tuple(item for item in elements if item.scene == scene.ordinal))
            for scene in script.scenes
        ),
        (),
    )
