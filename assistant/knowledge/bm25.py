"""Ranking by words: BM25 over stemmed tokens (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75)."""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

K1 = 1.2
B = 0.75
STEMMERS = {"en": "english", "es": "spanish", "fr": "french", "de": "german", "it": "italian", "pt": "portuguese"}
_WORD = re.compile(r"\w+", re.UNICODE)


@lru_cache(maxsize=8)
def _stemmer(language: str) -> object:
    import snowballstemmer

    return snowballstemmer.stemmer(STEMMERS[language])


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    stemmed: str = _stemmer(language).stemWord(word)  # type: ignore[attr-defined]
    return stemmed


def tokens(text: str, language: str) -> list[str]:
    """Lower-case stems without accents; languages without a stemmer keep whole words."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    words = _WORD.findall("".join(mark for mark in folded if not unicodedata.combining(mark)))
    return [_stem(word, language) for word in words] if language in STEMMERS else words


class Bm25:
    """An index over passages in memory; built in milliseconds for a script, so never stored."""

    def __init__(self, documents: Sequence[tuple[str, str]], language: str) -> None:
        self._language = language
        self._ids = [identity for identity, _ in documents]
        self._lengths: list[int] = []
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for position, (_, text) in enumerate(documents):
            counted = Counter(tokens(text, language))
            self._lengths.append(sum(counted.values()))
            for token, times in counted.items():
                self._postings[token].append((position, times))
        self._mean = (sum(self._lengths) / len(self._lengths)) if self._lengths else 1.0

    def search(self, query: str, limit: int) -> list[str]:
        """Ids of the passages that share words with the query, best first."""
        scores: dict[int, float] = defaultdict(float)
        for token in set(tokens(query, self._language)):
            postings = self._postings.get(token, [])
            weight = math.log(1 + (len(self._ids) - len(postings) + 0.5) / (len(postings) + 0.5))
            for position, times in postings:
                norm = K1 * (1 - B + B * self._lengths[position] / self._mean)
                scores[position] += weight * times * (K1 + 1) / (times + norm)
        best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
        return [self._ids[position] for position, _ in best]
