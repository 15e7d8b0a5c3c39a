"""A board on paper and in files: spreadsheets add up, calendars parse, PDFs say and show what they must."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from assistant.domain.boardbook import BoardBook
from assistant.domain.categories import Category
from assistant.domain.schedule import DayPlan, Schedule
from assistant.domain.screenplay import pages
from assistant.errors import NotFound, SettingsError
from assistant.exports.boards import export_board
from assistant.exports.boards.calendar_file import render as calendar
from assistant.exports.boards.dood_file import export_dood
from assistant.exports.boards.html_file import render as page
from assistant.exports.boards.pdf import callsheet
from assistant.exports.boards.plain import cover_words, plain, plain_day
from assistant.exports.book import Book
from assistant.exports.strips import STRIPS
from assistant.exports.typeset import typeset
from assistant.store.schedules import Board
from assistant.workflows.schedule_book import board_book, with_dood_of
from tests.assistant.exports.sample import book
from tests.assistant.exports.test_uss_board import problem

FACTS = {"cost": 100, "lower_bound": 50, "bound_how": "counted"}
DAYS = ((1, 5), (3, 2), (6,))


def made(told: Book | None = None, days: tuple[tuple[int, ...], ...] = DAYS) -> tuple[BoardBook, Schedule]:
    """The sample's board, its days a date apart from each other and over a weekend; the rest waits."""
    told = told or book()
    shoot = problem(told)
    dates = [day.date for day in shoot.days][3:]
    placed = {scene for day in days for scene in day}
    rest = tuple(strip.scene for strip in shoot.strips if strip.scene not in placed)
    schedule = Schedule(tuple(DayPlan(on, scenes) for on, scenes in zip(dates, days, strict=False)), rest)
    return board_book(shoot, Board(2, 1, schedule, FACTS, "drafted", "2027-01-05T10:00:00+00:00"), told), schedule


@pytest.fixture(scope="module")
def board() -> BoardBook:
    return made()[0]


def sheet(told: BoardBook, name: str, folder: Path) -> list[tuple[Any, ...]]:
    (path,) = export_board(told, ["xlsx"], folder)
    return list(load_workbook(path)[name].iter_rows(values_only=True))


def test_the_workbooks_day_breaks_and_totals_are_right(board: BoardBook, tmp_path: Path) -> None:
    head, *rows = sheet(board, "Stripboard", tmp_path)
    eighths, number = head.index("Eighths"), 1
    running = 0
    for row in rows:
        if str(row[0]).startswith("End of Day"):
            day = board.day(number)
            assert day is not None
            assert row[0] == f"End of Day {number} – {day.date:%a, %d %b %Y} – {pages(running)} pages"
            number, running = number + 1, 0
        elif str(row[0]).startswith("Cover sets"):
            day = board.day(number - 1)
            assert day is not None and row[0] == cover_words(day) and all(strip.set in row[0] for strip in day.cover)
        elif row[1] != "boneyard":
            assert row[0] == str(number)
            running += row[eighths]
    assert number == 4 and sum(row[1] == "boneyard" for row in rows) == len(board.boneyard)


def test_the_workbooks_strips_have_the_trades_colours(board: BoardBook, tmp_path: Path) -> None:
    (path,) = export_board(board, ["xlsx"], tmp_path)
    board_sheet = load_workbook(path)["Stripboard"]
    fills = {row[2].value: row[2].fill.fgColor.rgb[-6:].lower() for row in board_sheet.iter_rows(min_row=2)}
    for day in board.days:
        for strip in day.strips:
            assert f"#{fills[strip.label]}" == STRIPS[strip.colour].fill
    breaks = [row[0] for row in board_sheet.iter_rows() if str(row[0].value).startswith("End of Day")]
    assert [cell.fill.fgColor.rgb[-6:] for cell in breaks] == ["000000"] * 3


