"""A small registry, a router over scripted providers, and a ledger in a temporary file."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from routers import (
    Cache,
    Caps,
    FakeClock,
    Ledger,
    Message,
    Need,
    Policy,
    Registry,
    Request,
    Router,
    Scorecards,
    build,
    open_engine,
)
from routers.scorecards import Evidence
from routers.types import Provider

TERMS = {"trains": False, "retention_days": 0}
ABLE = ["json_schema", "tools", "streaming"]


def spec(provider: str, usd: str, mean: float, **over: Any) -> dict[str, Any]:
    """A row as in models.yaml."""
    base: dict[str, Any] = {
        "wire": f"{provider}/model",
        "provider": provider,
        "calls": ["eu-1"],
        "reaches": ["eu-1"],
        "abilities": ABLE,
        "window": 100_000,
        "max_output": 8_000,
        "price": {"input": usd, "output": usd},
        "terms": TERMS,
        "prior": {"mean": mean, "weight": 100},
    }
    return base | over


def ladder() -> Registry:
    """Cheap and weak, in the middle, dear and strong; each at a provider of its own."""
    return build(
        {
            "models": {
                "low": spec("low", "1", 0.70),
                "mid": spec("mid", "3", 0.80),
                "top": spec("top", "10", 0.95),
            }
        }
    )


NEED = Need("sum", precision="draft", data_class="confidential", tokens_out=100, deadline_s=60, production="alpha")
ASK = Request((Message("user", "How much is two and two?"),), max_tokens=100)


def ledger(folder: Path, caps: Caps | None = None) -> Ledger:
    """A ledger in a file."""
    return Ledger(open_engine(f"sqlite:///{folder / 'ledger.db'}"), caps)


def router(
    folder: Path,
    providers: Mapping[str, Provider],
    registry: Registry | None = None,
    caps: Caps | None = None,
    **over: Any,
) -> Router:
    """A router with a clock that stands still."""
    parts: dict[str, Any] = {"clock": FakeClock(), "has": lambda name: True, "cards": Scorecards()} | over
    return Router(registry or ladder(), providers, ledger(folder, caps), **parts)


def dollars(text: str) -> Decimal:
    """Shorter."""
    return Decimal(text)


__all__ = ["ASK", "Cache", "Evidence", "NEED", "Policy", "dollars", "ladder", "ledger", "replace", "router", "spec"]
