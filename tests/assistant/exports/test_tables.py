"""CSV and XLSX: the right cells, and none that a spreadsheet would compute."""

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.categories import FACTS
from assistant.exports import cells, export
from assistant.exports.csv_file import read
from tests.assistant.exports.sample import book

TEXT = st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc", "Cn"]))
NAME = TEXT.map(str.strip).filter(bool)
DANGER = tuple("=+-@\t\r\n＝＋－＠")


@given(TEXT | st.sampled_from(["=1+1", "'=1", "''@x", "\t=x", "'TIS", "-- and so on"]))
def test_a_cell_is_no_formula_and_reads_back(text: str) -> None:
    cell = cells.safe(text)
    assert not cell.startswith(DANGER)
    assert cells.unsafe(cell) == text


@given(st.lists(NAME))
def test_names_in_one_cell_come_apart_again(names: list[str]) -> None:
    cell = cells.safe(cells.join(names))
    assert cells.split(cells.unsafe(cell)) == names


def test_no_name_in_a_joined_cell_starts_a_formula() -> None:
    assert cells.join(["a;=1", "=2"]) == "a\\;=1; '=2"


def test_control_characters_are_dropped() -> None:
    assert cells.safe("a\x00b\x1fc\ud800d") == "abcd"


def test_the_csv_opens_in_excel_as_utf8(tmp_path: Path) -> None:
    for path in export(book(), ["csv"], tmp_path):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_scene_table(tmp_path: Path) -> None:
    scenes, _ = export(book(), ["csv"], tmp_path)
    rows = read(scenes)
    assert [row["Scene"] for row in rows] == ["1", "2", "2A", "3", "4", "5", "6", "7"]
    first = rows[0]
    assert (first["I/E"], first["Set"], first["D/N"], first["Pages"], first["Eighths"], first["Script Day"]) == (
        "EXT",
        "FERRY LANDING",
        "NIGHT",
        "6/8",
        "6",
        "N1",
    )
    assert cells.split(first["Props"]) == ["umbrellas", "steamer trunk"]
    assert cells.split(rows[4]["Cast IDs"]) == ["1", "3", "4"]
    assert first["Background Actors"] == "40 × passengers"
    assert rows[3]["Set"] == "OMITTED"
    assert "waves" not in rows[4]["Visual Effects"], "a rejected element is in no box"


def test_the_element_table_reads_back(tmp_path: Path) -> None:
    given_book = book(hostile=True)
    _, elements = export(given_book, ["csv"], tmp_path)
    rows = read(elements)
    found = given_book.breakdown.elements
    assert [(row["Element"], row["Quote"], int(row["Line"]), row["Status"]) for row in rows] == [
        (element.name, element.evidence.text, element.evidence.line, element.status) for element in found
    ]
    assert len({row["Id"] for row in rows}) == len(found)


def test_ids_stay_when_a_scene_moves() -> None:
    one, two = book(), book(times=2)
    ids = {one.element_id(element) for element in one.breakdown.elements}
    assert ids < {two.element_id(element) for element in two.breakdown.elements}


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    (path,) = export(book(), ["xlsx"], tmp_path_factory.mktemp("xlsx"))
    return openpyxl.load_workbook(path)


def test_the_workbook_has_a_sheet_for_every_department(workbook: openpyxl.Workbook) -> None:
    departments = [FACTS[category].label.replace("/", "-") for category in book().categories]
    assert workbook.sheetnames == ["Overview", "Scenes", "Cast", *departments]


def test_tables_keep_their_header_and_have_a_filter(workbook: openpyxl.Workbook) -> None:
    for sheet in workbook.worksheets[1:]:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"


def test_strips_colour_the_rows(workbook: openpyxl.Workbook) -> None:
    colours = {row[0].value: row[0].fill.fgColor.rgb for row in workbook["Scenes"].iter_rows(min_row=2)}
    assert colours["1"] == "FF9FD8A4", "EXT NIGHT is green"
    assert colours["2"] == "FFA9C9F5", "INT NIGHT is blue"
    assert colours["6"] == "FFFFE66B", "EXT DAY is yellow"
    assert colours["7"] == "FFFFFFFF", "INT DAY is white"


def test_an_element_row_has_an_id_its_quote_and_an_empty_decision(workbook: openpyxl.Workbook) -> None:
    sheet = workbook["Special Effects"]
    head = [cell.value for cell in sheet[1]]
    row = dict(zip(head, [cell.value for cell in sheet[2]], strict=True))
    assert row["Element"] == "rain"
    assert row["Quote"] == "Rain hammers"
    assert row["Line"] == 2
    assert row["Decision"] is None
    assert row["Id"] in {book().element_id(element) for element in book().breakdown.elements}
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"accept,edit,reject"'


def test_the_cast_sheet_lists_scenes_for_a_day_out_of_days(workbook: openpyxl.Workbook) -> None:
    sheet = workbook["Cast"]
    head = [cell.value for cell in sheet[1]]
    row = dict(zip(head, [cell.value for cell in sheet[2]], strict=True))
    assert (row["ID"], row["Character"], row["Scenes"], row["In scenes"]) == ("1", "NELL", 6, "1; 2; 4; 5; 6; 7")


def test_no_cell_of_a_hostile_script_is_a_formula(tmp_path: Path) -> None:
    (path,) = export(book(hostile="=HYPERLINK(1)\x07"), ["xlsx"], tmp_path)
    values = [cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("'=HYPERLINK") for cell in values)
    assert not [cell for cell in values if cell.data_type == "f" or str(cell.value).startswith(DANGER)]
