"""Conflicts worded by people, one a row of a file, planted where each can stand."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from assistant.domain.characters import Character
from assistant.domain.screenplay import Screenplay
from assistant.screenplay import characters
from assistant.screenplay.headings import parse_heading
from evals.data.continuity_mutations import Planted, Stage, put, reheaded, runs, same_day, say

DATA = Path(__file__).resolve().parent / "data"
WORDINGS = DATA / "continuity_wordings.jsonl"
SECOND = DATA / "continuity_wordings_2.jsonl"
SPANISH = DATA / "continuity_wordings_es.jsonl"
SPANISH_2 = DATA / "continuity_wordings_es_2.jsonl"


@dataclass(frozen=True)
class Spot:
    """Who a row is about and the two scenes it is put in, the earlier first."""

    person: Character
    first: int
    second: int


def free_wordings(script: Screenplay, file: Path = WORDINGS) -> Iterator[Planted]:
    """Every row of a file planted in a script; one for which the script has no room is left out."""
    told, *rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    named = told.get("people")
    known = characters(script)
    people = [one for one in known if (one.name in named if named else one.speaking and len(one.scenes) > 2)]
    stage = Stage(script, people, Random(7))
    for row in rows:
        spot = _spot(stage, row)
        if spot is not None:
            marks = (row["marks"][0], row["marks"][1])
            yield Planted(row["kind"], _what(row), _made(stage, row, spot), (spot.first, spot.second), marks)


def _what(row: dict[str, Any]) -> str:
    return str(row["first"] or row["second"] or row["heading"])


def _made(stage: Stage, row: dict[str, Any], spot: Spot) -> Screenplay:
    made = stage.script
    for ordinal, text in ((spot.first, row["first"]), (spot.second, row["second"])):
        if text.startswith(">"):
            made = say(made, ordinal, spot.person.name, text.removeprefix("> "))
        elif text:
            made = put(made, ordinal, text.format(stage.name(spot.person)))
    return _headed(made, row) if "heading" in row else made


def _headed(script: Screenplay, row: dict[str, Any]) -> Screenplay:
    """The scene under another heading, read as a parser reads it."""
    scene = script.scene(row["scene"])
    heading = parse_heading(row["heading"])
    made = reheaded(script, scene, row["heading"])
    scenes = (replace(one, heading=heading) if one.ordinal == scene.ordinal else one for one in made.scenes)
    return replace(made, scenes=tuple(scenes))


def _spot(stage: Stage, row: dict[str, Any]) -> Spot | None:
    person = stage.people[0]
    if "scene" in row:
        before = row["scene"] - 1
        if "person" in row:
            person = next(one for one in stage.people if one.name == row["person"])
        return Spot(person, before, row["scene"])
    if "light" in row:
        scene = next((one for one in stage.script.scenes if one.time_of_day == row["light"]), None)
        return Spot(person, scene.ordinal, scene.ordinal) if scene else None
    places = runs(stage) if row.get("run") else stage.pairs(row.get("near", False))
    if row.get("near"):
        places = [place for place in places if same_day(stage, place[1], place[2])]
    return Spot(*stage.rng.choice(places)) if places else None
