"""Screenplay pages whose content is known are printed, read again and compared."""

import zlib

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.screenplay import Screenplay
from assistant.errors import BadInput
from assistant.screenplay.door import parse_bytes
from assistant.screenplay.pdf import read_pdf
from tests.assistant.screenplay.printing import Style, pdf_of_lines
from tests.assistant.screenplay.raw_pdf import file_of, pdf

Rows = list[tuple[str, str, str | None]]

STORY: Rows = [
    ("heading", "EXT. LIGHTHOUSE - DAWN", "1"),
    (
        "action",
        "Fog. A dinghy knocks against the landing. NORA BELL (50) hauls a crate of batteries up the wet steps.",
        None,
    ),
    ("character", "NORA", None),
    ("parenthetical", "(into a walkie-talkie)", None),
    ("dialogue", "Twelve, as promised. Tell the harbour I want the receipt this time.", None),
    ("heading", "INT. LIGHTHOUSE - LAMP ROOM - CONTINUOUS", "1A"),
    ("action", "She sets the crate down beside a well-\u200bused logbook.".replace("\u200b", ""), None),
    ("character", "TOM (O.S.)", None),
    ("dialogue", "You are late.", None),
    ("transition", "CUT TO:", None),
    ("heading", "EXT. HARBOUR - NIGHT", "2"),
    ("action", "Ropes creak.", None),
]


def long_story(scenes: int = 12) -> Rows:
    """Enough talk and action to break pages at every kind of place."""
    rows: Rows = []
    for scene in range(1, scenes + 1):
        rows.append(("heading", f"INT. WORKSHOP {scene} - {'DAY' if scene % 2 else 'NIGHT'}", str(scene)))
        for beat in range(scene % 5 + 2):
            rows.append(
                (
                    "action",
                    f"Ida files the key number {beat} until it shines and sparks jump off the bench onto the floor.",
                    None,
                )
            )
            rows.append(("character", "IDA" if beat % 2 else "OLD MR. WREN", None))
            rows.append(
                (
                    "dialogue",
                    "It has to turn without a sound, or the whole street will know of it. " * (beat % 4 + 1),
                    None,
                )
            )
    return rows


def lines_of(play: Screenplay) -> Rows:
    return [
        (line.kind, " ".join(line.text.split()), scene.number if line.kind == "heading" else None)
        for scene in play.scenes
        for line in scene.lines
    ]


def tidy(rows: Rows) -> Rows:
    return [(kind, " ".join(text.split()), number) for kind, text, number in rows]


def test_every_kind_of_line_comes_back_with_the_scene_numbers() -> None:
    play = parse_bytes(pdf_of_lines(STORY), "story.pdf")
    assert lines_of(play) == tidy(STORY)
    assert [scene.time_of_day for scene in play.scenes] == ["DAWN", "DAWN", "NIGHT"]
    assert play.format == "pdf" and play.page_size == "letter"


@pytest.mark.parametrize("paper", ["us-letter", "a4"])
def test_what_the_page_adds_is_taken_off(paper: str) -> None:
    style = Style(
        continued=True,
        header="THE KEY   Pink Rev. 3/14/26",
        stamp="CONFIDENTIAL",
        name_stamp="Copy 17 for Ada",
        paper=paper,
        title=("THE KEY", "written by", "R. Penrose", "Draft 3 - 2026-03-14", "penrose@example.org"),
    )
    play = parse_bytes(pdf_of_lines(long_story(), style), "key.pdf")
    assert lines_of(play) == tidy(long_story())
    assert play.page_size == ("a4" if paper == "a4" else "letter")
    assert dict(play.title_page) == {
        "Title": "THE KEY",
        "Credit": "written by",
        "Author": "R. Penrose",
        "Draft date": "Draft 3 - 2026-03-14",
        "Contact": "penrose@example.org",
    }
    assert play.title == "THE KEY" and play.draft == "Draft 3 - 2026-03-14"


def test_pages_are_the_printed_numbers_and_rows_count_over_all_pages() -> None:
    play = parse_bytes(pdf_of_lines(long_story(), Style(title=("THE KEY", "by", "R. Penrose"))), "key.pdf")
    assert play.scenes[0].page == 1
    pages = [line.page for scene in play.scenes for line in scene.lines]
    numbers = [line.number for scene in play.scenes for line in scene.lines]
    assert pages == sorted(p for p in pages if p is not None) and pages[-1] == len(set(pages))
    assert numbers == sorted(set(numbers))


def test_revision_stars_mark_lines_and_scenes() -> None:
    starred = frozenset({"INT. LIGHTHOUSE - LAMP ROOM - CONTINUOUS", STORY[1][1]})
    play = parse_bytes(pdf_of_lines(STORY, Style(starred=starred)), "story.pdf")
    assert lines_of(play) == tidy(STORY)
    assert [line.text for scene in play.scenes for line in scene.lines if line.revision] == [
        STORY[1][1],
        "INT. LIGHTHOUSE - LAMP ROOM - CONTINUOUS",
    ]
    assert [scene.revision for scene in play.scenes] == ["*", "*", None]


def test_the_colour_over_a_page_is_the_colour_of_its_stars() -> None:
    heading = "INT. WORKSHOP 6 - NIGHT"
    style = Style(starred=frozenset({heading}), header="THE KEY   Pink Revised 3/14/26")
    play = parse_bytes(pdf_of_lines(long_story(), style), "key.pdf")
    assert (play.draft, play.revisions) == ("Pink Revised 3/14/26", ("Pink",))
    assert [line.text for scene in play.scenes for line in scene.lines if line.revision == "Pink"] == [heading]
    assert {scene.number: scene.revision for scene in play.scenes if scene.revision} == {"6": "Pink"}


