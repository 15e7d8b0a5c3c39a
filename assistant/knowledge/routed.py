"""Vectors from a model of the registry, asked through the router: policy, budget and record as for any question."""

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from assistant.errors import SettingsError
from assistant.llm import Llm
from routers.vectors import most_texts

BYTES_A_TOKEN = 2.5
WINDOW = 8192  # tokens, where the model's own is not known


class RoutedEmbedder:
    """An embedder behind the router. Its fingerprint names the model and its wire name: another one re-indexes."""

    def __init__(self, llm: Llm, model: str, at_once: int = 8) -> None:
        row = llm.router.registry.rows.get(model)
        if row is None or "embedding" not in row.abilities:
            raise SettingsError(
                f"[models] embedding: {model} is no embedding model of the registry.",
                "Add its row to models.yaml with `abilities: [embedding]`, or take the setting out.",
            )
        self._llm = llm
        self._model = model
        self._at_once = at_once
        self._most = most_texts(row)
        self._room = int((row.window or WINDOW) * BYTES_A_TOKEN * 0.8)
        self.fingerprint = f"routed:{model}:{row.wire}"

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Unit vectors, one a text. Raises RouterError when the model may not, or can not, be asked."""
        parts = list(self._batches(texts))
        pool = ThreadPoolExecutor(min(self._at_once, len(parts)) or 1)
        try:
            found = list(pool.map(lambda part: self._llm.vectors(self._model, part), parts))
        finally:
            pool.shutdown(cancel_futures=True)  # after a fault the calls that did not start are not made
        return [_unit(row) for rows in found for row in rows]

    def question(self, text: str) -> list[float]:
        """The unit vector of a question. Raises RouterError."""
        return _unit(self._llm.vectors(self._model, [self._shown(text)], asking=True)[0])

    def _shown(self, text: str) -> str:
        """The text as far as it fits; never an empty one, which servers refuse."""
        return text.encode()[: self._room].decode(errors="ignore").strip() or "-"

    def _batches(self, texts: Sequence[str]) -> Iterator[list[str]]:
        """As many texts a call as the model takes and its window holds."""
        part: list[str] = []
        size = 0
        for shown in map(self._shown, texts):
            length = len(shown.encode()) + 32
            if part and (size + length > self._room or len(part) == self._most):
                yield part
                part, size = [], 0
            part.append(shown)
            size += length
        if part:
            yield part


def _unit(row: Sequence[float]) -> list[float]:
    length = math.sqrt(sum(x * x for x in row)) or 1.0
    return [x / length for x in row]
