"""Questions that can wait a day for half the price: set aside under every rule, paid and kept when the answer comes."""

from dataclasses import dataclass, replace

from routers.ledger import Result
from routers.structured import STOPPED
from routers.types import ModelRow, Outcome, Price, RawAnswer, Request


@dataclass(frozen=True, slots=True)
class Deferred:
    """A question set aside. `id` follows from what is asked, `key` is where its answer will be looked for."""

    id: str
    key: str
    attempt: str  # its row in the ledger, with the money reserved
    row: ModelRow
    region: str
    request: Request


@dataclass(frozen=True, slots=True)
class Late:
    """What came of a question that was set aside: an answer, or why there is none and whether it may be charged."""

    attempt: str
    key: str
    model: str
    region: str
    raw: RawAnswer | None = None
    problem: str = ""
    sent: bool = True
    charged: bool = False  # nobody knows: the worst case is booked


def half(price: Price) -> Price:
    """What a token costs when its question can wait."""
    return replace(
        price,
        input=-(-price.input // 2),
        output=-(-price.output // 2),
        input_above=-(-price.input_above // 2),
        output_above=-(-price.output_above // 2),
        stated=f"{price.stated}, half for batch".lstrip(", "),
    )


def outcome(raw: RawAnswer) -> Outcome:
    """How an answer ended, before anybody looks at what it says."""
    if raw.finish in STOPPED:
        return STOPPED[raw.finish][0]
    return "ok" if raw.text.strip() else "empty"


def late_result(late: Late, price: Price | None, reserved: int) -> Result:
    """How a question that was set aside is closed in the ledger; `price` is the whole one."""
    raw = late.raw
    if raw is None:
        cost = reserved if late.charged else 0
        return Result("unknown" if late.charged else "fault", cost, late.problem[:1000], sent=late.sent)
    cost = half(price).cost(raw.tokens_in, raw.tokens_out) if price else reserved
    tokens = raw.tokens_in, raw.tokens_out, raw.tokens_estimated
    ended = raw.detail or "answered in a batch job", raw.raw_stop, raw.model_served, raw.request_id
    return Result(outcome(raw), cost, *ended, *tokens)
