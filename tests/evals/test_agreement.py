"""Two readers of the same data: their agreement, every difference decided, and the gold as it was decided."""

import json
from pathlib import Path

import pytest

from assistant.knowledge.cite import normal
from assistant.screenplay import parse
from evals import agreement
from evals.__main__ import main
from evals.scorers.elements import load, same_name
from evals.sets.breakdown import GOLD
from evals.stats import kappa
from tests.conftest import ROOT

READ = {name: agreement.SECOND / Path(GOLD[name][1]).name for name in ("the-ferry", "tranvia")}


def test_kappa_is_agreement_beyond_chance() -> None:
    assert kappa([("a", "a"), ("b", "b")]) == 1.0
    assert kappa([("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]) == 0.0
    assert kappa([("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15) == pytest.approx(0.4)
    assert kappa([("a", "a")]) == 1.0 and kappa([]) == 0.0


def test_every_difference_is_decided_with_a_reason() -> None:
    for one in agreement.all_agreements():
        assert one.differences and all(item.decision and item.reason for item in one.differences)
        assert all(0.6 < value <= 1 for value in one.figures.values()), one.task


def test_no_decision_is_about_nothing() -> None:
    decided = agreement.decisions()
    counted = {("questions", item.sample) for item in agreement.answers(decided).differences}
    counted |= {("conflicts", item.sample) for item in agreement.conflicts(decided).differences}
    assert {key[:2] for key in decided if key[0] != "breakdown"} == counted
    points = {(item.sample, item.what) for item in agreement.breakdowns(decided).differences}
    assert {(key[1], f"{key[2]} {key[3]}") for key in decided if key[0] == "breakdown"} == points


@pytest.mark.parametrize("name", READ)
def test_the_second_reading_is_of_every_scene_and_in_the_words_of_the_script(name: str) -> None:
    script, gold = GOLD[name]
    scenes = {scene.ordinal: scene for scene in parse(ROOT / script).scenes}
    rows = list(agreement.rows(READ[name]))
    assert [row["ordinal"] for row in rows] == [scene.ordinal for scene in load(Path(gold))]
    for row in rows:
        scene = scenes[row["ordinal"]]
        text = normal(f"{scene.heading.text} {' '.join(line.text for line in scene.lines)}")
        for category, element, quote in row["must"] + row["may"]:
            assert normal(quote) in text, (row["id"], category, element)


def test_the_gold_is_as_was_decided() -> None:
    gold = {scene.id: scene for name in READ for scene in load(Path(GOLD[name][1]))}
    for key, found in agreement.decisions().items():
        if key[0] != "breakdown" or found.decision == "same":
            continue
        names = {key[3], found.row.get("same_as", ["", key[3]])[1]}
        side = gold[key[1]].must if found.decision == "must" else gold[key[1]].may
        said = [word for item in side for word in (item.name, item.also) if word]
        assert any(same_name(name, word) for name in names for word in said), key


def test_the_command_prints_figures_and_each_difference(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agreement"]) == 0
    told = capsys.readouterr().out
    assert "ferry-1" in told and "the banner has to come down on cue" in told
    assert main(["agreement", "--json"]) == 0
    assert [row["task"] for row in json.loads(capsys.readouterr().out)["tasks"]] == [
        "breakdown",
        "questions",
        "conflicts",
    ]
