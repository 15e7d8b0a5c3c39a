"""One production’s facts, in SQLite or PostgreSQL."""
