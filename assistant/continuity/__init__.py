"""Script days, states of people, props and sets carried from scene to scene, and conflicts with both quotes."""

from assistant.continuity.days import script_days, valid_label
from assistant.continuity.extract import (
    STATES_PROMPT,
    SceneContinuity,
    reported,
)
from assistant.continuity.looks import look_sheet
from assistant.continuity.match import between, match
from assistant.continuity.people import Story, story
from assistant.continuity.related import Related, related
from assistant.continuity.renames import renamed
from assistant.continuity.states import assembled, findings, read_continuity, reads
from assistant.continuity.turns import DAYS_PROMPT, JudgedDays, ScriptDays, Window, judge_days, windows
from assistant.continuity.verify import Bench, Judged

RULES_VERSION = "2"
"""Raise it when rules or lexicon change what is found: answers kept under the old version are asked for again."""

__all__ = ["RULES_VERSION", "STATES_PROMPT", "Bench", "Judged", "SceneContinuity", "Story"]
__all__ += ["Related", "related"]
__all__ += [
    "assembled",
    "between",
    "findings",
    "look_sheet",
    "match",
    "read_continuity",
    "reads",
    "renamed",
    "reported",
]
__all__ += ["script_days", "story", "valid_label"]
__all__ += ["DAYS_PROMPT", "JudgedDays", "ScriptDays", "Window", "judge_days", "windows"]
