"""Continuity handed over: the facing pages, the story days, the look sheets, tables, and the picture in the report."""
