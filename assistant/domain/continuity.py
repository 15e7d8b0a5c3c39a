"""What continuity is about: script days, states carried from scene to scene, and what can not both be true."""

import hashlib
from dataclasses import dataclass
from typing import Literal

from assistant.domain.breakdown import Quote, Source

StateKind = Literal["wardrobe", "hair_makeup", "wound", "prop", "knowledge", "age", "look", "set", "weather", "vehicle"]
STATE_KINDS: tuple[StateKind, ...] = (
    "wardrobe",
    "hair_makeup",
    "wound",
    "prop",
    "knowledge",
    "age",
    "look",
    "set",
    "weather",
    "vehicle",
)

ConflictKind = Literal[
    "prop",  # used before it exists, or after it is lost or broken
    "wound",  # moves, or is gone too soon
    "costume",  # jumps inside a continuous run
    "light",  # night inside a run by day, or the other way round
    "place",  # somebody in two places at once
    "death",  # somebody acts after dying
    "number",  # ages, dates and counts that disagree
    "name",  # somebody is still called by a name that is no longer theirs
    "set",  # one set, inside and outside
    "knowledge",  # known before it is learned
]
CONFLICT_KINDS: tuple[ConflictKind, ...] = (
    "prop",
    "wound",
    "costume",
    "light",
    "place",
    "death",
    "number",
    "name",
    "set",
    "knowledge",
)

OVER = ("taken off", "given away", "put down", "lost or broken")
"""How a value ends of which nothing is to be seen any more; it is told in the scene in which it happens."""

Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class SceneDay:
    """The script day of one scene and why. `quote` are the words that say so, where any do."""

    scene: int
    label: str  # D1, N1 …; X1 … outside the line of the story; M1 … a montage
    reason: str
    quote: Quote | None = None
    by_person: bool = False
    source: Source = Source("builtin/rules")

    @property
    def outside(self) -> bool:
        """Whether the scene stands outside the line of the story, as a flashback or a dream does."""
        return self.label.startswith("X")


@dataclass(frozen=True, slots=True)
class DayTurn:
    """Where a model sees a day turn that rules do not: words of the scene say so. `label` tells one flashback from
    the next; its number counts inside one answer only."""

    scene: int
    kind: Literal["new", "outside", "montage"]
    label: str
    why: str
    quote: Quote
    source: Source


@dataclass(frozen=True, slots=True)
class ScriptDay:
    """All scenes of one script day, in script order, and why it begins."""

    label: str
    scenes: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class State:
    """How somebody or something is from `scene` on, until the scene after `until` says otherwise (None: to the end).

    `change` counts a character's wardrobe changes from 1; 0 for all other kinds. A value of "" is open: the script
    does not say.
    """

    subject: str
    kind: StateKind
    value: str
    scene: int
    quote: Quote | None
    until: int | None = None
    change: int = 0
    source: Source = Source("builtin/rules")

    def holds(self, scene: int) -> bool:
        """Whether the state is in force in a scene, by script order alone."""
        return self.scene <= scene and (self.until is None or scene <= self.until)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two quotes that can not both be true, the earlier in the script first. `id` stays while their words stay."""

    kind: ConflictKind
    severity: Severity
    subject: str
    what: str  # one sentence
    evidence: tuple[Quote, Quote]
    source: Source = Source("builtin/rules")
    dismissed: str = ""  # a person's reason

    @property
    def scenes(self) -> tuple[int, int]:
        """The ordinals of the two scenes."""
        return self.evidence[0].scene, self.evidence[1].scene

    @property
    def id(self) -> str:
        """The same in every draft in which both quotes stand."""
        words = (" ".join(quote.text.casefold().split()) for quote in self.evidence)
        return hashlib.sha256("|".join((self.kind, self.subject.casefold(), *words)).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class MatchNote:
    """What must match between a scene shot on `day` and the scene next to it in the story, shot on `other_day`."""

    day: str
    scene: int
    other_day: str
    other: int
    direct: bool  # one continuous run: everything must match to the frame
    items: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class LookSheet:
    """How a character looks: what lasts, and what changes from scene to scene. Nothing in it is without a quote."""

    name: str
    full_name: str
    lasting: tuple[State, ...]
    passing: tuple[State, ...]
    open: tuple[State, ...]  # wardrobe changes of which the script says nothing

    @property
    def prompt(self) -> str:
        """The lasting traits as one line for an image tool."""
        traits = [f"{item.value} years old" if item.kind == "age" else plain(item) for item in self.lasting]
        return ", ".join([self.full_name.title(), *dict.fromkeys(traits)])


def plain(state: State) -> str:
    """A state's value without the part it is about: "coat: red wool coat" → "red wool coat"."""
    part, colon, rest = state.value.partition(": ")
    return rest if colon else part


@dataclass(frozen=True, slots=True)
class SetNote:
    """A note taken on set: scene label, take, and what was seen."""

    scene: str
    take: str
    note: str
    who: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Continuity:
    """A draft's script days, states and conflicts. `rejected` counts claims cut because a quote does not stand;
    `notes` say what was not read, and why."""

    days: tuple[SceneDay, ...]
    states: tuple[State, ...]
    conflicts: tuple[Conflict, ...]
    rejected: int = 0
    notes: tuple[str, ...] = ()

    @property
    def script_days(self) -> tuple[ScriptDay, ...]:
        """The days in the order in which they begin."""
        found: dict[str, list[SceneDay]] = {}
        for day in self.days:
            found.setdefault(day.label, []).append(day)
        return tuple(
            ScriptDay(label, tuple(day.scene for day in days), days[0].reason) for label, days in found.items()
        )

    @property
    def open_conflicts(self) -> tuple[Conflict, ...]:
        """Those no person has dismissed, the gravest first."""
        waiting = [item for item in self.conflicts if not item.dismissed]
        return tuple(sorted(waiting, key=lambda item: (SEVERITIES.index(item.severity), item.scenes[1])))

    def label(self, scene: int) -> str:
        """A scene's script day, "" where it has none."""
        return next((day.label for day in self.days if day.scene == scene), "")

    def standing(self, scene: int) -> tuple[State, ...]:
        """The states in force in a scene. What a flashback shows holds in that flashback alone."""
        outside = {day.scene: day.label for day in self.days if day.outside}
        mine = outside.get(scene)
        return tuple(item for item in self.states if item.holds(scene) and outside.get(item.scene) == mine)
