"""A character's look sheet: each trait with the script's own words, for whoever has to draw the same person again."""

from assistant.domain.characters import Character
from assistant.domain.continuity import Continuity, LookSheet

_LASTING = ("age", "look", "hair_makeup")
_PASSING = ("wardrobe", "wound")


def look_sheet(person: Character, continuity: Continuity) -> LookSheet:
    """A character's sheet. What a flashback shows is not how somebody looks in the story."""
    aside = {day.scene for day in continuity.days if day.outside}
    alone = all(scene in aside for scene in person.scenes)
    mine = [state for state in continuity.states if state.subject == person.name]
    mine = [state for state in mine if alone or state.scene not in aside]
    lasting = [state for kind in _LASTING for state in mine if state.kind == kind and state.value]
    passing = [state for state in mine if state.kind in _PASSING and state.value]
    waiting = [state for state in mine if state.kind == "wardrobe" and not state.value]
    name = person.full_name or person.name
    return LookSheet(person.name, name, tuple(lasting), tuple(passing), tuple(waiting))
