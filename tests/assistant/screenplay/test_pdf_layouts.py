"""Pages as other programs set them: in proportional letters, centred, letter by letter, turned or shifted."""

import pytest
import typst

from assistant.domain.screenplay import Screenplay
from assistant.screenplay import parse_bytes
from tests.assistant.screenplay.raw_pdf import file_of

WORD_PROCESSOR = """#set page(paper: "us-letter", margin: 1in)
#set page(header: context align(right, counter(page).display("1.")))
#set text(font: "Libertinus Serif", size: 12pt)
#set par(leading: 0.8em, spacing: 1.4em)
#align(center)[*THE LONG WAY*]

INT. KITCHEN - DAY

Mara stirs the pot and looks at the clock over the door, which has stopped at ten past two as it has every day since
the flood came through the valley.

#block(spacing: 0.65em)[#h(2.2in)MARA]
#block(spacing: 0.65em)[#h(1.6in);(softly)]
#block(spacing: 0.65em)[#h(1in)Nobody winds it any more.]

EXT. YARD - NIGHT

Rain.

#align(right)[CUT TO:]

INT. KITCHEN - LATER

The clock ticks.
"""

CENTRED = """#set page(paper: "a4", margin: 2.5cm)
#set text(font: "DejaVu Sans Mono", size: 11pt)
#set par(leading: 0.5em, spacing: 1.2em)
1. INT. KÜCHE - TAG

Mara rührt im Topf und schaut auf die Uhr über der Tür, die seit der Flut auf zehn nach zwei steht.

#align(center)[MARA #linebreak() (leise) #linebreak() Niemand zieht sie auf. Und keiner weiß, #linebreak() warum.]

#align(center)[JON (O.S.) #linebreak() Doch.]

2. INT. FLUR - NACHT

Regen.
"""

TYPED = """12A  INT. KITCHEN - DAY                                      12A *

     Mara stirs the pot and looks at the clock over the door,    *
     which has stopped.  It ticks no more.

                         MARA (V.O.)
                    (softly,
                     to herself)
               Nobody winds it any
               more.

                                               SMASH CUT TO:

13   EXT. YARD - NIGHT                                       13

     A sign reads:

                    THE END OF THE WORLD

     He stops."""


def shape(play: Screenplay) -> list[tuple[str, str]]:
    return [(line.kind, line.text) for scene in play.scenes for line in scene.lines]


def letter_by_letter(text: str, box: tuple[int, int, int, int], rotation: int = 0, times: int = 1) -> bytes:
    """Every letter placed on its own, as printer drivers do; `times` 2 makes bold by printing twice."""
    parts = ["BT /F 12 Tf"]
    for down, row in enumerate(text.split("\n")):
        for across, letter in enumerate(row):
            for again in range(times if letter != " " else 0):
                x, y = box[0] + 60 + 7.2 * across + 0.3 * again, box[3] - 72 - 12 * down
                parts.append(f"1 0 0 1 {x:.1f} {y} Tm (\\{ord(letter):03o}) Tj")
    body = "\n".join([*parts, "ET"]).encode()
    page = (
        f"<</Type/Page/Parent 2 0 R/Rotate {rotation}/MediaBox[{' '.join(map(str, box))}]"
        "/Resources<</Font<</F 3 0 R>>>>/Contents 11 0 R>>"
    )
    return file_of(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count 1/Kids[10 0 R]>>",
            3: b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
            10: page.encode(),
            11: b"<</Length %d>>stream\n%s\nendstream" % (len(body), body),
        }
    )


def test_a_word_processor_with_proportional_letters() -> None:
    play = parse_bytes(bytes(typst.compile(WORD_PROCESSOR.encode())), "way.pdf")
    assert play.title == "THE LONG WAY"
    assert [kind for kind, _ in shape(play)] == [
        *["heading", "action", "character", "parenthetical", "dialogue"],
        *["heading", "action", "transition"],
        *["heading", "action"],
    ]
    assert shape(play)[1][1].endswith("since the flood came through the valley.")


def test_speeches_set_to_the_middle() -> None:
    play = parse_bytes(bytes(typst.compile(CENTRED.encode())), "uhr.pdf")
    assert [scene.number for scene in play.scenes] == ["1", "2"]
    assert shape(play)[2:7] == [
        ("character", "MARA"),
        ("parenthetical", "(leise)"),
        ("dialogue", "Niemand zieht sie auf. Und keiner weiß, warum."),
        ("character", "JON (O.S.)"),
        ("dialogue", "Doch."),
    ]


@pytest.mark.parametrize(
    ("box", "rotation", "times"),
    [((0, 0, 612, 792), 0, 1), ((0, 0, 612, 792), 90, 1), ((-50, -900, 562, -108), 0, 1), ((0, 0, 612, 792), 0, 2)],
)
def test_letters_placed_one_by_one(box: tuple[int, int, int, int], rotation: int, times: int) -> None:
    play = parse_bytes(letter_by_letter(TYPED, box, rotation, times), "typed.pdf")
    assert [(scene.number, scene.revision) for scene in play.scenes] == [("12A", "*"), ("13", None)]
    assert shape(play) == [
        ("heading", "INT. KITCHEN - DAY"),
        ("action", "Mara stirs the pot and looks at the clock over the door, which has stopped. It ticks no more."),
        ("character", "MARA (V.O.)"),
        ("parenthetical", "(softly, to herself)"),
        ("dialogue", "Nobody winds it any more."),
        ("transition", "SMASH CUT TO:"),
        ("heading", "EXT. YARD - NIGHT"),
        ("action", "A sign reads:"),
        ("centered", "THE END OF THE WORLD"),
        ("action", "He stops."),
    ]
