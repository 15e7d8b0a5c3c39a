"""A scene cut in parts loses no word, and speeches stay whole where they fit."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.breakdown import pieces, size, smaller, without_doubles
from assistant.domain.breakdown import Element, Quote
from assistant.domain.categories import Category
from assistant.domain.screenplay import Line, Scene
from tests.making import NIGHT

WORDS = st.lists(
    st.sampled_from(["Mara", "lights", "a", "lantern.", "Fog!", "Ünder", "rain", "—", "ropes,"]), min_size=1
)
KINDS = st.sampled_from(["action", "character", "dialogue", "parenthetical", "note", "general"])
LINES = st.lists(st.tuples(KINDS, WORDS.map(" ".join)), min_size=1, max_size=30)


def scene(told: list[tuple[str, str]]) -> Scene:
    """A scene of these lines."""
    lines = tuple(Line(number, kind, text) for number, (kind, text) in enumerate(told, start=2))  # type: ignore[arg-type]
    return Scene(1, "1", NIGHT, (Line(1, "heading", NIGHT.text), *lines), 8, "computed")


def words(*parts: Scene) -> list[tuple[int, str]]:
    """Every word that is told, with the number of its line, headings left out."""
    told = (line for part in parts for line in part.lines[1:] if line.kind != "note")
    return [(line.number, word) for line in told for word in line.text.split()]


@given(LINES, st.integers(60, 900))
def test_every_word_is_in_exactly_one_part_in_its_order(told: list[tuple[str, str]], most: int) -> None:
    whole = scene(told)
    parts = pieces(whole, most)
    assert words(*parts) == words(whole)
    assert all(part.lines[0] == whole.lines[0] for part in parts)
    assert len(parts) == 1 or all(size(part) <= max(most, 121) for part in parts)


@given(LINES)
def test_smaller_is_smaller_or_the_same(told: list[tuple[str, str]]) -> None:
    whole = scene(told)
    parts = smaller(whole)
    assert words(*parts) == words(whole)
    assert len(parts) > 1 or size(whole) < 240
    assert len(parts) == 1 or max(map(size, parts)) < size(whole)


def test_a_speech_stays_with_its_cue() -> None:
    told = [("character", "MARA"), ("parenthetical", "(low)"), ("dialogue", "Who is there in the fog?")] * 20
    for part in pieces(scene(told), 200):
        assert [line.kind for line in part.lines[1:4]] == ["character", "parenthetical", "dialogue"]
        assert part.lines[-1].kind == "dialogue"


def test_one_giant_paragraph_is_cut_at_its_sentences() -> None:
    parts = pieces(scene([("action", "Mara lights the lantern. Ivo ties the rope. " * 40)]), 300)
    assert len(parts) > 4
    assert all(part.lines[-1].text.endswith(".") for part in parts)


def test_a_thing_of_two_parts_is_one_with_the_better_quote_and_the_larger_number() -> None:
    implied = Element(1, Category.PROPS, "phone", Quote(1, 2, "She dials"), implied=True, quantity=3)
    named = Element(1, Category.PROPS, "the phones", Quote(1, 9, "two phones"), quantity=2)
    (only,) = without_doubles([implied, named])
    assert (only.evidence.text, only.implied, only.quantity) == ("two phones", False, 3)
