"""Which earlier scenes have most to do with a scene: those that share its rare words, its people and its set."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.continuity.words import singular
from assistant.domain.screenplay import Scene, Screenplay

_WORD = re.compile(r"[^\W\d_]{3,}")
_RAREST = 12  # words of a scene that are looked for


@dataclass(frozen=True)
class Related:
    """A script's scenes as bags of words, each word weighed by how few scenes it stands in."""

    words: dict[int, frozenset[str]]
    weight: dict[str, float]

    def earlier(self, ordinal: int, limit: int) -> list[int]:
        """The most related earlier scenes, best first."""
        mine = self.words.get(ordinal, frozenset())
        scores = {
            other: sum(self.weight[word] for word in mine & words)
            for other, words in self.words.items()
            if other < ordinal
        }
        ranked = sorted(scores, key=lambda other: (-scores[other], -other))
        return [other for other in ranked if scores[other] > 0][:limit]


def related(script: Screenplay) -> Related:
    """Read once a script."""
    shot = [scene for scene in script.scenes if not scene.omitted]
    words = {scene.ordinal: _bag(scene) for scene in shot}
    counts = Counter(word for bag in words.values() for word in bag)
    weight = {word: math.log(1 + len(shot) / count) ** 2 if count > 1 else 0.0 for word, count in counts.items()}
    return Related(_rarest(words, weight), weight)


def _bag(scene: Scene) -> frozenset[str]:
    return frozenset(singular(word) for word in _WORD.findall(scene.text.casefold()))


def _rarest(words: dict[int, frozenset[str]], weight: dict[str, float]) -> dict[int, frozenset[str]]:
    """Long scenes share something with everything: only what tells counts."""
    kept = {}
    for ordinal, bag in words.items():
        best: Sequence[str] = sorted((word for word in bag if weight[word]), key=lambda word: (-weight[word], word))
        kept[ordinal] = frozenset(best[: max(_RAREST, len(best) // 2)])
    return kept
