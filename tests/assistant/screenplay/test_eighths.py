"""Page length is counted as it is printed: wrapped lines, spaces before, rounded up to an eighth."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.screenplay import Line, LineKind
from assistant.screenplay import parse_bytes
from assistant.screenplay.eighths import eighths, wrapped
from assistant.screenplay.source import A4, LETTER, Layout

HEADING = Line(1, "heading", "INT. BARN - DAY")


def action(rows: int) -> Line:
    return Line(2, "action", "\n".join(["x"] * rows))


def test_a_scene_has_at_least_one_eighth() -> None:
    assert eighths([HEADING], LETTER) == 1
    assert eighths([], LETTER) == 1


def test_a_started_eighth_counts_whole() -> None:
    layout = Layout(lines_per_page=48)  # six lines to the eighth
    assert eighths([HEADING, action(2)], layout) == 1  # 2 blank + 1 + 1 blank + 2
    assert eighths([HEADING, action(3)], layout) == 2


def test_a_full_page_is_eight_eighths() -> None:
    layout = Layout(lines_per_page=48)
    assert eighths([HEADING, action(44)], layout) == 8
    assert eighths([HEADING, action(45)], layout) == 9


def test_a4_holds_more_than_letter() -> None:
    assert eighths([HEADING, action(54)], A4) == 8
    assert eighths([HEADING, action(54)], LETTER) == 9


def test_speech_is_wrapped_in_its_own_column() -> None:
    words = "word " * 70  # 350 characters: 6 lines of action, 10 or more of speech
    assert wrapped(words, LETTER.action) == 6
    assert wrapped(words, LETTER.dialogue) == 10
    spoken = [HEADING, Line(2, "character", "JOE"), Line(3, "dialogue", words)]
    assert eighths(spoken, LETTER) > eighths([HEADING, Line(2, "action", words)], LETTER)


def test_lines_break_after_hyphens_and_inside_words_that_are_too_long() -> None:
    assert wrapped("aaaa-bbbb", 5) == 2
    assert wrapped("a" * 25, 10) == 3
    assert wrapped("", 10) == 1
    assert wrapped("aaaa bbbb cccc", 9) == 2


def test_what_only_the_writer_sees_counts_nothing() -> None:
    silent: list[LineKind] = ["section", "synopsis", "note", "page_break"]
    unseen = [Line(9, kind, "words " * 400) for kind in silent]
    assert eighths([HEADING, *unseen, action(3)], LETTER) == eighths([HEADING, action(3)], LETTER)


def test_dual_dialogue_counts_the_longer_half_once() -> None:
    def speech(name: str, words: int, dual: bool) -> list[Line]:
        return [
            Line(3, "character", name, dual=dual),
            Line(4, "parenthetical", "(low)", dual=dual),
            Line(5, "dialogue", "word " * words, dual=dual),
        ]

    left, right = speech("DEB", 200, False), speech("RAY", 190, True)
    together = eighths([HEADING, *left, *right], LETTER)
    assert together == eighths([HEADING, *left, *speech("RAY", 1, True)], LETTER)
    assert together < eighths([HEADING, *left, *speech("RAY", 190, False)], LETTER)


def test_the_file_s_own_spaces_are_used() -> None:
    wide = Layout(lines_per_page=48, space_before={"heading": 5.0})
    assert eighths([HEADING, action(2)], wide) == 2


@given(st.lists(st.text(alphabet="ab -", max_size=90), max_size=20), st.integers(5, 61))
def test_more_text_is_never_shorter_and_lines_are_never_overfull(parts: list[str], columns: int) -> None:
    text = " ".join(parts)
    rows = wrapped(text, columns)
    assert rows >= 1
    assert rows * columns >= len("".join(text.split()))
    assert wrapped(text + " more words", columns) >= rows


def test_action_broken_by_hand_is_one_paragraph() -> None:
    whole = "INT. HOLD - NIGHT\n\n" + "Water. " * 40 + "\n\n" + "Nora waits. " * 20 + "\n"
    broken = whole.replace("Water. Water. ", "Water. Water.\n").replace("Nora waits. Nora waits. ", "Nora waits.\n")
    spaced = broken.replace(".\n", ".\n\n")
    lengths = [parse_bytes(text.encode(), "hold.fountain").scenes[0].eighths for text in (whole, broken, spaced)]
    assert lengths[1] < lengths[2], "a line broken by hand gets no blank line before it"
