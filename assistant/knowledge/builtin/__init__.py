"""The chat task without a language model: a grammar of questions, answered from the tables and by quoting."""

from assistant.knowledge.builtin.answer import BuiltinQuestion, reply
from assistant.knowledge.builtin.query import Query
from assistant.knowledge.builtin.understand import understand

__all__ = ["BuiltinQuestion", "Query", "reply", "understand"]
