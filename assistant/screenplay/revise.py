"""Which scene of the next draft is which of this one: by content, number, heading and text, never by place alone."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from assistant.domain.revision import ChangeKind, DraftDiff, SceneChange
from assistant.domain.screenplay import Scene, Screenplay

ENOUGH = 0.55  # text similarity that makes two scenes one, with nothing else to say so
HINTED = 0.30  # the same with the same number or the same set and time
UNLIKE = 0.45  # the same where the number alone says so: any two texts share that many letters
NUMBER = 0.25  # what the same number adds
ALMOST = 0.99  # a part is never the whole
PART = 0.80  # share of a part's words that stand in the whole, for splits and joins
PART_WORDS = 12  # a part shorter than this proves nothing
_WORD = re.compile(r"\w+")


def compare(old: Screenplay, new: Screenplay, old_seq: int = 1, new_seq: int = 2) -> DraftDiff:
    """Match the scenes of two drafts and say what changed; every scene of both is in the result."""
    matcher = _Matcher(old.scenes, new.scenes)
    pairs = matcher.pairs()
    moved = _moved(pairs)
    changes: dict[int, list[SceneChange]] = defaultdict(list)
    matched_new = {n for _, n in pairs}
    by_old = dict(pairs)
    joined = matcher.joins(pairs)
    split = matcher.splits(pairs)
    for o, n in pairs:
        extra: list[ChangeKind] = ["moved"] if o in moved else []
        extra += ["split"] if o in split.values() else []
        extra += ["joined"] if n in joined.values() else []
        changes[n].append(_change(old.scenes[o], new.scenes[n], matcher.similarity(o, n), extra))
    for n, scene in enumerate(new.scenes):
        if n in matched_new:
            continue
        if n in split:
            o = split[n]
            alike = min(matcher.similarity(o, n), ALMOST)
            changes[n].append(SceneChange(old.scenes[o].ordinal, scene.ordinal, ("split",), alike))
        else:
            changes[n].append(SceneChange(None, scene.ordinal, ("added",), 0.0, scene.eighths))
    ordered = [change for n in range(len(new.scenes)) for change in changes[n]]
    for o, scene in enumerate(old.scenes):
        if o not in by_old:
            ordered.insert(_place(ordered, scene.ordinal), _gone(scene, new, joined.get(o)))
    return DraftDiff(old_seq, new_seq, tuple(ordered))


class _Matcher:
    """Pairs of indices into the two lists of scenes."""

    def __init__(self, old: Sequence[Scene], new: Sequence[Scene]) -> None:
        self.old, self.new = old, new
        self.old_texts, self.new_texts = [_body(s) for s in old], [_body(s) for s in new]
        self.old_words = [Counter(_WORD.findall(text)) for text in self.old_texts]
        self.new_words = [Counter(_WORD.findall(text)) for text in self.new_texts]
        self._known: dict[tuple[int, int], float] = {}

    def similarity(self, o: int, n: int) -> float:
        """Of the text without headings, 0 to 1."""
        if (o, n) not in self._known:
            first, second = self.old_texts[o], self.new_texts[n]
            same = 1.0 if first == second else fuzz.ratio(first, second) / 100
            self._known[(o, n)] = same
        return self._known[(o, n)]

    def pairs(self) -> list[tuple[int, int]]:
        """One-to-one, by falling evidence."""
        pairs = self._identical()
        free_old = set(range(len(self.old))) - {o for o, _ in pairs}
        free_new = set(range(len(self.new))) - {n for _, n in pairs}
        scored = sorted(self._scored(free_old, free_new), reverse=True)
        for _, o, n in scored:
            if o in free_old and n in free_new:
                pairs.append((o, n))
                free_old.discard(o)
                free_new.discard(n)
        return sorted(pairs, key=lambda pair: pair[1])

    def _identical(self) -> list[tuple[int, int]]:
        """Scenes with the same heading and text: by number, then in the order both drafts share, then as they come."""
        old = [(scene.omitted, _heading(scene), text) for scene, text in zip(self.old, self.old_texts, strict=True)]
        new = [(scene.omitted, _heading(scene), text) for scene, text in zip(self.new, self.new_texts, strict=True)]
        waiting: dict[tuple[str, tuple[bool, str, str]], list[int]] = defaultdict(list)
        for o, scene in enumerate(self.old):
            if scene.number:
                waiting[(scene.number, old[o])].append(o)
        pairs = []
        for n, scene in enumerate(self.new):
            if scene.number and waiting.get((scene.number, new[n])):
                pairs.append((waiting[(scene.number, new[n])].pop(0), n))
        pairs += _in_order(old, new, pairs)
        return pairs + _as_they_come(old, new, pairs)

    def _scored(self, free_old: set[int], free_new: set[int]) -> Iterable[tuple[float, int, int]]:
        for n in free_new:
            for o in free_old:
                hint = self._hint(o, n)
                shared = _overlap(self.old_words[o], self.new_words[n])
                if not hint and shared < 0.35:
                    continue
                if self.old[o].omitted or self.new[n].omitted:
                    if self.old[o].number and self.old[o].number == self.new[n].number:
                        yield 2.0, o, n
                    continue
                same = max(self.similarity(o, n), 0.6 * shared)  # a scene that only grew still holds its old words
                if same >= (HINTED if hint not in {0.0, NUMBER} else UNLIKE if hint else ENOUGH):
                    yield same + hint, o, n

    def _hint(self, o: int, n: int) -> float:
        old, new = self.old[o], self.new[n]
        number = NUMBER if old.number and old.number == new.number else 0.0
        place = 0.2 if _heading(old) == _heading(new) else 0.1 if old.set and old.set == new.set else 0.0
        return number + place

    def splits(self, pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
        """New scene → the old scene that holds most of its words, though that one is matched elsewhere."""
        matched_new = {n for _, n in pairs}
        found = {}
        for n in range(len(self.new)):
            if n not in matched_new and not self.new[n].omitted:
                holder = _holder(self.new_words[n], [(o, self.old_words[o]) for o, _ in pairs])
                if holder is not None:
                    found[n] = holder
        return found

    def joins(self, pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
        """Old scene → the new scene that took it in, though that one is matched with another."""
        matched_old = {o for o, _ in pairs}
        found = {}
        for o in range(len(self.old)):
            if o not in matched_old and not self.old[o].omitted:
                holder = _holder(self.old_words[o], [(n, self.new_words[n]) for _, n in pairs])
                if holder is not None:
                    found[o] = holder
        return found


def _in_order(
    old: Sequence[Hashable], new: Sequence[Hashable], taken: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Of several alike, those that stand between the same neighbours."""
    first, second = _free(old, new, taken)
    matcher = SequenceMatcher(None, [old[o] for o in first], [new[n] for n in second], autojunk=False)
    return [
        (first[block.a + step], second[block.b + step])
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    ]


