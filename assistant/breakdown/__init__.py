"""From a scene to its elements: what rules find, what a model is asked, what of its answer stands."""

from assistant.breakdown.animals import named_animals
from assistant.breakdown.extract import SceneElements, claimed, reported
from assistant.breakdown.judge import Judged, judge
from assistant.breakdown.merge import merge
from assistant.breakdown.namesakes import AliasClaims
from assistant.breakdown.pieces import pieces, size, smaller, without_doubles
from assistant.breakdown.rules import breakdown_scene
from assistant.breakdown.synopsis import SceneSynopsis
from assistant.breakdown.verify import verify

RULES_VERSION = "1"
"""Raise it when rules or lexicon change what is found: answers kept under the old version are asked for again."""

__all__ = [
    "RULES_VERSION",
    "AliasClaims",
    "Judged",
    "SceneElements",
    "SceneSynopsis",
    "breakdown_scene",
    "claimed",
    "judge",
    "merge",
    "named_animals",
    "pieces",
    "reported",
    "size",
    "smaller",
    "verify",
    "without_doubles",
]
