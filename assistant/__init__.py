"""The production assistant: a film's breakdown, schedule and continuity, every claim quoted from its own material."""

__version__ = "0.1.0"