def test_omitted_scenes_keep_their_numbers() -> None:
    rows: Rows = [*STORY[:5], ("heading", "OMITTED", "1B"), ("heading", "OMITTED", "2-4"), *STORY[10:]]
    play = parse_bytes(pdf_of_lines(rows), "story.pdf")
    assert [(scene.number, scene.omitted) for scene in play.scenes] == [
        ("1", False),
        ("1B", True),
        ("2-4", True),
        ("2", False),
    ]


def test_a_heading_printed_again_on_the_next_page_is_no_new_scene() -> None:
    first = ["INT. BARN - DAY", "", "Hay. Dust. A cat.", ""]
    again = ["INT. BARN - DAY (CONT'D)", "", "The cat jumps down.", "", "EXT. FIELD - DAY", "", "Wind."]
    play = parse_bytes(pdf([first, again]), "barn.pdf")
    assert [scene.heading.text for scene in play.scenes] == ["INT. BARN - DAY", "EXT. FIELD - DAY"]
    assert [line.text for line in play.scenes[0].lines[1:]] == ["Hay. Dust. A cat.", "The cat jumps down."]


def test_an_inserted_page_is_joined_too() -> None:
    rows = ["", "", "", "INT. BARN - DAY", "", "Hay.", ""]
    sheets = [
        [" " * 50 + "11.", *rows, " " * 40 + "(CONTINUED)"],
        [" " * 50 + "11A.", "", "CONTINUED:", "", "A cat.", "", " " * 40 + "(CONTINUED)"],
        [" " * 50 + "12.", "", "CONTINUED: (2)", "", "A second cat."],
    ]
    play = parse_bytes(pdf(sheets), "barn.pdf")
    assert play.scenes[0].text == "INT. BARN - DAY\nHay.\nA cat.\nA second cat."
    assert [line.page for line in play.scenes[0].lines] == [11, 11, 11, 12]


def test_two_speakers_side_by_side_are_read_one_after_the_other() -> None:
    rows = [
        "INT. BARN - DAY",
        "",
        "They shout at once.",
        "",
        "             ANNA                          BORIS",
        "     Leave the ladder where         Nobody leaves before",
        "     it is.                         the milk is in.",
        "",
        "          CORA",
        "     Quiet, both of you.",
        "",
        "They are.",
    ]
    play = parse_bytes(pdf([rows]), "barn.pdf")
    assert [(line.kind, line.text, line.dual) for line in play.scenes[0].lines[2:6]] == [
        ("character", "ANNA", False),
        ("dialogue", "Leave the ladder where it is.", False),
        ("character", "BORIS", True),
        ("dialogue", "Nobody leaves before the milk is in.", True),
    ]
    assert play.scenes[0].lines[6].text == "CORA"


def test_the_same_bytes_give_the_same_screenplay() -> None:
    data = pdf_of_lines(long_story(4), Style(continued=True))
    assert parse_bytes(data, "a.pdf") == parse_bytes(data, "a.pdf")


def test_a_pdf_that_only_forbids_printing_is_read() -> None:
    play = parse_bytes(pdf([["INT. BARN - DAY", "", "Hay."]], user_password=""), "barn.pdf")
    assert play.scenes[0].text == "INT. BARN - DAY\nHay."


def test_a_pdf_with_a_password_is_refused() -> None:
    with pytest.raises(BadInput, match="locked with a password") as caught:
        parse_bytes(pdf([["INT. BARN - DAY"]], user_password="moo"), "barn.pdf")
    assert caught.value.hint and caught.value.exit_code == 10


def test_a_scan_is_refused() -> None:
    image = '#image(bytes((200, 200, 200)), format: (encoding: "rgb8", width: 1, height: 1), width: 90%)\n'
    with pytest.raises(BadInput, match="no text layer") as caught:
        parse_bytes(bytes(typst.compile((image + "#pagebreak()\n" + image).encode())), "scan.pdf")
    assert "OCR" in caught.value.hint


def nested_drawings(depth: int, width: int) -> bytes:
    """Each drawing draws the next one many times: a few hundred bytes that are drawn without end."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>",
        4: b"<</Length 5>>stream\n/X Do\nendstream",
    }
    for number in range(5, 5 + depth):
        body = b"/X Do\n" * width if number < 4 + depth else b"0 0 m 1 1 l S"
        head = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>/Length %d>>"
        objects[number] = head % (number + 1, len(body)) + b"stream\n" + body + b"\nendstream"
    return file_of(objects)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pdf([]), "no pages|damaged"),
        (pdf([["INT. BARN - DAY"]] * 1501), "1,501 pages"),
        (
            pdf([["Dear Sir or Madam,", "I write to you about the noise in the barn, again and again."]]),
            "No scene headings",
        ),
        (b"%PDF-1.7\n" + b"garbage " * 50, "damaged"),
        (pdf([["INT. BARN - DAY", "Hay."]])[:300], "damaged|no text|No scene"),
        (b"%PDF-1.4\n" + b"1 0 obj" * 400_001, "objects"),
        (b"%PDF-1.4\n" + (b"stream\n" + zlib.compress(bytes(10_000_000))) * 7, "unfolds"),
        (nested_drawings(8, 10), "nests drawings"),
        (pdf([["INT. BARN - DAY", *["hay " * 300] * 40]]), "far more text"),
    ],
)
def test_what_is_no_screenplay_says_so(data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        parse_bytes(data, "some.pdf")
    assert caught.value.hint


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_damaged_pdfs_are_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(pdf([["INT. BARN - DAY", "", "Hay."], ["", "EXT. FIELD - DAY", "", "Wind."]]))
    for _ in range(data.draw(st.integers(1, 12))):
        whole[data.draw(st.integers(9, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert read_pdf(bytes(whole), "").marks
    except BadInput as error:
        assert error.sentence
