"""Whatever is handed over, it is read or refused with a reason; nothing else comes out of the door."""

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import AssistantError, BadInput, NotFound
from assistant.screenplay import parse, parse_bytes
from assistant.screenplay.decode import decode

FOUNTAIN = "Title: Zoë's Café\n\nINT. CAFÉ - NIGHT\n\nZoë wipes the “zinc” bar.\n\nZOË\nWe’re closed… désolée.\n"
FDX = """<?xml version="1.0" encoding="UTF-8" standalone="no" ?>
<FinalDraft DocumentType="Script" Template="No" Version="4"><Content>
<Paragraph Type="Scene Heading" Number="3"><Text>INT. CAFÉ - NIGHT</Text></Paragraph>
<Paragraph Type="Action"><Text>Zoë wipes the bar.</Text></Paragraph>
</Content></FinalDraft>"""
BOMB = """<?xml version="1.0"?><!DOCTYPE FinalDraft [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<FinalDraft DocumentType="Script"><Content><Paragraph Type="Action"><Text>&c;</Text></Paragraph></Content>
</FinalDraft>"""
STAGE_PLAY = (
    "ACT ONE\n\nSCENE 1\n\nA kitchen. Night.\n\nMARTHA\nWho let the cold in?\n\nPETER\nThe cold lets itself in.\n"
)
PROSE = "It was a bright morning, and the kitchen smelled of bread.\n\nShe had slept in the interior of the bus.\n" * 20


def zipped(member: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member, "x")
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac-roman"])
def test_encodings_of_all_machines_give_the_same_scenes(encoding: str) -> None:
    play = parse_bytes(FOUNTAIN.encode(encoding), "cafe.fountain")
    plain = parse_bytes(FOUNTAIN.encode(), "cafe.fountain")
    assert play.scenes == plain.scenes
    assert play.title == "Zoë's Café"
    assert bool(play.remarks) == (not encoding.startswith("utf-8"))


def test_cyrillic_and_latin_are_told_apart() -> None:
    russian = "ИНТ. КУХНЯ - ДЕНЬ\n\nМаша режет хлеб и молчит.\n"
    assert decode(russian.encode("cp1251")) == (russian, "cp1251")
    assert decode("Größe, Übermut – fällt".encode("cp1252")) == ("Größe, Übermut – fällt", "cp1252")


@pytest.mark.parametrize(
    "name", ["cafe.fountain", "cafe.spmd", "cafe.txt", "cafe.md", "cafe", "cafe.FOUNTAIN", "cafe.text"]
)
def test_fountain_is_read_under_any_text_name(name: str) -> None:
    play = parse_bytes(FOUNTAIN.encode(), name)
    assert play.format == "fountain"
    assert [scene.heading.text for scene in play.scenes] == ["INT. CAFÉ - NIGHT"]


