"""One completion under way: its need, plan, deadline and the attempts made so far."""

from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal

from routers.budget import nano, usd
from routers.choice import Candidate, Plan
from routers.errors import ProviderFault
from routers.ledger import Entry, Result, new_id
from routers.types import AttemptNote, Need, Outcome, RawAnswer, Request

MOST_ATTEMPTS = 12  # over all models; a guard, the deadline and the budget end it long before


@dataclass(frozen=True, slots=True)
class Tried:
    """How one attempt went, and what to do about it."""

    outcome: Outcome
    raw: RawAnswer | None = None
    parsed: object = None
    text: str = ""
    problems: tuple[str, ...] = ()
    form: bool = False  # may the same model be asked once more?
    fault: ProviderFault | None = None


@dataclass(slots=True)
class Call:
    """The state of one completion."""

    need: Need
    request: Request
    plan: Plan
    until: float  # when the deadline passes, on the clock
    id: str = field(default_factory=new_id)
    notes: list[AttemptNote] = field(default_factory=list)
    spent: int = 0  # nano-dollars, worst case where unknown
    failed: list[tuple[str, str]] = field(default_factory=list)  # deployments that are down
    tried: list[str] = field(default_factory=list)  # models whose answer did not stand
    retries: Counter[tuple[str, str]] = field(default_factory=Counter)
    asked_again: set[str] = field(default_factory=set)

    @property
    def left(self) -> int:
        """Nano-dollars left for this need alone."""
        return nano(self.need.budget_usd) - self.spent

    def entry(self, candidate: Candidate, request: Request, policy: str, rule: str) -> Entry:
        """The ledger's opening for an attempt."""
        row, need = candidate.row, self.need
        leaves = not row.in_process
        return Entry(
            call=self.id,
            position=len(self.notes),
            production=need.production,
            run=need.run,
            task=need.task,
            precision=need.precision,
            data_class=need.data_class,
            policy=policy,
            reason=self.plan.why
            if not self.notes
            else f"after {self.notes[-1].outcome}: {self.notes[-1].detail}"[:500],
            prompt_id=request.prompt.id,
            prompt_version=request.prompt.version,
            prompt_sha=request.prompt.sha,
            request=request.fingerprint,
            model=row.id,
            provider=row.provider,
            region=candidate.region.name,
            reaches=" ".join(sorted(candidate.region.reaches)),
            price=row.price.stated if row.price else "",
            egress_kind=f"{need.task} {request.prompt.id}".strip() if leaves else "",
            egress_chars=request.chars if leaves else 0,
            egress_rule=rule if leaves else "",
        )

    def note(self, attempt: str, candidate: Candidate, result: Result) -> None:
        """Remember an attempt for the caller, and what it cost."""
        self.spent += result.cost
        row, region = candidate.row, candidate.region
        self.notes.append(AttemptNote(attempt, row.id, region.name, result.outcome, usd(result.cost), result.detail))

    @property
    def cost_usd(self) -> Decimal:
        """What all attempts cost."""
        return usd(self.spent)


def sized(need: Need, request: Request) -> Need:
    """The need with the request's own size, where that is larger or stated."""
    return replace(need, tokens_in=max(need.tokens_in, estimate(request, 3.0)), tokens_out=request.max_tokens)


def estimate(request: Request, bytes_per_token: float) -> int:
    """Tokens a request may hold; two bytes to a token is a worst case, three are usual."""
    size = sum(len(m.text.encode()) + len(str(m.calls)) for m in request.messages) + len(str(request.tools or ""))
    if request.schema is not None:
        size += len(str(request.schema))
    return int(size / bytes_per_token) + 8 * len(request.messages) + 8
