"""A claim stands when its quote does, and cites the script's own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.breakdown.rules import breakdown_scene
from assistant.breakdown.verify import verify
from assistant.domain.breakdown import Element, Quote, SceneFacts
from assistant.domain.categories import Category
from tests.assistant.breakdown.making import scene

BAR = scene(
    ("action", "Mina’s glass   shatters — she pulls out a “hunting knife”."),
    ("character", "GUARD (O.S.)"),
    ("dialogue", "Drop it, Jake."),
    ("action", "A dog barks. The light"),
    ("action", "goes out."),
    ("note", "The secret is a piano."),
)
NAMES = ("MINA", "GUARD", "JAKE")


def claim(category: Category, name: str, quote: str, line: int = 0, implied: bool = False) -> Element:
    return Element(3, category, name, Quote(3, line, quote), implied)


def kept(element: Element) -> Element:
    (only,) = verify(BAR, [element], NAMES).kept
    return only


def why(element: Element) -> str:
    (cut,) = verify(BAR, [element], NAMES).cut
    assert cut.element == element
    return cut.why


@pytest.mark.parametrize(
    ("quote", "verbatim", "line"),
    [
        (
            'mina\'s GLASS shatters -- she pulls out a "hunting knife"',
            "Mina’s glass   shatters — she pulls out a “hunting knife”",
            11,
        ),
        ('"hunting knife"', "“hunting knife”", 11),
        ("pulls out a 'hunting knife", None, None),
    ],
)
def test_marks_spaces_and_capitals_are_forgiven_and_words_are_not(
    quote: str, verbatim: str | None, line: int | None
) -> None:
    result = verify(BAR, [claim(Category.WEAPONS, "hunting knife", quote)], NAMES)
    assert [(one.evidence.text, one.evidence.line) for one in result.kept] == ([(verbatim, line)] if verbatim else [])


def test_quote_over_two_lines_cites_the_line_that_names_it() -> None:
    one = kept(claim(Category.SPECIAL_EFFECTS, "light", "A dog barks. The light goes out."))
    assert (one.evidence.line, one.evidence.text) == (14, "A dog barks. The light")


def test_the_line_that_was_named_is_preferred() -> None:
    twice = scene(("action", "A gun."), ("action", "A gun."))
    (one,) = verify(twice, [claim(Category.WEAPONS, "gun", "A gun.", line=12)]).kept
    assert one.evidence.line == 12


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        (claim(Category.PROPS, "piano", "The secret is a piano."), "Its quote does not stand in the scene."),
        (claim(Category.PROPS, "lass", "lass shatters"), "Its quote does not stand in the scene."),
        (claim(Category.PROPS, "sword", "A dog barks."), "Its quote does not name it."),
        (claim(Category.PROPS, "", "A dog barks."), "It has no name."),
        (
            claim(Category.PROPS, "a dog that barks at the light all night", "A dog barks."),
            "A name of more than 6 words is a sentence, not an element.",
        ),
        (
            claim(Category.CAST, "JAKE", "Drop it, Jake."),
            "JAKE has no cue in the scene and is not named in its action.",
        ),
        (
            claim(Category.BACKGROUND, "guard", "GUARD (O.S.)"),
            "GUARD speaks in the scene, so it is cast and not background.",
        ),
        (
            claim(Category.PROPS, "guard rail", "GUARD"),
            "Its quote is a speaker's name, which is no evidence of a thing.",
        ),
    ],
)
def test_cut_with_a_reason(element: Element, reason: str) -> None:
    assert why(element) == reason


def test_an_unknown_category_is_cut() -> None:
    stray = claim("gaffer", "dog", "A dog barks.")  # type: ignore[arg-type]
    assert why(stray) == "gaffer is no category."


def test_implied_needs_its_quote_only() -> None:
    assert kept(claim(Category.ANIMAL_WRANGLER, "wrangler", "A dog barks.", implied=True)).evidence.line == 14


def test_cast_cites_what_shows_it() -> None:
    assert kept(claim(Category.CAST, "guard", "Drop it, Jake.")).evidence == Quote(3, 12, "GUARD (O.S.)")
    mina = kept(claim(Category.CAST, "Mina", "A dog barks."))
    assert mina.name == "MINA" and mina.evidence.text.startswith("Mina’s glass")


def test_nothing_stands_in_an_omitted_scene() -> None:
    gone = scene(("action", "A gun."), omitted=True)
    assert verify(gone, [claim(Category.WEAPONS, "gun", "A gun.")]).kept == ()


@given(st.text(min_size=1, max_size=40))
def test_whatever_stands_is_verbatim(quote: str) -> None:
    for one in verify(BAR, [claim(Category.NOTES, "note", quote, implied=True)], NAMES).kept:
        line = next(line for line in BAR.lines if line.number == one.evidence.line)
        assert one.evidence.text in line.text


@given(st.lists(st.text(max_size=80), max_size=3))
def test_the_rules_own_claims_stand(texts: list[str]) -> None:
    made = scene(*(("action", f"{text} She grabs the gun. Mina dials.") for text in texts))
    elements = breakdown_scene(made, SceneFacts(NAMES))
    assert verify(made, elements, NAMES).cut == ()
