"""The papers: a sheet for each scene that is shot, and a script that is still the script."""

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from assistant.exports import export
from assistant.exports.html_file import render
from assistant.exports.sheets import script_data, sheets_data
from tests.assistant.exports.sample import book


def words(path: Path) -> list[str]:
    """The text of each page."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_range() for page in pdf]
    finally:
        pdf.close()


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return export(book(), ["pdf"], tmp_path_factory.mktemp("pdf"))


def test_one_scene_a_sheet_and_none_for_an_omitted_one(papers: list[Path]) -> None:
    pages = words(papers[0])
    assert len(pages) == 7
    assert "FERRY LANDING" in pages[0]
    assert "steamer trunk" in pages[0]
    assert "Breakdown sheet 3 of 7" in pages[2]
    assert "FERRY PASSAGE" in pages[2]


def test_the_script_keeps_its_words(papers: list[Path]) -> None:
    text = " ".join(" ".join(words(papers[1])).split())
    assert "Hold the boat! Hold it!" in text
    assert "INT. FERRY WHEELHOUSE - NIGHT" in text


def test_a_sheet_is_laid_in_three_columns_in_order() -> None:
    for sheet in sheets_data(book())["sheets"]:
        assert len(sheet["columns"]) <= 3
        labels = [box["label"] for column in sheet["columns"] for box in column]
        assert len(labels) == len(set(labels))
    first = sheets_data(book())["sheets"][0]["columns"]
    assert [box["label"] for box in first[0]][:2] == ["Cast Members", "Background Actors"]
    assert len(first) == 3


def test_the_script_data_keeps_every_line() -> None:
    scenes = script_data(book())["scenes"]
    told = [["".join(piece[0] for piece in pieces) for _, pieces, _ in scene["lines"]] for scene in scenes]
    assert told == [[line.text for line in scene.lines] for scene in book().screenplay.scenes]


def test_a_revised_line_has_its_star(tmp_path: Path) -> None:
    told = book()
    first = told.screenplay.scenes[0]
    lines = tuple(replace(line, revision="Blue" if line.kind == "dialogue" else None) for line in first.lines)
    scenes = (replace(first, lines=lines), *told.screenplay.scenes[1:])
    revised = replace(told, screenplay=replace(told.screenplay, scenes=scenes))
    _, script = export(revised, ["pdf"], tmp_path)
    assert "".join(words(script)).count("*") == "".join(words(export(told, ["pdf"], tmp_path)[1])).count("*") + 1
    assert render(revised).count('class="d x"') == 1


def test_text_that_looks_like_typst_stays_text(tmp_path: Path) -> None:
    sheets, _ = export(book(hostile="=#panic() $x$ *a* @b \\ ] [ "), ["pdf"], tmp_path)
    assert "#panic()" in words(sheets)[0]


def test_the_same_book_gives_the_same_bytes(papers: list[Path], tmp_path: Path) -> None:
    again = export(book(), ["pdf"], tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in papers]
