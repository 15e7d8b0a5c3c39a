"""Cover sets of a day with exteriors: only what every rule would let be shot there, nearest at hand first."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.domain.schedule import DayPlan, FixedDate, Lock, Precedence, Problem, ShootDay, Window
from assistant.schedule.check import check
from assistant.schedule.cover import cover_sets
from assistant.schedule.told import of_day
from tests.assistant.schedule.making import problem, schedule, strip

FIRST, SECOND = date(2027, 3, 1), date(2027, 3, 2)
MADE = problem(
    strip(1, int_ext="EXT", cast="1 2"),
    strip(2, location="BAR", cast="1 3"),
    strip(3, cast="1"),
    strip(4, int_ext="EXT"),
    strip(5, cast="1", band="N"),
    strip(6, location="BAR", cast="1"),
)
BOARD = schedule(MADE, (1,), (2, 3), (4, 5, 6))


def cover(made: Problem, day: DayPlan = BOARD.days[0]) -> list[int]:
    return [found.scene for found in cover_sets(made, BOARD, day)]


def test_interiors_of_later_days_nearest_at_hand_first() -> None:
    assert cover(MADE) == [3, 6, 2]  # the same house; then nobody new; then somebody new


def test_a_day_without_exteriors_needs_none() -> None:
    assert cover(MADE, BOARD.days[1]) == [] and cover(MADE, DayPlan(date(2030, 1, 1), ())) == []


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        ({"windows": (Window("cast", "3", never=frozenset({FIRST})),)}, [3, 6]),
        ({"windows": (Window("location", "BAR", only=frozenset({SECOND})),)}, [3]),
        ({"locks": (Lock(3, SECOND),)}, [6, 2]),
        ({"fixed": (FixedDate(6, frozenset({SECOND})),)}, [3, 2]),
        ({"precedences": (Precedence(4, 3),)}, [6, 2]),
        ({"precedences": (Precedence(3, 4),)}, [3, 6, 2]),
        ({"closed": frozenset({(FIRST, "1st")})}, []),
        ({"days": (ShootDay(FIRST, most=7), *MADE.days[1:])}, []),
    ],
)
def test_what_a_rule_keeps_elsewhere_is_no_cover(rule: dict[str, object], left: list[int]) -> None:
    assert cover(replace(MADE, **rule)) == left  # type: ignore[arg-type]


def test_the_day_tells_them() -> None:
    told = of_day(MADE, BOARD, 1, BOARD.days[0], check(MADE, BOARD))
    assert any(fact.startswith("Cover sets, should the weather not hold: scene 3 (INT HOUSE - ROOM)") for fact in told)
    assert not any("Cover" in fact for fact in of_day(MADE, BOARD, 2, BOARD.days[1], check(MADE, BOARD)))
