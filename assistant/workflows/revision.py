"""From one draft to the next: what changed, what a person says to it, and the draft that comes of that."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.review import Action, Aside, Decision, change_subject
from assistant.domain.revision import DraftDiff, SceneChange
from assistant.domain.screenplay import Screenplay
from assistant.errors import NotFound
from assistant.review import decide
from assistant.review.settle import settle, together
from assistant.screenplay import compare
from assistant.store import Draft, Store
from assistant.store.decisions import Decisions


@dataclass(frozen=True)
class Revision:
    """Two drafts side by side, and what was said of each change: accept, reject, or nothing yet."""

    old: Screenplay
    new: Screenplay
    diff: DraftDiff
    words: dict[SceneChange, str]

    @property
    def changed(self) -> tuple[SceneChange, ...]:
        """All but the scenes that stayed as they were."""
        return tuple(change for change in self.diff.changes if change.kinds != ("same",))

    def label(self, change: SceneChange) -> str:
        """The scene's number in the new draft, or the one it had."""
        if change.new is not None:
            return self.new.scene(change.new).label
        return self.old.scene(change.old or 0).label

    def named(self, label: str) -> list[SceneChange]:
        """The changes of a scene by its number in either draft. Raises NotFound."""
        wanted = label.strip().casefold()
        found = [change for change in self.changed if self.label(change).casefold() == wanted]
        found = found or [
            change
            for change in self.changed
            if change.old is not None and self.old.scene(change.old).label.casefold() == wanted
        ]
        if not found:
            raise NotFound(f"No change of a scene {label}.", "`pa diff` lists the changes.")
        return found


@dataclass(frozen=True, slots=True)
class Carrying:
    """How a draft's breakdown took over what was decided before."""

    carried: int
    aside: int
    open: int  # proposals that wait


def revision(store: Store, old: int | None = None, new: int | None = None) -> Revision:
    """Two drafts compared: the two named, else the newest and the one before. Raises NotFound."""
    drafts = [draft.seq for draft in store.drafts()]
    new = new or (drafts[-1] if drafts else 0)
    old = old or max((seq for seq in drafts if seq < new), default=0)
    if not old:
        raise NotFound("There is only one draft.", "Hand over the next one: `pa ingest FILE`.")
    first, second = store.screenplay(old), store.screenplay(new)
    diff = compare(first, second, old, new)
    newest = store.overlay().decisions
    words = {}
    for change in diff.changes:
        said = newest.get(change_subject(new, change.old, change.new))
        if said and _follows(drafts, old, new):
            words[change] = said[0]
    return Revision(first, second, diff, words)


def say(store: Store, shown: Revision, who: str, words: Sequence[tuple[SceneChange, Action]]) -> int:
    """Keep what a person says of changes; parts of a split or a join are answered together. Raises NotFound."""
    if not _follows([draft.seq for draft in store.drafts()], shown.diff.old, shown.diff.new):
        raise NotFound("Only a draft's changes to the one before can be decided on.", "`pa diff` without numbers.")
    groups = together(shown.diff.changes)
    said: dict[str, Decision] = {}
    for change, action in words:
        group = next(items for items in groups if change in items)
        for item in group:
            subject = change_subject(shown.diff.new, item.old, item.new)
            said[subject] = Decision(subject, action, who, "", shown.diff.new)
    log = Decisions(store.engine, store.production, store.stamp)
    return decide(log, {}, list(said.values()))


def settled(shown: Revision) -> Screenplay:
    """The new draft without the changes that were turned down. Raises NotFound where none was."""
    rejected: Collection[SceneChange] = [change for change, word in shown.words.items() if word == "reject"]
    if not rejected:
        raise NotFound("No change was turned down, so there is nothing to take back.", "`pa diff --reject 12A` first.")
    return settle(shown.old, shown.new, shown.diff, rejected)


def keep_settled(store: Store, shown: Revision) -> Draft:
    """Store the settled draft as the next one."""
    name = next(draft.file for draft in store.drafts() if draft.seq == shown.diff.new)
    return store.add_draft(settled(shown), f"{Path(name).stem} (settled){Path(name).suffix}")


def carrying(store: Store, seq: int) -> Carrying:
    """What a draft's breakdown took over and what it set aside."""
    earlier = set(store.overlay().decisions) & _ids_before(store, seq)
    elements = store.breakdown(seq, decided=False).elements
    carried = sum(1 for element in elements if element.id in earlier)
    waiting = sum(1 for element in store.breakdown(seq).elements if element.status == "proposed")
    return Carrying(carried, len(store.aside(seq)), waiting)


def asides(store: Store, seq: int | None = None) -> list[Aside]:
    """What lies aside in a draft."""
    return store.aside(seq or store.current_draft().seq)


def _ids_before(store: Store, seq: int) -> set[str]:
    found: set[str] = set()
    for draft in store.drafts():
        if draft.seq < seq:
            found |= {element.id for element in store.breakdown(draft.seq, decided=False).elements}
    return found


def _follows(drafts: Sequence[int], old: int, new: int) -> bool:
    return max((seq for seq in drafts if seq < new), default=0) == old
