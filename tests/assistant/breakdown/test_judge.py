"""An answer is taken when enough of it stands and nobody who speaks is forgotten."""

from assistant.breakdown import SceneElements, judge
from assistant.domain.breakdown import SceneFacts
from tests.making import script

SCENE = script().scenes[0]
FACTS = SceneFacts(("MARA",))


def told(*claims: tuple[str, str, str]) -> SceneElements:
    """An answer of these claims."""
    return SceneElements.model_validate(
        {"elements": [{"category": category, "name": name, "quote": quote} for category, name, quote in claims]}
    )


CAST = ("cast_members", "MARA", "MARA (40)")
LANTERN = ("props", "lantern", "lights a lantern")
LIE = ("props", "unicorn", "a unicorn grazes")


def test_what_stands_is_kept_and_what_does_not_is_counted() -> None:
    found = judge(SCENE, SCENE, told(CAST, LANTERN, LIE, ("gadgets", "lantern", "lantern")), FACTS)
    assert [item.name for item in found.kept] == ["MARA", "lantern"]
    assert found.cut == 2


def test_two_fifths_may_fail_and_no_more() -> None:
    assert judge(SCENE, SCENE, told(CAST, LANTERN, LANTERN, LIE, LIE), FACTS).problems == ()
    worse = judge(SCENE, SCENE, told(CAST, LANTERN, LIE, LIE), FACTS)
    assert not worse.trusted and "40%" in worse.problems[0]


def test_of_few_claims_a_share_says_little() -> None:
    assert judge(SCENE, SCENE, told(CAST, LIE, LIE), FACTS).trusted


def test_a_speaker_who_is_forgotten_is_a_problem_that_names_nobody() -> None:
    (problem,) = judge(SCENE, SCENE, told(LANTERN), FACTS).problems
    assert "missing from its cast" in problem and "MARA" not in problem


def test_only_the_speakers_of_the_part_are_asked_for() -> None:
    import dataclasses

    part = dataclasses.replace(SCENE, lines=SCENE.lines[:2])
    assert judge(SCENE, part, told(LANTERN), FACTS).problems == ()
