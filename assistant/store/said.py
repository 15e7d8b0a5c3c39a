"""Rules of the shoot that people said and confirmed, newest last; one that is forgotten stays as history."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, select

from assistant.domain.said import SaidRule
from assistant.errors import NotFound
from assistant.store import schema
from assistant.store.codec import dump, load
from assistant.store.numbering import numbered


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A rule in force, with its number, who read it, and who confirmed it when."""

    seq: int
    rule: SaidRule
    model: str
    who: str
    at: str
    draft: int | None = None  # whose scene numbers it uses

    @property
    def id(self) -> str:
        return f"R{self.seq}"


class Said:
    """The said rules of one production."""

    def __init__(self, engine: Engine, production: str, stamp: Callable[[], str]) -> None:
        self._engine = engine
        self._production = production
        self._stamp = stamp

    def keep(self, rules: Iterable[SaidRule], model: str, who: str, draft: int) -> list[KeptRule]:
        """Put rules into force and return them with their numbers; one that already is, is not kept again.

        Scenes are named by their numbers in `draft`.
        """
        known = {(kept.rule, kept.draft) for kept in self.all()}
        new = [rule for rule in dict.fromkeys(rules) if (rule, draft) not in known]
        seqs = [self._add(dump(rule), None, model, who, draft) for rule in new]
        return [kept for kept in self.all() if kept.seq in seqs]

    def forget(self, written: str, who: str) -> KeptRule:
        """Take a rule out of force: "R3", "3", or words of its quote. Raises NotFound."""
        found = self.named(written)
        self._add(None, found.seq, found.model, who, found.draft)
        return found

    def named(self, written: str) -> KeptRule:
        """The rule in force with this number, or the only one whose quote holds these words. Raises NotFound."""
        rules, words = self.all(), " ".join(written.casefold().split())
        number = words.removeprefix("r")
        found = [kept for kept in rules if str(kept.seq) == number]
        found = found or [kept for kept in rules if words and words in kept.rule.quote.casefold()]
        if len(found) != 1:
            there = ", ".join(kept.id for kept in found or rules) or "none"
            count = "No said rule is" if not found else f"{len(found)} said rules are"
            raise NotFound(f"{count} called {written!r}.", f"In force: {there} (see `pa schedule rules`).")
        return found[0]

    def all(self) -> list[KeptRule]:
        """The rules in force, oldest first."""
        table = schema.schedule_said
        query = select(table).where(table.c.production == self._production).order_by(table.c.seq)
        with self._engine.connect() as db:
            rows = list(db.execute(query).mappings())
        gone = {row["forgets"] for row in rows if row["forgets"]}
        return [_kept(row) for row in rows if not row["forgets"] and row["seq"] not in gone]

    def _add(self, body: dict[str, Any] | None, forgets: int | None, model: str, who: str, draft: int | None) -> int:
        table = schema.schedule_said
        row = {"production": self._production, "body": body, "forgets": forgets, "model": model, "who": who}
        row |= {"at": self._stamp(), "draft": draft}
        return numbered(self._engine, table, row)


def _kept(row: Any) -> KeptRule:
    return KeptRule(row["seq"], load(SaidRule, row["body"]), row["model"], row["who"], row["at"], row["draft"])
