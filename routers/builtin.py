"""Models that are functions of this process: local, free, and a row in the registry like any other."""

from collections.abc import Callable, Generator, Mapping

from routers.errors import ProviderFault
from routers.types import Chunk, ModelRow, RawAnswer, Request

Handler = Callable[[Request], str]


class BuiltinProvider:
    """Answers each task it knows with the function given for it."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._handlers = dict(handlers)

    @property
    def tasks(self) -> frozenset[str]:
        """What it knows; other tasks make its models ineligible."""
        return frozenset(self._handlers)

    def complete(self, model: ModelRow, region: str, request: Request, timeout_s: float) -> RawAnswer:
        """Call the function."""
        handler = self._handlers.get(request.task)
        if handler is None:
            raise ProviderFault("unsupported", f"{model.id} does not know the task {request.task}")
        text = handler(request)
        return RawAnswer(text, tokens_in=request.chars // 4, tokens_out=len(text) // 4, tokens_estimated=True)

    def stream(self, model: ModelRow, region: str, request: Request, timeout_s: float) -> Generator[Chunk, None, None]:
        """The answer word by word."""
        answer = self.complete(model, region, request, timeout_s)
        for word in answer.text.splitlines(keepends=True):
            yield Chunk(word)
        yield Chunk("", answer)
