"""A board as a USS file: valid, every strip once, the days and dates it was made for, and the same board back again."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.schedule import DayPlan, Problem, Schedule, Window
from assistant.domain.shoot import ScheduleRules
from assistant.domain.uss import Uss
from assistant.errors import BadInput
from assistant.exports.book import Book
from assistant.exports.uss import as_bytes, as_json
from assistant.exports.uss_board import board_uss
from assistant.exports.uss_read import faults, read_uss
from assistant.schedule.foreign import Calendar, foreign
from assistant.schedule.problem import problem_from
from assistant.schedule.rules import load_pack
from tests.assistant.exports.sample import book
from tests.assistant.exports.test_uss import nullable

MONDAY = date(2027, 3, 1)
OWN = Calendar(MONDAY)
TOLD = book()
LIVE = [scene.ordinal for scene in TOLD.screenplay.scenes if not scene.omitted]


def problem(told: Book = TOLD, **more: Any) -> Problem:
    made = problem_from(told.screenplay, told.breakdown, ScheduleRules(load_pack("feature"), MONDAY, days=15))
    return replace(made, **more)


def board(*days: tuple[int, ...], boneyard: tuple[int, ...] = (), gaps: int = 0) -> Schedule:
    """These scenes on following company days, with `gaps` dark days after the first."""
    dates = [day.date for day in problem().days]
    plans = [DayPlan(dates[i + (gaps if i else 0)], scenes) for i, scenes in enumerate(days)]
    return Schedule(tuple(plan for plan in plans if plan.scenes), boneyard)


def written(schedule: Schedule, made: Problem | None = None, told: Book = TOLD) -> Uss:
    return board_uss(made or problem(), schedule, told, 3, "2027-01-05T10:00:00+00:00")


def test_a_board_is_valid_and_every_strip_stands_in_one_place(corpus: Path) -> None:
    schema = json.loads((corpus / "uss" / "uss-schema-1.0.0.json").read_text())
    uss = written(board((1, 2), (3,), (5, 6), boneyard=(7,), gaps=2))
    jsonschema.Draft7Validator(nullable(schema)).validate(as_json(uss))
    hostile = book(hostile=True)
    jsonschema.Draft7Validator(nullable(schema)).validate(as_json(written(board((1, 2)), problem(hostile), hostile)))
    assert faults(uss) == []


def test_days_dates_lengths_and_head() -> None:
    uss = written(board((1, 2), (3,), (5, 6), gaps=2))
    (stripboard,), (calendar,) = uss.stripboards or (), uss.calendars or ()
    assert [one.name for one in stripboard.boards] == ["stripboard", "boneyard"]
    assert len(stripboard.boards[0].breakdown_ids) == 3
    assert calendar.days_off == (0, 6)
    said = [(event.type, event.name, event.date[:10]) for event in calendar.events or ()]
    assert said == [
        ("start", None, "2027-03-01"), ("dayOff", "dayOff", "2027-03-02"), ("dayOff", "dayOff", "2027-03-03"),
    ]  # fmt: skip
    assert uss.header.name == "The Last Ferry – board 3" and uss.header.sched_date == "2027-01-05T00:00:00.000Z"
    minutes = {strip.scene: strip.minutes for strip in problem().strips}
    assert uss.breakdowns[0].duration == minutes[1] * 60_000


def test_a_company_move_inside_a_day_is_a_banner() -> None:
    places = {strip.scene: strip.location for strip in problem().strips}
    first, other = 1, next(scene for scene in LIVE if places[scene] != places[1])
    uss = written(board((first, other)))
    (banner,) = [strip for strip in uss.breakdowns if strip.type == "banner"]
    assert banner.banner_text == f"COMPANY MOVE TO {places[other]}"
    assert uss.stripboards and uss.stripboards[0].boards[0].breakdown_ids[0][1] == banner.id
    assert not [s for s in written(board((first,), (other,))).breakdowns if s.type == "banner"]


def test_terms_of_the_cast_and_dates_someone_is_away() -> None:
    away = date(2027, 3, 4)
    made = problem(windows=(Window("cast", "1", never=frozenset({away}), words="NELL is away"),))
    uss = written(board((1, 2)), replace(made, cast=(replace(made.cast[0], drops=False), *made.cast[1:])))
    nell = next(element for element in uss.elements if element.element_id == "1")
    assert (nell.is_hold, nell.is_drop) == (True, False)
    assert [(event.type, event.date) for event in nell.events or ()] == [("dayOff", "2027-03-04T00:00:00.000Z")]
    others = [element for element in uss.elements if element.element_id is None]
    assert others and not any(element.is_hold or element.events for element in others)


def test_a_second_unit_has_its_own_board_and_days_stay_counted() -> None:
    made = problem()
    units = tuple(replace(day, unit="2nd") if i == 1 else day for i, day in enumerate(made.days))
    shot = board((1,), (2,), (3,))
    apart = replace(shot, days=tuple(replace(day, unit="2nd") if i == 1 else day for i, day in enumerate(shot.days)))
    uss = written(apart, replace(made, days=units))
    days = {one.name: [len(ids) for ids in one.breakdown_ids] for one in (uss.stripboards or ())[0].boards}
    assert days["stripboard"] == [1, 0, 1] and days["2nd unit"] == [0, 1, 0]
    assert foreign(uss, TOLD.screenplay, OWN, units=("2nd",)).schedule.days == apart.days
    assert foreign(uss, TOLD.screenplay, OWN).schedule.days == shot.days  # the production has no such unit


@st.composite
def boards(draw: st.DrawFn) -> Schedule:
    """Any scenes on any company days in any order, the rest in the boneyard."""
    order = draw(st.permutations(LIVE))
    placed = draw(st.integers(1, len(order)))
    dates = sorted(draw(st.sets(st.integers(0, 14), min_size=1, max_size=placed)))
    days: dict[int, list[int]] = {at: [order[i]] for i, at in enumerate(dates)}
    for scene in order[len(dates) : placed]:
        days[draw(st.sampled_from(dates))].append(scene)
    every = [day.date for day in problem().days]
    return Schedule(tuple(DayPlan(every[at], tuple(days[at])) for at in dates), tuple(order[placed:]))


@settings(max_examples=60, deadline=None)
@given(boards())
def test_out_and_in_again_is_the_same_board(tmp_path_factory: pytest.TempPathFactory, made: Schedule) -> None:
    path = tmp_path_factory.mktemp("uss") / "board.uss"
    path.write_bytes(as_bytes(written(made)))
    assert faults(read_uss(path)) == []
    back = foreign(read_uss(path), TOLD.screenplay, Calendar(MONDAY + timedelta(days=100)))
    assert back.schedule.days == made.days
    assert set(back.schedule.boneyard) == set(made.boneyard)
    assert back.stated and (back.unknown, back.missing, back.other_heading, back.twice) == ((), (), (), ())


def mangled(draw: st.DrawFn, value: Any) -> Any:
    """The value with one thing inside it replaced, left out or doubled."""
    if isinstance(value, dict) and value and draw(st.integers(0, 9)):
        key = draw(st.sampled_from(sorted(value)))
        if draw(st.integers(0, 9)) == 0:
            return {k: v for k, v in value.items() if k != key}
        return value | {key: mangled(draw, value[key])}
    if isinstance(value, list) and value and draw(st.integers(0, 9)):
        at = draw(st.integers(0, len(value) - 1))
        if draw(st.integers(0, 9)) == 0:
            return value + [value[at]]
        return [*value[:at], mangled(draw, value[at]), *value[at + 1 :]]
    junk = (None, True, -1, 0, 1e300, 10**30, 2.5, "", "x", [], {}, [[]], "9999-12-31T23:00:00Z", "\ud800", "9" * 500)
    return draw(st.sampled_from(junk))


@st.composite
def broken_files(draw: st.DrawFn) -> Any:
    value = as_json(written(board((1, 2), (3,), (5, 6), gaps=1)))
    for _ in range(draw(st.integers(1, 3))):
        value = mangled(draw, value)
    return value


@settings(max_examples=300, deadline=None)
@given(broken_files())
def test_a_broken_file_is_read_or_refused_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: Any
) -> None:
    path = tmp_path_factory.mktemp("uss") / "board.uss"
    path.write_text(json.dumps(content), encoding="utf-8")
    try:
        uss = read_uss(path)
        faults(uss)
        found = foreign(uss, TOLD.screenplay, OWN)
    except BadInput as refused:
        assert refused.sentence and "\n" not in refused.sentence and len(refused.sentence) < 300
        return
    placed = [scene for day in found.schedule.days for scene in day.scenes]
    assert len(placed) == len(set(placed)) and set(placed) | set(found.schedule.boneyard) == set(LIVE)


@pytest.mark.parametrize(
    "content",
    [
        '{"universalScheduleStandard": ' + '{"a": ' * 50_000,
        '{"universalScheduleStandard": {"breakdowns": NaN}}',
        '{"universalScheduleStandard": {"breakdowns": 1' + "0" * 10_000 + "}}",
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bb'>]><a>&b;</a>",
    ],
)
def test_bombs_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bomb.uss"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match="is not a Universal Schedule Standard"):
        read_uss(path)


def test_a_file_too_large_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.uss"
    with path.open("wb") as file:
        file.truncate(20_000_001)
    with pytest.raises(BadInput, match="larger than any schedule"):
        read_uss(path)
