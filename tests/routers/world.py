"""A router with two real providers on two loopback servers, and the books that must balance after every test."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from routers.budget import Caps
from routers.cache import Cache
from routers.health import Health
from routers.ledger import Ledger, Row, open_engine
from routers.registry import Registry
from routers.router import Router
from routers.types import ModelRow, Need, Price, Prior
from tests.loopback import FAULTS, Fault, Loopback, Reply
from tests.routers.wires import GOOD, provider, row

CHEAP = Price.usd_per_million("1", "5", "test")
DEAR = Price.usd_per_million("10", "50", "test")
KNOWN = frozenset(
    {"ok", "rejected", "malformed", "empty", "truncated", "window", "refusal", "guardrail", "wrong_model"}
)
Steps = Sequence[Reply | Fault] | Reply | Fault


class SkippingClock:
    """Real time that jumps over every wait, and remembers it."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> float:
        return time.monotonic() + sum(self.slept)

    def wall(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


class World:
    """`near` serves the cheap model over the wire under test, `far` the strong one over another."""

    def __init__(self, near: Loopback, far: Loopback, wire: str, folder: Path, caps: Caps | None = None) -> None:
        self.near, self.far, self.wire = near, far, wire
        near.forget()
        far.forget()
        self.cheap = replace(
            row(near, wire, "cheap"), id="cheap", provider="near", price=CHEAP, prior=Prior(0.75, 2000.0)
        )
        other = "openai" if wire != "openai" else "anthropic"
        self.strong = replace(
            row(far, other, "strong"), id="strong", provider="far", price=DEAR, prior=Prior(0.95, 2000.0)
        )
        self.clock = SkippingClock()
        self.ledger = Ledger(open_engine(f"sqlite:///{folder / 'ledger.db'}"), caps)
        self.router = Router(
            registry=Registry({"cheap": self.cheap, "strong": self.strong}),
            providers={"near": provider(near, wire), "far": provider(far, other)},
            ledger=self.ledger,
            health=Health(),
            has=lambda name: True,
            clock=self.clock,
        )
        self.script(Reply(GOOD), Reply(GOOD))

    def script(self, cheap: Steps, strong: Steps | None = None) -> None:
        """What the two models do from now on."""
        self.near.script("cheap", cheap)
        if strong is not None:
            self.far.script("strong", strong)

    def rows_are(self, **changes: Any) -> None:
        """Change the cheap model's row."""
        self.cheap = replace(self.cheap, **changes)
        self.only(self.cheap, self.strong)

    def only(self, *rows: ModelRow) -> None:
        """These rows and no others."""
        self.router.registry = Registry({r.id: r for r in rows}, {"eu": frozenset({"eu-west-1", "eu-central-1"})})

    def cached(self) -> None:
        """Keep answers from now on."""
        self.router.cache = Cache(self.ledger.engine)

    @property
    def attempts(self) -> list[Row]:
        """The ledger, oldest first."""
        return self.ledger.rows("film")

    @property
    def story(self) -> list[tuple[str, str]]:
        """(model, outcome) of each attempt, in order."""
        return [(r["model"], r["outcome"]) for r in self.attempts]

    def balance(self) -> None:
        """Settled = spent = what the servers counted; what is unknown is booked at its worst."""
        spent = self.ledger.spent("film", None, self.clock.wall())
        settled = sum(r["settled"] for r in self.attempts)
        assert {pair for pair in spent.values()} <= {(settled, 0)}
        for model, server in ((self.cheap, self.near), (self.strong, self.far)):
            self._balance(model, server)

    def _balance(self, model: ModelRow, server: Loopback) -> None:
        mine = [r for r in self.attempts if r["model"] == model.id]
        price = model.price or CHEAP
        known = sum(r["settled"] for r in mine if r["outcome"] in KNOWN and not r["tokens_estimated"])
        whole = [r for r in server.requests if FAULTS.get(r.outcome, "content") == "content" and not r.abandoned]
        assert known == sum(price.cost(*r.billed) for r in whole if r.outcome != "missing_usage")
        for r in mine:
            if r["outcome"] in {"fault", "denied", "cached"}:
                assert r["settled"] == 0
            if r["outcome"] == "unknown":
                assert r["settled"] == r["worst"] > 0


def need(**changes: Any) -> Need:
    """A confidential standard task of a film."""
    base = Need("count", data_class="confidential", production="film", deadline_s=60.0)
    return replace(base, **{k: Decimal(v) if k == "budget_usd" else v for k, v in changes.items()})
