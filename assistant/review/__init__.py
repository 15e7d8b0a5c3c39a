"""Proposals become decisions; the only writer of accepted facts."""

from assistant.review.carry import Before, Carried, Stands, carry, unique_ids
from assistant.review.decide import action_named, decide

__all__ = ["Before", "Carried", "Stands", "action_named", "carry", "decide", "unique_ids"]
