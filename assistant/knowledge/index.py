"""Bringing a production's sources into its index, once each, and finding passages in what is wholly in."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.domain.citations import Found, Passage
from assistant.knowledge.bm25 import Bm25
from assistant.knowledge.chroma import Vectors
from assistant.knowledge.chunk import CHUNKING
from assistant.knowledge.embed import Embedder
from assistant.store.sources import Sources

RRF_K = 10
DEEP = 60
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Served:
    """Passages in memory, with an index of their words for each language they were asked in."""

    passages: dict[str, Passage]
    words: dict[str, Bm25] = field(default_factory=dict)

    def index(self, language: str) -> Bm25:
        if language not in self.words:
            self.words[language] = Bm25([(item.id, item.text) for item in self.passages.values()], language)
        return self.words[language]


class Knowledge:
    """Search over one production: words and vectors, fused by reciprocal rank (Cormack et al. 2009)."""

    def __init__(self, sources: Sources, vectors: Vectors, embedder: Embedder) -> None:
        self._sources = sources
        self._vectors = vectors
        self._embedder = embedder
        self._served: dict[tuple[str, ...], _Served] = {}
        self.fingerprint = f"{embedder.fingerprint}/{CHUNKING}"

    def index(self, source: str, passages: Sequence[Passage] | None = None, progress: Progress | None = None) -> int:
        """Index one source, unless it is in with this very fingerprint. Returns how many passages were written.

        The mark "indexed" is set last: what was cut off by a kill is not served, and is done again. Marks of another
        embedding go first, because opening the index drops its vectors.
        """
        if self._sources.indexed_with(source) == self.fingerprint:
            return 0
        if passages is not None:
            self._sources.replace_passages(source, passages)
        self._sources.unmark_others(self.fingerprint)
        stored = self._sources.passages([source])
        self._vectors.remove(source)
        for start in range(0, len(stored), 500):
            part = stored[start : start + 500]
            rows = self._embedder.embed([passage.text for passage in part])
            self._vectors.add([(passage.id, source, row) for passage, row in zip(part, rows, strict=True)])
            if progress:
                progress(min(start + 500, len(stored)), len(stored))
        self._sources.mark_indexed(source, self.fingerprint)
        self._served.clear()
        return len(stored)

    def catch_up(self, progress: Progress | None = None) -> int:
        """Index again what another embedding, or a killed run, left behind. Returns how many sources that were."""
        behind = self._sources.behind(self.fingerprint)
        total = sum(item.passages for item in self._sources.all() if item.id in behind) if behind else 0
        done = 0

        def step(now: int, _: int) -> None:
            if progress:
                progress(done + now, total)

        for source in behind:
            done += self.index(source, None, step)
        return len(behind)

    def close(self) -> None:
        """Let go of the index's files."""
        self._vectors.close()

    def count(self) -> int:
        """How many passages the index holds."""
        return self._vectors.count()

    def forget(self, source: str) -> None:
        """Remove a source from vectors, passages and the list of sources."""
        self._vectors.remove(source)
        self._sources.remove(source)
        self._served.clear()

    def passages(self, older_drafts: bool = False) -> list[Passage]:
        """Everything that may be quoted, in the order of the papers' lines."""
        return list(self._serve(older_drafts)[1].passages.values())

    def rarity(self, language: str) -> Callable[[str], float]:
        """How much a stem tells in this production; 0 for one that stands nowhere."""
        return self._serve(False)[1].index(language).rarity

    def by_words(self, query: str, limit: int = 10, language: str = "en") -> list[Found]:
        """The passages that share the query's words, best first; what quotes need, and it loads no vectors."""
        memory = self._serve(False)[1]
        ranked = memory.index(language).search(query, limit)
        return [Found(memory.passages[identity], 1.0 / rank) for rank, identity in enumerate(ranked, start=1)]

    def by_vectors(self, query: str, limit: int = 10) -> list[str]:
        """Ids of the passages whose sense is nearest, best first."""
        return self._near(query, limit, *self._serve(False))

    def search(self, query: str, limit: int = 10, language: str = "en", older_drafts: bool = False) -> list[Found]:
        """The passages nearest to a query, best first, from sources that are wholly indexed."""
        served, memory = self._serve(older_drafts)
        if not memory.passages:
            return []
        by_word = memory.index(language).search(query, DEEP)
        by_sense = self._near(query, DEEP, served, memory)
        scores: dict[str, float] = defaultdict(float)
        for ranking in (by_word, by_sense):
            for rank, identity in enumerate(ranking, start=1):
                scores[identity] += 1.0 / (RRF_K + rank)
        known = memory.passages
        best = sorted((item for item in scores.items() if item[0] in known), key=lambda item: (-item[1], item[0]))
        return [Found(known[identity], score) for identity, score in best[:limit]]

    def _near(self, query: str, limit: int, served: list[str], memory: _Served) -> list[str]:
        """Nearest passages that are served. Asking for more and sorting out is ten times faster than a filter; the
        filter is for productions where most of the index is superseded."""
        vector = self._embedder.question(query)
        ids = [identity for identity in self._vectors.nearest(vector, 2 * limit) if identity in memory.passages]
        if len(ids) < min(limit, len(memory.passages)):
            ids = [i for i in self._vectors.nearest(vector, limit, served) if i in memory.passages]
        return ids[:limit]

    def _serve(self, older_drafts: bool) -> tuple[list[str], _Served]:
        """The sources that may answer now, and their passages; read from the store once for each set of sources."""
        served = self._sources.served(self.fingerprint, older_drafts)
        key = tuple(served)
        if key not in self._served:
            self._served[key] = _Served({passage.id: passage for passage in self._sources.passages(served)})
        return served, self._served[key]
