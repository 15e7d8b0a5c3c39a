"""Final Draft files with tags: the writer's own is added to and not changed, a new one reads back as the script."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.app import App
from assistant.breakdown import breakdown_scene
from assistant.domain.breakdown import Breakdown, CastMember, Element, Quote, SceneBreakdown, SceneFacts
from assistant.domain.categories import FACTS, Category
from assistant.domain.screenplay import SILENT_KINDS, Line, Screenplay, Tag
from assistant.errors import BadInput, NotFound
from assistant.exports import export
from assistant.exports.book import Book
from assistant.exports.fdx_file import as_fdx
from assistant.exports.fdx_places import Places, paragraphs
from assistant.exports.fdx_tags import tagged
from assistant.exports.final_draft import tag_categories
from assistant.exports.needs import needs
from assistant.screenplay import parse, parse_bytes
from tests.assistant.exports.sample import book
from tests.assistant.screenplay import fdx_files
from tests.assistant.screenplay.fdx_files import paragraph, scene

PROPS = tag_categories()[Category.PROPS].id
TWO_RUNS = '<Text RevisionID="2" Style="Italic">A </Text><Text Style="Bold">white dove &amp; a cage.</Text>'


def bare(script: Screenplay) -> Screenplay:
    """The script without tags and without the file's hash."""
    scenes = tuple(
        replace(scene, lines=tuple(replace(line, tags=()) for line in scene.lines)) for scene in script.scenes
    )
    return replace(script, sha256="", scenes=scenes)


def tags(script: Screenplay) -> list[Tag]:
    return [tag for scene in script.scenes for line in scene.lines for tag in line.tags]


def with_elements(data: bytes, *found: tuple[Category, str, str], status: str = "proposed", **more: object) -> Book:
    """A book of the FDX file's first scene with (category, name, quote); the quote's line is looked up."""
    script = parse_bytes(data, "x.fdx")
    first = script.scenes[0]
    elements = []
    for category, name, words in found:
        line = next(line for line in first.lines if words in line.text)
        elements.append(Element(1, category, name, Quote(1, line.number, words), status=status, **more))  # type: ignore[arg-type]
    return Book(script, Breakdown((SceneBreakdown(1, tuple(elements)),), ()))


def texts(data: bytes) -> list[list[tuple[dict[str, str], str]]]:
    """Each paragraph's runs, with neighbours of one style joined again and tag numbers left out."""
    found = []
    for node in paragraphs(Places(data).root):
        joined: list[tuple[dict[str, str], str]] = []
        for run in node.all("Text"):
            style = {name: value for name, value in run.attributes.items() if name != "TagNumber"}
            if joined and joined[-1][0] == style:
                joined[-1] = (style, joined[-1][1] + run.text)
            else:
                joined.append((style, run.text))
        found.append(joined)
    return found


def ruled(script: Screenplay) -> Book:
    """What the rules find in a script."""
    facts = SceneFacts(characters=("RAY", "NED", "LORY"), language=script.language)
    parts = tuple(SceneBreakdown(scene.ordinal, breakdown_scene(scene, facts)) for scene in script.scenes)
    cast = (CastMember("1", "RAY", tuple(s.ordinal for s in script.scenes if "RAY" in s.text)),)
    return Book(script, Breakdown(parts, cast))


@pytest.mark.parametrize("name", ["REARVIEW - 02-22-26 final draft changes.fdx", "REARVIEW - 02-22-26.fdx"])
def test_a_feature_opens_again_with_everything_it_had_and_tags(corpus: Path, name: str) -> None:
    data = (corpus / "rearview-fdx" / name).read_bytes()
    before = parse_bytes(data, name)
    told = ruled(before)
    written = tagged(data, told)
    after = parse_bytes(written, name)
    assert bare(after) == bare(before)
    assert texts(written) == texts(data)
    wanted = {
        (sheet.scene.ordinal, need.name)
        for sheet in told.sheets
        for need in needs(sheet)
        if need.element and not need.element.implied
    }
    assert len(wanted) > 700
    assert {(s.ordinal, tag.label) for s in after.scenes for line in s.lines for tag in line.tags} == wanted
    assert tagged(written, told) == written


