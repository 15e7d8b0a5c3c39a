"""The searchable store of one production’s material."""
