"""A character's look sheet: each trait with the script's own words, for whoever has to draw the same person again."""

from dataclasses import dataclass

from assistant.domain.characters import Character
from assistant.domain.continuity import Continuity, State

_ORDER = ("age", "look", "hair_makeup", "wardrobe", "wound")


@dataclass(frozen=True, slots=True)
class LookSheet:
    """What holds throughout, and what holds from scene to scene. Nothing in it is without a quote."""

    name: str
    full_name: str
    lasting: tuple[State, ...]
    passing: tuple[State, ...]
    open: tuple[State, ...]  # wardrobe changes of which the script says nothing

    @property
    def prompt(self) -> str:
        """The lasting traits as one line for an image tool."""
        traits = [f"{item.value} years old" if item.kind == "age" else _plain(item) for item in self.lasting]
        return ", ".join([self.full_name.title(), *dict.fromkeys(traits)])


def look_sheet(person: Character, continuity: Continuity) -> LookSheet:
    """A character's sheet."""
    mine = [state for state in continuity.states if state.subject == person.name]
    lasting = [state for kind in _ORDER[:3] for state in mine if state.kind == kind and state.value]
    passing = [state for state in mine if state.kind in _ORDER[3:] and state.value]
    waiting = tuple(state for state in mine if state.kind == "wardrobe" and not state.value)
    return LookSheet(person.name, person.full_name or person.name, tuple(lasting), tuple(passing), waiting)


def _plain(state: State) -> str:
    part, colon, rest = state.value.partition(": ")
    return rest if colon else part
