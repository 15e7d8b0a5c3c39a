"""What became of each scene from one draft to the next."""

from dataclasses import dataclass
from typing import Literal

ChangeKind = Literal[
    "same",  # nothing that is seen or heard changed
    "reworded",
    "renumbered",
    "renamed",  # the heading changed
    "moved",
    "longer",
    "shorter",
    "omitted",
    "restored",
    "split",  # one old scene became several
    "joined",  # several old scenes became one
    "added",
    "cut",
]

COLOURS = ("White", "Blue", "Pink", "Yellow", "Green", "Goldenrod", "Buff", "Salmon", "Cherry", "Tan", "Ivory")


@dataclass(frozen=True, slots=True)
class SceneChange:
    """One scene's way between two drafts, by ordinal; `old` is None for an added scene, `new` for a cut one.

    `similarity` is of the text, 0 to 1. A split gives one row for each of the new scenes with the same `old`, a join
    one for each of the old scenes with the same `new`.
    """

    old: int | None
    new: int | None
    kinds: tuple[ChangeKind, ...]
    similarity: float
    eighths: int = 0  # new minus old

    @property
    def is_part(self) -> bool:
        """Whether this is a further part of a split or a join, beside the row that pairs the two scenes."""
        return self.kinds in {("split",), ("joined",)} and self.similarity < 1.0

    @property
    def unchanged(self) -> bool:
        """Whether nothing that a breakdown depends on changed."""
        return not {"reworded", "added", "cut", "omitted", "restored", "split", "joined", "renamed"} & set(self.kinds)


@dataclass(frozen=True, slots=True)
class DraftDiff:
    """All changes, in the new draft's order, cut scenes where they used to stand."""

    old: int
    new: int
    changes: tuple[SceneChange, ...]

    def of(self, kind: ChangeKind) -> tuple[SceneChange, ...]:
        """The changes that are of this kind."""
        return tuple(change for change in self.changes if kind in change.kinds)


def colour_of(draft: int) -> str:
    """The revision colour of the n-th draft, 1 = White; after Ivory they come again as "Double White" …"""
    rounds, place = divmod(draft - 1, len(COLOURS))
    prefix = ("", "Double ", "Triple ")[rounds] if rounds < 3 else f"{rounds + 1}× "
    return f"{prefix}{COLOURS[place]}"