def test_all_but_runs_and_tag_data_is_the_same_byte_for_byte(corpus: Path) -> None:
    data = (corpus / "rearview-fdx" / "REARVIEW - 02-22-26.fdx").read_bytes()
    written = tagged(data, ruled(parse_bytes(data, "x.fdx")))
    cut = re.compile(rb"<Text[ >].*?</Text>|<Text[^>]*/>|<TagData>.*</TagData>", re.DOTALL)
    assert re.sub(rb"\xff+", b"\xff", cut.sub(b"\xff", written)) == re.sub(rb"\xff+", b"\xff", cut.sub(b"\xff", data))


def test_fdx_files_of_other_programs_stay_what_they_are(corpus: Path) -> None:
    files = sorted(corpus.rglob("*.fdx"))
    tried = 0
    for path in files:
        if path.stat().st_size > 100_000:
            continue
        try:
            script = parse(path)
        except BadInput as error:  # a fragment without scenes
            assert "scene" in str(error)
            continue
        data, tried = path.read_bytes(), tried + 1
        written = tagged(data, ruled(script))
        assert bare(parse_bytes(written, path.name)) == bare(script), path
        assert texts(written) == texts(data), path
    assert tried >= 10


def test_paragraphs_are_counted_as_the_reader_counts(corpus: Path) -> None:
    omitted = "<OmittedScene>" + paragraph("Action", "Gone.") + "</OmittedScene>"
    both = "<DualDialogue>" + paragraph("Character", "Ann") + paragraph("Dialogue", "Hi.") + "</DualDialogue>"
    note = "<ScriptNote>" + paragraph("General", "Check.") + "</ScriptNote>"
    content = [
        scene("INT. LAB - DAY", "1"),
        paragraph("Scene Heading", "Omitted", inside=omitted + note, Number="2"),
        paragraph("Action", "One.", inside=note),
        paragraph("General", inside=both),
        paragraph("Action", "Two."),
    ]
    small = fdx_files.file(content)
    for data in (small, *(path.read_bytes() for path in corpus.glob("rearview-fdx/*.fdx"))):
        nodes = dict(enumerate(paragraphs(Places(data).root), 1))
        script = parse_bytes(data, "x.fdx")
        for line in (line for told in script.scenes for line in told.lines):
            read = "".join(run.text for run in nodes[line.number].all("Text"))
            assert read.strip().casefold() == line.text.strip().casefold()


def test_a_run_is_cut_and_keeps_its_style_and_revision() -> None:
    data = fdx_files.file([scene("INT. LAB - DAY", "12A"), paragraph("Action", TWO_RUNS)])
    found = with_elements(data, (Category.ANIMALS, "dove", "A white dove"), (Category.PROPS, "a cage", "a cage"))
    written = tagged(data, found).decode()
    assert '<Text RevisionID="2" Style="Italic">A </Text>' in written
    assert '<Text Style="Bold" TagNumber="2">dove</Text>' in written
    assert '<Text Style="Bold"> &amp; </Text><Text Style="Bold" TagNumber="1">a cage</Text>' in written
    again = parse_bytes(written.encode(), "x.fdx")
    assert again.scenes[0].number == "12A"
    assert tags(again) == [Tag("Animals", "dove", "dove"), Tag("Props", "a cage", "a cage")]


def test_a_mention_over_two_runs_is_one_tag() -> None:
    data = fdx_files.file([scene("INT. LAB - DAY"), paragraph("Action", TWO_RUNS)])
    written = tagged(data, with_elements(data, (Category.ANIMALS, "a white dove", "A white dove")))
    assert tags(parse_bytes(written, "x.fdx")) == [Tag("Animals", "a white dove", "A white dove")]


