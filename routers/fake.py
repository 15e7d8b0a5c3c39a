"""A provider that follows a script, and a clock that only moves when told: for tests, demos and work without keys."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from routers.errors import ProviderFault
from routers.types import Chunk, ModelRow, RawAnswer, Request

Line = str | RawAnswer | ProviderFault | Callable[[Request], "str | RawAnswer"] | list[str | ProviderFault]


@dataclass(frozen=True, slots=True)
class Asked:
    """One call as it reached the provider."""

    model: str
    region: str
    request: Request
    timeout_s: float


class ScriptedProvider:
    """Plays its lines in order and the last one for ever; a list is a stream's pieces, with a fault where it breaks."""

    def __init__(self, *lines: Line, clock: "FakeClock | None" = None, takes_s: float = 0.0) -> None:
        self.asked: list[Asked] = []
        self.closed = 0  # streams that were closed by the caller
        self._lines = deque(lines or ("ok",))
        self._clock = clock
        self._takes_s = takes_s

    def complete(self, model: ModelRow, region: str, request: Request, timeout_s: float) -> RawAnswer:
        """The next line."""
        line = self._next(model, region, request, timeout_s)
        if isinstance(line, ProviderFault):
            raise line
        return _answer(line if isinstance(line, str | RawAnswer) else "".join(map(str, line)), request)

    def stream(self, model: ModelRow, region: str, request: Request, timeout_s: float) -> Generator[Chunk, None, None]:
        """The next line, in pieces."""
        line = self._next(model, region, request, timeout_s)
        pieces: Iterable[str | ProviderFault | RawAnswer] = line if isinstance(line, list) else [line]
        came = ""
        try:
            for piece in pieces:
                if isinstance(piece, ProviderFault):
                    raise piece
                text = piece.text if isinstance(piece, RawAnswer) else piece
                came += text
                yield Chunk(text)
            yield Chunk("", line if isinstance(line, RawAnswer) else _answer(came, request))
        except GeneratorExit:
            self.closed += 1
            raise

    def _next(
        self, model: ModelRow, region: str, request: Request, timeout_s: float
    ) -> str | RawAnswer | ProviderFault | list[str | ProviderFault]:
        self.asked.append(Asked(model.id, region, request, timeout_s))
        if self._clock:
            self._clock.sleep(self._takes_s)
        line = self._lines.popleft() if len(self._lines) > 1 else self._lines[0]
        return line(request) if callable(line) else line


class FakeClock:
    """Starts at noon of a fixed day; sleeping moves it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        """Seconds since the start."""
        return self.seconds

    def wall(self) -> datetime:
        """Noon and as much later as it was moved."""
        return datetime(2026, 1, 15, 12, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.slept.append(seconds)
        self.seconds += seconds


def _answer(line: str | RawAnswer, request: Request) -> RawAnswer:
    """A plain text gets plausible accounts, no more than were reserved."""
    if isinstance(line, RawAnswer):
        return line
    tokens_out = min(len(line) // 4 + 1, request.max_tokens)
    return replace(RawAnswer(line), tokens_in=request.chars // 4 + 1, tokens_out=tokens_out)
