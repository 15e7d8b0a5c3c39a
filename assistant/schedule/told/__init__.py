"""Boards told in sentences: facts as the tables hold them, and prose whose every number and name is theirs."""

from assistant.schedule.told.facts import of_board, of_day, of_scene
from assistant.schedule.told.prose import Prose, Sentence, plain, sift

__all__ = ["Prose", "Sentence", "of_board", "of_day", "of_scene", "plain", "sift"]
