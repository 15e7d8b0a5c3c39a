"""The JSON contract."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from assistant.domain.categories import Category
from assistant.exports import export
from assistant.exports.json_file import SCHEMA_FILE, as_dict
from tests.assistant.exports.sample import book

RULES = json.loads(SCHEMA_FILE.read_text("utf-8"))


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return as_dict(book())


def test_the_schema_is_itself_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(RULES)


def test_a_breakdown_keeps_the_contract(told: dict[str, Any]) -> None:
    jsonschema.validate(told, RULES)


def test_a_breakdown_of_hostile_text_keeps_it_too(tmp_path: Path) -> None:
    (path,) = export(book(hostile=True), ["json"], tmp_path)
    jsonschema.validate(json.loads(path.read_text("utf-8")), RULES)


def test_the_schema_knows_every_category() -> None:
    assert RULES["$defs"]["element"]["properties"]["category"]["enum"] == [category.value for category in Category]


def test_scenes_stand_in_script_order_with_their_own_numbers(told: dict[str, Any]) -> None:
    assert [scene["number"] for scene in told["scenes"]] == ["1", "2", "2A", "3", "4", "5", "6", "7"]
    omitted = told["scenes"][3]
    assert omitted["omitted"]
    assert omitted["eighths"] == 0
    assert omitted["elements"] == []


def test_the_total_is_the_sum_of_the_scenes(told: dict[str, Any]) -> None:
    assert told["script"]["eighths"] == sum(scene["eighths"] for scene in told["scenes"]) == 51


def test_an_element_carries_its_evidence_and_its_source(told: dict[str, Any]) -> None:
    elements = {element["name"]: element for element in told["scenes"][0]["elements"]}
    assert elements["rain"]["evidence"] == {"quote": "Rain hammers", "line": 2}
    assert elements["rain"]["source"] == {"model": "builtin/rules", "prompt": "breakdown@1", "attempt": "a1"}
    assert elements["ferry"]["implied"]


def test_a_rejected_element_is_there_with_its_status(told: dict[str, Any]) -> None:
    status = {(e["category"], e["name"]): e["status"] for e in told["scenes"][4]["elements"]}
    assert status["visual_effects", "waves over the bow"] == "rejected"


def test_cast_scenes_are_ordinals(told: dict[str, Any]) -> None:
    nell = told["cast"][0]
    assert nell == {"id": "1", "name": "NELL", "aliases": [], "scenes": [1, 2, 5, 6, 7, 8]}
