"""The router's tables: attempts, budgets, cached answers, evidence; made beside whatever else the database holds."""

from weakref import WeakSet

from sqlalchemy import BigInteger, Boolean, Column, Engine, Float, Integer, MetaData, String, Table, Text

metadata = MetaData()
_ready: "WeakSet[Engine]" = WeakSet()


def make_tables(engine: Engine) -> None:
    """Make what is not there, once for an engine."""
    if engine not in _ready:
        metadata.create_all(engine)
        _ready.add(engine)


attempts = Table(
    "router_attempt",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("call", String(40), nullable=False, index=True),  # all attempts of one completion share it
    Column("position", Integer, nullable=False),
    Column("production", String(200), nullable=False, index=True),
    Column("run", String(200)),
    Column("day", String(10), nullable=False),
    Column("started", String(32), nullable=False),
    Column("task", String(100), nullable=False),
    Column("precision", String(10), nullable=False),
    Column("data_class", String(20), nullable=False),
    Column("policy", String(100), nullable=False),
    Column("reason", Text, nullable=False),
    Column("prompt_id", String(200), nullable=False),
    Column("prompt_version", String(50), nullable=False),
    Column("prompt_sha", String(64), nullable=False),
    Column("request", String(64), nullable=False),  # fingerprint of what was asked, never the text
    Column("model", String(200), nullable=False),
    Column("provider", String(50), nullable=False),
    Column("region", String(50), nullable=False),
    Column("reaches", Text, nullable=False),
    Column("price", Text, nullable=False),  # which price list the figures come from
    Column("outcome", String(20), nullable=False),
    Column("detail", Text, nullable=False, default=""),
    Column("raw_stop", String(60), nullable=False, default=""),
    Column("model_served", String(200), nullable=False, default=""),
    Column("request_id", String(200), nullable=False, default=""),
    Column("tokens_in", Integer, nullable=False, default=0),
    Column("tokens_out", Integer, nullable=False, default=0),
    Column("tokens_estimated", Boolean, nullable=False, default=False),
    Column("reserved", BigInteger, nullable=False, default=0),  # nano-dollars; 0 once settled
    Column("worst", BigInteger, nullable=False, default=0),  # what was reserved at first
    Column("settled", BigInteger, nullable=False, default=0),
    Column("latency_s", Float, nullable=False, default=0.0),
    Column("egress_kind", String(300), nullable=False, default=""),  # empty = nothing left the machine
    Column("egress_chars", Integer, nullable=False, default=0),
    Column("egress_rule", Text, nullable=False, default=""),
)

budgets = Table(
    "router_budget",
    metadata,
    Column("scope", String(420), primary_key=True),
    Column("reserved", BigInteger, nullable=False),
    Column("spent", BigInteger, nullable=False),
)

answers = Table(
    "router_answer",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("production", String(200), nullable=False, index=True),
    Column("model", String(200), nullable=False),
    Column("region", String(50), nullable=False),
    Column("text", Text, nullable=False),
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
    Column("made", String(32), nullable=False),
)

jobs = Table(
    "router_batch_job",
    metadata,
    Column("id", String(63), primary_key=True),  # its name at the provider, which follows from what is asked
    Column("batch", String(64), nullable=False, index=True),
    Column("model", String(200), nullable=False),
    Column("region", String(50), nullable=False),
    Column("state", String(12), nullable=False),  # prepared | submitted | closed
    Column("arn", String(300), nullable=False),
    Column("status", String(40), nullable=False),  # the provider's own word
    Column("message", Text, nullable=False),
    Column("input", Text, nullable=False),
    Column("output", Text, nullable=False),
    Column("content", String(64), nullable=False, index=True),  # names what is asked, whichever time
    Column("records", Integer, nullable=False),
    Column("made", String(32), nullable=False),
)

records = Table(
    "router_batch_record",
    metadata,
    Column("job", String(63), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("owner", String(64), nullable=False, index=True),  # whose question it is
    Column("attempt", String(40), nullable=False),
    Column("key", String(64), nullable=False),
)

health = Table(
    "router_health",
    metadata,
    Column("model", String(200), primary_key=True),
    Column("region", String(50), primary_key=True),
    Column("faults", Integer, nullable=False),
    Column("throttles", Integer, nullable=False),
    Column("open_until", Float, nullable=False),  # seconds since 1970
    Column("why", Text, nullable=False),
    Column("limit_now", Float, nullable=False),
    Column("updated", Float, nullable=False),
)

evidence = Table(
    "router_evidence",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("task", String(100), nullable=False),
    Column("model", String(200), nullable=False),
    Column("good", Float, nullable=False),
    Column("trials", Float, nullable=False),
    Column("source", String(10), nullable=False),
    Column("precision", String(10)),
    Column("prompt", String(64), nullable=False),
    Column("data", String(64), nullable=False),
)
