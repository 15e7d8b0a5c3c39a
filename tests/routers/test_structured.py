"""JSON answers: asked for as each model wants it, mended where it is safe, and never taken when cut short."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from routers.structured import Parsed, Problem, ask_again, find_json, parse_answer, refused, shape, strict, violations
from routers.types import Finish, JsonMode, Message, RawAnswer, Request
from tests.routers.wires import GOOD, SCHEMA

VALUE = {"name": "Anna", "count": 3}


class Counted(BaseModel):
    """The same schema as a model."""

    model_config = ConfigDict(extra="forbid")
    name: str
    count: int


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"```json\n{GOOD}\n```",
        f"Here you are:\n\n```\n{GOOD}\n```\nAnything else?",
        f"Sure! {GOOD} I hope this helps.",
        '{"name": "Anna", "count": 3,}',
        '\ufeff{"name": "Anna",\n "count": 3 }\n',
        f"First {{not json}} and then {GOOD}",
    ],
)
def test_json_is_found_and_small_slips_are_mended(text: str) -> None:
    parsed = parse_answer(RawAnswer(text), SCHEMA)
    assert isinstance(parsed, Parsed) and parsed.value == VALUE
    assert json.loads(parsed.text) == VALUE


@pytest.mark.parametrize(
    "text", ['{"name": "Anna", "count": ', '{"name": "Anna"', "Anna, three times", '{"name": "An', "{"]
)
def test_what_is_not_whole_is_not_completed(text: str) -> None:
    problem = parse_answer(RawAnswer(text), SCHEMA)
    assert isinstance(problem, Problem) and problem.outcome == "malformed" and problem.form


@pytest.mark.parametrize(
    ("finish", "outcome"),
    [
        ("length", "truncated"),
        ("window", "window"),
        ("refusal", "refusal"),
        ("guardrail", "guardrail"),
        ("malformed", "malformed"),
    ],
)
def test_a_stopped_answer_is_never_parsed_however_good_it_looks(finish: Finish, outcome: str) -> None:
    problem = parse_answer(RawAnswer(GOOD, finish, "word"), SCHEMA)
    assert isinstance(problem, Problem) and problem.outcome == outcome
    assert "word" in problem.problems[0]


def test_python_words_outside_of_strings_are_mended_and_inside_left() -> None:
    found = find_json('{"a": True, "b": None, "c": "True, None,}", "d": [1, 2,],}')
    assert found is not None and found.value == {"a": True, "b": None, "c": "True, None,}", "d": [1, 2]}


def test_violations_name_place_and_rule_and_not_the_value() -> None:
    bad = {"name": "SECRETWORD", "count": "SECRETWORD", "extra": "SECRETWORD"}
    for schema in (SCHEMA, Counted):
        problems = violations(bad, schema)
        assert problems and "SECRETWORD" not in str(problems)
        assert any(p.startswith("count") for p in problems)
    assert violations({"name": "x"}, SCHEMA) == ("(top): lacks count",)


def test_a_pydantic_model_is_a_schema_too() -> None:
    parsed = parse_answer(RawAnswer(GOOD), Counted)
    assert isinstance(parsed, Parsed) and parsed.value == Counted(name="Anna", count=3)


def test_free_text_needs_no_schema_but_has_to_be_there() -> None:
    assert isinstance(parse_answer(RawAnswer("Anna."), None), Parsed)
    empty = parse_answer(RawAnswer(" \n"), None)
    assert isinstance(empty, Problem) and empty.outcome == "empty"


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that request.",
        "I’m sorry, but I can’t assist with that.",
        "I cannot provide a breakdown of this content.",
        "Sorry, I am unable to process this scene.",
        "I won't write this.",
    ],
)
def test_refusals_in_words(text: str) -> None:
    assert refused(text)
    problem = parse_answer(RawAnswer(text), SCHEMA)
    assert isinstance(problem, Problem) and problem.outcome == "refusal" and not problem.form


@pytest.mark.parametrize(
    "text",
    ["I can see three props.", "Sorry is what Anna says in scene 3.", GOOD, "I can't believe it, says Anna.", ""],
)
def test_what_is_no_refusal(text: str) -> None:
    assert not refused(text)


@pytest.mark.parametrize("mode", ["native", "tool", "prompt"])
def test_the_schema_goes_where_the_model_looks_for_it(mode: JsonMode) -> None:
    request = Request((Message("system", "You count."), Message("user", "?")), schema=SCHEMA)
    shaped = shape(request, mode)
    assert (shaped.format is not None, shaped.tool is not None) == (mode == "native", mode == "tool")
    assert shaped.messages[0] == request.messages[0], "the stable head of the prompt stays first"
    assert (len(shaped.messages) == 3) == (mode == "prompt")
    assert shape(Request(request.messages), mode).messages == request.messages


def test_a_strict_schema_closes_every_object_and_drops_what_strict_modes_refuse() -> None:
    class Line(BaseModel):
        title: str = "none"
        number: int | None = None

    class Page(BaseModel):
        lines: list[Line]
        default: dict[str, int] = {}

    closed = strict(Page.model_json_schema())
    line: Any = closed["$defs"]["Line"]
    assert line["required"] == ["title", "number"] and line["additionalProperties"] is False
    assert closed["required"] == ["lines", "default"], "properties may be called as keywords are"
    assert "default" not in line["properties"]["title"]
    assert closed["properties"]["default"]["additionalProperties"] == {"type": "integer"}


def test_asking_again_shows_the_answer_and_what_is_wrong() -> None:
    request = Request((Message("user", "?"),), schema=SCHEMA)
    again = ask_again(request, RawAnswer("{"), ["the answer is not JSON"])
    assert [m.role for m in again.messages] == ["user", "assistant", "user"]
    assert "not JSON" in again.messages[-1].text
    assert again.fingerprint != request.fingerprint


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.text(max_size=8), JSON_VALUES, max_size=5),
    st.sampled_from(["{}", "Here:\n{}\nDone.", "```json\n{}\n```"]),
)
def test_whatever_is_json_is_found_unchanged(value: dict[str, Any], around: str) -> None:
    found = find_json(around.replace("{}", json.dumps(value)))
    assert found is not None and found.value == value


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=8), JSON_VALUES, min_size=1, max_size=5), st.data())
def test_a_cut_answer_never_passes_for_a_whole_one(value: dict[str, Any], data: st.DataObject) -> None:
    whole = json.dumps(value)
    cut = whole[: data.draw(st.integers(1, len(whole) - 1))]
    found = find_json(cut)
    assert found is None or found.value != value


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert isinstance(parse_answer(RawAnswer(text), SCHEMA), Parsed | Problem)
    refused(text)
