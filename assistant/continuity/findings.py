"""What a rule reports: states with their quotes, and conflicts between two quotes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from assistant.domain.breakdown import Quote
from assistant.domain.continuity import Conflict, ConflictKind, Severity, State, StateKind


@dataclass
class Findings:
    """Collects what rules find, in script order."""

    states: list[State] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    def state(self, kind: StateKind, subject: str, value: str, quote: Quote) -> None:
        """A state that begins with this quote."""
        self.states.append(State(subject, kind, value, quote.scene, quote))

    def conflict(
        self, kind: ConflictKind, severity: Severity, subject: str, what: str, quotes: tuple[Quote, Quote]
    ) -> None:
        """Two quotes that can not both be true; one that was reported already is not reported again."""
        found = Conflict(kind, severity, subject, what, quotes)
        if all(found.id != known.id for known in self.conflicts):
            self.conflicts.append(found)


def carried(states: Iterable[State], labels: Mapping[int, str]) -> tuple[State, ...]:
    """Each state with the last scene in which it holds: up to the next of its subject, kind and part.

    What is in hand is taken to be there to the end of its script day, no longer.
    """
    outside = {scene: label for scene, label in labels.items() if label.startswith("X")}
    last = {label: scene for scene, label in sorted(labels.items())}
    ordered = list(states)
    following: dict[tuple[str, str, str, str], State] = {}
    done: list[State] = []
    for state in reversed(ordered):
        key = (state.subject, state.kind, part_of(state), outside.get(state.scene, ""))
        later = following.get(key)
        until = later.scene - 1 if later and later.scene > state.scene else later.scene if later else None
        if state.kind == "prop" and state.value.endswith("in hand"):
            end = last.get(labels.get(state.scene, ""), state.scene)
            until = end if until is None else min(until, end)
        done.append(replace(state, until=until))
        following[key] = state
    return tuple(reversed(done))


def part_of(state: State) -> str:
    """What of its subject a state is about: one wound, one prop, one garment; a new value of it ends the old one."""
    if state.kind in {"weather", "age"}:
        return ""
    return state.value.partition(":")[0] if ":" in state.value else state.value.casefold()
