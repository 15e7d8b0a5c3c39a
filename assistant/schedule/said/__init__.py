"""Rules of the shoot from sentences: read, verified against the production, put into words, merged with the rest."""

from assistant.schedule.said.apply import merged
from assistant.schedule.said.grammar import read
from assistant.schedule.said.known import Known, known_of
from assistant.schedule.said.shape import Reading, SaidRules, SaidShape, reading_of, rule_of, sentences, shape_of, sift
from assistant.schedule.said.words import words_of

RULES_VERSION = "3"  # of what is read without a model; raised when a form is added or changed

__all__ = [
    "RULES_VERSION",
    "Known",
    "Reading",
    "SaidRules",
    "SaidShape",
    "known_of",
    "merged",
    "read",
    "reading_of",
    "rule_of",
    "sentences",
    "shape_of",
    "sift",
    "words_of",
]
