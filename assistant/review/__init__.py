"""Proposals become decisions; the only writer of accepted facts."""

from assistant.review.carry import Before, Carried, Stands, carry, unique_ids
from assistant.review.decide import action_named, decide
from assistant.review.desk import Desk, Scores
from assistant.review.queue import Item, Wanted, queue

__all__ = ["Before", "Carried", "Desk", "Item", "Scores", "Stands", "Wanted"]
__all__ += ["action_named", "carry", "decide", "queue", "unique_ids"]
