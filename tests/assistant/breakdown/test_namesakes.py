"""What is shown of a cast, and which claims about names are put to a person."""

from assistant.breakdown import AliasClaims
from assistant.breakdown.namesakes import aliases, joined, shown
from assistant.breakdown.synopsis import SceneSynopsis, faults, own_words
from assistant.domain.breakdown import MergeProposal
from assistant.screenplay import characters
from tests.making import script

SCRIPT = script()
PEOPLE = characters(SCRIPT)


def claim(keep: str, other: str, keep_quote: str, other_quote: str) -> AliasClaims:
    """An answer of one claim."""
    one = {"keep": keep, "other": other, "keep_quote": keep_quote, "other_quote": other_quote, "why": "a hunch"}
    return AliasClaims.model_validate({"aliases": [one]})


def test_the_cast_is_shown_with_sentences_and_within_its_room() -> None:
    (mara,) = shown(SCRIPT, PEOPLE, 1000)
    assert mara["name"] == "MARA" and "MARA (40) lights a lantern." in mara["lines"]
    assert shown(SCRIPT, PEOPLE, 10) == []


def test_a_name_that_is_none_is_cut() -> None:
    assert aliases(claim("MARA", "IVO", "lights a lantern", "ties a rope"), SCRIPT, PEOPLE) == ((), 1)


def test_a_pair_that_rules_propose_is_not_proposed_twice() -> None:
    ruled = MergeProposal("cast", "MARA", "MRS. MARA", "the same name with and without a title")
    told = MergeProposal("cast", "MRS. MARA", "MARA", "a hunch")
    other = MergeProposal("cast", "MARA", "IVO", "a hunch")
    assert joined((ruled,), (told, other)) == (ruled, other)


def test_a_synopsis_rests_on_quotes_names_nobody_from_elsewhere_and_is_short() -> None:
    scene = SCRIPT.scenes[0]
    good = SceneSynopsis(synopsis="Mara lights up.", quotes=("lights a lantern",))
    assert faults(scene, good, ["IVO"]) == ()
    assert len(faults(scene, SceneSynopsis(synopsis="Mara lights up."), [])) == 1
    assert len(faults(scene, SceneSynopsis(synopsis="Ivo sees Mara.", quotes=("a lamp",)), ["IVO"])) == 2
    assert len(faults(scene, SceneSynopsis(synopsis="so " * 31, quotes=("lantern",)), [])) == 1


def test_own_words_stand_in_the_scene() -> None:
    for scene in SCRIPT.scenes[:2]:
        assert faults(scene, own_words(scene), []) == ()
