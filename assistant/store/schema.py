"""The tables of a store. Every row names its production, so many productions can share one PostgreSQL."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

production = Table(
    "production",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("title", Text, nullable=False),
    Column("created", String(32), nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("production", String(32), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("file", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("head", JSON, nullable=False),  # the Screenplay without its scenes
    Column("created", String(32), nullable=False),
    UniqueConstraint("production", "sha256", name="draft_once"),
)

scene = Table(
    "scene",
    metadata,
    Column("production", String(32), primary_key=True),
    Column("draft", Integer, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("number", String(32)),
    Column("content_hash", String(64), nullable=False),
    Column("body", JSON, nullable=False),
    Column("eighths_override", Integer),
    ForeignKeyConstraint(["production", "draft"], ["draft.production", "draft.seq"], ondelete="CASCADE"),
)

result = Table(
    "result",
    metadata,
    Column("production", String(32), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("task", String(40), nullable=False),
    Column("body", JSON, nullable=False),
    Column("model", Text, nullable=False),
    Column("attempt", String(40), nullable=False),
    Column("created", String(32), nullable=False),
)
"""What a model (or the rules) answered for one scene, by content: a finished answer is never asked for again."""

element = Table(
    "element",
    metadata,
    Column("production", String(32), primary_key=True),
    Column("draft", Integer, primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("ordinal", Integer, nullable=False),
    Column("category", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("position", Integer, nullable=False),
    ForeignKeyConstraint(["production", "draft"], ["draft.production", "draft.seq"], ondelete="CASCADE"),
    Index("element_by_category", "production", "draft", "category"),
)

cast_member = Table(
    "cast_member",
    metadata,
    Column("production", String(32), primary_key=True),
    Column("draft", Integer, primary_key=True),
    Column("id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("position", Integer, nullable=False),
    ForeignKeyConstraint(["production", "draft"], ["draft.production", "draft.seq"], ondelete="CASCADE"),
)

merge = Table(
    "merge",
    metadata,
    Column("production", String(32), primary_key=True),
    Column("draft", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("body", JSON, nullable=False),
    ForeignKeyConstraint(["production", "draft"], ["draft.production", "draft.seq"], ondelete="CASCADE"),
)

synopsis = Table(
    "synopsis",
    metadata,
    Column("production", String(32), primary_key=True),
    Column("draft", Integer, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("quotes", JSON, nullable=False),
    Column("model", Text, nullable=False),
    Column("attempt", String(40), nullable=False),
    ForeignKeyConstraint(["production", "draft"], ["draft.production", "draft.seq"], ondelete="CASCADE"),
)

aside = Table(
    "aside",
    metadata,
    Column("production", String(32), primary_key=True),
    Column("draft", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("body", JSON, nullable=False),
    ForeignKeyConstraint(["production", "draft"], ["draft.production", "draft.seq"], ondelete="CASCADE"),
)
"""Decided elements of the draft before that have no place in this one."""

decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("production", String(32), nullable=False, index=True),
    Column("draft", Integer, nullable=False),
    Column("subject", Text, nullable=False),  # an element's id, "merge:…" or "change:…"
    Column("action", String(12), nullable=False),
    Column("change", JSON, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", String(32), nullable=False),
)
"""Append-only. The newest row of a subject holds; older ones stay as history."""

run = Table(
    "run",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("production", String(32), nullable=False, index=True),
    Column("kind", String(24), nullable=False),
    Column("draft", Integer),
    Column("fingerprint", String(64), nullable=False),
    Column("state", String(12), nullable=False),  # running | done
    Column("summary", JSON, nullable=False),
    Column("started", String(32), nullable=False),
    Column("seconds", Float, nullable=False),
)

source = Table(
    "source",
    metadata,
    Column("production", String(32), primary_key=True),
    Column("id", String(64), primary_key=True),  # sha-256 of the file
    Column("file", Text, nullable=False),
    Column("kind", String(24), nullable=False),  # script | bible | call sheet | note …
    Column("draft", Integer),
    Column("indexed_with", String(120), nullable=False),  # fingerprint of chunking and embedding, "" = not yet
    Column("added", String(32), nullable=False),
    Column("superseded", Boolean, nullable=False, default=False),
)

chunk = Table(
    "chunk",
    metadata,
    Column("production", String(32), primary_key=True),
    Column("id", String(80), primary_key=True),
    Column("source", String(64), nullable=False, index=True),
    Column("body", JSON, nullable=False),
)
"""The passages themselves; the vector index beside them can be rebuilt from here at any time."""

turn = Table(
    "turn",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("production", String(32), nullable=False),
    Column("who", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("at", String(32), nullable=False),
    Index("turn_of_person", "production", "who"),
)
"""What one person asked and was answered, the last few turns only."""

schedule = Table(
    "schedule",
    metadata,
    Column("production", String(32), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("draft", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("why", Text, nullable=False),
    Column("created", String(32), nullable=False),
)

schedule_lock = Table(
    "schedule_lock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("production", String(32), nullable=False, index=True),
    Column("scene", String(40), nullable=False),
    Column("date", String(10)),
    Column("place", Integer),
    Column("who", Text, nullable=False),
    Column("at", String(32), nullable=False),
    Column("draft", Integer),
    Column("unit", String(20)),
)
"""Append-only: the newest row of a scene holds; one without a date unlocks it. Scenes are named as in `draft`."""

schedule_said = Table(
    "schedule_said",
    metadata,
    Column("production", String(32), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("forgets", Integer),
    Column("body", JSON),
    Column("model", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", String(32), nullable=False),
    Column("draft", Integer),
)
"""Append-only: a row with `forgets` takes that rule out of force. Scenes are named as in `draft`."""

slack_job = Table(
    "slack_job",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("event", String(200), nullable=False, unique=True),  # what Slack sends again is taken once
    Column("thread", String(200), nullable=False, index=True),
    Column("body", JSON, nullable=False),
    Column("state", String(12), nullable=False, index=True),  # waiting | running | stopping | done | failed | stopped
    Column("owner", String(40), nullable=False),
    Column("lease", Float, nullable=False),  # seconds since 1970; past it, another process may take the job
    Column("tries", Integer, nullable=False),
    Column("created", String(32), nullable=False),
)
"""What Slack asked for, in the order it came; several processes serve from here."""

slack_note = Table(
    "slack_note",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("who", String(40), nullable=False),
    Column("body", JSON, nullable=False),
    Column("created", String(32), nullable=False),
)
"""What a button stands for: kept here, so that no message carries it and a restart loses nothing."""

slack_access = Table(
    "slack_access",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("production", String(32), nullable=False, index=True),  # "" where no production was reached
    Column("who", String(40), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("what", String(40), nullable=False),
    Column("allowed", Boolean, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", String(32), nullable=False),
)
"""Append-only: who wanted what from where, and whether it was given."""

slack_news = Table(
    "slack_news",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("production", String(32), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("key", String(120), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(12), nullable=False),  # waiting | told
    Column("at", String(32), nullable=False),
    UniqueConstraint("production", "key", name="news_once"),
)
"""Events on their way out, each told once."""
