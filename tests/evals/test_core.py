"""Running an eval: samples are drawn, scored, kept at once and not paid twice; figures come with intervals."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from evals import stats
from evals.calibration import error, reliability
from evals.core import Log, Order, Output, Place, Row, Sample, Score, Solver, Task, f1, log_from, picked, run, version
from evals.running import OverBudget, asked, finished
from evals.tasks import TASKS
from tests.conftest import ROOT

PLACE = Place(Path())


class Counting:
    """A task of ten samples that counts what it is asked, and can be told to stop at one."""

    def __init__(self, stop_at: int | None = None, cost: float = 0.0) -> None:
        self.asked: list[str] = []
        self.stop_at, self.cost = stop_at, cost
        self.task = Task("counting", "", self.samples, self.open, self.score)

    def samples(self, place: Place) -> list[Sample]:
        return [Sample(str(n), {"n": n}, n % 3 == 0) for n in range(10)]

    @contextmanager
    def open(self, place: Place, model: str, folder: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
        def solve(sample: Sample) -> Output:
            if len(self.asked) == self.stop_at:
                raise KeyboardInterrupt
            self.asked.append(sample.id)
            return Output(sample.input["n"] % 2 == 0, self.cost)

        yield solve

    def score(self, sample: Sample, output: Output) -> Score:
        return Score(float(sample.target == output.answer))


def test_a_killed_run_goes_on_and_asks_nothing_twice(tmp_path: Path) -> None:
    first, second, whole = Counting(stop_at=4), Counting(), Counting()
    with pytest.raises(KeyboardInterrupt):
        run(Order(first.task, "m", tmp_path / "a"), PLACE)
    with (tmp_path / "a" / "samples.jsonl").open("a") as file:
        file.write('{"sample": "torn')
    log = run(Order(second.task, "m", tmp_path / "a"), PLACE)
    assert first.asked + second.asked == [str(n) for n in range(10)]
    at_once = run(Order(whole.task, "m", tmp_path / "b"), PLACE)
    assert [(row.sample, row.score) for row in log.rows] == [(row.sample, row.score) for row in at_once.rows]
    assert log.done and log_from(json.loads(json.dumps(log.as_json()))).value == log.value


def test_results_of_another_prompt_or_model_are_not_taken_over(tmp_path: Path) -> None:
    counting = Counting()
    run(Order(counting.task, "m", tmp_path, prompt="1"), PLACE)
    run(Order(counting.task, "m", tmp_path, prompt="2"), PLACE)
    assert len(counting.asked) == 20
    assert (tmp_path / "samples.old").is_file()


def test_every_task_scores_an_answer_that_never_came() -> None:
    for task in TASKS.values():
        if task.reducer == "f1" and (samples := task.samples(Place(ROOT))):
            score = task.scorer(samples[0], Output([]))
            assert score.parts["wanted"] >= score.parts["found"], task.name


def test_a_run_stops_at_its_budget_and_keeps_what_it_paid_for(tmp_path: Path) -> None:
    counting = Counting(cost=0.3)
    with pytest.raises(OverBudget):
        finished(Order(counting.task, "m", tmp_path), PLACE, 1.0, lambda row: None)
    assert len(counting.asked) == 4
    log = finished(Order(counting.task, "m", tmp_path), PLACE, 5.0, lambda row: None)
    assert len(counting.asked) == 10 and log.cost_usd == pytest.approx(3.0)


def test_an_answer_that_never_came_counts_as_nothing_found(tmp_path: Path) -> None:
    counting = Counting()

    @contextmanager
    def failing(place: Place, model: str, folder: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
        yield lambda sample: Output([], error="no model may be asked")

    def parts(sample: Sample, output: Output) -> Score:
        return Score(0.0, {"found": 0.0, "wanted": 3.0, "right": 0.0, "claimed": 0.0})

    task = replace(counting.task, open=failing, scorer=parts, reducer="f1")
    log = run(Order(task, "m", tmp_path), PLACE)
    assert log.value == 0.0 and sum(row.score.parts["wanted"] for row in log.rows) == 30


def test_a_draw_is_the_same_for_a_seed_and_a_version_names_the_data() -> None:
    every = Counting().samples(PLACE)
    assert picked(every, 4, 1) == picked(every, 4, 1) != picked(every, 4, 2)
    assert picked(every, None, 1) == picked(every, 99, 1) == every
    assert version(every) == version(list(every)) != version(every[1:])


def test_what_is_left_to_ask_is_told_without_touching_anything(tmp_path: Path) -> None:
    counting = Counting(stop_at=4)
    order = Order(counting.task, "m", tmp_path)
    assert len(asked(order, PLACE)) == 10
    with pytest.raises(KeyboardInterrupt):
        run(order, PLACE)
    kept = (tmp_path / "samples.jsonl").read_bytes()
    assert len(asked(order, PLACE)) == 6
    assert len(asked(replace(order, prompt="2"), PLACE)) == 10  # another prompt begins anew
    assert (tmp_path / "samples.jsonl").read_bytes() == kept
    finished(replace(order, task=Counting().task), PLACE, None, lambda row: None)
    assert len(asked(order, PLACE)) == 10  # one that was finished begins anew


def log_of(values: Sequence[float], stated: Sequence[float | None] | None = None) -> Log:
    told = stated or [None] * len(values)
    rows = [
        Row(str(n), Score(value), Output(None, stated=sure))
        for n, (value, sure) in enumerate(zip(values, told, strict=True))
    ]
    return Log("t", "m", "mean", "", "", 0, rows, len(rows))


def test_intervals_hold_the_figure_and_narrow_with_more_samples() -> None:
    few, many = stats.interval(log_of([0, 1] * 10)), stats.interval(log_of([0, 1] * 200))
    assert few.low < 0.5 < few.high and many.low < 0.5 < many.high
    assert many.high - many.low < (few.high - few.low) / 3


def test_a_difference_is_paired() -> None:
    old, new = log_of([0, 1] * 50), log_of([0.1, 1] * 50)
    change = stats.difference(new, old)
    assert change.low > 0 and change.value == pytest.approx(0.05)
    assert stats.difference(old, old) == (0.0, 0.0, 0.0)


def test_calibration_is_how_far_stated_sureness_is_off() -> None:
    assert error(reliability(log_of([1.0, 0.0]))) is None
    assert error(reliability(log_of([1.0, 0.0, 1.0, 0.0], [0.5] * 4))) == pytest.approx(0.0)
    assert error(reliability(log_of([0.0] * 4, [0.9] * 4))) == pytest.approx(0.9)


def test_an_element_is_expected_to_be_as_right_as_its_category_elsewhere() -> None:
    """Props are right in 9 of 10 in every script and wardrobe in 1 of 10; then one script turns it about."""

    def scene(script: str, props: int, wardrobe: int) -> Row:
        claims = [["props", f"thing {n}", "q"] for n in range(10)] + [["wardrobe", f"coat {n}", "q"] for n in range(10)]
        must = [[*claim[:2], None, None] for claim in claims[:props] + claims[10 : 10 + wardrobe]]
        return Row(f"{script}/1", Score(1.0), Output(claims), {}, {"must": must, "may": []})

    log = Log("breakdown", "m", "f1", "", "", 0, [scene(name, 9, 1) for name in "abc"], 3)
    bins = reliability(log)
    assert [(item.answers, round(item.observed, 6)) for item in bins] == [(30, 0.1), (30, 0.9)]
    assert all(abs(item.expected - item.observed) < 0.1 for item in bins)
    surprised = error(reliability(replace(log, rows=[*log.rows[:2], scene("c", 1, 9)])))
    assert surprised is not None and surprised > 0.2


def test_f1_of_nothing_wanted_and_nothing_claimed_is_right() -> None:
    assert f1(dict.fromkeys(("found", "wanted", "right", "claimed"), 0.0)) == 1.0
    assert f1({"found": 0, "wanted": 2, "right": 0, "claimed": 2}) == 0.0
