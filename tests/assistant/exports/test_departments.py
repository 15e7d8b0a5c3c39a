"""Department lists: everything a department has to bring, once, with its scenes, days and words."""

from pathlib import Path

import pypdfium2

from assistant.domain.categories import Category
from assistant.exports import export
from assistant.exports.departments import departments_data, lists
from tests.assistant.exports.sample import book


def words(path: Path) -> list[str]:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_range() for page in pdf]
    finally:
        pdf.close()


def test_each_department_begins_a_page(tmp_path: Path) -> None:
    (path,) = export(book(), ["departments"], tmp_path)
    assert path.name == "the-last-ferry-departments.pdf"
    pages = words(path)
    labels = [department["label"] for department in departments_data(book())["departments"]]
    assert len(pages) == len(labels)
    assert all(page.startswith(label) for page, label in zip(pages, labels, strict=True))
    props = pages[labels.index("Props")]
    assert "steamer trunk" in props and "drags a steamer trunk" in props


def test_a_thing_in_several_scenes_is_one_row_with_its_days() -> None:
    (trunk,) = [item for item in lists(book())[Category.PROPS] if item.name == "steamer trunk"]
    assert [sheet.scene.label for sheet, _ in trunk.uses] == ["1", "2", "5"]
    assert trunk.days == ["N1", "D2"]
    assert trunk.proof and trunk.proof[1].evidence.text == "drags a steamer trunk"


def test_the_cast_comes_by_number_and_crowds_with_their_size() -> None:
    told = {department["label"]: department["rows"] for department in departments_data(book())["departments"]}
    assert [row["name"] for row in told["Cast Members"]][:2] == ["1.  NELL", "2.  CAPTAIN ORR"]
    assert next(row for row in told["Background Actors"] if row["name"] == "passengers")["quantity"] == "40"
    assert next(row for row in told["Vehicles"] if row["name"] == "ferry")["implied"]


def test_a_long_list_goes_on_over_pages_with_its_head(tmp_path: Path) -> None:
    (path,) = export(book(times=40), ["departments"], tmp_path)
    assert any("240 scenes:" in page for page in words(path))


def test_an_empty_breakdown_still_prints(tmp_path: Path) -> None:
    empty = book()
    bare = type(empty)(empty.screenplay, type(empty.breakdown)((), ()))
    (path,) = export(bare, ["departments"], tmp_path)
    assert "Nothing was found" in words(path)[0]


def test_text_that_looks_like_typst_stays_text(tmp_path: Path) -> None:
    (path,) = export(book(hostile="=#panic() $x$ *a* @b \\ ] [ "), ["departments"], tmp_path)
    assert any("#panic()" in page for page in words(path))