def test_the_day_out_of_days_adds_up_in_every_file(board: BoardBook, tmp_path: Path) -> None:
    by_sheet = sheet(board, "Day out of days", tmp_path)
    paths = {path.name: path for path in export_board(board, ["csv"], tmp_path)}
    text = next(path for name, path in paths.items() if name.endswith("-dood.csv")).read_bytes().decode("utf-8-sig")
    by_csv = list(csv.reader(io.StringIO(text)))
    for head, numbers, *rows, sums in (by_csv, [[str(cell or "") for cell in row] for row in by_sheet]):
        first, last = 2, len(head) - 5
        assert head[first] == board.dates[0].isoformat() and [n for n in numbers[first:last] if n] == ["1", "2", "3"]
        for row in rows:
            assert int(row[-3] or 0) == sum("W" in cell for cell in row[first:last])
            assert int(row[-2] or 0) == sum(cell == "H" for cell in row[first:last])
            assert int(row[-1] or 0) == int(row[-3] or 0) + int(row[-2] or 0)
        for at in range(first, last):
            assert int(sums[at] or 0) == sum("W" in row[at] for row in rows)
        assert int(sums[-1]) == sum(int(row[-1] or 0) for row in rows)


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    told, _ = made(book(hostile="=cmd|' /C calc'!A1"))
    for row in sheet(told, "Stripboard", tmp_path):
        assert not any(isinstance(cell, str) and cell.startswith(("=", "+", "@")) for cell in row)
    for path in export_board(told, ["csv"], tmp_path):
        for line in csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))):
            assert not any(cell.startswith(("=", "+", "@")) for cell in line)


# calendar


def events(content: bytes) -> list[Mapping[str, str]]:
    """The calendar's events, unfolded and unescaped as RFC 5545 says."""
    lines = content.decode("utf-8").replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    found: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            found[-1][name] = unescaped(value)
    return found


def unescaped(value: str) -> str:
    out, letters = "", iter(value)
    for letter in letters:
        after = next(letters, "") if letter == "\\" else ""
        out += {"n": "\n", "N": "\n"}.get(after, after) if after else letter
    return out


def test_a_day_is_an_all_day_event_with_scenes_and_places(board: BoardBook) -> None:
    told = events(calendar(board))
    assert len(told) == 3
    for event, day in zip(told, board.days, strict=True):
        assert event["DTSTART;VALUE=DATE"] == f"{day.date:%Y%m%d}"
        assert event["DTEND;VALUE=DATE"] == f"{day.date + timedelta(days=1):%Y%m%d}"
        assert event["SUMMARY"] == f"{board.title} – shoot day {day.number}"
        assert event["LOCATION"] == " / ".join(day.locations)
        assert f"Scenes {', '.join(strip.label for strip in day.strips)}\n" in event["DESCRIPTION"]
    assert len({event["UID"] for event in told}) == 3


def test_a_new_board_changes_the_same_events(board: BoardBook) -> None:
    later = replace(board, board=7, days=tuple(replace(d, date=d.date + timedelta(days=7)) for d in board.days))
    old, new = events(calendar(board)), events(calendar(later))
    assert [event["UID"] for event in old] == [event["UID"] for event in new]
    assert int(new[0]["SEQUENCE"]) > int(old[0]["SEQUENCE"])


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200), st.text("a,;\\\n é😀", max_size=120))
def test_lines_are_folded_between_letters_and_escapes_come_back(title: str, place: str) -> None:
    board = made()[0]
    day = board.days[0]
    odd = replace(board, title=title, days=(replace(day, strips=(replace(day.strips[0], location=place),)),))
    content = calendar(odd)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    (event,) = events(content)
    assert event["SUMMARY"] == f"{title} – shoot day 1" and event["LOCATION"] == place


# paper


def text_of(content: bytes) -> str:
    """All words of a PDF with single spaces."""
    document = pypdfium2.PdfDocument(content)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


