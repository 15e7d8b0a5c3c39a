"""Every way a routed call can end without an answer, and what each fault of a provider calls for.

RouterError
├── RegistryError      12  models.yaml or an override is wrong
├── NoEligibleModel    13  every model is excluded; the rule per model is attached
├── NoAnswer           13  eligible models were tried and all failed, or the deadline passed
├── BudgetRefused      14  a cap would be passed; says which and what is left
├── AnswerUnusable     15  answers came back and none stood verification
├── ContentStopped     17  a model refused or a guardrail stopped it: a person decides, no other model is tried
└── ProviderFault       1  one attempt failed; raised by providers, handled by the router
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from routers.choice import Plan
    from routers.types import AttemptNote, RawAnswer

FaultKind = Literal[
    "throttled",  # 429: too many requests or tokens
    "quota",  # a daily or account quota; resets in hours
    "server",  # 500, 503, 529
    "model_error",  # 424, or an exception inside an event stream
    "not_ready",  # the model is still loading
    "timeout",  # no answer in time; it may have been worked on
    "slow",  # bytes came, too slowly
    "connect",  # no connection: nothing was sent
    "reset",  # the connection broke before the answer began
    "stream_broken",  # the connection broke after the first byte
    "bad_body",  # an answer that can not be read
    "bad_request",  # our request is wrong; asking again gives the same
    "too_long",  # the request does not fit the window
    "no_credentials",
    "expired_credentials",
    "access_denied",  # no agreement, no entitlement, not allowed
    "unsupported",  # on-demand throughput, a parameter or an ability this model lacks
    "not_found",  # no such model or region, or past its end of life
    "content_filter",  # stopped for its content, told as an error
    "cancelled",
    "unmapped",  # an error nobody has seen: treated as unknown outcome
]
Cooling = Literal["none", "circuit", "throttle", "quota", "disable_model", "disable_provider"]


@dataclass(frozen=True, slots=True)
class Recovery:
    """What one kind of fault calls for."""

    same: int  # how often the same model may be tried again
    other: bool  # may another eligible model be tried?
    cooling: Cooling


RECOVERY: Mapping[FaultKind, Recovery] = {
    "throttled": Recovery(4, True, "throttle"),
    "quota": Recovery(0, True, "quota"),
    "server": Recovery(1, True, "circuit"),
    "model_error": Recovery(1, True, "circuit"),
    "not_ready": Recovery(1, True, "circuit"),
    "timeout": Recovery(0, True, "circuit"),
    "slow": Recovery(0, True, "circuit"),
    "connect": Recovery(1, True, "circuit"),
    "reset": Recovery(1, True, "circuit"),
    "stream_broken": Recovery(0, True, "circuit"),
    "bad_body": Recovery(1, True, "circuit"),
    "bad_request": Recovery(0, False, "none"),
    "too_long": Recovery(0, True, "none"),
    "no_credentials": Recovery(0, False, "disable_provider"),
    "expired_credentials": Recovery(1, False, "disable_provider"),
    "access_denied": Recovery(0, True, "disable_model"),
    "unsupported": Recovery(0, True, "disable_model"),
    "not_found": Recovery(0, True, "disable_model"),
    "content_filter": Recovery(0, False, "none"),
    "cancelled": Recovery(0, False, "none"),
    "unmapped": Recovery(0, True, "circuit"),
}


class RouterError(Exception):
    """Root of everything the router raises: one sentence, a hint, an exit code."""

    exit_code: ClassVar[int] = 1

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


class RegistryError(RouterError):
    """A registry file has an unknown key, a wrong value, or names a model nobody defined."""

    exit_code = 12


class NoEligibleModel(RouterError):
    """No model may, or can, take this task; `plan` names the rule per model."""

    exit_code = 13

    def __init__(self, sentence: str, hint: str = "", plan: "Plan | None" = None) -> None:
        super().__init__(sentence, hint)
        self.plan = plan


class NoAnswer(RouterError):
    """Models were tried and every attempt failed, or the deadline passed."""

    exit_code = 13

    def __init__(self, sentence: str, hint: str = "", attempts: "Sequence[AttemptNote]" = ()) -> None:
        super().__init__(sentence, hint)
        self.attempts = tuple(attempts)


class BudgetRefused(RouterError):
    """A call's worst case does not fit under a cap."""

    exit_code = 14

    def __init__(self, cap: str, limit_usd: Decimal, left_usd: Decimal, asked_usd: Decimal) -> None:
        super().__init__(
            f"The {cap} budget of {_money(limit_usd)} has {_money(left_usd)} left; "
            f"up to {_money(asked_usd)} is needed.",
            f"Raise the {cap} budget, pin a cheaper or free model, or wait until running calls are settled.",
        )
        self.cap = cap
        self.limit_usd = limit_usd
        self.left_usd = left_usd
        self.asked_usd = asked_usd


class AnswerUnusable(RouterError):
    """Every model that may be asked was asked, and no answer stood verification."""

    exit_code = 15

    def __init__(
        self, sentence: str, hint: str = "", problems: Sequence[str] = (), attempts: "Sequence[AttemptNote]" = ()
    ) -> None:
        super().__init__(sentence, hint)
        self.problems = tuple(problems)
        self.attempts = tuple(attempts)


class ContentStopped(RouterError):
    """A model refused, or a guardrail stopped the text; it is not sent to another model on its own."""

    exit_code = 17

    def __init__(self, sentence: str, hint: str = "", attempts: "Sequence[AttemptNote]" = ()) -> None:
        super().__init__(sentence, hint)
        self.attempts = tuple(attempts)


class ProviderFault(RouterError):
    """One attempt failed; `sent` = the model may have worked on it, so its cost is unknown."""

    def __init__(
        self,
        kind: FaultKind,
        sentence: str = "",
        *,
        sent: bool = False,
        retry_after: float | None = None,
        partial: "RawAnswer | None" = None,
        request_id: str = "",
    ) -> None:
        super().__init__(sentence or kind.replace("_", " "))
        self.kind: FaultKind = kind
        self.sent = sent
        self.retry_after = retry_after
        self.partial = partial
        self.request_id = request_id

    @property
    def recovery(self) -> Recovery:
        """What this fault calls for."""
        return RECOVERY[self.kind]


def _money(usd: Decimal) -> str:
    """Cents for large amounts, millionths of a dollar for the small ones calls cost."""
    return f"${usd:.2f}" if usd >= 1 or usd == 0 else f"${usd:.6f}"
