"""Scenes of one draft found again in the next, whatever was done to them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.screenplay import Screenplay
from assistant.screenplay import compare
from tests.assistant.review.drafts import CASES, TEXTS, draft

NAMES = st.sampled_from([*TEXTS, "OMITTED"])
NUMBERS = st.sampled_from(["-", "1", "2", "2A", "3", "A4", "5"])
DRAFTS = st.lists(st.tuples(NUMBERS, NAMES), min_size=1, max_size=8).map(lambda scenes: draft(*scenes))


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_what_became_of_each_scene(case: dict[str, Any]) -> None:
    diff = compare(draft(*case["old"]), draft(*case["new"]))
    assert [[change.old, change.new, list(change.kinds)] for change in diff.changes] == case["gives"]


@settings(max_examples=60, deadline=None)
@given(DRAFTS, DRAFTS)
def test_every_scene_of_both_drafts_is_in_the_report(old: Screenplay, new: Screenplay) -> None:
    diff = compare(old, new)
    assert {change.old for change in diff.changes} - {None} == {scene.ordinal for scene in old.scenes}
    assert {change.new for change in diff.changes} - {None} == {scene.ordinal for scene in new.scenes}
    shown = [change.new for change in diff.changes if change.new is not None and "joined" not in change.kinds]
    assert shown == sorted(shown), "the report follows the new draft"


@settings(max_examples=60, deadline=None)
@given(DRAFTS)
def test_a_draft_beside_itself_is_the_same_all_over(script: Screenplay) -> None:
    diff = compare(script, script)
    assert [(change.old, change.new, change.kinds) for change in diff.changes] == [
        (scene.ordinal, scene.ordinal, ("same",)) for scene in script.scenes
    ]
