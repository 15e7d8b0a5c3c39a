"""The face: a plan for a need, a completion, a stream."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from routers.attempt import Desk
from routers.budget import usd
from routers.cache import Cache, Cached
from routers.call import Call, Tried, sized
from routers.choice import Plan, decide
from routers.clock import Clock, SystemClock
from routers.deferred import Deferred, Late, half, late_result, outcome
from routers.errors import BudgetRefused, NoEligibleModel
from routers.health import Health
from routers.ledger import Ledger, Result
from routers.loop import Loop
from routers.observe import Attempted, Observer, nobody
from routers.policy import Policy
from routers.registry import Registry
from routers.scorecards import Evidence, Scorecards
from routers.streaming import Stream
from routers.structured import Problem, parse_answer
from routers.types import AttemptNote, Completion, Need, Provider, RawAnswer, Request, Verify


@dataclass
class Router:
    """For each task the cheapest model that has earned it and may see the text."""

    registry: Registry
    providers: Mapping[str, Provider]
    ledger: Ledger
    policy: Policy = field(default_factory=Policy)
    cards: Scorecards = field(default_factory=Scorecards)
    health: Health = field(default_factory=Health)
    cache: Cache | None = None
    has: Callable[[str], bool] = lambda name: False  # is this credential set?
    clock: Clock = field(default_factory=SystemClock)
    rng: random.Random = field(default_factory=random.Random)
    observer: Observer = nobody

    def route(self, need: Need) -> Plan:
        """Every candidate with its rules, the choice and the reason; calls nobody."""
        facts = self._desk.facts(need, self._left(need))
        return decide(need, self.registry, self.cards, facts, self.rng)

    def complete(self, need: Need, request: Request, verify: Verify | None = None) -> Completion:
        """An answer that stands `verify`; raises RouterError with the attempts made when there is none.

        The need's precision and data policy hold on every attempt, its deadline over all of them.
        """
        call = self._open(need, request)
        key = self._cache_key(call)
        if key and (kept := self._kept(call, key, verify)):
            return kept
        done = Loop(self._desk, call, self.rng).run(verify)
        if key and self.cache and not done.calls:
            answer = Cached(done.text, done.model, done.region, done.tokens_in, done.tokens_out)
            self.cache.keep(key, need.production, answer, self.clock.wall())
        return done

    def stream(self, need: Need, request: Request) -> Stream:
        """An answer piece by piece, for people who wait; use it in a `with`, closing it settles it."""
        return Stream(Loop(self._desk, self._open(need, request), self.rng))

    def defer(self, need: Need, request: Request, provider: str) -> Deferred | None:
        """Set a question aside at half the price, for a provider that answers later.

        None where it has to be asked at once: another provider's turn, an answer that is there already or may not be
        kept, a guardrail. Raises BudgetRefused and NoEligibleModel.
        """
        call = self._open(need, request)
        chosen, key = call.plan.chosen, self._cache_key(call)
        if chosen is None or chosen.row.provider != provider or chosen.row.guardrail or not chosen.row.price:
            return None
        if key is None or self.cache is None or self.cache.find(key):
            return None
        cheap = chosen._replace(row=replace(chosen.row, price=half(chosen.row.price)))
        admitted = self._desk.admit(call, cheap, call.request)
        if isinstance(admitted, Tried):
            return None
        return Deferred(key[:32], key, admitted.id, cheap.row, chosen.region.name, call.request)

    def take(self, production: str, run: str, late: Iterable[Late]) -> int:
        """Book what questions of a run that were set aside came to, and keep what was answered; how many were.

        Done twice it changes nothing.
        """
        waiting, kept = self.ledger.waiting(production, run), 0
        for one in late:
            row, reserved = self.registry.rows.get(one.model), waiting.get(one.attempt)
            if reserved:
                result = late_result(one, row.price if row else None, reserved.amount)
                self.ledger.settle(reserved, result)
                self._told(one, production, run, result)
            if one.raw is not None and self.cache and outcome(one.raw) == "ok":
                raw = one.raw
                answer = Cached(raw.text, one.model, one.region, raw.tokens_in, raw.tokens_out)
                self.cache.keep(one.key, production, answer, self.clock.wall())
                kept += 1
        return kept

    def _told(self, late: Late, production: str, run: str, result: Result) -> None:
        row = self.registry.rows.get(late.model)
        if row is not None and result.sent:
            names = production, run, "", row.id, row.wire.partition("/")[2], row.provider, late.region
            self.observer(Attempted(late.attempt, *names, result, self.clock.wall().timestamp()))

    def learn(self, *rows: Evidence) -> None:
        """Take in evidence, such as a person's accept or reject, now and for later runs."""
        self.ledger.learn(rows)
        self.cards.add(*rows)

    @property
    def _desk(self) -> Desk:
        tasks = {name: known for name, p in self.providers.items() if (known := getattr(p, "tasks", None)) is not None}
        return Desk(
            registry=self.registry,
            providers=self.providers,
            ledger=self.ledger,
            policy=self.policy,
            health=self.health,
            has=self.has,
            clock=self.clock,
            tasks=tasks,
            observer=self.observer,
        )

    def _left(self, need: Need) -> int | None:
        left = self.ledger.left(need.production, need.run, self.clock.wall())
        own = None if need.budget_usd is None else int(need.budget_usd.scaleb(9))
        known = [amount for amount in (left, own) if amount is not None]
        return min(known) if known else None

    def _open(self, need: Need, request: Request) -> Call:
        request = replace(request, task=need.task)
        need = sized(need, request)
        until = self.clock.now() + need.deadline_s
        plan = self.route(need)
        if plan.chosen is None and (wait := self._shortest_wait(plan)) < need.deadline_s:
            self.clock.sleep(wait)
            plan = self.route(need)
        if plan.chosen is None:
            self._refuse_for_money(Call(need, request, plan, until))
            raise NoEligibleModel(
                f"No model may take {need.task} at {need.precision}: {plan.why}.",
                "`route explain` shows the rule per model; set up credentials, or loosen what the need asks.",
                plan,
            )
        return Call(need, request, plan, until)

    def _refuse_for_money(self, call: Call) -> None:
        """Raises BudgetRefused, and notes it, where money alone keeps models out."""
        broke = [c for c in call.plan.candidates if {r.rule for r in c.rules} == {"budget"}]
        if not broke:
            return
        cheapest = min(broke, key=lambda c: (c.cost or 0, c.row.id))
        amount, at = cheapest.cost or 0, self.clock.wall()
        own = call.need.budget_usd
        if own is not None and call.left < amount:
            refused = BudgetRefused("need's", own, usd(call.left), usd(amount))
        else:
            refused = self.ledger.refusal(call.need.production, call.need.run, at, amount)
        entry = call.entry(cheapest, call.request, self.policy.name, "")
        self.ledger.note(entry, Result("denied", detail=f"{refused.cap} budget", sent=False), at)
        raise refused

    def _shortest_wait(self, plan: Plan) -> float:
        """Seconds until the first of those that only a circuit keeps out may be asked."""
        now = self.clock.now()
        only = [c.key for c in plan.candidates if {r.rule for r in c.rules} == {"circuit"}]
        opened = [circuit for key in only if (circuit := self.health.open_since(key, now)) is not None]
        return min((circuit.open_until - now for circuit in opened), default=float("inf"))

    def _cache_key(self, call: Call) -> str | None:
        chosen = call.plan.chosen
        if self.cache is None or chosen is None:
            return None
        return self.cache.key(call.need, call.request, self.policy, chosen.row.id)

    def _kept(self, call: Call, key: str, verify: Verify | None) -> Completion | None:
        """An answer already paid for, if it still stands."""
        kept, chosen = self.cache.find(key) if self.cache else None, call.plan.chosen
        if kept is None or chosen is None:
            return None
        parsed = parse_answer(RawAnswer(kept.text), call.request.schema)
        if isinstance(parsed, Problem):
            return None
        verdict = verify(parsed.text) if verify else None
        if verdict and not verdict.ok:
            return None
        entry = call.entry(chosen, call.request, self.policy.name, "")
        attempt = self.ledger.note(entry, Result("cached", model_served=kept.model, sent=False), self.clock.wall())
        row = self.registry.rows.get(kept.model, chosen.row)
        return Completion(
            text=parsed.text,
            parsed=verdict.parsed if verdict and verdict.parsed is not None else parsed.value,
            model=kept.model,
            provider=row.provider,
            region=kept.region,
            tokens_in=kept.tokens_in,
            tokens_out=kept.tokens_out,
            cost_usd=Decimal(0),
            attempt_id=attempt,
            attempts=(AttemptNote(attempt, kept.model, kept.region, "cached", Decimal(0)),),
            plan=call.plan,
            cached=True,
        )
