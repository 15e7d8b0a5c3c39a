"""The desk a person sits at: what waits, a word on it, the word taken back, and what it all says about the models."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from assistant.domain.breakdown import Element
from assistant.domain.review import Action, Decision
from assistant.review.decide import decide
from assistant.review.queue import Item, Wanted, queue
from assistant.review.scores import evidence
from assistant.store import Store
from assistant.store.decisions import Decisions
from routers import Evidence


@dataclass(frozen=True)
class Scores:
    """Where evidence about models goes, and what is there already."""

    learned: Callable[[], Sequence[Evidence]]
    learn: Callable[..., None]


@dataclass
class Desk:
    """One person's review of one draft. Every word is kept before the next is asked for."""

    store: Store
    draft: int
    who: str
    scores: Scores
    lock: Callable[[], AbstractContextManager[object]]
    _done: list[list[Decision]] = field(default_factory=list)  # what `undo` takes back, newest last

    def __post_init__(self) -> None:
        self.script = self.store.screenplay(self.draft)
        self.log = Decisions(self.store.engine, self.store.production, self.store.stamp)

    @property
    def known(self) -> dict[str, Element]:
        """Every element of the draft as it was proposed, by id."""
        return {item.id: item for item in self.store.breakdown(self.draft, decided=False).elements}

    def items(self, wanted: Wanted | None = None) -> list[Item]:
        """What is wanted, as it stands now."""
        return queue(self.script, self.store.breakdown(self.draft), wanted or Wanted())

    def word(self, subject: str, action: Action, why: str = "", change: dict[str, str] | None = None) -> Decision:
        """A decision by this person on this draft, not yet kept."""
        return Decision(subject, action, self.who, why, self.draft, change or {})

    def say(self, *decisions: Decision) -> int:
        """Keep decisions, all or none. Raises what `decide` raises."""
        before = self.log.newest()
        with self.lock():
            decide(self.log, self.known, decisions)
        self._done.append([self._back(item.subject, before.get(item.subject)) for item in decisions])
        return len(decisions)

    def undo(self) -> list[str]:
        """Take back what was said last, in this sitting; the subjects it was about. The log keeps both words."""
        if not self._done:
            return []
        back = self._done.pop()
        with self.lock():
            decide(self.log, self.known, back)
        return [item.subject for item in back]

    def add(self, elements: Sequence[Element]) -> None:
        """Put in elements that a person found, accepted already."""
        self.store.add_elements(self.draft, elements)
        self.say(*(self.word(item.id, "accept", "put in by hand") for item in elements))

    def count(self) -> int:
        """Bring the scorecards up to the decisions; safe to call at any time, by several processes."""
        with self.lock():
            history = self.log.history()
            rows = evidence(history, self._proposed(history), self.store.production, self.scores.learned())
            if rows:
                self.scores.learn(*rows)
        return len(rows)

    def _proposed(self, history: Sequence[Decision]) -> dict[str, Element]:
        """The elements that were decided on, from the draft each was decided in."""
        found: dict[str, Element] = {}
        for draft in sorted({item.draft for item in history if item.draft}):
            for element in self.store.breakdown(draft, decided=False).elements:
                found.setdefault(element.id, element)
        return found

    def _back(self, subject: str, earlier: Decision | None) -> Decision:
        if earlier is None:
            return self.word(subject, "undo")
        return replace(earlier, who=self.who, why=f"back to what {earlier.who} said", draft=self.draft, at="", id=0)
