"""Small scripts and breakdowns made by hand, for tests that need one of each."""

from assistant.domain.breakdown import Breakdown, CastMember, Element, Quote, SceneBreakdown
from assistant.domain.categories import Category
from assistant.domain.screenplay import Heading, Line, Scene, Screenplay

NIGHT = Heading("EXT. PIER - NIGHT", "EXT", "PIER", "NIGHT", "NIGHT", language="en")
DAY = Heading("INT. BOATHOUSE - DAY", "INT", "BOATHOUSE", "DAY", "DAY", language="en")


def script(sha256: str = "a" * 64, second: str = "Mara ties a rope to the boat.") -> Screenplay:
    """Two scenes, numbered 1 and 1A, and an omitted 2."""
    first = Scene(
        1,
        "1",
        NIGHT,
        (Line(1, "heading", NIGHT.text), Line(3, "action", "MARA (40) lights a lantern."), Line(5, "character", "MARA"))
        + (Line(6, "dialogue", "Who is there?"),),
        2,
        "computed",
        1,
    )
    added = Scene(2, "1A", DAY, (Line(8, "heading", DAY.text), Line(10, "action", second)), 1, "computed", 1)
    gone = Scene(3, "2", Heading("OMITTED", None, "", None), (Line(12, "heading", "OMITTED"),), 0, "computed", 1, True)
    return Screenplay("The Pier", "fountain", sha256, (first, added, gone))


def breakdown() -> Breakdown:
    """A lantern in 1, a rope in 1A, and Mara."""
    lantern = Element(1, Category.PROPS, "lantern", Quote(1, 3, "lights a lantern"), id="e1")
    rope = Element(2, Category.PROPS, "rope", Quote(2, 10, "a rope"), id="e2")
    scenes = (SceneBreakdown(1, (lantern,)), SceneBreakdown(2, (rope,)), SceneBreakdown(3, ()))
    return Breakdown(scenes, (CastMember("1", "MARA", (1, 2), True, (), 1),))
