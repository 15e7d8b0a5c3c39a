"""Proposals become decisions; the only writer of accepted facts."""

from assistant.review.carry import Before, Carried, carry, unique_ids
from assistant.review.decide import action_named, decide

__all__ = ["Before", "Carried", "action_named", "carry", "decide", "unique_ids"]
