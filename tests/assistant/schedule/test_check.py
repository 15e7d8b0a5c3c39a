"""The judge and the search keep the same books; the judge names every rule that is broken."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.schedule import DayPlan, FixedDate, Lock, Precedence, Problem, Schedule, Strip, Window
from assistant.schedule.bound import counting_bound
from assistant.schedule.check import check
from assistant.schedule.clash import words
from assistant.schedule.cpsat import Model, solver_for
from assistant.schedule.search import Stop
from assistant.schedule.solve import board_of, solve
from tests.assistant.schedule.making import agreed, books, days, problem, random_problem, schedule, strip


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_search_and_judge_agree_on_price_and_on_what_is_legal(seed: int, placed: list[int]) -> None:
    made = random_problem(seed)
    verdict = agreed(made, placed)
    free = replace(made, rules=made.rules.without("move_cost").without("travel_cost"))
    assert verdict.cost - verdict.of("move_cost") == check(free, board_of(free, placed)).cost


@pytest.mark.parametrize("seed", range(12))
def test_search_finds_what_trying_everything_finds(seed: int) -> None:
    made = random_problem(seed, scenes=5, count=3)
    tried = {placed: check(made, board_of(made, list(placed))) for placed in product(range(3), repeat=5)}
    legal = [placed for placed, verdict in tried.items() if not verdict.hard]
    result = solve(made, Stop(seconds=None, tries=20_000), seed=seed)
    if not legal:
        assert result.schedule is None and result.proved_infeasible and result.reasons
        return
    assert result.schedule is not None and result.verdict is not None
    assert check(made, result.schedule).hard == ()
    index = {day.date: i for i, day in enumerate(made.days)}
    found = [index[result.schedule.dates[s.scene]] for s in made.strips]
    assert books(made, found)[0] == min(books(made, list(placed))[0] for placed in legal)
    assert counting_bound(made).value <= min(tried[placed].cost for placed in legal)


def test_every_cost_line_is_spelt_out() -> None:
    made = problem(strip(1), strip(2, location="BAR", cast="1 2"), strip(3, 4, int_ext="EXT"), count=8)
    board = schedule(made, (1, 2), (), (), (), (), (3,))
    verdict = check(made, board)
    assert verdict.of("cast_pay") == 10 * 6 + 10  # performer 1 is held from Tuesday to Friday
    assert verdict.of("move_cost") == 25
    assert verdict.of("opening_cost") == 3 * 12  # the house is opened twice
    assert verdict.of("overtime_cost") == 6 * 12  # 16/8 and a move of 6/8 against 16/8
    assert verdict.of("exterior_week_cost") == 2
    assert verdict.cost == sum(line.amount for line in verdict.lines) == 70 + 25 + 36 + 72 + 2
    assert "hold" in next(line.words for line in verdict.lines if line.subject == "1")


def broken(made: Problem, board: Schedule) -> set[str]:
    return {item.rule for item in check(made, board).hard}


def test_each_hard_rule_is_named() -> None:
    dates = days(10)
    one, two, night = strip(1), strip(2, 4, "BAR"), strip(3, 4, band="N")
    base = problem(one, two, night, count=10)
    assert broken(base, schedule(base, (1, 2), (3,))) == set()
    assert broken(base, schedule(base, (1, 2))) == {"placed"}
    assert broken(base, schedule(base, (1, 2), (1, 3))) == {"placed"}
    assert broken(base, schedule(base, (3,), (1, 2))) == {"week_calls", "turnaround_hours"}
    assert broken(base, schedule(base, (), (), (), (), (3,), (1, 2))) == set()  # the weekend resets it
    assert broken(base, schedule(base, (2,), (3, 1))) == {"light_order"}
    long = problem(strip(1, 16), strip(2, 8))
    assert broken(long, schedule(long, (1, 2))) == {"day_cap_percent"}
    most = replace(long, days=(replace(long.days[0], most=19), *long.days[1:]))
    assert broken(most, schedule(most, (1,), (2,))) == set() and broken(most, schedule(most, (1, 2))) != set()
    assert check(most, schedule(most, (1, 2))).hard[0].words == "3 pages with moves, over the 2 3/8 pages it takes"
    half = replace(long, days=(replace(long.days[0], target=8), *long.days[1:]))
    assert broken(half, schedule(half, (1,), (2,))) == {"day_cap_percent"}
    assert broken(half, schedule(half, (2,), (1,))) == set()
    spread = problem(*(strip(i, 1, f"PLACE {i}") for i in range(1, 5)))
    assert broken(spread, schedule(spread, (1, 2, 3, 4))) == {"max_locations", "day_cap_percent"}
    split = problem(strip(1, 13), strip(2, 4, band="N"))
    assert broken(split, schedule(split, (1, 2))) == {"split_percent"}
    away = replace(base, windows=(Window("cast", "1", never=frozenset({dates[0].date})),))
    assert broken(away, schedule(away, (1, 2), (3,))) == {"window:cast:1"}
    first = replace(base, precedences=(Precedence(2, 1),))
    assert broken(first, schedule(first, (1, 2), (3,))) == {"order:2<1"}
    gap = replace(base, precedences=(Precedence(1, 2, gap=2),))
    assert broken(gap, schedule(gap, (1,), (2, 3))) == {"order:1<2"}
    fixed = replace(base, fixed=(FixedDate(1, frozenset({dates[1].date})),))
    assert broken(fixed, schedule(fixed, (1, 2), (3,))) == {"fixed:1"}
    lock = replace(base, locks=(Lock(2, dates[0].date, place=0),))
    assert broken(lock, schedule(lock, (1, 2), (3,))) == {"lock:2"}
    shut = replace(base, locks=(Lock(2, dates[0].date),), closed=frozenset({dates[0].slot}))
    assert broken(shut, schedule(shut, (1, 2), (3,))) == {"closed"}


def test_minors_have_hours_and_no_nights() -> None:
    made = problem(strip(1, 8), strip(2, 8), strip(3, 4, band="S"), strip(4, 4, cast="2", band="N"))
    young = replace(made, cast=tuple(replace(p, max_minutes=200) if p.id == "1" else p for p in made.cast))
    assert broken(young, schedule(young, (1, 2), (3, 4))) == {"minor:1"}
    texts = [item.words for item in check(young, schedule(young, (1, 2), (3, 4))).hard]
    assert "ROLE 1 works 240 minutes, the limit is 200" in texts
    assert "ROLE 1 is a minor and works at night" in texts


def test_dates_outside_the_calendar_and_unknown_scenes() -> None:
    made = problem(strip(1))
    sunday = made.days[0].date - timedelta(days=1)
    assert broken(made, Schedule((DayPlan(sunday, (1,)),))) == {"calendar"}
    assert broken(made, Schedule((DayPlan(made.days[0].date, (1, 99)),))) == {"placed"}
    assert broken(made, Schedule((DayPlan(date(2027, 3, 1), (1,)), DayPlan(date(2027, 3, 1), ())))) == {"calendar"}


def test_a_scene_longer_than_a_day_is_a_warning_with_advice() -> None:
    made = problem(strip(1, 40))
    (warning,) = [v for v in check(made, schedule(made, (1,))).violations if v.rule == "long_scene"]
    assert not warning.hard and "split it over days" in warning.words
    assert solve(made, Stop(seconds=None, tries=500)).schedule is not None


def watched(made: Problem, board: Schedule) -> list[str]:
    return [item.words for item in check(made, board).violations if item.rule == "light_order" and not item.hard]


def test_exteriors_follow_the_sky_inside_a_day() -> None:
    def outside(scene: int, when: str, band: str = "S", location: str = "PIER") -> Strip:
        return strip(scene, 1, location, int_ext="EXT", time_of_day=when, band=band)

    night, dusk, dawn, day = outside(1, "NIGHT", "N"), outside(2, "DUSK"), outside(3, "DAWN"), outside(4, "DAY", "D")
    full = problem(night, dusk, dawn, day)
    assert board_of(full, (0, 0, 0, 0)).days[0].scenes == (3, 4, 2, 1)
    late = problem(night, dusk, dawn)
    assert board_of(late, (0, 0, 0)).days[0].scenes == (2, 1, 3), "a night's dawn is its end"
    assert not watched(late, board_of(late, (0, 0, 0)))
    assert watched(full, schedule(full, (3, 4, 1, 2))) == [
        "from dawn scene 3 to night scene 1 outside is a long day",
        "dusk scene 2 outside after a night scene",
    ]
    bound = replace(full, precedences=(Precedence(1, 2),))
    assert board_of(bound, (0, 0, 0, 0)).days[0].scenes.index(1) < 3, "what a person ordered goes before the sky"


def test_a_scene_longer_than_a_minors_day_fills_that_day_and_is_said() -> None:
    made = problem(strip(1, minutes=500), strip(2, minutes=60), count=2)
    young = replace(made, cast=(replace(made.cast[0], max_minutes=300),))
    alone, both = check(young, schedule(young, (1,), (2,))), check(young, schedule(young, (1, 2)))
    assert alone.hard == () and [v.rule for v in alone.violations] == ["minor:1"]
    assert alone.violations[0].words == "ROLE 1 works 500 minutes, the limit is 300: split the scene or cast a double"
    assert [v.rule for v in both.hard] == ["minor:1"]
    found = solve(young, Stop(seconds=None, tries=2_000))
    assert found.verdict is not None and found.verdict.hard == () and found.schedule is not None
    assert len(found.schedule.shooting) == 2
    model = Model(young)
    assert solver_for(5.0, 1).solve(model.model) == model.cp.OPTIMAL


def test_rules_name_scenes_as_the_script_numbers_them() -> None:
    numbered = [strip(i, 4, label=label) for i, label in enumerate(("1", "12A", "#3"), start=1)]
    dates = [day.date for day in days(3)]
    made = problem(
        *numbered,
        locks=(Lock(2, dates[2]),),
        fixed=(FixedDate(3, frozenset({dates[1]})),),
        precedences=(Precedence(3, 2, gap=1),),
        closed=frozenset({(dates[0], "1st")}),
    )
    said = {item.words for item in check(made, schedule(made, (1, 2, 3))).hard}
    assert f"scene 12A is locked to {dates[2].isoformat()}" in said and "scene #3 has fixed dates" in said
    assert {"scene #3 comes before scene 12A", "scene 1 entered a locked day"} <= said
    told = [words(made, rule) for rule in ("lock:2", "fixed:3", "order:3<2")]
    assert told[0].startswith("scene 12A is locked to") and told[1:] == [
        "scene #3 has fixed dates",
        "scene #3 is shot before scene 12A",
    ]
