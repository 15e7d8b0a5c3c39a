"""The embedded embedding: static word vectors that come in a wheel. The only door to wordllama."""

import hashlib
import importlib.util
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import SettingsError

WEIGHTS = "weights/l2_supercat_256.safetensors"
WEIGHTS_SHA256 = "64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5"


class Embedder(Protocol):
    """Text to vectors. `fingerprint` names model and weights: vectors of different fingerprints never meet."""

    fingerprint: str

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One unit vector a text."""
        ...

    def question(self, text: str) -> list[float]:
        """The unit vector a question is searched with."""
        ...


class WordLlamaEmbedder:
    """256 dimensions, about 0.2 ms a passage, nothing downloaded; the weights' hash is checked before first use."""

    fingerprint = f"wordllama-256:{WEIGHTS_SHA256[:16]}"

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Unit vectors, one a text. Raises SettingsError when the installed weights are not the pinned ones."""
        if not texts:
            return []
        rows: list[list[float]] = self._model.embed(list(texts), norm=True).tolist()
        return rows

    def question(self, text: str) -> list[float]:
        """A question is placed as a passage is."""
        return self.embed([text])[0]

    @cached_property
    def _model(self) -> Any:
        wordllama = wordllama_loaded()
        folder = Path(wordllama.__file__).parent
        if not weights_are_pinned():
            raise SettingsError(
                "The embedding weights on this machine are not the pinned ones.",
                "Install the locked set again: `make demo`.",
            )
        # The wheel keeps its tokenizer where `load` does not look; pointing the cache at the package finds both.
        return wordllama.WordLlama.load(cache_dir=folder, disable_download=True)


def wordllama_loaded() -> Any:
    """The library, imported at first use."""
    import wordllama

    return wordllama


def weights_are_pinned() -> bool:
    """Are the installed weights there, and byte for byte the ones this version was measured with?"""
    spec = importlib.util.find_spec("wordllama")
    if spec is None or spec.origin is None:
        return False
    weights = Path(spec.origin).parent / WEIGHTS
    return weights.is_file() and hashlib.sha256(weights.read_bytes()).hexdigest() == WEIGHTS_SHA256
