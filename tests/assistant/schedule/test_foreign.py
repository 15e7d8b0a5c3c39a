"""A schedule of another program over this script's scenes: matching, dates, and what is only on one side."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from assistant.domain.screenplay import Scene, Screenplay
from assistant.domain.uss import (
    Uss,
    UssBoard,
    UssBreakdown,
    UssCalendar,
    UssCategory,
    UssElement,
    UssEvent,
    UssHeader,
    UssStripboard,
)
from assistant.errors import BadInput
from assistant.schedule.foreign import Calendar, Foreign, foreign, numbers
from tests.assistant.schedule.test_problem import SCENES, scene

WHEN = "2027-01-01T00:00:00.000Z"
OWN = Calendar(date(2027, 3, 1))
PLAY = Screenplay("THE FERRY", "fountain", "0" * 64, SCENES)
SAME = (("1", "INT", "HOUSE - KITCHEN", "DAY"), ("2", "EXT", "HOUSE - GARDEN", "NIGHT"), ("3", "INT", "BAR", "NIGHT"))


def uss(
    strips: Sequence[tuple[str | None, str, str, str]],
    days: Sequence[str | Sequence[int]],
    start: str | None = "2026-06-01T00:00:00.000Z",
    off: tuple[int, ...] = (0, 6),
    away: Sequence[str] = (),
) -> Uss:
    """A file with these strips; `days` name them by place, a bare string puts "0 2" outside any day."""
    kinds = {"i": ("INT/EXT", 1), "s": ("Set", 50), "t": ("Day/Night", 2)}
    categories = tuple(UssCategory(key, WHEN, name, ucid) for key, (name, ucid) in kinds.items())
    elements, made = {}, []
    for at, (number, *heading) in enumerate(strips):
        ids = []
        for key, name in zip(kinds, heading, strict=True):
            if name:
                elements[key + name] = UssElement(key + name, WHEN, key, name)
                ids.append(key + name)
        made.append(UssBreakdown(str(at), WHEN, scene=number, pages=1.0, elements=tuple(ids)))
    rows = [day if isinstance(day, str) else tuple(str(at) for at in day) for day in days]
    events = ([UssEvent("e", start, "start")] if start else []) + [UssEvent("o", day, "dayOff") for day in away]
    calendar = UssCalendar("c", "Calendar", off, tuple(events))
    stripboard = UssStripboard("b", "First pass", (UssBoard("x", "Stripboard", tuple(rows)),), "c")
    return Uss(UssHeader("h", "x", WHEN, "Other"), tuple(made), categories, tuple(elements.values()), (stripboard,),
               (calendar,))  # fmt: skip


def brought(*args: Any, script: Screenplay = PLAY, **more: Any) -> Foreign:
    return foreign(uss(*args, **more), script, OWN)


def placed(found: Foreign) -> list[tuple[str, tuple[int, ...]]]:
    return [(day.date.isoformat(), day.scenes) for day in found.schedule.days]


def test_scenes_are_matched_by_number_and_dated_by_the_files_calendar() -> None:
    found = brought(SAME, [[2], [1, 0]], start="2026-06-05T08:00:00.000Z")
    assert placed(found) == [("2026-06-05", (3,)), ("2026-06-08", (2, 1))]  # a Friday and a Monday
    assert found.by_number == 3 and found.missing == ("4", "6") and found.schedule.boneyard == (4, 6)
    assert found.other_length == ()


def test_days_off_and_holidays_are_skipped_and_empty_days_counted() -> None:
    found = brought(SAME, [[0], [], [1], [2]], off=(0,), away=["2026-06-02T00:00:00.000Z"])
    assert [day for day, _ in placed(found)] == ["2026-06-01", "2026-06-04", "2026-06-05"]
    assert found.calendar == Calendar(date(2026, 6, 1), (6,), (date(2026, 6, 2),), 4)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-06-01T00:00:00.000Z", "2026-06-01"),
        ("2026-05-31T22:00:00.000Z", "2026-06-01"),  # midnight in Berlin
        ("2026-06-01T07:00:00.000Z", "2026-06-01"),  # midnight in Los Angeles
        ("2026-06-01", "2026-06-01"),
    ],
)
def test_a_date_means_midnight_where_it_was_written(written: str, day: str) -> None:
    assert placed(brought(SAME, [[0]], start=written))[0][0] == day


def test_without_a_first_day_the_productions_calendar_counts() -> None:
    found = brought(SAME, [[0], [1, 2]], start=None)
    assert [day for day, _ in placed(found)] == ["2027-03-01", "2027-03-02"]
    assert not found.stated and found.calendar.least_days == 2


def test_a_renumbered_scene_is_known_by_its_heading() -> None:
    strips = [("17", "INT", "Bar", "Night"), ("2", "EXT", "HOUSE - GARDEN", "NIGHT")]
    found = brought(strips, [[0, 1]])
    assert found.by_heading == (("17", "3"),) and placed(found)[0][1] == (3, 2)


def test_a_number_alone_matches_last_and_is_said() -> None:
    found = brought([("1", "EXT", "MOON", "DAY")], [[0]])
    assert found.other_heading == (("1", "EXT. MOON - DAY"),) and found.by_number == 0


def test_parts_ranges_and_several_numbers() -> None:
    assert numbers("89PT1") == ["89"] and numbers("12A pt. 2") == ["12A"] and numbers("12, 13") == ["12", "13"]
    assert numbers("12-14") == ["12", "13", "14"] and numbers("A-12") == ["A-12"] and numbers(" ") == []
    strips = [("1PT1", "INT", "HOUSE - KITCHEN", "DAY"), ("1PT2", "INT", "HOUSE - KITCHEN", "DAY"), ("2-3", "", "", "")]
    found = brought(strips, [[0], [1, 2]])
    assert found.twice == ("1",) and [scenes for _, scenes in placed(found)] == [(1,), (2, 3)]


def test_what_is_only_in_the_file_or_omitted_or_of_another_length_is_said() -> None:
    strips = [*SAME, ("44", "EXT", "MOON", "NIGHT"), ("5", "EXT", "BEACH", "DAY"), ("6", "INT", "HOUSE - ATTIC", "DAY")]
    found = brought(strips, [[0, 1, 2, 3, 4, 5]])
    assert found.unknown == ("44 EXT. MOON - NIGHT",) and found.omitted == ("5",)
    assert found.other_length == (("6", "1", "1 4/8"),) and found.missing == ("4",)


def test_scenes_without_numbers_are_counted() -> None:
    bare = tuple(Scene(s.ordinal, None, s.heading, s.lines, s.eighths, "computed") for s in SCENES[:3])
    found = brought(SAME, [[2], [0, 1]], script=Screenplay("X", "fountain", "0" * 64, bare))
    assert [scenes for _, scenes in placed(found)] == [(3,), (1, 2)]


def test_two_scenes_of_one_number_are_told_apart_by_their_set() -> None:
    one, two = scene(1, "INT", "BAR", "DAY"), scene(2, "INT", "TOWER", "DAY")
    twins = tuple(Scene(s.ordinal, "7", s.heading, s.lines, s.eighths, "computed") for s in (one, two))
    found = brought([("7", "INT", "TOWER", "DAY"), ("7", "INT", "BAR", "DAY")], [[0], [1]],
                    script=Screenplay("X", "fountain", "0" * 64, twins))  # fmt: skip
    assert [scenes for _, scenes in placed(found)] == [(2,), (1,)]


@pytest.mark.parametrize(
    ("days", "more", "said"),
    [
        (["0", "1"], {}, "has no shooting days"),
        ([[], []], {}, "has no shooting days"),
        ([[]] * 1001 + [[0]], {}, "1002 shooting days"),
        ([[0]], {"start": "soon"}, "a date that is none: 'soon'"),
        ([[0], [1]], {"start": "9999-12-31T00:00:00Z"}, "beyond the last date"),
        ([[0]], {"off": (0, 1, 2, 3, 4, 5, 6)}, "every day of the week"),
    ],
)
def test_a_file_without_usable_days_is_refused(days: list[Any], more: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        brought(SAME, days, **more)


def test_another_scripts_schedule_and_an_unknown_stripboard_are_refused() -> None:
    with pytest.raises(BadInput, match="None of the 1 scenes"):
        brought([("99", "EXT", "MOON", "DAY")], [[0]])
    with pytest.raises(BadInput, match="no stripboard 'Second'") as refused:
        foreign(uss(SAME, [[0]]), PLAY, OWN, "Second")
    assert "First pass" in refused.value.hint
    with pytest.raises(BadInput, match="has no stripboard"):
        foreign(Uss(UssHeader("h", "x", WHEN, "Other"), (), (), (), None, None), PLAY, OWN)