def test_words_under_two_tags_carry_both() -> None:
    data = fdx_files.file([scene("INT. LAB - DAY"), paragraph("Action", "A knife wound bleeds.")])
    found = with_elements(
        data, (Category.MAKEUP_HAIR, "knife wound", "A knife wound"), (Category.WEAPONS, "knife", "A knife wound")
    )
    again = parse_bytes(tagged(data, found), "x.fdx")
    assert set(tags(again)) == {Tag("Makeup/Hair", "knife wound", "knife wound"), Tag("Weapons", "knife", "knife")}
    assert bare(again) == bare(found.screenplay)


TAGGED = (
    '<TagData><TagCategories><TagCategory Color="#1" Id="own" Name="props" Number="3" Style="Bold"/>'
    f'<TagCategory Color="#2" Id="{tag_categories()[Category.ANIMALS].id}" Name="Beasts" Number="30"/>'
    '</TagCategories><TagDefinitions><TagDefinition CatId="own" Id="d1" Label="White Dove" Number="1"/>'
    '</TagDefinitions><Tags><Tag Number="7"><DefId>d1</DefId></Tag></Tags></TagData>'
)


def test_tags_of_the_file_are_kept_and_not_doubled() -> None:
    run = '<Text>A </Text><Text TagNumber="7">white dove</Text><Text> in a cage, a horse.</Text>'
    data = fdx_files.file([scene("INT. LAB - DAY"), paragraph("Action", run)], after=TAGGED)
    found = with_elements(
        data,
        (Category.PROPS, "white dove", "white dove"),
        (Category.PROPS, "cage", "a cage"),
        (Category.ANIMALS, "horse", "a horse"),
        (Category.WEAPONS, "cage", "in a cage"),
    )
    written = tagged(data, found)
    text = written.decode()
    assert '<Text TagNumber="7">white dove</Text>' in text
    assert text.count("White Dove") == 1 and "white dove" not in re.sub(r"<Text.*?</Text>", "", text)
    assert text.count("<TagCategory ") == 3  # weapons came in; props by their name and animals by their id were there
    assert 'Name="Weapons" Number="31"' in text
    read = tags(parse_bytes(written, "x.fdx"))
    assert Tag("props", "White Dove", "white dove") in read
    assert Tag("Beasts", "horse", "horse") in read
    assert len(read) == 4
    assert tagged(written, found) == written


@pytest.mark.parametrize("there", ["", "<TagData/>", "<TagData></TagData>", "<TagData><Tags/></TagData>"])
def test_tag_data_is_made_where_it_is_missing(there: str) -> None:
    data = fdx_files.file([scene("INT. LAB - DAY"), paragraph("Action", "A cage.")], after=there)
    written = tagged(data, with_elements(data, (Category.PROPS, "cage", "cage")))
    assert tags(parse_bytes(written, "x.fdx")) == [Tag("Props", "cage", "cage")]
    assert written.count(b"<TagCategory ") == 23
    assert written.count(b"<TagData") == 1
    assert f'CatId="{PROPS}"'.encode() in written


def test_an_implied_element_is_defined_and_marks_nothing() -> None:
    data = fdx_files.file([scene("INT. LAB - DAY"), paragraph("Action", "She dials.")])
    written = tagged(data, with_elements(data, (Category.PROPS, "phone", "She dials"), implied=True)).decode()
    assert 'Label="phone"' in written
    assert "TagNumber" not in written and "<Text>She dials.</Text>" in written


def test_what_a_person_rejected_is_not_written() -> None:
    data = fdx_files.file([scene("INT. LAB - DAY"), paragraph("Action", "A cage.")])
    assert tagged(data, with_elements(data, (Category.PROPS, "cage", "cage"), status="rejected")) == data


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_encoding_stays(encoding: str) -> None:
    text = fdx_files.file([scene("INT. CAFÉ - DAY"), paragraph("Action", "A crème brûlée.")]).decode()
    declared = text.replace("UTF-8", encoding.upper().replace("-SIG", ""))
    data = declared.encode(encoding)
    found = with_elements(data, (Category.PROPS, "crème brûlée – “flambée”", "crème brûlée"))
    written = tagged(data, found)
    assert written[:2] == data[:2]
    assert written.decode(encoding).startswith(declared[:50])
    assert tags(parse_bytes(written, "x.fdx")) == [Tag("Props", "crème brûlée – “flambée”", "crème brûlée")]
    assert bare(parse_bytes(written, "x.fdx")) == bare(found.screenplay)


