"""Drafts, repeatability, locks, infeasibility and repairs, each judged by the judge."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from assistant.domain.schedule import FixedDate, Lock, Precedence, Problem, Window
from assistant.schedule.check import check
from assistant.schedule.greedy import greedy_days, script_days
from assistant.schedule.repair import Mender, fewest_moves
from assistant.schedule.search import Progress, Stop, stages
from assistant.schedule.solve import board_of, improve, resolve, solve
from benchmarks.schedule_generator import generate
from tests.assistant.schedule.making import problem, random_problem, strip

FEW = Stop(seconds=None, tries=20_000)


def small(seed: int = 1) -> Problem:
    return generate("small", seed)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_board_is_legal_cheaper_than_by_hand_and_above_the_bound(seed: int) -> None:
    made = small(seed)
    result = solve(made, FEW, seed=seed)
    assert result.schedule is not None and result.cost is not None and result.gap is not None
    assert check(made, result.schedule).hard == ()
    assert result.cost < check(made, board_of(made, greedy_days(made))).cost
    assert result.bound.value <= result.cost and 0 <= result.gap < 1
    assert "counting" in result.bound.how


def test_same_seed_same_schedule() -> None:
    first, second, other = (solve(small(), FEW, seed=seed) for seed in (5, 5, 6))
    assert first.repeatable and first.schedule == second.schedule
    assert first.tried == second.tried == other.tried


def test_workers_keep_the_best_of_their_boards() -> None:
    alone = solve(small(), FEW, seed=3)
    both = solve(small(), FEW, seed=3, workers=2)
    assert alone.cost is not None and both.cost is not None
    assert both.cost <= alone.cost and both.tried == 2 * alone.tried


def test_progress_tells_cost_bound_and_gap() -> None:
    seen: list[Progress] = []
    result = solve(small(), FEW, progress=seen.append)
    assert seen[-1].bound == result.bound.value
    assert seen[-1].gap is not None and seen[-1].cost is not None
    costs = [now.cost for now in seen if now.cost is not None]
    assert costs == sorted(costs, reverse=True)


def test_a_time_limit_is_a_limit() -> None:
    result = solve(small(), Stop(seconds=0.2))
    assert result.schedule is not None and result.seconds < 60


PLAIN = """
import importlib.util, json
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "numba" else real(name, *more)
from assistant.schedule import kernel
from assistant.schedule.search import Stop
from assistant.schedule.solve import solve
from benchmarks.schedule_generator import generate
assert not kernel.COMPILED
board = solve(generate("small", 1), Stop(seconds=None, tries=1500), seed=5).schedule
print(json.dumps([[day.date.isoformat(), *day.scenes] for day in board.days]))
"""


def test_without_numba_the_search_draws_the_same_days() -> None:
    done = subprocess.run([sys.executable, "-c", PLAIN], capture_output=True, text=True, check=True)
    board = solve(small(), Stop(seconds=None, tries=1500), seed=5).schedule
    assert board is not None
    plain = {day[0]: set(day[1:]) for day in json.loads(done.stdout)}
    assert plain == {day.date.isoformat(): set(day.scenes) for day in board.days}


def test_locks_and_closed_days_are_kept() -> None:
    made = small()
    free = solve(made, FEW).schedule
    assert free is not None
    day = free.days[2]
    scene = free.days[-1].scenes[0]
    locks = tuple(Lock(s, day.date, place) for place, s in enumerate(reversed(day.scenes)))
    elsewhere = Lock(scene, free.days[-1].date)
    held = replace(made, locks=(*locks, elsewhere), closed=frozenset({day.slot}))
    held = held.without("light_order")
    result = solve(held, FEW, seed=9)
    assert result.schedule is not None
    assert check(held, result.schedule).hard == ()
    kept = next(d for d in result.schedule.days if d.date == day.date)
    assert kept.scenes == tuple(reversed(day.scenes))


def test_infeasible_is_a_result_with_the_rules_that_clash() -> None:
    made = problem(strip(1), strip(2, cast="2"), strip(3, cast="3"), count=3)
    first, last = made.days[0].date, made.days[2].date
    clash = replace(
        made,
        windows=(
            Window("cast", "1", only=frozenset({last}), words="the lead only comes on the last day"),
            Window("cast", "3", never=frozenset({last}), words="the aunt is away"),
        ),
        fixed=(FixedDate(2, frozenset({first}), words="the parade is on the first day"),),
        precedences=(Precedence(1, 2, words="the haircut comes first"),),
    )
    result = solve(clash, FEW)
    assert result.schedule is None and result.proved_infeasible and result.cost is None and result.gap is None
    assert {reason.rule for reason in result.reasons} == {"window:cast:1", "fixed:2", "order:1<2"}
    assert "the parade is on the first day" in {reason.words for reason in result.reasons}
    assert all(reason.help for reason in result.reasons)
    for reason in result.reasons:  # drop any one of them and the rest can hold
        assert solve(clash.without(reason.rule), FEW).schedule is not None


def test_too_little_time_is_said_with_figures() -> None:
    made = problem(*(strip(i, 16) for i in range(1, 5)), count=3)
    result = solve(made, FEW)
    (reason,) = result.reasons
    assert reason.rule == "day_cap_percent" and "8 pages to shoot, room for 7 4/8 pages in 3 days" in reason.help


def test_a_repair_moves_only_what_has_to_move() -> None:
    made = small(1)
    old = solve(made, FEW).schedule
    assert old is not None
    day = old.days[1]
    strips = {s.scene: s for s in made.strips}
    who = strips[day.scenes[0]].cast[0]
    out = Window("cast", who, never=frozenset({day.date}))
    stays = old.days[-1].scenes[0]
    changed = replace(made, windows=(*made.windows, out), locks=(Lock(stays, old.dates[stays]),))
    hit = {s for s in day.scenes if who in strips[s].cast}
    result = resolve(changed, old, Stop(seconds=15.0))
    assert result.schedule is not None and result.moves_bound is not None
    assert check(changed, result.schedule).hard == ()
    assert hit <= set(result.moved) and len(hit) <= result.moves_bound <= len(result.moved) <= result.moves_bound + 1
    assert result.schedule.dates[stays] == old.dates[stays]
    untouched = {d.date for d in old.days} - {old.dates[s] for s in result.moved}
    untouched -= {result.schedule.dates[s] for s in result.moved}
    assert all(d in result.schedule.days for d in old.days if d.date in untouched)


def test_a_repair_places_new_strips_and_leaves_the_rest() -> None:
    made = small(3)
    first = replace(made, strips=made.strips[:-2], precedences=())
    old = solve(first, FEW).schedule
    assert old is not None
    result = resolve(replace(made, precedences=()), old, Stop(seconds=3.0))
    assert result.schedule is not None and set(result.schedule.dates) == {s.scene for s in made.strips}
    assert len(result.moved) <= (result.moves_bound or 0) + 1


def test_an_impossible_repair_says_why() -> None:
    made = problem(strip(1), strip(2, cast="2"), count=2)
    old = solve(made, FEW).schedule
    assert old is not None
    gone = replace(made, windows=(Window("cast", "2", only=frozenset({date(2030, 1, 1)}), words="never there"),))
    result = resolve(gone, old, Stop(seconds=3.0))
    assert result.schedule is None and [reason.words for reason in result.reasons] == ["never there"]
    assert result.proved_infeasible
    hasty = resolve(gone, old, Stop(seconds=0.001))  # no time to prove anything: nothing is called proved
    assert hasty.schedule is None and not hasty.proved_infeasible


def test_greedy_and_script_order_place_every_strip() -> None:
    made = random_problem(4)
    for placed in (greedy_days(made), script_days(made)):
        assert len(placed) == len(made.strips) and set(placed) <= set(range(len(made.days)))


def test_a_lock_to_another_day_is_mended_by_annealing_alone() -> None:
    made = small()
    board, other = (solve(made, FEW, seed=seed).schedule for seed in (1, 9))
    assert board is not None and other is not None
    elsewhere = [strip for strip in made.strips if board.dates[strip.scene] != other.dates[strip.scene]]
    for moved in elsewhere[:5]:
        goal = other.dates[moved.scene]  # possible, since the other board is legal
        locked = replace(made, locks=(Lock(moved.scene, goal),))
        mender = Mender(locked, board, 5.0, 1)
        mender.sketch()
        assert mender.best is not None and made.days[mender.best[made.strips.index(moved)]].date == goal


def test_a_board_made_by_hand_is_improved_from_where_it_stands() -> None:
    made = small(2)
    board = solve(made, Stop(seconds=None, tries=3_000), seed=1).schedule
    assert board is not None
    better = improve(made, board, FEW, seed=1)
    assert better.schedule is not None and better.cost is not None
    assert check(made, better.schedule).hard == () and better.cost <= check(made, board).cost
    changed = {s for s, day in better.schedule.dates.items() if day != board.dates[s]}
    assert set(better.moved) == changed
    assert improve(made, better.schedule, Stop(seconds=None, tries=10), seed=2).schedule == better.schedule


def test_a_longer_search_begins_as_the_shorter_one() -> None:
    ten, thirty, sixty = (stages(Stop(seconds=seconds), 200) for seconds in (10.0, 30.0, 60.0))
    assert len(ten) == 1 and ten[0].seconds == thirty[0].seconds == sixty[0].seconds == pytest.approx(10)
    assert [round(part.seconds or 0) for part in thirty] == [10, 20] and len(sixty) == 3
    tries = stages(Stop(seconds=None, tries=10_000_000), 100)
    assert [part.tries for part in tries] == [4_000_000, 6_000_000]
    assert stages(Stop(seconds=None, tries=100), 5) == [Stop(seconds=None, tries=100)]


def test_more_tries_never_give_a_dearer_board() -> None:
    made = problem(*(strip(i + 1, 4, f"L{i % 3}", f"{1 + i % 2}") for i in range(6)))
    costs = [solve(made, Stop(seconds=None, tries=tries), seed=4).cost for tries in (150_000, 600_000, 1_200_000)]
    assert None not in costs and costs == sorted(costs, key=lambda cost: -(cost or 0))


def test_a_search_told_to_end_hands_over_what_it_has() -> None:
    seen: list[Progress] = []
    stop = Stop(seconds=600.0, halted=lambda: bool(seen and seen[-1].cost))
    result = solve(small(), stop, progress=seen.append)
    assert result.schedule is not None and result.seconds < 300 and not result.repeatable
    none = solve(small(), Stop(seconds=600.0, halted=lambda: True))
    assert none.schedule is None and [reason.rule for reason in none.reasons] == ["stopped"]
    changed = replace(small(), locks=(Lock(small().strips[0].scene, small().days[-1].date),))
    assert resolve(changed, result.schedule, Stop(seconds=600.0, halted=lambda: True)).seconds < 300


@pytest.mark.parametrize("seed", range(10))
def test_the_fewest_moves_are_what_trying_everything_finds(seed: int) -> None:
    made = random_problem(seed, scenes=5, count=3)
    was = [(seed + i * i) % 3 for i in range(5)]
    old = board_of(made, was)
    legal = [days for days in product(range(3), repeat=5) if not check(made, board_of(made, list(days))).hard]
    found = fewest_moves(made, old, 10.0, 1)
    if not legal:
        assert found.days is None and found.reasons
        return
    fewest = min(sum(a != b for a, b in zip(was, days, strict=True)) for days in legal)
    assert found.days in legal and len(found.moved) == found.least == fewest
    assert Mender(made, old, 1.0, 1).least <= fewest


def test_inside_a_set_day_looks_come_before_night_looks() -> None:
    looks = ("NIGHT", "DAY", "NIGHT", "DAY", None)
    made = problem(*(strip(i, 2, time_of_day=look, band="S") for i, look in enumerate(looks, start=1)))
    (day,) = board_of(made, [0] * 5).days
    dark = [looks[scene - 1] == "NIGHT" for scene in day.scenes]
    assert dark == sorted(dark), day.scenes


def test_a_repair_never_moves_a_strip_into_a_locked_day() -> None:
    made = problem(strip(1), strip(2), strip(3), count=3)
    first, second, third = made.days
    old = board_of(made, [0, 1, 1])
    held = replace(
        made,
        locks=(Lock(1, first.date),),
        closed=frozenset({first.slot}),
        windows=(Window("cast", "1", never=frozenset({second.date})),),
    )
    result = resolve(held, old)
    assert result.schedule is not None and not check(held, result.schedule).hard
    assert result.schedule.dates == {1: first.date, 2: third.date, 3: third.date}
