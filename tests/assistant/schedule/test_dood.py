"""Day out of days: codes, the drop rule, days off, and totals that add up."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.categories import Category
from assistant.domain.schedule import DayPlan, Resource, Schedule
from assistant.schedule.dood import WORKING, Engaged, chart, chart_of
from tests.assistant.schedule.making import days, problem, schedule, strip

COMPANY = [day.date for day in days(25)]


def row(*scenes_on: int, holds: bool = True, drops: bool = True, limit: int | None = 10) -> list[str]:
    """The cells of someone who works on these company days, on a board that shoots every day."""
    board = Schedule(tuple(DayPlan(day, (i,)) for i, day in enumerate(COMPANY)))
    person = Engaged("1", "RAY", frozenset(scenes_on), holds, drops)
    made = chart_of(board, COMPANY, [person], limit)
    return [cell for day, cell in zip(made.dates, made.rows[0].cells, strict=True) if day in set(COMPANY)]


def test_codes_of_a_plain_engagement() -> None:
    assert row(0)[:2] == ["SWF", ""]
    assert row(0, 1, 2)[:4] == ["SW", "W", "WF", ""]
    assert row(1, 4)[:6] == ["", "SW", "H", "H", "WF", ""]


def test_drop_and_pickup() -> None:
    assert row(0, 1, 12, 13)[:14] == ["SW", "WD", *[""] * 10, "PW", "WF"]
    assert row(0, 12)[:13] == ["SWD", *[""] * 11, "PWF"]


def test_ten_calendar_days_are_not_enough_eleven_are() -> None:
    ten, eleven = row(0, 8), row(1, 10)  # Monday to Thursday of the next week: ten days; Tuesday to Monday: 13
    assert ten[1] == "H" and eleven[1] == "SWD"
    assert row(1, 10, limit=14)[2] == "H"


def test_only_one_drop_and_it_is_the_longest_gap() -> None:
    cells = row(0, 9, 22)
    assert cells[0] == "SW" and cells[9] == "WD" and cells[22] == "PWF"
    assert cells[1:9] == ["H"] * 8 and cells[10:22] == [""] * 12


def test_who_is_not_dropped_or_held() -> None:
    assert set(row(0, 20, drops=False)[1:20]) == {"H"}
    assert set(row(0, 20, holds=False)[1:20]) == {""}
    assert row(0, 20, limit=None)[5] == "H"


def test_days_off_are_columns_without_codes() -> None:
    board = Schedule((DayPlan(COMPANY[4], (1,)), DayPlan(COMPANY[5], (2,))))
    made = chart_of(board, COMPANY, [Engaged("1", "RAY", frozenset({1, 2}))], 10)
    assert [day.weekday() for day in made.dates] == [4, 5, 6, 0]
    assert made.rows[0].cells == ("SW", "", "", "WF")
    assert made.shoot_days == ("1", None, None, "2")


def test_any_category_has_a_chart() -> None:
    made = problem(strip(1, elements=("truck",)), strip(2), strip(3, elements=("truck",)))
    made = replace(made, elements=(Resource("truck", "Truck", Category.VEHICLES), Resource("x", "X", Category.PROPS)))
    (truck,) = chart(made, schedule(made, (1,), (2,), (3,)), Category.VEHICLES).rows
    assert truck.cells == ("SW", "", "WF") and truck.total == 2


def test_an_empty_board_and_someone_never_placed() -> None:
    made = problem(strip(1), strip(2, cast="2"))
    assert chart(made, Schedule(())).rows == ()
    assert chart(made, schedule(made, (1,))).rows[1].start is None


calendars = st.lists(st.integers(0, 59), min_size=1, max_size=25, unique=True)


@settings(max_examples=200, deadline=None)
@given(calendars, calendars, st.booleans(), st.booleans(), st.sampled_from([None, 10, 14]))
def test_totals_add_up(work: list[int], others: list[int], holds: bool, drops: bool, limit: int | None) -> None:
    first = date(2027, 3, 1)
    company = [first + timedelta(days=i) for i in range(60) if (first + timedelta(days=i)).weekday() != 6]
    work = [i for i in work if first + timedelta(days=i) in set(company)] or [0]
    plans = [DayPlan(first + timedelta(days=i), (i,)) for i in sorted(set(work) | set(others))]
    made = chart_of(Schedule(tuple(plans)), company, [Engaged("1", "RAY", frozenset(work), holds, drops)], limit)
    (line,) = made.rows
    cells = dict(zip(made.dates, line.cells, strict=True))
    assert sum(code in WORKING for code in line.cells) == line.work == len(work)
    assert sum(code == "H" for code in line.cells) == line.hold
    assert {first + timedelta(days=i) for i in work} == {day for day, code in cells.items() if code in WORKING}
    open_days = set(company) | {plan.date for plan in plans}  # a date the company shoots on is no day off
    span = [day for day in open_days if line.start and line.finish and line.start <= day <= line.finish]
    assert all(day in open_days for day, code in cells.items() if code)
    assert line.work + line.hold + line.dropped == (len(span) if holds else line.work)
    assert sum("D" in code for code in line.cells) == sum(code.startswith("P") for code in line.cells) <= 1
    assert sum("S" in code for code in line.cells) == sum("F" in code for code in line.cells) == 1
    assert (line.dropped > 0) == any("D" in code for code in line.cells)
    assert sum(made.working(i) for i in range(len(made.dates))) == line.work
