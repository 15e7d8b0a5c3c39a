"""What the schedule and the continuity tables can tell a question; whoever asks hands them in, and only when needed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.domain.continuity import Continuity, MatchNote, State


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One shooting day: its number from 1, its date, its scenes in shooting order, who works; `unit` names another
    unit than the main one."""

    number: int
    date: date
    scenes: tuple[int, ...]
    people: tuple[str, ...]
    unit: str = ""

    @property
    def label(self) -> str:
        """ "4", "1 (2nd unit)"."""
        return f"{self.number} ({self.unit} unit)" if self.unit else str(self.number)


@dataclass(frozen=True, slots=True)
class Engagement:
    """A role's line of the day out of days."""

    name: str
    start: date | None
    finish: date | None
    work: int
    hold: int


@dataclass(frozen=True, slots=True)
class ShootPlan:
    """The newest board, by the ordinals of the draft that answers."""

    board: int
    today: date
    days: tuple[PlannedDay, ...]
    people: tuple[Engagement, ...]
    boneyard: tuple[int, ...] = ()
    reasons: Callable[[int], Sequence[str]] = lambda ordinal: ()  # why a placed scene is on its day, a sentence each

    @property
    def file(self) -> str:
        """How the board is cited."""
        return f"schedule board {self.board}"


@dataclass(frozen=True)
class StoryPlan:
    """A draft's continuity. `between` says whether two scenes are one run, and which states must match; `seen` who
    is seen in each scene; `matching` what must match between the given shooting days, each with its scenes."""

    found: Continuity
    between: Callable[[int, int], tuple[bool, Sequence[State]]]
    seen: Mapping[int, frozenset[str]]
    matching: Callable[[Mapping[str, Sequence[int]]], Sequence[MatchNote]]


@dataclass(frozen=True)
class Plans:
    """Where the tables come from; None where there are none yet."""

    shoot: Callable[[], ShootPlan | None] = lambda: None
    story: Callable[[], StoryPlan | None] = lambda: None
