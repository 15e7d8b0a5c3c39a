"""The next draft with the changes that a person turned down taken back; both drafts stay as they are."""

import dataclasses
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from assistant.domain.revision import DraftDiff, SceneChange
from assistant.domain.screenplay import Line, Remark, Scene, Screenplay


def settle(old: Screenplay, new: Screenplay, diff: DraftDiff, rejected: Collection[SceneChange]) -> Screenplay:
    """`new` without the rejected changes: a changed scene stands as it was and where it was, an added one is left out,
    a cut one is back. The parts of a split or a join go together. Lines are counted anew."""
    undone = {change for group in together(diff.changes) if any(item in rejected for item in group) for change in group}
    stale = {change.new for change in undone}
    standing: list[tuple[int | None, Scene]] = []  # the old draft's ordinal beside each
    homeless = []
    for change in diff.changes:
        taken = {ordinal for ordinal, _ in standing}
        if change not in undone:
            if change.new is not None and change.new not in stale and not _is_in(standing, new.scene(change.new)):
                standing.append((change.old, new.scene(change.new)))
        elif change.old is not None and change.old not in taken:
            if "moved" in change.kinds:
                homeless.append(change.old)
            else:
                standing.append((change.old, old.scene(change.old)))
    for ordinal in sorted(set(homeless)):
        standing.insert(_behind(standing, ordinal), (ordinal, old.scene(ordinal)))
    return _bound([scene for _, scene in standing], new)


def _is_in(standing: Sequence[tuple[int | None, Scene]], scene: Scene) -> bool:
    return any(other is scene for _, other in standing)


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
