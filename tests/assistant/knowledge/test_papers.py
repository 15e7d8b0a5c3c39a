"""Every kind of paper is read line by line; what is damaged, locked or a bomb is refused with a reason."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from assistant.errors import BadInput, NotFound
from assistant.knowledge.papers import guessed_kind, kind_named, load_bytes, read_paper

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MAIL = (
    b"From: Unit <unit@example.org>\r\nTo: office@example.org\r\nSubject: Bridge permit\r\n"
    b"Date: Mon, 07 Sep 2026 10:00:00 +0000\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b"<p>The permit covers <b>night</b> only.</p><script>steal()</script><p>Until Friday.</p>"
)


def docx(body: str, member: str = "word/document.xml") -> bytes:
    """A Word file with this body."""
    text = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return zipped({member: text.encode()})


def zipped(members: dict[str, bytes]) -> bytes:
    """An archive of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_word_gives_paragraphs_headings_and_rows() -> None:
    heading = '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Permit</w:t></w:r></w:p>'
    cells = "".join(f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>" for text in ("Bridge", "1 June"))
    deleted = "<w:p><w:r><w:t>Nights</w:t></w:r><w:del><w:r><w:delText>Days</w:delText></w:r></w:del></w:p>"
    paper = read_paper(docx(f"{heading}<w:tbl><w:tr>{cells}</w:tr></w:tbl>{deleted}"), "contract.docx")
    assert paper.lines == ("# Permit", "Bridge | 1 June", "Nights")
    assert paper.kind == "contract"
    assert paper.passages()[0].label == "Permit"


def test_a_workbook_gives_its_sheets_as_sections(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Cast"
    book.active.append(["Id", "Name", None])
    book.active.append([1.0, "Nora", "=1+1"])
    book.save(tmp_path / "cast.xlsx")
    paper = read_paper((tmp_path / "cast.xlsx").read_bytes(), "cast.xlsx")
    assert paper.lines[:3] == ("# Cast", "Id | Name", "1 | Nora")


def test_a_mail_says_who_and_when_and_its_scripts_are_gone() -> None:
    paper = read_paper(MAIL, "mail.eml")
    assert "Subject: Bridge permit" in paper.lines
    assert any("The permit covers night only." in line for line in paper.lines)
    assert not any("steal" in line for line in paper.lines)


def test_lists_and_texts_in_any_encoding() -> None:
    assert read_paper(b"Id;Name\n1;Tom\xe1s\n", "list.csv").lines == ("Id | Name", "1 | Tomás")
    assert read_paper("Línea".encode("utf-16"), "note.txt").lines == ("Línea",)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.docx", zipped({"other.xml": b"<a/>"})),
        ("a.docx", zipped({"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})),
        ("a.docx", zipped({"word/document.xml": b"0" * 30_000_000})),
        ("a.xlsx", zipped({"x": b"y"})),
        ("a.txt", b"MZ\0\0\0binary"),
        ("a.md", b"   \n\n"),
        ("a.eml", b"no head here\n"),
        ("a.rtf", b"{\\rtf1}"),
        ("a.txt", b"x" * 200_000),
    ],
)
def test_what_is_no_such_paper_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        read_paper(data, name)
    assert caught.value.sentence
    assert caught.value.hint


def test_files_that_are_not_there_or_empty(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load_bytes(tmp_path / "none.md")
    (tmp_path / "empty.md").write_bytes(b" \n")
    with pytest.raises(BadInput):
        load_bytes(tmp_path / "empty.md")
    with pytest.raises(BadInput):
        load_bytes(tmp_path)


@pytest.mark.parametrize(
    ("name", "first", "kind"),
    [
        ("callsheet-day-1.md", "", "call sheet"),
        ("plan de rodaje.xlsx", "", "schedule"),
        ("bible.md", "", "bible"),
        ("x.docx", "LOCATION AGREEMENT", "contract"),
        ("ideas.txt", "buy milk", "note"),
    ],
)
def test_a_kind_is_guessed_by_name_then_by_content(name: str, first: str, kind: str) -> None:
    assert guessed_kind(name, (first,)) == kind


def test_kinds_as_people_type_them() -> None:
    assert kind_named("Call-Sheet") == "call sheet"
    with pytest.raises(NotFound):
        kind_named("poem")
