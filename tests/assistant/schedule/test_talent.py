"""Talent scheduling: the classics, small cases against every order, and the two proofs against each other."""

import json
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.schedule.talent import Instance, core_of, cost_of, exact, improve, solve_talent
from assistant.schedule.triples import prove
from tests.conftest import SHARED

CLASSICS = sorted((SHARED / "scheddata").glob("*.json"))


def read(path: Path) -> tuple[Instance, int]:
    raw = json.loads(path.read_text(encoding="utf-8"))
    return Instance(tuple(tuple(row) for row in raw["A"]), tuple(raw["c"]), tuple(raw["d"])), raw["opt"]


@pytest.mark.skipif(not CLASSICS, reason="../shared/scheddata is not here")
@pytest.mark.parametrize("path", CLASSICS, ids=lambda path: path.stem)
def test_classics_are_optimal_and_proved(path: Path) -> None:
    instance, optimum = read(path)
    answer = solve_talent(instance)
    assert sorted(answer.order) == list(range(len(instance.days)))
    assert cost_of(instance, answer.order) == answer.cost == answer.bound == optimum
    core = core_of(instance)
    order, hold = improve(core, 0.05, seed=1)
    assert hold >= optimum - core.base and sorted(order) == list(range(len(core.masks)))


instances = st.integers(1, 6).flatmap(
    lambda n: st.builds(
        Instance,
        st.lists(st.lists(st.integers(0, 1), min_size=n, max_size=n).map(tuple), min_size=1, max_size=4).map(tuple),
        st.just((3, 1, 4, 2)),
        st.lists(st.integers(1, 5), min_size=n, max_size=n).map(tuple),
    ).map(lambda made: Instance(made.needs, made.wages[: len(made.needs)], made.days))
)


@settings(max_examples=60, deadline=None)
@given(instances)
def test_no_order_is_cheaper(instance: Instance) -> None:
    best = min(cost_of(instance, order) for order in permutations(range(len(instance.days))))
    answer = solve_talent(instance)
    assert cost_of(instance, answer.order) == answer.bound == best and answer.proved


def test_cp_sat_proves_the_same_optimum() -> None:
    needs = ((1, 0, 1, 0, 1, 0, 0, 1), (0, 1, 1, 0, 0, 1, 0, 0), (1, 1, 0, 0, 0, 0, 1, 1), (0, 0, 0, 1, 1, 1, 0, 0))
    core = core_of(Instance(needs, (3, 5, 2, 4), (1, 2, 3, 1, 2, 1, 3, 1)))
    order, hold = exact(core)
    found, bound = prove(core, list(range(len(core.masks))), 10.0, 1)
    assert bound == hold
    assert sorted(found) == sorted(order)


def test_more_scenes_than_the_dynamic_programme_takes() -> None:
    needs = tuple(tuple(int((s >> a) & 1) for s in range(1, 26)) for a in range(5))
    instance = Instance(needs, (1, 2, 3, 4, 5), (1,) * 25)
    answer = solve_talent(instance, seconds=1.0, workers=1)
    assert answer.bound <= answer.cost == cost_of(instance, answer.order)
    assert answer.how
