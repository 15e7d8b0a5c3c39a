"""Script days, states of people, props and sets carried from scene to scene, and conflicts with both quotes."""

from assistant.continuity.days import script_days, valid_label
from assistant.continuity.extract import (
    DAYS_PROMPT,
    STATES_PROMPT,
    SceneContinuity,
    ScriptDays,
    reported,
    reported_days,
)
from assistant.continuity.looks import look_sheet
from assistant.continuity.match import match
from assistant.continuity.people import Story, story
from assistant.continuity.related import Related, related
from assistant.continuity.renames import renamed
from assistant.continuity.states import assembled, findings, read_continuity
from assistant.continuity.verify import Bench, Judged, judge_days

RULES_VERSION = "1"
"""Raise it when rules or lexicon change what is found: answers kept under the old version are asked for again."""

__all__ = ["DAYS_PROMPT", "RULES_VERSION", "STATES_PROMPT", "Bench", "Judged", "SceneContinuity", "ScriptDays", "Story"]
__all__ += ["Related", "related"]
__all__ += ["assembled", "findings", "judge_days", "look_sheet", "match", "read_continuity", "renamed", "reported"]
__all__ += ["reported_days", "script_days", "story", "valid_label"]
