"""Writing Fountain and reading it back changes nothing, and no text at all can break the reader."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.domain.screenplay import Line, LineKind, Screenplay
from assistant.errors import BadInput
from assistant.screenplay.assemble import assemble
from assistant.screenplay.fountain import read_fountain
from assistant.screenplay.source import SceneMark, Source
from assistant.screenplay.write_fountain import write_fountain

ODD = (
    "The ferry LEAVES at 5:30 *now* **bold** _under_ \\ \\* [[ ]] /* */ ~song !! > < ^ @ # #5# === = ( ) (O.S.)"
    " CUT TO: INT. EXT. DAY - NIGHT . .. ... 12A OMITTED é ñ ジョン சீன் « » — Title: ** __ *** a*b snake_case_name"
)
WORDS = st.sampled_from(ODD.split())
PHRASE = st.one_of(
    st.lists(WORDS, min_size=1, max_size=7).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30),
).map(str.strip)


def _usable(text: str) -> bool:
    return bool(text) and "\ufeff" not in text


TEXT = PHRASE.filter(_usable)
INDENTED = st.tuples(st.integers(0, 6), TEXT).map(lambda pair: " " * pair[0] + pair[1])
LETTERED = TEXT.filter(lambda text: bool(text.strip("#= ")))


def _lines(kind: LineKind, text: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[LineKind, str, bool]]:
    return text.map(lambda written: (kind, written, False))


SPOKEN = st.one_of(
    _lines("dialogue", TEXT),
    _lines("parenthetical", TEXT.map(lambda text: f"({text})")),
    _lines("lyrics", TEXT),
)


@st.composite
def speeches(draw: st.DrawFn) -> list[tuple[LineKind, str, bool]]:
    """A cue and what follows it: lines, sometimes with a silent line or a note among them."""
    dual = draw(st.booleans())
    cue = draw(st.one_of(st.sampled_from(["NORA", "NORA (O.S.) (CONT'D)", "23 SKIDOO", "McDUCK"]), TEXT))
    said = draw(st.lists(SPOKEN, max_size=4))
    gap: tuple[LineKind, str, bool] = ("dialogue", "", False)
    if len(said) > 1 and draw(st.booleans()):
        said.insert(1, gap)
    if len(said) > 1 and draw(st.booleans()):
        said.insert(1, ("note", "really?", False))
    spoken: list[tuple[LineKind, str, bool]] = [("character", cue, dual)]
    return spoken + [(kind, text, dual and kind != "note") for kind, text, _ in said]


BLOCKS = st.one_of(
    _lines("action", INDENTED).map(lambda line: [line]),
    st.lists(_lines("action", INDENTED), min_size=2, max_size=3),
    speeches(),
    *(
        _lines(kind, LETTERED).map(lambda line: [line])
        for kind in ("transition", "shot", "centered", "section", "synopsis")
    ),
    _lines("note", TEXT.map(lambda text: text.replace("[", "").replace("]", "").strip()).filter(_usable)).map(
        lambda line: [line]
    ),
    st.just([("page_break", "", False)]),
)
HEADINGS = st.one_of(
    st.sampled_from(["INT. FERRY - NIGHT", "EXT. QUAY — DAY", "THE LOST CABIN", "I/E CAR - DUSK", "int. house - day"]),
    TEXT.map(lambda text: " ".join(text.split())),
)
NUMBERS = st.one_of(st.none(), st.sampled_from(["1", "12A", "A12", "10aA", "I-1-A", "1.", "15-16", "89PT1", "12 A"]))
SCENES = st.tuples(HEADINGS, NUMBERS, st.booleans(), st.lists(BLOCKS, max_size=4))


@st.composite
def screenplays(draw: st.DrawFn) -> Screenplay:
    """Any screenplay a reader could hand over, with the line numbers of a text file."""
    lines: list[Line] = []
    marks: dict[int, SceneMark] = {}
    for block in draw(st.lists(BLOCKS, max_size=2)):
        _place(lines, block)
    for heading, number, omitted, blocks in draw(st.lists(SCENES, min_size=1, max_size=3)):
        _place(lines, [("heading", heading, False)])
        marks[lines[-1].number] = SceneMark(number=number, omitted=omitted)
        for block in blocks:
            _place(lines, block)
    title = draw(st.one_of(st.just([]), TEXT.map(lambda text: [("Title", text), ("Author", "A. Writer")])))
    return assemble(Source("fountain", "0" * 64, lines, marks, title_page=title))


def _place(lines: list[Line], block: list[tuple[LineKind, str, bool]]) -> None:
    at = lines[-1].number + 2 if lines else 1
    for offset, (kind, text, dual) in enumerate(block):
        lines.append(Line(at + offset, kind, text, dual=dual))


def _content(screenplay: Screenplay) -> list[tuple[str, str, bool]]:
    """Kind, text and half of every line; of notes (an omitted scene's lines are some) only what is not space."""
    lines = [*screenplay.preamble, *(line for scene in screenplay.scenes for line in scene.lines)]
    shown = [line for line in lines if line.kind != "note" or line.text.strip()]
    return [
        (line.kind, "".join(line.text.split()), False) if line.kind == "note" else (line.kind, line.text, line.dual)
        for line in shown
    ]


FORCED = [Line(1, "action", "CUT TO:"), Line(3, "heading", "INT. FERRY - NIGHT")]
BESIDE = [Line(1, "heading", "INT. FERRY - NIGHT"), Line(3, "heading", "OMITTED - The"), Line(5, "page_break", "")]


@given(screenplays())
@example(assemble(Source("fountain", "0" * 64, FORCED, {3: SceneMark()})))
@example(assemble(Source("fountain", "0" * 64, BESIDE, {1: SceneMark(), 3: SceneMark()})))
@settings(max_examples=120, deadline=None)
def test_what_is_written_reads_back(screenplay: Screenplay) -> None:
    written = write_fountain(screenplay)
    again = assemble(read_fountain(written, screenplay.sha256))
    assert _content(again) == _content(screenplay), written
    assert [(s.number, s.omitted) for s in again.scenes] == [(s.number, s.omitted) for s in screenplay.scenes], written
    assert again.title_page == screenplay.title_page


@given(st.lists(st.one_of(WORDS, st.sampled_from(["\n", "\n\n", "  \n", "\t", "\r\n", " "])), max_size=40).map("".join))
@example("[[" * 300 + "/*" * 300)
@example("*" * 500 + "a" + "_" * 500)
@example("\ufeff")
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        source = read_fountain(text, "0" * 64)
    except BadInput:
        assert not text.strip("\ufeff \t\r\n")
        return
    numbers = [line.number for line in source.lines]
    assert numbers == sorted(numbers)
    assert all(1 <= number <= text.count("\n") + text.count("\r") + 1 for number in numbers)
    assert set(source.marks) == {line.number for line in source.lines if line.kind == "heading"}


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_arbitrary_text_is_read_or_refused(text: str) -> None:
    try:
        read_fountain(text, "0" * 64)
    except BadInput as refused:
        assert refused.exit_code == 10 and refused.hint