def colours_of(content: bytes) -> set[tuple[int, int, int]]:
    """Every colour on the first page."""
    image = pypdfium2.PdfDocument(content)[0].render(scale=1).to_numpy()
    return {(int(r), int(g), int(b)) for b, g, r in image[:, :, :3].reshape(-1, 3)[::3]}


def papers(board: BoardBook, folder: Path) -> dict[str, bytes]:
    stem = "the-last-ferry-"
    return {path.stem.removeprefix(stem): path.read_bytes() for path in export_board(board, ["pdf"], folder)}


def test_the_stripboard_shows_strips_moves_breaks_and_colours(board: BoardBook, tmp_path: Path) -> None:
    content = papers(board, tmp_path)["stripboard"]
    text = text_of(content)
    for day in board.days:
        assert f"End of Day {day.number} – {day.date:%a, %d %b %Y} – {pages(day.eighths)} pages" in text
        assert all(strip.set in text for strip in day.strips)
        assert text.count("COMPANY MOVE TO") == sum(
            a.location != b.location for d in board.days for a, b in zip(d.strips, d.strips[1:], strict=False)
        )
    assert "Boneyard" in text and "Cost" in text and "counted" in text
    here = colours_of(content)
    wanted = {STRIPS[strip.colour].fill for day in board.days for strip in day.strips}
    assert wanted and all(tuple(bytes.fromhex(fill[1:])) in here for fill in wanted)
    assert (0, 0, 0) in here


def test_the_other_papers_say_what_they_must(board: BoardBook, tmp_path: Path) -> None:
    said = {name: text_of(content) for name, content in papers(board, tmp_path).items()}
    assert set(said) == {"stripboard", "one-liner", "shooting-schedule", "dood"}
    scenes = sum(len(day.strips) for day in board.days)
    assert f"3 shooting days · {scenes} scenes · {pages(board.eighths)} pages" in said["one-liner"]
    needs = {name for day in board.days for strip in day.strips for _, names in strip.needs for name in names}
    assert needs and all(name in said["shooting-schedule"] for name in needs)
    assert all(row.name in said["dood"] for row in board.dood) and "WORKING" in said["dood"]
    assert "End of Day 3" in said["one-liner"] and "End of Day 3" in said["shooting-schedule"]


def test_a_call_sheet_has_scenes_cast_advance_and_open_fields(board: BoardBook) -> None:
    text = text_of(callsheet(board, 2))
    assert "2 of 3" in text and "to be set" in text and "Nearest hospital".upper() in text.upper()
    day, following = board.days[1], board.days[2]
    names = dict(board.cast)
    assert all(strip.set in text for strip in day.strips) and all(names[ident] in text for ident in day.cast)
    assert f"ADVANCE: DAY 3, {following.date:%a, %d %b %Y}".upper() in text.upper()
    assert "ADVANCE" not in text_of(callsheet(board, 3))
    with pytest.raises(NotFound, match="no shooting day 4"):
        callsheet(board, 4)


def test_cover_sets_stand_on_every_paper_of_a_day_with_exteriors(board: BoardBook, tmp_path: Path) -> None:
    day = board.days[0]
    assert [strip.label for strip in day.cover] == ["2A", "2"] and not board.days[2].cover
    told = "COVER SETS 2A FERRY PASSAGE, 2/8 pg, cast 3 · 2 FERRY WHEELHOUSE, 1 2/8 pg, cast 1, 2"
    said = {name: text_of(content) for name, content in papers(board, tmp_path).items()}
    assert all(told in said[name].replace("\xa0", " ") for name in ("stripboard", "one-liner", "shooting-schedule"))
    sheet = text_of(callsheet(board, 1))
    assert "COVER SETS should the weather not hold" in sheet and "2A INT FERRY PASSAGE" in sheet
    assert "COVER SETS" not in text_of(callsheet(board, 3))
    assert [row["label"] for row in plain_day(day, 3)["cover"]] == ["2A", "2"]
    assert plain_day(day, 3)["cover"][1]["cast"] == ["1", "2"]
    covered = sum(bool(one.cover) for one in board.days)
    assert (
        page(board).count("<em>Cover sets</em>")
        == covered
        == text_of(papers(board, tmp_path)["one-liner"]).count("COVER SETS")
    )