@pytest.mark.parametrize("name", ["cafe.fdx", "cafe.xml", "cafe.txt"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_final_draft_is_known_by_its_content(name: str, encoding: str) -> None:
    play = parse_bytes(FDX.encode(encoding), name)
    assert play.format == "fdx"
    assert [(scene.number, scene.set) for scene in play.scenes] == [("3", "CAFÉ")]


@pytest.mark.parametrize(
    ("data", "name", "said", "hint"),
    [
        (b"", "a.fountain", "empty", "cut off"),
        (b" \r\n\t\n", "a.fountain", "empty", ""),
        (b"\xef\xbb\xbf\n", "a.txt", "empty", ""),
        (bytes(range(256)) * 40, "a.fountain", "not text", "Fountain"),
        (b"\x89PNG\r\n\x1a\n" + bytes(2000), "a.txt", "not text", "Fountain"),
        (STAGE_PLAY.encode(), "play.fountain", "No scene heading", "INT. KITCHEN - DAY"),
        (PROSE.encode(), "novel.txt", "No scene heading", "INT. KITCHEN - DAY"),
        (b"word " * 20_000, "a.fountain", "far more text", "right file"),
        (b"word word word\n" * 400_000, "a.txt", "far more text", "right file"),
        (zipped("word/document.xml"), "a.docx", "docx", "Fountain or FDX"),
        (zipped("word/document.xml"), "a.txt", "docx", "Fountain or FDX"),
        (zipped("document.xml"), "a.fadein", "fadein", "Fade In"),
        (zipped("project.rdf"), "a.celtx", "celtx", "Celtx"),
        (zipped("anything"), "a", "zip", "Unpack"),
        (b"PK\x03\x04broken", "a", "zip", "Unpack"),
        (b"{\\rtf1 INT. CAFE - DAY}", "a.txt", "rtf", "plain text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.doc", "doc", "plain text"),
        (b"<!DOCTYPE html><html><p>INT. CAFE - DAY</p></html>", "a.txt", "html", "Fountain"),
        (b"\xef\xbb\xbf#Version 3\n#Begin-Config\n", "a.trelby", "trelby", "Trelby"),
        (FOUNTAIN.encode(), "a.fdx", r"called \.fdx", "Export"),
        (FOUNTAIN.encode(), "a.pdf", r"called \.pdf", "Export"),
        (BOMB.encode(), "bomb.fdx", "entit", ""),
        (b"<?xml version='1.0'?><opml/>", "a.xml", "a.xml", ""),
        (b"<?xml version='1.0'?><FinalDraft><Content>", "a.fdx", "XML", ""),
    ],
)
def test_every_refusal_names_the_file_and_says_what_to_do(data: bytes, name: str, said: str, hint: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        parse_bytes(data, name)
    assert name in caught.value.sentence
    assert hint in caught.value.hint and caught.value.hint
    assert caught.value.exit_code == 10


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.fountain"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(BadInput, match="200 MB"):
        parse(path)


def test_a_missing_file_a_folder_and_a_locked_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"gone\.fountain"):
        parse(tmp_path / "gone.fountain")
    with pytest.raises(BadInput, match="folder"):
        parse(tmp_path)
    with pytest.raises(AssistantError):
        parse(tmp_path / "bad\0name.fountain")
    with pytest.raises(BadInput, match="no file"):
        parse(Path(os.devnull))
    locked = tmp_path / "locked.fountain"
    locked.write_text(FOUNTAIN, encoding="utf-8")
    locked.chmod(0)
    if os.access(locked, os.R_OK):
        pytest.skip("this account reads everything")
    with pytest.raises(BadInput, match="can not be read"):
        parse(locked)


def test_reading_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cafe.fountain"
    path.write_text(FOUNTAIN, encoding="utf-8")
    before = path.stat().st_mtime_ns
    parse(path)
    with pytest.raises(BadInput):
        parse_bytes(PROSE.encode(), "novel.txt")
    assert [entry.name for entry in tmp_path.iterdir()] == ["cafe.fountain"]
    assert path.stat().st_mtime_ns == before


NAMES = st.sampled_from(["a", "a.txt", "a.fountain", "a.fdx", "a.pdf", "a.celtx", "a.md", ""])
STARTS = st.sampled_from(
    [
        b"",
        b"%PDF-1.4\n",
        b"<?xml version='1.0'?>",
        b"<FinalDraft>",
        b"PK\x03\x04",
        b"\xff\xfe",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
    ]
    + [b"\xff\xfe\0\0", b"INT. A - DAY\n\n", b"          INT. A - DAY\n\n                    BOB\n          hi\n" * 3]
)


@settings(max_examples=150, deadline=None)
@given(STARTS, st.binary(max_size=400), NAMES)
def test_no_bytes_raise_anything_but_our_errors(start: bytes, rest: bytes, name: str) -> None:
    try:
        play = parse_bytes(start + rest, name)
    except AssistantError as error:
        assert error.sentence
    else:
        assert play.scenes


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("INT. EXTABC\n\t ()-:'*>#12ab\u00e9\u0661\u2028\x0c"), max_size=200), NAMES)
def test_no_text_raises_anything_but_our_errors(text: str, name: str) -> None:
    try:
        parse_bytes(text.encode(), name)
    except AssistantError as error:
        assert error.hint
