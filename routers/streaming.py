"""An answer as it comes: another model only before the first byte, never two in one answer, always settled."""

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace

from routers.attempt import Desk, counted, fault_result, judge, paid
from routers.call import Tried, estimate
from routers.choice import Candidate
from routers.errors import NoAnswer, ProviderFault
from routers.ledger import Reservation, Result
from routers.loop import Loop, completed
from routers.types import Completion, RawAnswer, Request


class Stream(Iterator[str]):
    """Iterate for text; afterwards `completion` is set if it came to its end. Closing it early settles it."""

    def __init__(self, loop: Loop) -> None:
        self.completion: Completion | None = None
        self.text = ""
        self._loop = loop
        self._parts = self._run()

    def __next__(self) -> str:
        part = next(self._parts)
        self.text += part
        return part

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop; what came so far is booked."""
        self._parts.close()

    def _run(self) -> Generator[str, None, None]:
        candidate, request = self._loop.start()
        while True:
            with closing(_Once(self._loop, candidate, request).parts()) as parts:
                ended = yield from parts
            if ended.outcome == "ok":
                self.completion = completed(self._loop.call, candidate, ended)
                return
            if self.text:
                raise self._broken(ended)
            candidate, request = self._loop.next(candidate, request, ended)

    def _broken(self, ended: Tried) -> Exception:
        return NoAnswer(
            f"The answer ended before it was complete: {'; '.join(ended.problems) or ended.outcome}.",
            "What came so far is incomplete; ask again for the whole answer.",
            self._loop.call.notes,
        )


class _Once:
    """One streamed attempt."""

    def __init__(self, loop: Loop, candidate: Candidate, request: Request) -> None:
        self.desk: Desk = loop.desk
        self.call = loop.call
        self.candidate = candidate
        self.request = request
        self.came = ""
        self.answer: RawAnswer | None = None
        self.result = Result("abandoned", detail="closed by the caller")

    def parts(self) -> Generator[str, None, Tried]:
        """Text as it comes; returns how it ended."""
        with self.desk.admitted(self.call, self.candidate, self.request) as admission:
            if isinstance(admission, Tried):
                return admission
            start = self.desk.clock.now()
            self.result = replace(self.result, cost=admission.amount)
            try:
                return (yield from self._pieces(admission))
            except GeneratorExit:
                self.result = self._so_far("abandoned", "closed by the caller")
                raise
            finally:
                self.result = replace(self.result, latency_s=self.desk.clock.now() - start)
                self.desk.close(self.call, self.candidate, admission, self.result)

    def _pieces(self, reserved: Reservation) -> Generator[str, None, Tried]:
        row, region = self.candidate.row, self.candidate.region.name
        left = self.call.until - self.desk.clock.now()
        try:
            with closing(self.desk.providers[row.provider].stream(row, region, self.request, left)) as source:
                for chunk in source:
                    self.answer = chunk.answer or self.answer
                    if chunk.text:
                        self.came += chunk.text
                        yield chunk.text
                    if self.answer is None and self.desk.clock.now() >= self.call.until:
                        raise ProviderFault("timeout", "the deadline passed in mid-stream", sent=True)
        except ProviderFault as fault:
            return self._failed(fault, reserved)
        return self._ended()

    def _failed(self, fault: ProviderFault, reserved: Reservation) -> Tried:
        if self.came:
            detail = f"{fault.kind}: {fault.sentence}"
            partial = fault.partial
            known = paid(self.candidate, partial, 0.0) if partial else self._so_far("incomplete", detail)
            self.result = replace(known, outcome="incomplete", detail=detail[:1000])
            self.desk.health.note_fault(self.candidate.key, self.candidate.row.provider, fault, self.desk.clock.now())
        else:
            self.result = fault_result(self.candidate, fault, reserved)
        return Tried(self.result.outcome, fault=fault, problems=(str(fault),))

    def _ended(self) -> Tried:
        if self.answer is None:
            self.result = self._so_far("incomplete", "the stream ended without its end")
            return Tried("incomplete", problems=("the stream ended without its end",))
        raw = counted(replace(self.answer, text=self.came or self.answer.text), self.request)
        tried = judge(self.candidate, self.request, raw, None)
        self.result = replace(paid(self.candidate, raw, 0.0), outcome=tried.outcome, detail="; ".join(tried.problems))
        self.desk.health.note_success(self.candidate.key)
        return tried

    def _so_far(self, outcome: str, detail: str) -> Result:
        """What was delivered, estimated; the prompt was read in any case."""
        tokens_in = estimate(self.request, 3.0)
        tokens_out = min(-(-len(self.came.encode()) // 3), self.request.max_tokens)
        raw = RawAnswer(self.came, tokens_in=tokens_in, tokens_out=tokens_out, tokens_estimated=True)
        result = paid(self.candidate, raw, 0.0)
        return replace(result, outcome="abandoned" if outcome == "abandoned" else "incomplete", detail=detail[:1000])