def _free(
    old: Sequence[Hashable], new: Sequence[Hashable], taken: Sequence[tuple[int, int]]
) -> tuple[list[int], list[int]]:
    used_old, used_new = {o for o, _ in taken}, {n for _, n in taken}
    return [o for o in range(len(old)) if o not in used_old], [n for n in range(len(new)) if n not in used_new]


def _as_they_come(
    old: Sequence[Hashable], new: Sequence[Hashable], taken: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Alike, but not in the order they were in: moved."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    free, left = _free(old, new, taken)
    for o in free:
        waiting[old[o]].append(o)
    return [(waiting[new[n]].pop(0), n) for n in left if waiting.get(new[n])]


def _holder(part: Counter[str], wholes: Sequence[tuple[int, Counter[str]]]) -> int | None:
    total = part.total()
    if total < PART_WORDS:
        return None
    best = max(((part & whole).total() / total, -index) for index, whole in wholes) if wholes else (0.0, 0)
    return -best[1] if best[0] >= PART else None


def _overlap(first: Counter[str], second: Counter[str]) -> float:
    smaller = min(first.total(), second.total())
    return (first & second).total() / smaller if smaller else 0.0


def _change(old: Scene, new: Scene, same: float, extra: Sequence[ChangeKind]) -> SceneChange:
    kinds: list[ChangeKind] = list(extra)
    if old.omitted != new.omitted:
        kinds.append("omitted" if new.omitted else "restored")
    elif same < 1.0:
        kinds.append("reworded")
    if _heading(old) != _heading(new) and not (old.omitted or new.omitted):
        kinds.append("renamed")
    if old.number is not None and old.number != new.number:  # its first number is no new number
        kinds.append("renumbered")
    if old.eighths != new.eighths and not (old.omitted or new.omitted):
        kinds.append("longer" if new.eighths > old.eighths else "shorter")
    return SceneChange(old.ordinal, new.ordinal, tuple(kinds) or ("same",), same, new.eighths - old.eighths)


def _gone(scene: Scene, new: Screenplay, joined: int | None) -> SceneChange:
    if joined is None:
        return SceneChange(scene.ordinal, None, ("cut",), 0.0, -scene.eighths)
    return SceneChange(scene.ordinal, new.scenes[joined].ordinal, ("joined",), 0.0, 0)


def _place(changes: Sequence[SceneChange], old_ordinal: int) -> int:
    """Behind the scene that stood before it, if that one has not moved away itself."""
    moved = {change.old for change in changes if "moved" in change.kinds}
    stayed = [
        (change.old, not change.is_part, -at)
        for at, change in enumerate(changes)
        if change.old is not None and change.old < old_ordinal and change.old not in moved
    ]
    return 1 - max(stayed)[2] if stayed else 0


def _moved(pairs: Sequence[tuple[int, int]]) -> set[int]:
    """Old indices outside the longest run of pairs that kept their order."""
    order = [o for o, _ in pairs]
    tails: list[int] = []
    at: list[int] = []
    back: list[int] = []
    for index, o in enumerate(order):
        place = bisect_left(tails, o)
        back.append(at[place - 1] if place else -1)
        if place == len(tails):
            tails.append(o)
            at.append(index)
        else:
            tails[place], at[place] = o, index
    kept, index = set(), at[-1] if at else -1
    while index >= 0:
        kept.add(order[index])
        index = back[index]
    return set(order) - kept


def _heading(scene: Scene) -> str:
    return " ".join(scene.heading.text.upper().split())


def _body(scene: Scene) -> str:
    """What is seen and heard after the heading, one space between words, case folded."""
    text = scene.text.split("\n", 1)
    return " ".join(text[1].casefold().split()) if len(text) > 1 else ""
