"""Rules from notes on a shoot as an eval: the baseline holds, lies and silence cost, and two ways of saying are one."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.app import App
from assistant.schedule.said import Known, SaidShape, rule_of
from evals import bench, gate
from evals.__main__ import main
from evals.core import Log, Output, Place, Sample, log_from
from evals.running import LOG
from evals.sets import schedule_rules
from tests.conftest import ROOT

PLACE = Place(ROOT)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    runs = tmp_path_factory.mktemp("runs")
    assert main(["run", "schedule-rules", "--runs", str(runs)]) == 0
    (path,) = runs.rglob(LOG)
    return log_from(json.loads(path.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def known() -> Iterator[Known]:
    with bench.production(PLACE, "schedule_rules", "builtin/rules") as app:
        yield _known(app)


def _known(app: App) -> Known:
    return schedule_rules.known_of(app, PLACE, "el-ultimo-tranvia")


def test_the_built_in_reader_is_as_good_as_it_was(log: Log) -> None:
    verdict = gate.judge(log)
    assert verdict.ok and verdict.compared == len(log.rows) >= 40, str(verdict)


def test_the_notes_are_in_two_languages_and_some_hold_no_rule() -> None:
    samples = schedule_rules.samples(PLACE)
    assert {sample.input["script"] for sample in samples} == set(schedule_rules.SCRIPTS)
    assert sum(not sample.target["rules"] for sample in samples) >= 10
    for sample in samples:
        assert all(text in sample.input["text"] for text in sample.target["unread"])
        assert all(rule_of(SaidShape.model_validate({"quote": "", **row})) for row in sample.target["rules"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"kind": "never", "subject": "cast", "names": ["NIÑO"], "dates": ["2027-02-20..2027-03-03"]},
            {"kind": "only", "subject": "cast", "names": ["NIÑO"], "dates": ["2027-03-04..2027-05-30"]},
        ),
        (
            {"kind": "lock", "subject": "scene", "names": ["6"], "dates": ["2027-03-04"]},
            {"kind": "only", "subject": "location", "names": ["COCHERAS"], "dates": ["2027-03-04"]},
        ),
        (
            {"kind": "band", "subject": "set", "names": ["TRANVÍA"], "band": "N"},
            {"kind": "band", "subject": "scene", "names": ["3", "2"], "band": "N"},
        ),
    ],
)
def test_two_ways_of_saying_the_same_count_as_one(
    known: Known, one: dict[str, object], other: dict[str, object]
) -> None:
    first, second = (rule_of(SaidShape.model_validate({"quote": "", **row})) for row in (one, other))
    assert schedule_rules.bound(first, known) == schedule_rules.bound(second, known)


def test_a_rule_made_up_and_a_sentence_passed_over_cost_the_same(known: Known) -> None:
    sample = Sample("x", {}, {"rules": [], "unread": ["It rains."]})
    whole = Output({"rules": [], "wanted": [["keep"]], "unread": ["It rains"]})
    answer = whole.answer
    right = replace(whole, answer={**answer, "rules": [["keep"]]})
    assert schedule_rules.scorer(sample, right).value == 1.0
    made_up = replace(right, answer={**right.answer, "rules": [["keep"], ["age"]]})
    silent = replace(right, answer={**right.answer, "unread": []})
    assert 0 < schedule_rules.scorer(sample, made_up).value < 1
    assert 0 < schedule_rules.scorer(sample, silent).value < 1
    assert "not there" in schedule_rules.scorer(sample, made_up).why[0]
    assert "not read" in schedule_rules.scorer(sample, silent).why[0]


def test_a_model_that_is_not_there_is_no_answer(tmp_path: Path) -> None:
    sample = schedule_rules.samples(PLACE)[-1]
    with schedule_rules.solver(PLACE, "onprem/nobody", tmp_path, [sample]) as solve:
        assert solve(sample).error
