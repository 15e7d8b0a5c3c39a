"""The one owner of retries: after each attempt it says who is asked next, or why nobody is."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from routers.attempt import Desk
from routers.budget import usd
from routers.call import MOST_ATTEMPTS, Call, Tried
from routers.choice import Candidate, climb, stand_in
from routers.errors import AnswerUnusable, ContentStopped, NoAnswer, ProviderFault
from routers.structured import ask_again
from routers.types import Completion, Message, Request, Verify

BACKOFF_S = 0.25
Next = tuple[Candidate, Request]


@dataclass(slots=True)
class Loop:
    """Runs one call to its end."""

    desk: Desk
    call: Call
    rng: random.Random = field(default_factory=random.Random)

    def run(self, verify: Verify | None) -> Completion:
        """Attempts until one stands; raises RouterError when none may follow."""
        candidate, request = self.start()
        while True:
            tried = self.desk.attempt(self.call, candidate, request, verify)
            if tried.outcome == "ok" and tried.raw is not None:
                return completed(self.call, candidate, tried)
            candidate, request = self.next(candidate, request, tried)

    def start(self) -> Next:
        """The first to ask."""
        chosen = self.call.plan.chosen
        assert chosen is not None
        return chosen, self.call.request

    def next(self, candidate: Candidate, request: Request, tried: Tried) -> Next:
        """Whom to ask now, and what."""
        if len(self.call.notes) >= MOST_ATTEMPTS:
            raise self._no_answer("gave up", f"{len(self.call.notes)} attempts were made")
        if self.desk.clock.now() >= self.call.until:
            if tried.fault is not None:
                self._note_fault(candidate, tried.fault)
            raise self._no_answer("ran out of time", _why(tried))
        step = _STEPS.get(tried.outcome, Loop._after_fault)
        return step(self, candidate, request, tried)

    def _after_fault(self, candidate: Candidate, request: Request, tried: Tried) -> Next:
        fault = tried.fault
        if fault is None:
            return self._instead(candidate, tried)
        if fault.kind == "content_filter":
            raise self._stopped(candidate, tried)
        credentials = fault.recovery.cooling == "disable_provider"
        again = self.call.retries[candidate.key] < fault.recovery.same
        if not (credentials and again):
            self._note_fault(candidate, fault)
        wait = self._wait(candidate, fault)
        others = self._others(candidate, fault)
        if again and (wait <= BACKOFF_S * 2 or not others) and self._wait_out(wait):
            self.call.retries[candidate.key] += 1
            return candidate, request
        self.call.failed.append(candidate.key)
        if others:
            return others[0], self.call.request
        raise self._no_answer("got no answer", _why(tried), _HINTS.get(fault.kind, ""))

    def _others(self, candidate: Candidate, fault: ProviderFault) -> list[Candidate]:
        """Equal deployments that are not known to be down."""
        credentials = fault.recovery.cooling == "disable_provider"
        allowed = fault.recovery.other or (credentials and self.desk.policy.fall_back_on_credentials)
        if not allowed:
            return []
        failed = [*self.call.failed, candidate.key]
        found = [c for c in stand_in(self.call.plan, failed) if self._fit(c)]
        if fault.kind == "too_long":
            return [c for c in found if (c.row.window or 0) > (candidate.row.window or 0)]
        if fault.recovery.cooling in {"disable_model"}:
            return [c for c in found if c.row.id != candidate.row.id]
        return found

    def _fit(self, candidate: Candidate) -> bool:
        """Worth asking now: its circuit is closed and its last answer was not turned down."""
        health = self.desk.health
        closed = health.open_since(candidate.key, self.desk.clock.now()) is None
        return closed and candidate.row.provider not in health.providers_off and candidate.row.id not in self.call.tried

    def _wait(self, candidate: Candidate, fault: ProviderFault) -> float:
        """How long before the same deployment may be asked again."""
        now = self.desk.clock.now()
        circuit = self.desk.health.open_since(candidate.key, now)
        backoff = BACKOFF_S * (0.5 + self.rng.random())
        return max(backoff, circuit.open_until - now if circuit else 0.0, fault.retry_after or 0.0)

    def _wait_out(self, wait: float) -> bool:
        """Wait if the deadline allows it, and some time to answer in."""
        if self.desk.clock.now() + wait >= self.call.until:
            return False
        self.desk.clock.sleep(wait)
        return True

    def _note_fault(self, candidate: Candidate, fault: ProviderFault) -> None:
        self.desk.health.note_fault(candidate.key, candidate.row.provider, fault, self.desk.clock.now())

    def _instead(self, candidate: Candidate, tried: Tried) -> Next:
        """The rules no longer allow this one: another, if there is."""
        self.call.failed.append(candidate.key)
        others = [c for c in stand_in(self.call.plan, self.call.failed) if self._fit(c)]
        if others:
            return others[0], self.call.request
        raise self._no_answer("got no answer", _why(tried))

    def _after_form(self, candidate: Candidate, request: Request, tried: Tried) -> Next:
        """Bad form is put to the same model once; a second time, or bad content, climbs."""
        if tried.form and tried.raw is not None and candidate.row.id not in self.call.asked_again:
            self.call.asked_again.add(candidate.row.id)
            return candidate, _once_more(self.call.request, tried)
        return self._climb(candidate, tried, lambda c: True)

    def _after_window(self, candidate: Candidate, _request: Request, tried: Tried) -> Next:
        """Only a larger window helps."""
        return self._climb(candidate, tried, lambda c: (c.row.window or 0) > (candidate.row.window or 0))

    def _climb(self, candidate: Candidate, tried: Tried, fits: Callable[[Candidate], bool]) -> Next:
        self.call.tried.append(candidate.row.id)
        above = [c for c in climb(self.call.plan, candidate, self.call.tried) if self._fit(c) and fits(c)]
        if above:
            return above[0], self.call.request
        raise AnswerUnusable(
            f"No model gave a usable answer for {self.call.need.task}; the last, {candidate.row.id}: {_why(tried)}.",
            _HINTS.get(tried.outcome) or self._kept_out(candidate),
            tried.problems,
            self.call.notes,
        )

    def _kept_out(self, candidate: Candidate) -> str:
        """What keeps stronger models from being asked."""
        bound = candidate.standing.lower
        stronger = [c for c in self.call.plan.candidates if c.rules and c.standing.lower >= bound]
        names = [f"{c.row.id} ({', '.join(r.rule for r in c.rules)})" for c in stronger[:5]]
        return "Stronger, but kept out: " + "; ".join(names) + "." if names else _NOBODY_ABOVE

    def _truncated(self, candidate: Candidate, _request: Request, tried: Tried) -> Next:
        raise AnswerUnusable(
            f"The answer of {candidate.row.id} was cut off at {self.call.request.max_tokens} tokens.",
            _HINTS["truncated"],
            tried.problems,
            self.call.notes,
        )

    def _refused(self, candidate: Candidate, _request: Request, tried: Tried) -> Next:
        raise self._stopped(candidate, tried)

    def _stopped(self, candidate: Candidate, tried: Tried) -> ContentStopped:
        return ContentStopped(
            f"{candidate.row.id} did not answer because of the content: {_why(tried)}.",
            "The text was not sent to another model. Decide whether to change it, or pin a model that may take it.",
            self.call.notes,
        )

    def _no_answer(self, what: str, why: str, hint: str = "") -> NoAnswer:
        need = self.call.need
        spent = usd(self.call.spent)
        return NoAnswer(
            f"{need.task} at {need.precision} {what}: {why}.",
            hint
            or f"{len(self.call.notes)} attempt(s), ${spent:.6f} booked; try again later, or with a longer deadline.",
            self.call.notes,
        )


_STEPS: dict[str, Callable[[Loop, Candidate, Request, Tried], Next]] = {
    "malformed": Loop._after_form,
    "empty": Loop._after_form,
    "rejected": Loop._after_form,
    "wrong_model": lambda loop, candidate, request, tried: loop._climb(candidate, tried, lambda c: True),
    "window": Loop._after_window,
    "truncated": Loop._truncated,
    "refusal": Loop._refused,
    "guardrail": Loop._refused,
}
_NOBODY_ABOVE = "Nobody set up stands higher; add a stronger model, or ask for less at once."
_HINTS = {
    "truncated": "Ask for a smaller unit, or raise the request's max_tokens.",
    "window": "Ask about a smaller part of the material.",
    "too_long": "Ask about a smaller part of the material.",
    "expired_credentials": "Renew the credentials of this provider's profile; no other provider was asked.",
    "no_credentials": "Set the credentials of this provider; no other provider was asked.",
    "access_denied": "Ask the account's owner for access to this model, or switch the row off.",
    "quota": "The quota comes back with its next period; until then another model has to be set up.",
}


def completed(call: Call, candidate: Candidate, tried: Tried) -> Completion:
    """What the caller gets."""
    raw = tried.raw
    assert raw is not None
    return Completion(
        text=tried.text,
        parsed=tried.parsed,
        model=candidate.row.id,
        provider=candidate.row.provider,
        region=candidate.region.name,
        tokens_in=raw.tokens_in,
        tokens_out=raw.tokens_out,
        cost_usd=call.cost_usd,
        attempt_id=call.notes[-1].id,
        attempts=tuple(call.notes),
        plan=call.plan,
        calls=raw.calls,
    )


def _once_more(request: Request, tried: Tried) -> Request:
    """The question with the bad answer and what is wrong with it; an empty answer is just asked again."""
    if tried.raw is None or (request.schema is None and not tried.raw.text.strip()):
        return request
    if request.schema is not None:
        return ask_again(request, tried.raw, tried.problems)
    why = "That answer can not be used:\n" + "\n".join(f"- {p}" for p in tried.problems) + "\nAnswer again."
    turns = (Message("assistant", tried.raw.text), Message("user", why))
    return replace(request, messages=(*request.messages, *turns))


def _why(tried: Tried) -> str:
    return "; ".join(tried.problems) or tried.outcome
