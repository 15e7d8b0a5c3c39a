"""Typed pages in plain text: indents tell who speaks."""

from pathlib import Path

import pytest

from assistant.domain.screenplay import Screenplay
from assistant.errors import BadInput
from assistant.screenplay import parse, parse_bytes
from assistant.screenplay.text import is_indented, read_text

PAGE = """


                              THE LAST TRAM

                               written by
                              M. Okafor


4    INT. TRAM DEPOT - NIGHT                                   4

     Rain on glass. MAJA (60) counts coins into a tin. Behind
     her, the last tram sighs and lowers its doors.

                         MAJA
                    (not turning)
               The line closes at midnight, and it
               is midnight.

                         YOUNG MAN
               Then I am the last one.

                                                  (CONTINUED)
\f                                                              7.

4    CONTINUED:                                                4

     She looks at him
     for a long time.

                                                     CUT TO:

4A   EXT. TRAM LINE - DAWN                                    4A

     Weeds between the rails.
"""


def kinds(play: Screenplay) -> list[tuple[str, str]]:
    return [(line.kind, line.text) for scene in play.scenes for line in scene.lines]


def test_indents_tell_the_kinds_and_page_marks_are_gone() -> None:
    play = parse_bytes(PAGE.encode(), "tram.txt")
    assert play.format == "text"
    assert [scene.number for scene in play.scenes] == ["4", "4A"]
    assert kinds(play) == [
        ("heading", "INT. TRAM DEPOT - NIGHT"),
        (
            "action",
            "Rain on glass. MAJA (60) counts coins into a tin. Behind her, the last tram sighs and lowers its doors.",
        ),
        ("character", "MAJA"),
        ("parenthetical", "(not turning)"),
        ("dialogue", "The line closes at midnight, and it is midnight."),
        ("character", "YOUNG MAN"),
        ("dialogue", "Then I am the last one."),
        ("action", "She looks at him for a long time."),
        ("transition", "CUT TO:"),
        ("heading", "EXT. TRAM LINE - DAWN"),
        ("action", "Weeds between the rails."),
    ]


def test_the_title_page_is_read() -> None:
    play = parse_bytes(PAGE.encode(), "tram.txt")
    assert dict(play.title_page) == {"Title": "THE LAST TRAM", "Credit": "written by", "Author": "M. Okafor"}
    assert play.title == "THE LAST TRAM"


def test_line_numbers_are_those_of_the_file() -> None:
    rows = PAGE.replace("\f", "").split("\n")
    for scene in parse_bytes(PAGE.encode(), "tram.txt").scenes:
        for line in scene.lines:
            assert line.text.split()[0] in rows[line.number - 1]


@pytest.mark.parametrize("change", ["\t", "\r\n", "double"])
def test_tabs_line_ends_and_double_spacing_change_nothing(change: str) -> None:
    text = PAGE
    if change == "\t":
        text = text.replace("        ", "\t")
    elif change == "\r\n":
        text = text.replace("\n", "\r\n")
    else:
        text = text.replace("\n", "\n\n")
    assert kinds(parse_bytes(text.encode(), "tram.txt")) == kinds(parse_bytes(PAGE.encode(), "tram.txt"))


def test_fountain_is_not_taken_for_typed_pages() -> None:
    assert is_indented(PAGE)
    assert not is_indented("INT. A - DAY\n\nBOB\nHello.\n\n    indented action\n" * 5)


def test_a_text_without_headings_is_refused() -> None:
    with pytest.raises(BadInput, match="No scene headings"):
        read_text("                    BOB\n          Hello.\n", "")


def test_trelbys_sample(corpus: Path) -> None:
    play = parse(corpus / "trelby" / "test.txt")
    assert play.format == "text"
    assert len(play.scenes) == 11
    assert play.scenes[0].heading.text == "EXT. STONEHENGE - NIGHT"
    assert [line.kind for line in play.scenes[0].lines] == [
        "heading",
        "action",
        *["character", "dialogue"] * 3,
        "transition",
    ]
    speakers = {line.text for scene in play.scenes for line in scene.lines if line.kind == "character"}
    assert {"JASON", "KEVIN", "FISHERMAN #1", "FISHERMAN #2"} <= speakers
