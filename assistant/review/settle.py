"""The next draft with the changes that a person turned down taken back; both drafts stay as they are."""

import dataclasses
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from assistant.domain.revision import DraftDiff, SceneChange
from assistant.domain.screenplay import Line, Remark, Scene, Screenplay


def settle(old: Screenplay, new: Screenplay, diff: DraftDiff, rejected: Collection[SceneChange]) -> Screenplay:
    """`new` without the rejected changes: a changed scene stands as it was and where it was, an added one is left out,
    a cut one is back. The parts of a split or a join go together. Lines are counted anew."""
    undone = {change for group in together(diff.changes) if any(item in rejected for item in group) for change in group}
    stale = {change.new for change in undone}
    by_old, by_new = _best(diff.changes, "old"), _best(diff.changes, "new")
    standing: list[tuple[int | None, Scene]] = []  # the old draft's ordinal beside each
    moved = {change.old for change in diff.changes if "moved" in change.kinds}
    homeless: list[int] = []
    for change in diff.changes:
        if change not in undone:
            if change.new is not None and change.new not in stale and by_new[change.new] is change:
                standing.append((change.old, new.scene(change.new)))
        elif change.old is not None and by_old[change.old] is change:
            if change.old in moved:
                homeless.append(change.old)
            else:
                standing.append((change.old, old.scene(change.old)))
    for ordinal in sorted(homeless):
        standing.insert(_behind(standing, ordinal), (ordinal, old.scene(ordinal)))
    return _bound([scene for _, scene in standing], new)


def _best(changes: Iterable[SceneChange], side: Literal["old", "new"]) -> dict[int, SceneChange]:
    """Of all rows of a scene the one that pairs it: further parts of a split or a join have their own."""
    found: dict[int, SceneChange] = {}
    for change in changes:
        at = change.old if side == "old" else change.new
        if at is not None and (at not in found or found[at].is_part):
            found[at] = change
    return found


def _behind(standing: Sequence[tuple[int | None, Scene]], ordinal: int) -> int:
    """The place after the scene that stood nearest before it in the old draft."""
    before = [(old, place) for place, (old, _) in enumerate(standing) if old is not None and old < ordinal]
    return max(before)[1] + 1 if before else 0


def together(changes: Iterable[SceneChange]) -> list[tuple[SceneChange, ...]]:
    """Changes that can only be taken or turned down as one: all parts of a split, all parts of a join."""
    groups: list[tuple[set[tuple[str, int]], list[SceneChange]]] = []
    for change in changes:
        ends = {(side, at) for side, at in (("old", change.old), ("new", change.new)) if at is not None}
        mine = [change]
        for known in [group for group in groups if group[0] & ends]:
            groups.remove(known)
            ends |= known[0]
            mine = [*known[1], *mine]
        groups.append((ends, mine))
    return [tuple(items) for _, items in groups]


def _bound(scenes: Sequence[Scene], new: Screenplay) -> Screenplay:
    """Scenes as one script: ordinals and lines counted through, numbers told where two scenes share one."""
    placed: list[Scene] = []
    line = len(new.preamble)
    for ordinal, scene in enumerate(scenes, start=1):
        lines = tuple(dataclasses.replace(item, number=line + n) for n, item in enumerate(scene.lines, start=1))
        line += len(lines)
        placed.append(dataclasses.replace(scene, ordinal=ordinal, lines=lines))
    preamble = tuple(dataclasses.replace(item, number=n) for n, item in enumerate(new.preamble, start=1))
    remarks = tuple(Remark(f"Two scenes are numbered {number}.") for number in _twice(placed))
    settled = dataclasses.replace(new, scenes=tuple(placed), preamble=preamble, remarks=remarks)
    return dataclasses.replace(settled, sha256=_stamp(preamble, placed))


def _twice(scenes: Iterable[Scene]) -> list[str]:
    seen: dict[str, int] = defaultdict(int)
    for scene in scenes:
        if scene.number:
            seen[scene.number] += 1
    return [number for number, count in seen.items() if count > 1]


def _stamp(preamble: Iterable[Line], scenes: Iterable[Scene]) -> str:
    """A settled draft has no file; its content names it."""
    digest = hashlib.sha256()
    for line in preamble:
        digest.update(f"{line.kind}\t{line.text}\n".encode())
    for scene in scenes:
        digest.update(f"{scene.number}\t{scene.eighths}\t{scene.omitted}\n".encode())
        for line in scene.lines:
            digest.update(f"{line.kind}\t{line.text}\n".encode())
    return digest.hexdigest()
