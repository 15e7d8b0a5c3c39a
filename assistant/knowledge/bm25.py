"""Ranking by words: BM25 over stemmed tokens (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75)."""

import math
import re
import threading
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75
STEMMERS = {"en": "english", "es": "spanish", "fr": "french", "de": "german", "it": "italian", "pt": "portuguese"}
_ONE = threading.Lock()
_WORD = re.compile(r"\w+", re.UNICODE)


@lru_cache(maxsize=8)
def _stemmer(language: str) -> object:
    import snowballstemmer

    return snowballstemmer.stemmer(STEMMERS[language])


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    with _ONE:  # a stemmer keeps the word in itself while it works
        stemmed: str = _stemmer(language).stemWord(word)  # type: ignore[attr-defined]
    return stemmed


def tokens(text: str, language: str) -> list[str]:
    """Lower-case stems without accents; languages without a stemmer keep whole words."""
    return [stem for stem, _, _ in placed(text, language)] if not text.isascii() else _plain(text, language)


def placed(text: str, language: str) -> list[tuple[str, int, int]]:
    """Stems with where each word starts and ends in the folded text."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(mark for mark in folded if not unicodedata.combining(mark))
    known = language in STEMMERS
    return [
        (_stem(found.group(), language) if known else found.group(), found.start(), found.end())
        for found in _WORD.finditer(bare)
    ]


def _plain(text: str, language: str) -> list[str]:
    words = _WORD.findall(text.casefold())
    return [_stem(word, language) for word in words] if language in STEMMERS else words


class Bm25:
    """An index over passages in memory; built in milliseconds for a script, so never stored."""

    def __init__(self, documents: Sequence[tuple[str, str]], language: str) -> None:
        self._language = language
        self._ids = [identity for identity, _ in documents]
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        lengths = np.ones(max(1, len(documents)))
        for position, (_, text) in enumerate(documents):
            counted = Counter(tokens(text, language))
            lengths[position] = sum(counted.values()) or 1
            for token, times in counted.items():
                postings[token].append((position, times))
        norm = K1 * (1 - B + B * lengths / lengths.mean())
        self._postings = {token: self._weighed(rows, norm) for token, rows in postings.items()}

    def _weighed(
        self, rows: list[tuple[int, int]], norm: NDArray[np.float64]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Where a token stands, and what it adds to each of those passages' scores."""
        at = np.fromiter((row[0] for row in rows), np.int32, len(rows))
        times = np.fromiter((row[1] for row in rows), np.float64, len(rows))
        weight = math.log(1 + (len(self._ids) - len(rows) + 0.5) / (len(rows) + 0.5))
        return at, (weight * times * (K1 + 1) / (times + norm[at])).astype(np.float32)

    def rarity(self, token: str) -> float:
        """How much a stem tells: its inverse document frequency; 0 where no passage has it."""
        if token not in self._postings:
            return 0.0
        having = len(self._postings[token][0])
        return math.log(1 + (len(self._ids) - having + 0.5) / (having + 0.5))

    def search(self, query: str, limit: int) -> list[str]:
        """Ids of the passages that share words with the query, best first."""
        scores = np.zeros(len(self._ids), np.float32)
        for token in sorted(set(tokens(query, self._language))):
            if token in self._postings:
                at, worth = self._postings[token]
                scores[at] += worth
        found = np.flatnonzero(scores)
        if len(found) > limit:  # ties at the edge stay in, so that the order does not depend on the partition
            edge = np.partition(scores[found], len(found) - limit)[len(found) - limit]
            found = found[scores[found] >= edge]
        top = found[np.argsort(-scores[found], kind="stable")][:limit]
        return [self._ids[position] for position in top]
