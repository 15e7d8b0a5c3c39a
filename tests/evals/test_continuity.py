"""The continuity eval plants what it says it plants, and the rules clear their bars on it."""

import random
from pathlib import Path

import pytest

from assistant.continuity import read_continuity
from assistant.screenplay import characters, parse
from evals.continuity import ROOT, days_scores, hits
from evals.continuity_wordings import free_wordings
from evals.data.continuity_mutations import PLANTS, Stage, planted
from evals.sets import continuity

FERRY = ROOT / "examples" / "the-ferry" / "the-ferry.fountain"


def test_a_planted_conflict_stands_where_it_says() -> None:
    script = parse(FERRY)
    people = [one for one in characters(script) if one.speaking and len(one.scenes) >= 3 and one.name.isalpha()]
    for plant in PLANTS:
        one = plant(Stage(script, people, random.Random(3)))
        if one is not None:
            for ordinal, mark in zip(one.scenes, one.marks, strict=True):
                assert any(mark in line.text for line in one.script.scene(ordinal).lines), one.what


def test_rules_see_what_is_planted_in_the_example() -> None:
    script = parse(FERRY)
    people = characters(script)
    known = {item.id for item in read_continuity(script, people).conflicts}
    found = [
        any(hits(one, item) for item in read_continuity(one.script, people).conflicts if item.id not in known)
        for one in planted(script, people, 1, 1)
    ]
    assert len(found) >= 10 and sum(found) >= 0.70 * len(found)


def test_rules_see_most_of_what_is_worded_freely() -> None:
    script = parse(FERRY)
    people = characters(script)
    found = [
        any(hits(one, item) for item in read_continuity(one.script, people).conflicts) for one in free_wordings(script)
    ]
    assert len(found) >= 25 and sum(found) >= 0.70 * len(found)


@pytest.mark.parametrize(
    "name",
    [
        "seoul-identity/seoul-identity.fountain",
        "bee-detective/BeeDetective.fountain",
        "rearview-fdx/REARVIEW - 02-22-26.fdx",
    ],
)
def test_few_false_alarms_on_originals(corpus: Path, name: str) -> None:
    script = parse(corpus / name)
    assert len(read_continuity(script, characters(script)).conflicts) <= len(script.scenes) / 10


def test_script_days(corpus: Path) -> None:
    scores = dict(days_scores(corpus))
    assert scores["the-ferry"]["exact"] >= 0.90 and scores["printing-trouble"]["exact"] >= 0.90
    assert scores["seoul-identity"]["turns"] >= 0.90  # one unsaid night moves every number after it
    assert scores["seoul-identity"]["set"] <= 2  # and a person sets that one right


def test_the_task_has_samples_of_every_example() -> None:
    from evals.core import Place

    found = continuity.samples(Place(ROOT))
    assert len(found) >= 15 and len({sample.id for sample in found}) == len(found)
