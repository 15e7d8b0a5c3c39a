"""What of a model's answer stands: each quote in its scene, each conflict between two that differ, about one thing."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from assistant.continuity.extract import FoundConflict, FoundState, SceneContinuity
from assistant.domain.breakdown import Quote, Source
from assistant.domain.continuity import CONFLICT_KINDS, SEVERITIES, STATE_KINDS, Conflict, State
from assistant.domain.quotes import Folded, fold, folded, locate
from assistant.domain.screenplay import Scene, Screenplay

MOST_CUT = 0.4
"""Of a larger share of claims that do not stand, the rest is not trusted either."""
FEW = 3
_WORD = re.compile(r"[^\W\d_]{3,}")
_LABEL = re.compile(r"[DNXM][1-9]\d{0,3}")
_SMALL = frozenset(["the", "and", "his", "her", "with", "from", "that", "this", "wound", "prop", "age"])


@dataclass(frozen=True, slots=True)
class Judged:
    """What stands, how many claims were cut, and why a better answer should be sought, if it should."""

    states: tuple[State, ...]
    conflicts: tuple[Conflict, ...]
    cut: int
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Bench:
    """A script's scenes made comparable, each once, on first need."""

    script: Screenplay
    _folded: dict[int, Folded] = field(default_factory=dict)

    def scene(self, ordinal: int) -> Folded:
        """A scene's folded text."""
        if ordinal not in self._folded:
            self._folded[ordinal] = folded(self.script.scene(ordinal))
        return self._folded[ordinal]

    def judge(
        self, scene: Scene, earlier: Collection[int], answer: SceneContinuity, source: Source | None = None
    ) -> Judged:
        """Check a scene's answer. `earlier` are the ordinals of the scenes that were shown beside it.

        Problems never quote the script: they go into logs.
        """
        by = source or Source("")
        shown = {scene.ordinal, *earlier}
        states = [state for item in answer.states if (state := self._state(item, scene, by))]
        conflicts = [found for item in answer.conflicts if (found := self._conflict(item, scene, shown, by))]
        total = len(answer.states) + len(answer.conflicts)
        cut = total - len(states) - len(conflicts)
        trusted = total <= FEW or cut <= MOST_CUT * total
        problems = () if trusted else (f"more than {MOST_CUT:.0%} of the claims do not stand in the scenes",)
        return Judged(tuple(states), tuple(conflicts), cut, problems)

    def _state(self, item: FoundState, scene: Scene, source: Source) -> State | None:
        text = self.scene(scene.ordinal)
        kind = next((kind for kind in STATE_KINDS if kind == item.kind), None)
        quote = locate(Quote(scene.ordinal, 0, item.quote), text)
        if quote is None or kind is None or not (named(item.subject, text.text) or _set_of(item, scene)):
            return None
        return State(item.subject, kind, item.value, scene.ordinal, quote, source=source)

    def _conflict(self, item: FoundConflict, scene: Scene, shown: Collection[int], source: Source) -> Conflict | None:
        kind = next((kind for kind in CONFLICT_KINDS if kind == item.kind), None)
        severity = next((severity for severity in SEVERITIES if severity == item.severity), None)
        if kind is None or severity is None or item.earlier_scene not in shown:
            return None
        before, now = self.scene(item.earlier_scene), self.scene(scene.ordinal)
        first = locate(Quote(item.earlier_scene, 0, item.earlier_quote), before)
        second = locate(Quote(scene.ordinal, 0, item.quote), now)
        if first is None or second is None or _same_words(first, second):
            return None
        if not (named(item.subject, before.text) or named(item.subject, now.text)):
            return None
        return Conflict(kind, severity, item.subject, item.what, (first, second), source)


def _same_words(first: Quote, second: Quote) -> bool:
    """A thing does not contradict itself."""
    return fold(first.text) == fold(second.text) or (first.line == second.line and first.text in second.text)


def _set_of(item: FoundState, scene: Scene) -> bool:
    return item.kind in {"set", "weather"} and fold(item.subject) in fold(scene.heading.text)


def named(subject: str, text: str) -> bool:
    """Whether any word of a subject that tells stands in a folded text."""
    words = [word for word in _WORD.findall(fold(subject)) if word not in _SMALL]
    return any(word in text for word in words) or not words
