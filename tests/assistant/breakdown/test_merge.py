"""One name for one thing across scenes, board numbers that stay, and doubts left to a person."""

from assistant.breakdown.merge import board_numbers, canonical, merge
from assistant.domain.breakdown import Element, MergeProposal, Quote, SceneBreakdown
from assistant.domain.categories import Category
from assistant.domain.characters import Character


def element(scene: int, category: Category, name: str, implied: bool = False, quantity: int | None = None) -> Element:
    return Element(scene, category, name, Quote(scene, 1, name), implied, quantity)


def character(name: str, *scenes: int, speeches: int = 0, full_name: str | None = None) -> Character:
    return Character(name, tuple(Quote(one, 1, name) for one in scenes), speeches, full_name=full_name)


def test_canonical_names() -> None:
    assert canonical("The TWO Black Sedans") == ("black sedan", 2)
    assert canonical("glasses") == ("glasses", None)
    assert canonical("Bottles of wine") == ("bottle of wine", None)
    assert canonical("knives") == ("knife", None)
    assert canonical("3 boxes") == ("box", 3)
    assert canonical("the") == ("the", None)


def test_one_element_under_one_name_in_a_scene() -> None:
    scene = SceneBreakdown(
        1,
        (
            element(1, Category.PROPS, "phone", implied=True),
            element(1, Category.PROPS, "The Phone", quantity=2),
            element(1, Category.SET_DRESSING, "phone"),
        ),
        rejected=2,
        synopsis="A call.",
    )
    (merged,) = merge([scene], []).scenes
    assert [(one.category, one.name, one.implied, one.quantity) for one in merged.elements] == [
        (Category.PROPS, "phone", False, 2),
        (Category.SET_DRESSING, "phone", False, None),
    ]
    assert (merged.rejected, merged.synopsis) == (2, "A call.")


def test_cast_by_importance() -> None:
    scenes = [
        SceneBreakdown(1, (element(1, Category.CAST, "Mina Tucker"), element(1, Category.CAST, "GIRL"))),
        SceneBreakdown(2, (element(2, Category.CAST, "MINA"), element(2, Category.CAST, "JAKE"))),
    ]
    people = [character("MINA", 1, 2, speeches=1, full_name="MINA TUCKER"), character("JAKE", 1, 2, 3, speeches=9)]
    cast = merge(scenes, people).cast
    assert [(one.id, one.name, one.scenes, one.speaking, one.speeches) for one in cast] == [
        ("1", "JAKE", (2, 3), True, 9),  # scene 1 was broken down and has no Jake; scene 3 is still to come
        ("2", "MINA", (1, 2), True, 1),
        ("3", "GIRL", (1,), False, 0),
    ]


def test_board_numbers_stay_and_are_never_given_twice() -> None:
    previous = {"MINA": "1", "GONE": "7", "JAKE": "2A"}
    assert board_numbers(["JAKE", "NEW", "MINA"], previous) == {"JAKE": "2A", "NEW": "8", "MINA": "1"}


def test_doubts_are_proposed_and_nothing_is_merged() -> None:
    scenes = [
        SceneBreakdown(1, (element(1, Category.WEAPONS, "knife"),)),
        SceneBreakdown(2, (element(2, Category.WEAPONS, "hunting knife"), element(2, Category.SOUND, "knife"))),
    ]
    merged = merge(scenes, [])
    assert merged.merges == (
        MergeProposal("element", "hunting knife", "knife", '"knife" may be the "hunting knife"', Category.WEAPONS),
    )
    assert [one.name for one in merged.elements] == ["knife", "hunting knife", "knife"]


def test_a_word_with_many_fuller_names_is_no_doubt() -> None:
    names = ["photo", "old photo", "torn photo", "framed photo", "wedding photo"]
    scenes = [SceneBreakdown(n, (element(n, Category.PROPS, name),)) for n, name in enumerate(names)]
    assert merge(scenes, []).merges == ()
