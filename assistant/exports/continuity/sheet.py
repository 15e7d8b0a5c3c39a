"""A script's continuity arranged as the papers show it: by scene with everyone in it, by character, by story day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from assistant.domain.characters import Character
from assistant.domain.continuity import (
    OVER,
    Conflict,
    Continuity,
    LookSheet,
    SceneDay,
    SetNote,
    State,
    StateKind,
    plain,
)
from assistant.domain.screenplay import Scene, Screenplay

COLUMNS: tuple[tuple[str, tuple[StateKind, ...]], ...] = (
    ("Wardrobe", ("wardrobe",)),
    ("Hair and make-up", ("hair_makeup",)),
    ("Wounds", ("wound",)),
    ("Props", ("prop",)),
    ("Knows", ("knowledge",)),
)
PLACE: tuple[StateKind, ...] = ("set", "weather", "vehicle")


@dataclass(frozen=True, slots=True)
class Entry:
    """One state as it shows in one scene; `since` is the label of the scene it comes from, "" when it begins here."""

    text: str
    since: str
    state: State


@dataclass(frozen=True)
class ContinuitySheet:
    """A script with its continuity, for every paper and picture."""

    screenplay: Screenplay
    continuity: Continuity
    people: Sequence[Character]
    looks: tuple[LookSheet, ...] = ()
    notes: tuple[SetNote, ...] = field(default=())

    @cached_property
    def labels(self) -> dict[int, str]:
        """Scene ordinal → what people call it."""
        return {scene.ordinal: scene.label for scene in self.screenplay.scenes}

    @cached_property
    def days(self) -> dict[int, SceneDay]:
        """Scene ordinal → its script day."""
        return {day.scene: day for day in self.continuity.days}

    @cached_property
    def shot(self) -> tuple[Scene, ...]:
        """The scenes that are shot, in script order."""
        return tuple(scene for scene in self.screenplay.scenes if not scene.omitted)

    def cast(self, scene: int) -> tuple[str, ...]:
        """Who is seen in a scene, the most important first."""
        return tuple(
            person.name for person in self.people if scene in person.scenes and scene not in person.voice_scenes
        )

    def entries(self, scene: int, subject: str, kinds: Sequence[StateKind]) -> list[Entry]:
        """What holds for somebody or something in a scene; of one part the newest alone."""
        newest: dict[tuple[str, str], State] = {}
        for state in self._standing(scene):
            if state.subject == subject and state.kind in kinds:
                newest[state.kind, state.value.partition(":")[0]] = state
        told = [state for state in newest.values() if state.value]
        return [self._entry(one, scene) for one in told if one.scene == scene or not one.value.endswith(OVER)]

    def change(self, scene: int, name: str) -> int:
        """The number of the wardrobe change a character is in, 0 where nothing tells."""
        mine = [item for item in self._standing(scene) if item.subject == name and item.kind == "wardrobe"]
        return max((item.change for item in mine if item.scene <= scene), default=0)

    def place(self, scene: Scene) -> list[Entry]:
        """Damage to the set, weather and vehicles."""
        first = scene.set.upper().split(" - ")[0]
        found = []
        for state in self._standing(scene.ordinal):
            here = state.subject.upper() in {first, scene.set.upper()} or state.value.endswith(f": {scene.set}")
            if state.kind in PLACE and here and (state.kind == "set" or state.scene == scene.ordinal):
                found.append(self._entry(state, scene.ordinal))
        return found

    def conflicts(self, scene: int) -> list[Conflict]:
        """What can not be true in a scene, and no person set aside."""
        return [item for item in self.continuity.open_conflicts if scene in item.scenes]

    def of_scene(self, label: str) -> list[SetNote]:
        """Notes taken on set in a scene."""
        return [note for note in self.notes if note.scene.casefold() == label.casefold()]

    def _entry(self, state: State, scene: int) -> Entry:
        text = plain(state) if state.kind in {"wardrobe", "hair_makeup"} else state.value
        if state.kind == "vehicle":
            text = state.subject
        return Entry(text, "" if state.scene == scene else self.labels.get(state.scene, ""), state)

    def _standing(self, scene: int) -> tuple[State, ...]:
        if scene not in self._known:
            self._known[scene] = self.continuity.standing(scene)
        return self._known[scene]

    @cached_property
    def _known(self) -> dict[int, tuple[State, ...]]:
        return {}
