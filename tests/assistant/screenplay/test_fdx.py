"""Final Draft files of every version give the script, its numbers, marks and tags; nothing else gets in or out."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.screenplay import Line, Tag
from assistant.errors import BadInput
from assistant.screenplay.assemble import assemble
from assistant.screenplay.fdx import read_fdx
from tests.assistant.screenplay.fdx_files import HEAD, element, file, paragraph, scene

SCENE = scene("INT. BARN - DAY", "1", "2/8") + paragraph("Action", "Hay.")


def lines(data: bytes) -> list[tuple[str, str]]:
    return [(line.kind, line.text) for line in read_fdx(data, "x").lines]


def line(data: bytes, place: int) -> Line:
    return read_fdx(data, "x").lines[place]


@pytest.mark.parametrize("version", ["1", "2", "3", "4", "5", "6"])
def test_every_version_is_read(version: str) -> None:
    assert lines(file([SCENE], version=version)) == [("heading", "INT. BARN - DAY"), ("action", "Hay.")]


def test_number_length_page_and_summary_are_marks_of_the_scene() -> None:
    summary = "<Summary><Paragraph><Text>Ray hides</Text><Text> the bag.</Text></Paragraph></Summary>"
    source = read_fdx(file([scene("INT. BARN - DAY", "71E", "5 3/8", summary), paragraph("Action", "Hay.")]), "x")
    mark = source.marks[source.lines[0].number]
    assert (mark.number, mark.eighths, mark.page, mark.synopsis) == ("71E", 43, 1, "Ray hides the bag.")
    assert assemble(source).scenes[0].eighths_source == "fdx"
    assert assemble(source, ignore_lengths=True).scenes[0].eighths == 1


@pytest.mark.parametrize("length", ["", "0", "9/9", "x", "-1", "1/8/8", "9" * 5000])
def test_a_length_that_is_none_is_computed(length: str) -> None:
    found = assemble(read_fdx(file([scene("INT. BARN - DAY", "1", length)]), "x")).scenes[0]
    assert (found.eighths, found.eighths_source) == (1, "computed")


def test_runs_are_joined_and_headings_and_cues_are_in_capitals() -> None:
    data = file(
        [
            scene("EXT. Mast 2 3 farm - nIGHT"),
            paragraph(
                "Action",
                "A dri",
                '<Text Style="Bold" RevisionID="2">ver</Text>',
                " waits.\nHe ",
                '<Text Style="AllCaps">runs</Text>',
            ),
            paragraph("Character", "AlbERT", " (cont'd)"),
            paragraph("Dialogue", "No &amp; yes."),
        ]
    )
    assert lines(data) == [
        ("heading", "EXT. MAST 2 3 FARM - NIGHT"),
        ("action", "A driver waits.\nHe RUNS"),
        ("character", "ALBERT (CONT'D)"),
        ("dialogue", "No & yes."),
    ]


def test_only_the_content_is_the_script() -> None:
    page = "".join(
        f"<Paragraph Alignment='Center'><Text>{text}</Text></Paragraph>"
        for text in ("", "THE BARN", "written by", "Ada B.", "3/4/2026")
    )
    header = "<HeaderAndFooter><Header><Paragraph><Text>p.</Text></Paragraph></Header></HeaderAndFooter>"
    rest = f"{header}<TitlePage><Content>{page}</Content></TitlePage>"
    source = read_fdx(file([SCENE], rest), "x")
    assert len(source.lines) == 2
    assert source.title == "THE BARN"
    assert source.title_page == [
        ("Title", "THE BARN"),
        ("Credit", "written by"),
        ("Author", "Ada B."),
        ("Draft date", "3/4/2026"),
    ]


@pytest.mark.parametrize("container", ["Character", "General", "Action"])
def test_dual_dialogue_marks_the_second_speaker(container: str) -> None:
    both = "".join(
        (
            "<DualDialogue>",
            paragraph("Character", "DEB"),
            paragraph("Dialogue", "Left."),
            paragraph("Character", "RAY"),
            paragraph("Parenthetical", "(low)"),
            paragraph("Dialogue", "Right."),
            "</DualDialogue>",
        )
    )
    found = read_fdx(file([SCENE, paragraph(container, inside=both)]), "x").lines[2:]
    assert [(one.kind, one.text, one.dual) for one in found] == [
        ("character", "DEB", False),
        ("dialogue", "Left.", False),
        ("character", "RAY", True),
        ("parenthetical", "(low)", True),
        ("dialogue", "Right.", True),
    ]
    assert len({one.number for one in found}) == len(found)


def test_revisions_name_lines_scenes_and_the_draft() -> None:
    sets = (
        '<Revisions ActiveSet="2" RevisionMode="Yes"><Revision ID="1" Name="Blue" Mark="*"/>'
        '<Revision ID="2" Name="Pink" Mark="*"/></Revisions>'
    )
    runs = ('<Text RevisionID="1">Hay</Text>', '<Text RevisionID="2">.</Text>')
    source = read_fdx(
        file(
            [
                scene("INT. BARN - DAY"),
                paragraph("Action", *runs),
                paragraph("Action", '<Text RevisionID="0">x</Text>'),
            ],
            sets,
        ),
        "x",
    )
    assert (source.revisions, source.draft) == (["Blue", "Pink"], "Pink Revision")
    assert [one.revision for one in source.lines] == [None, "Pink", None]
    assert assemble(source).scenes[0].revision == "Pink"


def test_tags_come_with_category_label_and_words() -> None:
    data = (
        '<TagData><TagCategories><TagCategory Id="c1" Name="Props" Number="5"/></TagCategories>'
        '<TagDefinitions><TagDefinition Id="d1" CatId="c1" Label="White dove" Number="1"/></TagDefinitions>'
        '<Tags><Tag Number="1"><DefId>d1</DefId></Tag><Tag Number="2"><DefId>gone</DefId></Tag></Tags></TagData>'
    )
    runs = (
        '<Text TagNumber="1">white </Text>',
        '<Text TagNumber="1" RevisionID="2">dove</Text>',
        " and ",
        '<Text TagNumber="2">hay</Text>',
    )
    found = line(file([scene("INT. BARN - DAY"), paragraph("Action", "A ", *runs)], data), 1)
    assert found.tags == (Tag("Props", "White dove", "white dove"),)


def test_script_notes_are_notes() -> None:
    note = "<ScriptNote Name='n'><Paragraph><Text>Check this.</Text></Paragraph></ScriptNote>"
    found = assemble(read_fdx(file([SCENE, paragraph("Action", "Hay.", inside=note)]), "x")).scenes[0]
    assert [one.kind for one in found.lines] == ["heading", "action", "action", "note"]
    assert "Check" not in found.text


NESTED = '<Paragraph Type="Scene Heading" Number="12"><OmittedScene>{}</OmittedScene><Text>OMITTED</Text></Paragraph>'
OMISSIONS = {
    "around": f"<OmittedScene>{scene('INT. ATTIC - DAY', '12', '3/8')}{paragraph('Action', 'Dust.')}</OmittedScene>",
    "inside": NESTED.format(scene("INT. ATTIC - DAY", length="3/8") + paragraph("Action", "Dust.")),
    "attribute": paragraph("Scene Heading", "INT. ATTIC - DAY", Number="12", Omitted="Yes")
    + paragraph("Action", "Dust."),
    "heading": scene("OMITTED", "12", "1/8"),
    "empty": NESTED.format("").replace("OMITTED</Text>", "</Text>"),
}


@pytest.mark.parametrize("how", OMISSIONS)
def test_an_omitted_scene_keeps_number_and_place_and_counts_nothing(how: str) -> None:
    play = assemble(read_fdx(file([SCENE, OMISSIONS[how], scene("INT. BARN - LATER", "13")]), "x"))
    assert [(one.number, one.omitted) for one in play.scenes] == [("1", False), ("12", True), ("13", False)]
    assert play.scenes[1].eighths == 0
    assert "Dust" not in play.scenes[1].text
    assert play.scenes[2].time_of_day == "DAY"


def test_the_page_is_laid_out_as_the_file_sets_it() -> None:
    settings = '<PageLayout TopMargin="75" BottomMargin="65"><PageSize Height="11.69" Width="8.26"/></PageLayout>'
    settings += element("Scene Heading", 1.25, 7.25, "24")
    settings += element("Action", 1.5, 7.5, "12")
    settings += element("Dialogue", 2.56, 6.25, "nan")
    source = read_fdx(file([SCENE], settings), "x")
    assert source.page_size == "a4"
    assert (source.layout.action, source.layout.dialogue) == (61, 37)
    assert source.layout.lines_per_page == pytest.approx(58.47, abs=0.01)
    assert source.layout.space_before == {"heading": 2.0, "action": 1.0}


def test_element_types_of_a_production_are_what_they_paginate_as() -> None:
    own = "".join(
        f'<ElementSettings Type="{own}"><Behavior PaginateAs="{like}"/></ElementSettings>'
        for own, like in (("Visual", "Action"), ("Escena", "Scene Heading"))
    )
    assert lines(file([paragraph("Escena", "INT. CASA - DÍA"), paragraph("Visual", "Humo.")], own)) == [
        ("heading", "INT. CASA - DÍA"),
        ("action", "Humo."),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "cp1252", "shift_jis"])
def test_other_encodings_are_read(encoding: str) -> None:
    word = "雨" if encoding == "shift_jis" else "Café"
    text = file([scene("INT. BAR - DAY"), paragraph("Action", word)]).decode()
    named = text.replace("UTF-8", encoding.removesuffix("-sig"))
    source = read_fdx(named.encode(encoding), "x")
    assert source.lines[1].text == word
    assert source.remarks == []


def test_a_file_that_is_not_what_it_says_is_read_with_a_remark() -> None:
    text = file([scene("INT. BAR - DAY"), paragraph("Action", "Caf\u00e9\x0b")])
    source = read_fdx(text.decode().encode("cp1252"), "x")
    assert source.lines[1].text.startswith("Café")
    assert len(source.remarks) == 1


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
FOREIGN = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<FinalDraft/>",
        b"<FinalDraft><Content></FinalDraft>",
        b"<html><body/></html>",
        HEAD.encode(),
        (HEAD + BOMB + "<FinalDraft><Content>&b;</Content></FinalDraft>").encode(),
        (
            HEAD + FOREIGN + "<FinalDraft><Content><Paragraph><Text>&a;</Text></Paragraph></Content></FinalDraft>"
        ).encode(),
        (HEAD + "<!DOCTYPE FinalDraft><FinalDraft><Content/></FinalDraft>").encode(),
        b'<?xml version="1.0" encoding="hex"?><FinalDraft>',
    ],
)
def test_what_is_no_final_draft_file_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(BadInput) as failure:
        read_fdx(data, "x")
    assert failure.value.sentence.endswith(".")
    assert failure.value.hint


def test_deep_nesting_is_no_crash() -> None:
    deep = "<Paragraph><DualDialogue>" * 20_000 + "</DualDialogue></Paragraph>" * 20_000
    assert read_fdx(file([SCENE, deep]), "x").lines[0].text == "INT. BARN - DAY"


WHOLE = file(
    [
        SCENE,
        paragraph("General", inside="<DualDialogue>" + paragraph("Character", "DEB") + "</DualDialogue>"),
        OMISSIONS["inside"],
    ]
)
PIECES = [
    b"<Paragraph>",
    b'"',
    b"&#1;",
    b"&#x110000;",
    b"<DualDialogue>",
    b"\xff\xfe",
    b"<!DOCTYPE x>",
    b"]]>",
    b"Length='9/9'",
    b"\x00",
]


@given(st.integers(0, 2**32), st.integers(1, 6))
def test_a_damaged_file_is_read_or_refused_and_never_a_crash(seed: int, wounds: int) -> None:
    chance, data = random.Random(seed), bytearray(WHOLE)
    for _ in range(wounds):
        place = chance.randrange(len(data))
        action = chance.randrange(3)
        if action == 0:
            data[place] = chance.randrange(256)
        elif action == 1:
            del data[place : place + chance.randrange(1, 30)]
        else:
            data[place:place] = chance.choice(PIECES)
    try:
        assemble(read_fdx(bytes(data), "x"))
    except BadInput as failure:
        assert failure.hint


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        read_fdx(data, "x")
