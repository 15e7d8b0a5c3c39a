"""The tables of batches: which scripts there are, who works on each, what it may spend and how it ended."""

from sqlalchemy import JSON, BigInteger, Column, Float, Integer, String, Table, Text

from assistant.store.schema import metadata

batch = Table(
    "batch",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("folder", Text, nullable=False),
    Column("options", JSON, nullable=False),
    Column("state", String(12), nullable=False),  # open | cancelled
    Column("budget", BigInteger),  # nano-dollars; none = no cap
    Column("granted", BigInteger, nullable=False),  # of it, to scripts: never more than the budget
    Column("created", String(32), nullable=False),
)

item = Table(
    "batch_item",
    metadata,
    Column("batch", String(40), primary_key=True),
    Column("key", String(64), primary_key=True),  # names the script's bytes and all that its result depends on
    Column("position", Integer, nullable=False),
    Column("file", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("folder", Text, nullable=False),
    Column("state", String(12), nullable=False, index=True),
    Column("owner", String(40), nullable=False),
    Column("lease", Float, nullable=False),  # seconds since 1970; past it another process may take the script
    Column("tries", Integer, nullable=False),  # claims in a row that came to nothing
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("stage", String(20), nullable=False),
    Column("base", BigInteger),  # what its production had spent before this batch
    Column("granted", BigInteger, nullable=False),
    Column("error", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("updated", String(32), nullable=False),
)
"""One script of a batch. state: waiting | running | done | failed | quarantined | cancelled."""