@pytest.mark.parametrize("template", ["board-oneliner", "board-strips", "board-shooting"])
def test_no_page_ends_with_a_days_head_or_begins_with_its_end(template: str) -> None:
    """Days of two strips after first days of every length, so that a page ends at each row of a day once."""
    board = made()[0]
    pair = tuple(replace(board.days[1].strips[i % 2], location=f"PLACE {i}") for i in range(2))
    for much in range(1, 9):
        first = replace(board.days[0], strips=board.days[0].strips[:1] * much)
        days = (first, *(replace(board.days[1], number=n, strips=pair, cover=first.cover) for n in range(2, 16)))
        document = pypdfium2.PdfDocument(typeset(template, plain(replace(board, days=days, boneyard=()))))
        for number, sheet in enumerate(document):
            lines = [line for line in sheet.get_textpage().get_text_range().splitlines() if line.strip()][:-1]
            body = lines[2:] if number == 0 else lines[template != "board-shooting" :]
            assert not body[-1].startswith(("Shoot day", "COMPANY MOVE")), (much, number)
            assert not body[0].startswith(("End of Day", "COVER SETS")), (much, number)


def test_a_long_shoot_has_its_totals_on_the_last_page_and_loses_no_date() -> None:
    long = made(book(times=6), tuple((scene,) for scene in (*range(1, 4), *range(5, 15))))[0]
    wide = replace(
        long,
        dates=tuple(date(2027, 3, 1) + timedelta(days=i) for i in range(100)),
        shoot_days=tuple(i + 1 if i % 7 < 5 else None for i in range(100)),
        dood=tuple(replace(row, cells=("W",) * 100) for row in long.dood),
    )
    document = pypdfium2.PdfDocument(typeset("board-dood", plain(wide)))
    said = [page.get_textpage().get_text_range() for page in document]
    assert len(said) == 3
    assert ["Total" in page for page in said] == [False, False, True]
    numbers = " ".join(said).split()
    assert all(str(n) in numbers for n in wide.shoot_days if n)


@pytest.mark.parametrize("hostile", [True, "#let x = 1 ]] *bold* @ref $math$ <label> \\ "])
def test_script_text_is_never_read_as_markup(hostile: bool | str, tmp_path: Path) -> None:
    told, _ = made(book(hostile=hostile))
    assert all(content.startswith(b"%PDF") for content in papers(told, tmp_path).values() if content)
    assert callsheet(told, 1).startswith(b"%PDF")


def test_any_category_has_its_chart_on_paper_and_as_csv(tmp_path: Path) -> None:
    told, schedule = made()
    props = with_dood_of(told, problem(), schedule, Category.PROPS)
    assert props.dood and {row.name for row in props.dood} != {row.name for row in told.dood}
    text = text_of(export_dood(props, tmp_path / "props.pdf").read_bytes())
    assert "Day out of days – Props" in text and all(row.name in text for row in props.dood)
    rows = list(csv.reader(io.StringIO(export_dood(props, tmp_path / "props.csv").read_bytes().decode("utf-8-sig"))))
    assert [row[1] for row in rows[2:-1]] == [row.name for row in props.dood]
    with pytest.raises(SettingsError, match="as .pdf or .csv"):
        export_dood(props, tmp_path / "props.doc")


def test_formats_are_named_and_a_wrong_one_writes_nothing(board: BoardBook, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no schedule format 'xslx'") as refused:
        export_board(board, ["csv", "xslx"], tmp_path)
    assert "xlsx" in refused.value.hint and not list(tmp_path.iterdir())
