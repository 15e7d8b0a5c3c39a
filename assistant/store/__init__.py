"""One production’s facts, in SQLite or PostgreSQL."""

from assistant.store.engine import open_engine
from assistant.store.records import Draft, Overlay, Result
from assistant.store.store import Store

__all__ = ["Draft", "Overlay", "Result", "Store", "open_engine"]
