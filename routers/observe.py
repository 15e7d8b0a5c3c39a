"""What an onlooker is told of each attempt: figures and names, never a word of what was asked or answered."""

from collections.abc import Callable
from dataclasses import dataclass

from routers.ledger import Result


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt that is over. `ended` is in seconds since 1970; `result.detail` is not for onlookers."""

    id: str
    production: str
    run: str
    task: str
    model: str
    wire: str  # the model as its provider calls it
    provider: str
    region: str
    result: Result
    ended: float


Observer = Callable[[Attempted], None]


def nobody(_: Attempted) -> None:
    """Nobody looks on."""
