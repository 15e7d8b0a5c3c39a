"""Universal Schedule Standard files: valid, complete, the same each time, and read back as they were."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from assistant.domain.breakdown import Breakdown
from assistant.domain.categories import FACTS, Category
from assistant.domain.uss import DAY_NIGHT, INT_EXT, SCRIPT_DAY, SET, UssCalendar, UssEvent
from assistant.errors import BadInput, NotFound
from assistant.exports import export
from assistant.exports.book import Book
from assistant.exports.needs import needs
from assistant.exports.uss import as_json, as_uss
from assistant.exports.uss_read import faults, read_uss
from assistant.screenplay import parse
from tests.assistant.exports.sample import book

SAMPLES = ("validator_small_sample_schedule", "validator_large_sample_schedule", "small_sample_schedule")


def nullable(schema: Any) -> Any:
    """The schema in plain JSON Schema: it is written for a validator that knows the word "nullable"."""
    if isinstance(schema, list):
        return [nullable(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: nullable(value) for key, value in schema.items() if key != "nullable"}
    return plain | {"type": [schema["type"], "null"]} if schema.get("nullable") is True else plain


@pytest.fixture(scope="module")
def valid(corpus: Path) -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(nullable(json.loads((corpus / "uss" / "uss-schema-1.0.0.json").read_text())))


def test_the_breakdown_is_valid_and_keeps_every_rule(valid: jsonschema.Draft7Validator, corpus: Path) -> None:
    script = parse(corpus / "rearview-fdx" / "REARVIEW - 02-22-26 final draft changes.fdx")
    for told in (book(), book(times=3), book(hostile=True), Book(script, Breakdown((), ()))):
        uss = as_uss(told)
        valid.validate(as_json(uss))
        assert faults(uss) == []
        assert len({strip.id for strip in uss.breakdowns}) == len(told.screenplay.scenes)


def test_a_scene_says_what_its_slug_line_and_its_sheet_say() -> None:
    uss = as_uss(book())
    first = uss.breakdowns[0]
    assert (first.scene, first.pages, first.script_page) == ("1", 0.75, "1")
    assert first.comments == "passengers: 40"
    slug = [[e.name for e in uss.elements_of(first, ucid)] for ucid in (INT_EXT, SET, DAY_NIGHT, SCRIPT_DAY)]
    assert slug == [["EXT"], ["FERRY LANDING"], ["NIGHT"], ["N1"]]
    (nell,) = uss.elements_of(first, FACTS[Category.CAST].ucid)
    assert (nell.name, nell.element_id, nell.is_id_lock) == ("NELL", "1", True)
    for strip, sheet in zip(uss.breakdowns, book().sheets, strict=True):
        for category in Category:
            names = [need.name for need in needs(sheet) if need.category is category and not sheet.scene.omitted]
            assert [e.name for e in uss.elements_of(strip, FACTS[category].ucid)] == names


def test_one_thing_is_one_element_and_every_category_has_its_universal_id() -> None:
    uss = as_uss(book())
    keys = [(element.category, element.name.casefold()) for element in uss.elements]
    assert len(keys) == len(set(keys))
    slug = {"Set": 0, "INT/EXT": 1, "Day/Night": 2, "Script Day": 3}
    trade = {facts.label: facts.ucid for facts in FACTS.values()}
    assert {category.name: category.ucid for category in uss.categories} == slug | trade


def test_an_omitted_scene_keeps_its_number_and_needs_nothing() -> None:
    uss = as_uss(book())
    (out,) = [strip for strip in uss.breakdowns if strip.description == "OMITTED"]
    assert (out.scene, out.pages, out.elements) == ("3", 0, ())


def test_what_a_person_rejected_is_not_there() -> None:
    told = book()
    part = told.breakdown.scenes[0]
    gone = tuple(replace(element, status="rejected") for element in part.elements)
    bare = replace(told, breakdown=replace(told.breakdown, scenes=(replace(part, elements=gone),), cast=()))
    assert {c.ucid for c in as_uss(bare).categories if any(e.category == c.id for e in as_uss(bare).elements)} <= {
        0,
        1,
        2,
        3,
    }


def test_a_new_export_changes_only_what_changed() -> None:
    told = replace(book(), production="p1", created="2026-01-15T10:00:00+00:00")
    assert as_uss(told) == as_uss(told)
    assert as_uss(told).header.created == "2026-01-15T10:00:00.000Z"
    scenes = told.screenplay.scenes
    later = replace(
        told, screenplay=replace(told.screenplay, title="New", scenes=(replace(scenes[0], eighths=9), *scenes[1:]))
    )
    old, new = as_uss(told), as_uss(later)
    assert [a == b for a, b in zip(old.breakdowns, new.breakdowns, strict=True)] == [False] + [True] * (len(scenes) - 1)
    assert old.breakdowns[0].id == new.breakdowns[0].id
    assert old.elements == new.elements
    assert {e.id for e in as_uss(replace(told, production="p2")).elements}.isdisjoint({e.id for e in old.elements})


def test_two_scenes_of_one_number_are_two(valid: jsonschema.Draft7Validator) -> None:
    told = book()
    twice = tuple(replace(scene, number="7") for scene in told.screenplay.scenes)
    uss = as_uss(replace(told, screenplay=replace(told.screenplay, scenes=twice)))
    assert len({strip.id for strip in uss.breakdowns}) == len(twice)
    assert faults(uss) == []


def test_days_go_on_the_stripboard_and_the_rest_stays_in_the_boneyard(valid: jsonschema.Draft7Validator) -> None:
    start = UssEvent("e", "2026-06-01T08:00:00.000Z", "start")
    calendar = UssCalendar("c", "Summer", (0, 6), (start,))
    uss = as_uss(book(), {"stripboard": [[5, 1], [2, 2, 4]], "second unit": [[1, 7]]}, calendar)
    valid.validate(as_json(uss))
    assert faults(uss) == []
    ids = {strip.scene: strip.id for strip in uss.breakdowns}
    boards = {board.name: board.breakdown_ids for board in uss.stripboards[0].boards} if uss.stripboards else {}
    assert boards["stripboard"] == ((ids["4"], ids["1"]), (ids["2"],))  # the fourth scene is omitted
    assert boards["second unit"] == ((ids["6"],),)
    assert boards["boneyard"] == (ids["2A"], ids["3"], ids["5"], ids["7"])


def test_reading_gives_back_what_was_written(tmp_path: Path) -> None:
    (path,) = export(book(), ["uss"], tmp_path)
    assert path.suffix == ".uss"
    assert read_uss(path) == as_uss(book())


@pytest.mark.parametrize("name", SAMPLES)
def test_the_standards_samples_are_read_and_written_whole(
    corpus: Path, valid: jsonschema.Draft7Validator, name: str
) -> None:
    path = corpus / "uss" / f"{name}.uss"
    uss = read_uss(path)
    assert as_json(uss) == json.loads(path.read_text("utf-8"))
    assert faults(uss) == []
    valid.validate(as_json(uss))


def test_a_file_of_before_the_standard_is_refused(corpus: Path) -> None:
    with pytest.raises(BadInput) as error:
        read_uss(corpus / "uss" / "full_sample_schedule.uss")
    assert "full_sample_schedule.uss" in error.value.sentence


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"universalScheduleStandard": 3}', b"[" * 100_000]
)
def test_what_is_no_such_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.uss"
    path.write_bytes(content)
    with pytest.raises(BadInput):
        read_uss(path)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_uss(tmp_path / "none.uss")


def test_each_broken_rule_is_told() -> None:
    uss = as_uss(book())
    first = uss.breakdowns[0]
    assert uss.stripboards
    board = uss.stripboards[0]
    assert "eighths" in faults(replace(uss, breakdowns=(replace(first, pages=0.3), *uss.breakdowns[1:])))[0]
    assert (
        "names 1 elements" in faults(replace(uss, breakdowns=(replace(first, elements=("x",)), *uss.breakdowns[1:])))[0]
    )
    assert "category" in faults(replace(uss, elements=(replace(uss.elements[0], category="x"), *uss.elements[1:])))[0]
    assert "once" in faults(replace(uss, stripboards=(replace(board, boards=board.boards * 2),)))[0]
    assert "calendar" in faults(replace(uss, stripboards=(replace(board, calendar="x"),)))[0]
    assert "same id" in faults(replace(uss, elements=uss.elements * 2))[0]
