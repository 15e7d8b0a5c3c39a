"""From a scene's number in an earlier draft to its number in a later one, matched as revisions are."""

from dataclasses import replace
from functools import cache

from assistant.domain.said import SaidRule
from assistant.screenplay import compare
from assistant.store import Store
from assistant.store.said import KeptRule


class Renumbering:
    """Numbers of all earlier drafts in one draft; drafts are compared only when a number of theirs is asked for."""

    def __init__(self, store: Store, seq: int) -> None:
        self._store = store
        self._seq = seq
        self._from = cache(self._table)

    def __call__(self, label: str, draft: int | None) -> str | None:
        """The number now; None where the scene is gone. A number of no known draft, or of a later one, stays."""
        if draft is None or draft >= self._seq:
            return label
        return self._from(draft).get(label)

    def rule(self, kept: KeptRule) -> SaidRule | None:
        """A kept rule with the numbers of now; None where it speaks of scenes alone and they are gone."""
        rule = kept.rule
        if rule.subject != "scene" or kept.draft is None:
            return rule
        names, later = (
            tuple(now for label in labels if (now := self(label, kept.draft)) is not None)
            for labels in (rule.names, rule.later)
        )
        gone = not names or (rule.later and not later)
        return None if gone else replace(rule, names=names, others=later if rule.later else rule.others)

    def _table(self, draft: int) -> dict[str, str]:
        """Each number of a draft that is still there, and its number now: one draft after the other."""
        old = self._store.screenplay(draft)
        places = {scene.label: scene.ordinal for scene in old.scenes}
        for seq in range(draft + 1, self._seq + 1):
            new = self._store.screenplay(seq)
            after = {c.old: c.new for c in compare(old, new).changes if c.old is not None and c.new is not None}
            places = {label: after[place] for label, place in places.items() if place in after}
            old = new
        labels = {scene.ordinal: scene.label for scene in old.scenes}
        return {label: labels[place] for label, place in places.items()}
