"""A quote is found however it is typed, and nothing that is not there is ever taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.answers import Citation, Claim
from assistant.domain.citations import Passage
from assistant.knowledge.cite import Ground, Row, verified

TEXT = "INT. SALOON - NIGHT\nNora winds a scarf around her left hand.\nNORA\nThis wants nine stitches — and quiet."
PASSAGE = Passage("p", "s" * 64, "ferry.fountain", "script", TEXT, 10, 14, 1, 18, "18", numbers=(10, 12, 13, 14))
WORDS = [word for word in TEXT.split() if any(letter.isalnum() for letter in word)]


def claim(text: str, *quotes: str, scene: str = "18", line: int = 0) -> Claim:
    """A claim that cites these quotes."""
    return Claim(text, tuple(Citation("", "", scene, line, quote) for quote in quotes))


def stands(*claims: Claim) -> list[str]:
    """Texts of the claims that stand on the passage."""
    return [item.text for item in verified(claims, Ground([PASSAGE]))[0]]


@given(st.integers(0, len(WORDS) - 1), st.integers(1, 6))
def test_every_run_of_words_is_found_on_its_line(start: int, length: int) -> None:
    spoken = TEXT.split()
    quote = " ".join(spoken[start : start + length])
    if sum(letter.isalnum() for letter in quote) >= 2:
        placed = Ground([PASSAGE]).place(quote.upper().replace("—", "-"))
        assert placed is not None
        assert placed.file == "ferry.fountain"
        assert placed.line in PASSAGE.numbers


@given(st.text(alphabet="qxzwk ", min_size=4, max_size=40).filter(lambda text: text.strip()))
def test_what_is_not_there_is_not_found(quote: str) -> None:
    assert Ground([PASSAGE]).place(quote) is None


def test_half_a_word_is_no_quote() -> None:
    assert Ground([PASSAGE]).place("ora winds a sca") is None
    assert Ground([PASSAGE]).place(".") is None


def test_a_wrong_line_is_put_right() -> None:
    kept, cut = verified([claim("Nora winds a scarf.", "winds a scarf", line=999)], Ground([PASSAGE]))
    assert (kept[0].citations[0].line, kept[0].citations[0].scene, cut) == (12, "18", 0)


def test_claims_fall_with_one_bad_quote_with_none_and_with_foreign_names_or_numbers() -> None:
    assert stands(claim("Nora winds a scarf.", "winds a scarf")) == ["Nora winds a scarf."]
    assert stands(claim("Nora winds a scarf.", "winds a scarf", "and sings")) == []
    assert stands(claim("Nora winds a scarf.")) == []
    assert stands(claim("The cut needs 14 stitches.", "nine stitches")) == []
    assert stands(claim("The cut needs 9 stitches.", "nine stitches")) == ["The cut needs 9 stitches."]
    assert stands(claim("Her friend Ottoline winds a scarf.", "winds a scarf")) == []
    assert stands(claim("The budget doubled yesterday evening.", "winds a scarf")) == []


SCENE = Passage(
    "q",
    "t" * 64,
    "hall.fountain",
    "script",
    "INT. HALL - DAY\nMARA (40) enters with two lamps.\n"
    "Tom does not take the letter, and Mara opens the seven drawers.\n"
    "TOM\nI never saw her lamp.\nThe guard leaves. She shuts the door.\nJOSÉ\nNo hay nadie en la casa.",
    1,
    8,
    1,
    3,
    "3",
    numbers=(1, 2, 3, 4, 5, 6, 7, 8),
)


@pytest.mark.parametrize(
    ("text", "quote", "there"),
    [
        ("Mara comes in with two lamps.", "enters with two lamps", True),
        ("Mara comes in with seven lamps.", "enters with two lamps", False),  # a number of the next line
        ("Mara is 40.", "enters with two lamps", True),  # of the same line
        ("Tom takes the letter.", "Tom does not take the letter", False),
        ("Tom takes the letter.", "take the letter", False),  # the quote leaves the "not" out
        ("Tom does not take the letter.", "Tom does not take the letter", True),
        ("Mara opens the drawers.", "Mara opens the seven drawers", True),  # the "not" is of another clause
        ("Mara does not open the drawers.", "Mara opens the seven drawers", False),
        ("Tom opens the drawers.", "Mara opens the seven drawers", False),
        ("Tom and Mara are at the drawers.", "Mara opens the seven drawers", True),
        ("Tom never saw the lamp.", "I never saw her lamp", True),
        ("Tom saw her lamp.", "I never saw her lamp", False),
        ("Mara shuts the door.", "She shuts the door", True),  # who "she" is stands around
        ("Hay alguien en la casa.", "No hay nadie en la casa", False),
        ("Hay alguien en la casa.", "en la casa", False),
        ("No hay nadie en una casa.", "No hay nadie en la casa", True),  # "una" counts nothing
    ],
)
def test_a_true_quote_does_not_carry_another_sentence(text: str, quote: str, there: bool) -> None:
    kept, _ = verified([claim(text, quote, scene="3")], Ground([SCENE]), language="es" if "casa" in text else "en")
    assert bool(kept) is there


def test_rows_of_the_tables_can_be_quoted() -> None:
    row = Row("s" * 64, "ferry.fountain", "", 0, "speeches: NORA 30")
    kept, _ = verified([claim("Nora has 30 speeches.", "speeches: NORA 30", scene="")], Ground(rows=[row]))
    assert kept[0].citations[0].place == "tables"
