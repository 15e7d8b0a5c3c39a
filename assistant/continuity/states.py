"""A whole script's continuity by rules alone: days, states carried forward, conflicts with both quotes."""

from collections.abc import Iterable, Mapping, Sequence

from assistant.continuity.clothes import clothes, numbered
from assistant.continuity.days import script_days
from assistant.continuity.findings import Findings, carried
from assistant.continuity.lives import lives
from assistant.continuity.numbers import numbers
from assistant.continuity.people import Story, story
from assistant.continuity.places import places
from assistant.continuity.props import props
from assistant.continuity.wounds import wounds
from assistant.domain.characters import Character
from assistant.domain.continuity import Conflict, Continuity, SceneDay, State
from assistant.domain.screenplay import Screenplay

LANGUAGES = frozenset({"en", "es"})
"""Languages whose action lines the rules can read; the days are counted in all of them."""


def read_continuity(
    script: Screenplay,
    people: Sequence[Character],
    corrections: Mapping[int, str] | None = None,
    renamed: Mapping[str, str] | None = None,
) -> Continuity:
    """Days, states and conflicts by rules. `corrections` are a person's script days by ordinal; `renamed` leads the
    names that an earlier draft had to those they have now."""
    days = script_days(script, corrections)
    told = story(script, people, days)
    found = findings(told, renamed or {})
    return assembled(told, days, found.states, found.conflicts)


def reads(language: str) -> bool:
    """Whether the rules read action lines in a language."""
    return language in LANGUAGES


def findings(told: Story, renamed: Mapping[str, str]) -> Findings:
    """What the rules find, nothing carried forward yet; nothing in a language they do not read."""
    found = Findings()
    if reads(told.script.language):
        for rule in (clothes, wounds, props, places, numbers):
            rule(told, found)
        lives(told, found, renamed)
    return found


def assembled(
    told: Story, days: Sequence[SceneDay], states: Iterable[State], conflicts: Iterable[Conflict], rejected: int = 0
) -> Continuity:
    """States in story order with their ends and wardrobe changes, conflicts each once."""
    ordered = sorted(numbered(list(states), told), key=_place)
    once = {item.id: item for item in reversed(list(conflicts))}
    by_place = sorted(once.values(), key=lambda item: (item.scenes[1], item.scenes[0], item.evidence[1].line))
    return Continuity(tuple(days), carried(ordered, {day.scene: day.label for day in days}), tuple(by_place), rejected)


def _place(state: State) -> tuple[int, int]:
    return state.scene, state.quote.line if state.quote else 0