def test_a_namespace_and_comments_stay() -> None:
    data = (
        b'<?xml version="1.0"?><f:FinalDraft xmlns:f="urn:x"><!-- kept --><f:Content>'
        b'<f:Paragraph Type="Scene Heading"><f:Text>INT. A - DAY</f:Text></f:Paragraph>'
        b"<f:Paragraph Type='Action'><f:Text Style='Bold'>A <![CDATA[<cage>]]></f:Text></f:Paragraph>"
        b"</f:Content></f:FinalDraft>"
    )
    found = with_elements(data, (Category.PROPS, "cage", "<cage>"))
    written = tagged(data, found)
    assert b"<!-- kept -->" in written
    assert b'<f:Text Style="Bold" TagNumber="1">cage</f:Text>' in written
    assert tags(parse_bytes(written, "x.fdx")) == [Tag("Props", "cage", "cage")]


WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\ufffe\uffff"), min_size=1, max_size=12
).filter(lambda text: text.strip() == text and text)
MARKUP = st.sampled_from(["<b>", "&amp;", "]]>", '"', "'", "<!--", "&#13;", "ß", "İ", "a\tb"])


@settings(max_examples=60, deadline=None)
@given(before=WORDS | MARKUP, words=WORDS | MARKUP, after=WORDS | MARKUP, caps=st.booleans())
def test_any_words_come_back_as_they_were(before: str, words: str, after: str, caps: bool) -> None:
    style = ' Style="AllCaps"' if caps else ""
    run = f"<Text{style}>{escape(f'{before} {words} {after}')}</Text>"
    data = fdx_files.file([scene("INT. LAB - DAY", "(12A)"), paragraph("Action", run)])
    script = parse_bytes(data, "x.fdx")
    line = script.scenes[0].lines[1]
    quote = words.upper() if caps else words
    element = Element(1, Category.PROPS, quote, Quote(1, line.number, quote))
    found = Book(script, Breakdown((SceneBreakdown(1, (element,)),), ()))
    again = parse_bytes(tagged(data, found), "x.fdx")
    assert bare(again) == bare(script)
    (tag,) = tags(again)
    assert tag.label == " ".join(quote.split())
    assert tag.text and tag.text in line.text


def silent(lines: Sequence[Line]) -> list[str]:
    return sorted(line.text for line in lines if line.kind in SILENT_KINDS and line.kind != "page_break")


def shown(lines: Sequence[Line]) -> list[tuple[str, str, bool]]:
    """What is seen and heard; an action broken by hand is one paragraph, and Final Draft's capitals are capitals."""
    found: list[tuple[str, str, bool]] = []
    for line in (line for line in lines if line.kind not in SILENT_KINDS and line.text.strip()):
        if line.kind == "action" and found and found[-1][0] == "action":
            found[-1] = ("action", f"{found[-1][1]}\n{line.text}", False)
        else:
            text = line.text.upper() if line.kind in ("heading", "character", "shot", "transition") else line.text
            found.append((line.kind, text, line.dual))
    return found


FOUNTAIN = """Title: Two Shores
Credit: written by
Author: Nobody & Sons

A storm. <No heading> yet.

INT. BOAT HOUSE - NIGHT #12A#

= Ann finds the "key" & the map.

A brass key
hangs by the door. [[who hung it?]]

ANN
(low)
Take it.

BEN ^
Leave it!

They look up.

~Row, row

> THE END <

===

EXT. BEACH - DAY #12B#

A wave.

===

Another wave.

EXT. PIER - DAY #A13# [[omitted]]

A crane.

OMITTED #14#

# Act Two

.THE OTHER SHORE #14A-1#

CUT TO:

!!CLOSE ON the key
"""


