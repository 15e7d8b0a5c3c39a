"""One attempt: rules checked again, worst case reserved, the provider asked once, the row settled."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from routers.budget import usd
from routers.call import Call, Tried, estimate
from routers.choice import Candidate
from routers.clock import Clock
from routers.errors import BudgetRefused, ProviderFault
from routers.health import Health
from routers.ledger import Entry, Ledger, Reservation, Result
from routers.observe import Attempted, Observer, nobody
from routers.policy import REASONABLE_S, Facts, Policy, allowed_because, exclusions
from routers.registry import Registry
from routers.served import answered_as_asked
from routers.structured import STOPPED, Problem, parse_answer
from routers.types import Need, Provider, RawAnswer, Request, Verify


@dataclass(slots=True)
class Desk:
    """What every attempt needs: the ledger, the providers, the rules, the clock."""

    registry: Registry
    providers: Mapping[str, Provider]
    ledger: Ledger
    policy: Policy
    health: Health
    has: Callable[[str], bool]
    clock: Clock
    tasks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    observer: Observer = nobody

    def facts(self, need: Need, left: int | None = None) -> Facts:
        """The state of the world now, as this need sees it."""
        return Facts(
            now=self.clock.now(),
            today=self.clock.wall().date(),
            has=cache(self.has),  # asked once a deployment, answered once
            health=self.health,
            policy=self.policy,
            providers=frozenset(self.providers),
            tasks=self.tasks,
            left=left,
            place=None if need.regions is None else self.registry.expand(need.regions),
            rule=self.policy.data[need.data_class],
        )

    def attempt(self, call: Call, candidate: Candidate, request: Request, verify: Verify | None) -> Tried:
        """Ask one deployment once, and judge what it says."""
        with self.admitted(call, candidate, request) as admission:
            if isinstance(admission, Tried):
                return admission
            tried = self._ask(call, candidate, request, verify, admission)
        if tried.fault is None:
            self.health.note_success(candidate.key)
        return tried

    @contextmanager
    def admitted(self, call: Call, candidate: Candidate, request: Request) -> Iterator[Reservation | Tried]:
        """A slot, the rules once more, and the money; or a denial. Raises BudgetRefused."""
        with self.health.slot(candidate.key, max(0.0, call.until - self.clock.now())) as free:
            yield self.admit(call, candidate, request) if free else _denied("no slot came free before the deadline")

    def admit(self, call: Call, candidate: Candidate, request: Request) -> Reservation | Tried:
        """The rules once more, and the money; or a denial. Raises BudgetRefused."""
        facts = self.facts(call.need)
        left = call.until - facts.now
        need = call.need if left >= REASONABLE_S else replace(call.need, deadline_s=left)
        entry = call.entry(
            candidate, request, self.policy.name, allowed_because(need, candidate.row, candidate.region, facts)
        )
        broken = exclusions(need, candidate.row, candidate.region, facts)
        if broken:
            return self._deny(call, candidate, entry, "; ".join(f"{r}: {detail}" for r, detail in broken))
        worst = worst_case(candidate, call, request)
        if worst > call.left:
            self._deny(call, candidate, entry, "budget of the need")
            raise BudgetRefused("need's", call.need.budget_usd or Decimal(0), usd(max(0, call.left)), usd(worst))
        return self.ledger.reserve(entry, worst, self.clock.wall())

    def _deny(self, call: Call, candidate: Candidate, entry: Entry, why: str) -> Tried:
        result = Result("denied", detail=why, sent=False)
        call.note(self.ledger.note(entry, result, self.clock.wall()), candidate, result)
        return _denied(why)

    def _ask(
        self, call: Call, candidate: Candidate, request: Request, verify: Verify | None, reserved: Reservation
    ) -> Tried:
        """From here on money may have been spent: whatever happens, the row is closed with what is known."""
        start = self.clock.now()
        result = Result("unknown", reserved.amount, "stopped before the answer was judged")
        try:
            try:
                raw = self.providers[candidate.row.provider].complete(
                    candidate.row, candidate.region.name, request, call.until - start
                )
            except ProviderFault as fault:
                result = replace(fault_result(candidate, fault, reserved), latency_s=self.clock.now() - start)
                return Tried(result.outcome, fault=fault, problems=(str(fault),))
            raw = counted(raw, request)
            result = paid(candidate, raw, self.clock.now() - start)
            tried = judge(candidate, request, raw, verify)
            result = replace(result, outcome=tried.outcome, detail=_summary(tried))
            return tried
        finally:
            self.close(call, candidate, reserved, result)

    def close(self, call: Call, candidate: Candidate, reserved: Reservation, result: Result) -> None:
        """Settle an attempt, and tell of it."""
        self.ledger.settle(reserved, result)
        call.note(reserved.id, candidate, result)
        row, need = candidate.row, call.need
        names = need.production, need.run or "", need.task, row.id, row.wire.partition("/")[2], row.provider
        self.observer(Attempted(reserved.id, *names, candidate.region.name, result, self.clock.wall().timestamp()))


def worst_case(candidate: Candidate, call: Call, request: Request) -> int:
    """Nano-dollars this attempt can not exceed: two bytes to a token, and every token of output used."""
    price = candidate.row.price
    tokens_in = max(call.need.tokens_in, estimate(request, 2.0))
    return price.cost(tokens_in, request.max_tokens) if price else 0


def counted(raw: RawAnswer, request: Request) -> RawAnswer:
    """An answer with tokens, estimated where the provider gave none."""
    if raw.tokens_in or raw.tokens_out or raw.tokens_estimated:
        return raw
    return replace(
        raw, tokens_in=estimate(request, 3.0), tokens_out=-(-len(raw.text.encode()) // 3), tokens_estimated=True
    )


def paid(candidate: Candidate, raw: RawAnswer, latency: float) -> Result:
    """What an answer cost, before anybody looks at what it says."""
    price = candidate.row.price
    return Result(
        "ok",
        price.cost(raw.tokens_in, raw.tokens_out) if price else 0,
        raw.detail,
        raw.raw_stop,
        raw.model_served,
        raw.request_id,
        raw.tokens_in,
        raw.tokens_out,
        raw.tokens_estimated,
        latency,
    )


def fault_result(candidate: Candidate, fault: ProviderFault, reserved: Reservation) -> Result:
    """Nothing for a call that never was worked on; the worst case for one of which nobody knows."""
    detail = f"{fault.kind}: {fault.sentence}" if fault.sentence != fault.kind.replace("_", " ") else fault.kind
    if fault.partial is not None:
        return replace(paid(candidate, fault.partial, 0.0), outcome="incomplete", detail=detail[:1000])
    if fault.sent:
        return Result("unknown", reserved.amount, detail[:1000], request_id=fault.request_id)
    return Result("fault", 0, detail[:1000], request_id=fault.request_id, sent=fault.kind not in _NOTHING_SENT)


_NOTHING_SENT = frozenset({"connect", "no_credentials"})


def judge(candidate: Candidate, request: Request, raw: RawAnswer, verify: Verify | None) -> Tried:
    """Is this an answer, from the model that was asked, in the form asked for, and does it stand?"""
    if not answered_as_asked(candidate.row, raw.model_served):
        return Tried("wrong_model", raw, problems=(f"{raw.model_served} answered instead",))
    if raw.calls and raw.finish not in STOPPED:
        return Tried("ok", raw)
    parsed = parse_answer(raw, request.schema)
    if isinstance(parsed, Problem):
        return Tried(parsed.outcome, raw, problems=parsed.problems, form=parsed.form)
    if verify is None:
        return Tried("ok", raw, parsed.value, parsed.text)
    verdict = verify(parsed.text)
    if not verdict.ok:
        return Tried("rejected", raw, problems=verdict.problems or ("the verifier said no",), form=verdict.form)
    value = verdict.parsed if verdict.parsed is not None else parsed.value
    return Tried("ok", raw, value, parsed.text)


def _summary(tried: Tried) -> str:
    """Problems for the ledger; a verifier's may quote the text, so they are only counted."""
    if tried.outcome == "rejected":
        return f"{len(tried.problems)} problem(s) found by the verifier"
    return "; ".join(tried.problems)[:1000]


def _denied(why: str) -> Tried:
    return Tried("denied", problems=(why,))
