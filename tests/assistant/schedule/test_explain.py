"""Why a strip stands where it does, what a rule costs, and how two boards differ."""

from dataclasses import replace

import pytest

from assistant.domain.schedule import FixedDate, Lock, Precedence, Result, Window
from assistant.errors import NotFound
from assistant.schedule.bound import counting_bound
from assistant.schedule.check import check
from assistant.schedule.explain import company_moves, compare, day_totals, moved, prices, what_if, why, without_date
from assistant.schedule.search import Stop
from assistant.schedule.solve import solve
from tests.assistant.schedule.making import problem, schedule, strip

BASE = problem(strip(1, 6), strip(2, 4), strip(3, 4, "BAR", "1 2"), strip(4, 12, "BAR", "2"), count=3)
BOARD = schedule(BASE, (1, 2), (3, 4))


def test_reasons_and_alternatives() -> None:
    answer = why(BASE, BOARD, 3)
    assert answer.date == BASE.days[1].date
    assert "BAR is open that day for scene 4" in answer.reasons
    assert "performer ROLE 2 works that day anyway" in answer.reasons
    first, last = answer.alternatives
    assert first.date == BASE.days[0].date and first.broken == ()
    trial = moved(BASE, BOARD, 3, BASE.days[0].slot)
    assert first.extra == check(BASE, trial).cost - check(BASE, BOARD).cost
    assert last.extra > 0 and answer.best_other in answer.alternatives


def test_what_binds_a_strip_is_named() -> None:
    dates = [day.date for day in BASE.days]
    bound = replace(
        BASE,
        windows=(Window("cast", "2", never=frozenset({dates[0]}), words="ROLE 2 has a play"),),
        fixed=(FixedDate(4, frozenset({dates[1]})),),
        precedences=(Precedence(2, 3),),
        locks=(Lock(3, dates[1]),),
    )
    answer = why(bound, BOARD, 3)
    assert f"locked to {dates[1].isoformat()} by a person" in answer.reasons
    assert "ROLE 2 has a play: 1 of 3 dates are ruled out" in answer.reasons
    assert "scene 2 comes before scene 3" in answer.reasons
    assert "ROLE 2 has a play" in answer.alternatives[0].broken
    assert f"it can only be shot on {dates[1].isoformat()}" in why(bound, BOARD, 4).reasons
    assert why(bound, BOARD, 4).best_other is None
    with pytest.raises(NotFound):
        why(bound, without_date(BOARD, 3), 3)


def test_dropping_a_rule_tells_its_price() -> None:
    dates = [day.date for day in BASE.days]
    costly = replace(BASE, windows=(Window("cast", "2", only=frozenset({dates[2]}), words="ROLE 2 only comes last"),))
    board = schedule(costly, (1, 2), (), (3, 4))
    verdict = check(costly, board)
    assert verdict.hard == ()
    result = Result(board, verdict, counting_bound(costly))

    def solver(looser):  # type: ignore[no-untyped-def]
        return solve(looser, Stop(seconds=None, tries=3000))

    answer = what_if(costly, result, "window:cast:2", solver)
    assert answer.words == "ROLE 2 only comes last"
    assert answer.saving is not None and answer.saving >= 10  # the day of hold goes
    assert answer.bound_without <= (answer.cost_without or 0)
    assert (what_if(costly, result, "max_locations", solver).saving or 0) >= 0
    with pytest.raises(NotFound):
        what_if(costly, result, "no such rule", solver)


def test_two_boards_side_by_side() -> None:
    other = schedule(BASE, (1, 3), (2,), (4,))
    found = compare(BASE, BOARD, other)
    assert found.days == (2, 3) and found.moves == (0, 1) == (0, company_moves(BASE, other))
    assert found.cost == (check(BASE, BOARD).cost, check(BASE, other).cost)
    assert found.hold_days == (0, 1) and found.work_days == (3, 4)
    assert {scene for scene, _, _ in found.changed} == {2, 3, 4}
    assert ("move_cost", 0, 25) in found.lines
    assert compare(BASE, BOARD, BOARD).changed == ()
    assert compare(BASE, BOARD, without_date(BOARD, 4)).hard == (0, 1)


def test_prices_and_day_totals() -> None:
    verdict = check(BASE, BOARD)
    assert sum(amount for _, amount in prices(verdict)) == verdict.cost
    assert prices(verdict)[0][0] == "cast_pay"
    assert [day_totals(BASE, day) for day in BOARD.days] == ["1 2/8", "2"]