def test_a_fountain_script_becomes_a_file_that_reads_as_the_script() -> None:
    before = parse_bytes(FOUNTAIN.encode(), "x.fountain")
    data = as_fdx(Book(before, Breakdown((), ())))
    after = parse_bytes(data, "x.fdx")
    assert [s.number for s in after.scenes] == [s.number for s in before.scenes]
    assert [(s.page, s.omitted) for s in after.scenes] == [(s.page, s.omitted) for s in before.scenes]
    assert [s.eighths for s in after.scenes] == [s.eighths for s in before.scenes]
    assert after.title == before.title
    assert shown(after.preamble) == shown(before.preamble)
    for old, new in zip(before.scenes, after.scenes, strict=True):
        if old.omitted:
            assert new.lines[0].text.startswith("OMITTED")
        else:
            assert shown(new.lines) == shown(old.lines)
            assert silent(new.lines) == silent(old.lines)
            assert new.synopsis == old.synopsis
    assert b'StartsNewPage="Yes"' in data


def test_the_sample_reads_back_with_its_tags() -> None:
    told = book()
    after = parse_bytes(as_fdx(told), "x.fdx")
    assert [s.number for s in after.scenes] == [s.number for s in told.screenplay.scenes]
    assert [shown(s.lines) for s in after.scenes] == [shown(s.lines) for s in told.screenplay.scenes]
    read = {(s.ordinal, t.category, t.label) for s in after.scenes for line in s.lines for t in line.tags}
    wanted = {
        (sheet.scene.ordinal, FACTS[need.category].label, need.name)
        for sheet in told.sheets
        for need in needs(sheet)
        if need.element and not need.element.implied
    }
    assert read == wanted


def test_revisions_that_are_known_are_written() -> None:
    told = book()
    first = told.screenplay.scenes[0]
    lines = (first.lines[0], replace(first.lines[1], revision="Blue"), replace(first.lines[2], revision="Pink"))
    script = replace(told.screenplay, scenes=(replace(first, lines=lines),), revisions=("Blue",))
    after = parse_bytes(as_fdx(replace(told, screenplay=script)), "x.fdx")
    assert after.revisions == ("Blue", "Pink")
    assert [line.revision for line in after.scenes[0].lines] == [None, "Blue", "Pink"]


def test_many_scripts_become_files_that_read_as_they_did(corpus: Path) -> None:
    tried = 0
    for path in sorted([*corpus.rglob("*.fountain"), *corpus.rglob("*.pdf")]):
        if path.stat().st_size > 60_000:
            continue
        try:
            before = parse(path)
        except BadInput:  # the suites hold files that are no script
            continue
        after = parse_bytes(as_fdx(Book(before, Breakdown((), ()))), "x.fdx")
        old = [scene for scene in before.scenes if not scene.omitted]
        new = [scene for scene in after.scenes if not scene.omitted]
        assert [s.number for s in new] == [s.number for s in old], path
        kept = [[(kind, " ".join(text.split())) for kind, text, _ in shown(s.lines)] for s in new]
        was = [[(kind, " ".join(text.split())) for kind, text, _ in shown(s.lines)] for s in old]
        assert kept == was, path
        tried += 1
    assert tried >= 20


def test_a_production_keeps_the_file_and_adds_to_it(tmp_path: Path) -> None:
    data = fdx_files.file([scene("INT. LAB - DAY", "12A"), paragraph("Action", "A knife on the table.")])
    file = tmp_path / "lab.fdx"
    file.write_bytes(data)
    app = App.init(tmp_path / "lab", "Lab")
    told = app.breakdown(file)
    assert told.original and told.original.read_bytes() == data
    assert uuid.UUID(told.production) and told.created.startswith("20")
    (written,) = export(told, ["fdx"], tmp_path / "out")
    assert "knife" in {tag.label for tag in tags(parse(written))}


def test_a_file_that_is_gone_is_said_and_not_made_up(tmp_path: Path) -> None:
    data = fdx_files.file([scene("INT. LAB - DAY"), paragraph("Action", "A cage.")])
    for original in (None, tmp_path / "gone"):
        with pytest.raises(NotFound) as error:
            as_fdx(replace(with_elements(data), original=original))
        assert "pa ingest" in error.value.hint
