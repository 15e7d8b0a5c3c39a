"""The nouns of the trade, frozen, with no I/O."""
