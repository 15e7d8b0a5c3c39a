"""Scenes for tests, made from a few lines of script."""

from collections.abc import Mapping

from assistant.breakdown.rules import breakdown_scene
from assistant.domain.breakdown import Element, SceneFacts
from assistant.domain.categories import Category
from assistant.domain.screenplay import Heading, Line, LineKind, Scene

NONE: Mapping[str, Category] = {}


def scene(*lines: tuple[LineKind, str], heading: str = "INT. ROOM - DAY", omitted: bool = False) -> Scene:
    """A scene whose heading is line 10 of its source."""
    written = [Line(10, "heading", heading), *(Line(11 + n, kind, text) for n, (kind, text) in enumerate(lines))]
    return Scene(3, "3", Heading(heading, "INT", "ROOM", "DAY"), tuple(written), 1, "computed", omitted=omitted)


def elements(
    text: str,
    *characters: str,
    language: str = "en",
    heading: str = "INT. ROOM - DAY",
    glossary: Mapping[str, Category] = NONE,
) -> tuple[Element, ...]:
    """What the rules find in one line of action."""
    facts = SceneFacts(characters, language, glossary)
    return breakdown_scene(scene(("action", text), heading=heading), facts)


def found(text: str, *characters: str, language: str = "en") -> set[tuple[str, str]]:
    """Category and name of what the rules find in one line of action."""
    return {(one.category.value, one.name) for one in elements(text, *characters, language=language)}
