"""Boards that were drafted, newest last, and the locks people put on strips; nothing is overwritten."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, insert, select

from assistant.domain.schedule import Schedule, Slot
from assistant.errors import NotFound
from assistant.store import schema
from assistant.store.codec import dump, load
from assistant.store.numbering import numbered
from assistant.store.said import Said

Renumber = Callable[[str, int | None], str | None]
"""A scene's number in a draft (None: as it is) to its number now; None where it is gone."""


DAY = "day "  # how the key of a locked day begins
LockedTo = tuple[date, int | None, str | None]


@dataclass(frozen=True, slots=True)
class Board:
    """A kept schedule. `draft` is the script's draft whose ordinals it uses; `facts` are cost, bound and the like."""

    seq: int
    draft: int
    schedule: Schedule
    facts: dict[str, Any]
    why: str
    created: str


class Schedules:
    """The schedules of one production."""

    def __init__(self, engine: Engine, production: str, stamp: Callable[[], str]) -> None:
        self._engine = engine
        self._production = production
        self._stamp = stamp

    @property
    def said(self) -> Said:
        """The rules that people said and confirmed."""
        return Said(self._engine, self._production, self._stamp)

    def keep(self, draft: int, schedule: Schedule, facts: dict[str, Any], why: str) -> int:
        """Keep a board as the newest one and return its number, also beside another process."""
        table = schema.schedule
        row = {"production": self._production, "draft": draft, "body": dump(schedule), "facts": facts, "why": why}
        row["created"] = self._stamp()
        return numbered(self._engine, table, row)

    def board(self, seq: int | None = None) -> Board:
        """A board by number, the newest without one. Raises NotFound."""
        found = [board for board in self.all() if seq in (None, board.seq)]
        if not found:
            what = "There is no schedule yet." if seq is None else f"There is no schedule {seq}."
            raise NotFound(what, "Draft one: `pa schedule`." if seq is None else "`pa schedule list` shows them.")
        return found[-1]

    def all(self) -> list[Board]:
        """Every board, oldest first."""
        table = schema.schedule
        query = select(table).where(table.c.production == self._production).order_by(table.c.seq)
        with self._engine.connect() as db:
            return [_board(row) for row in db.execute(query).mappings()]

    def lock(
        self, scene: str, on: date | None, place: int | None, who: str, draft: int, unit: str | None = None
    ) -> None:
        """Lock a scene, named by its number in a draft, to a date, and to a unit where one is named; None unlocks it.

        Older words stay as history.
        """
        row: dict[str, Any] = {"production": self._production, "scene": scene, "date": on.isoformat() if on else None}
        row |= {"place": place, "who": who, "at": self._stamp(), "draft": draft, "unit": unit}
        with self._engine.begin() as db:
            db.execute(insert(schema.schedule_lock).values(row))

    def close(self, slot: Slot, shut: bool, who: str, draft: int) -> None:
        """Lock a unit's day: no strip enters it but those that are locked to it; or open it again."""
        when, unit = slot
        self.lock(f"{DAY}{when.isoformat()} {unit}", when if shut else None, None, who, draft, unit)

    def closed(self) -> frozenset[Slot]:
        """The days that are locked now."""
        newest = {row["scene"]: row for row in self._lock_rows() if row["scene"].startswith(DAY)}
        return frozenset((date.fromisoformat(row["date"]), row["unit"]) for row in newest.values() if row["date"])

    def locks(self, number: Renumber) -> dict[str, LockedTo]:
        """The locks that hold now, by scene number; `number` leads from a number of a draft to the one of now."""
        told = (row for row in self._lock_rows() if not row["scene"].startswith(DAY))
        rows = [(number(row["scene"], row["draft"]), row) for row in told]
        newest = {scene: row for scene, row in rows if scene is not None}
        held = {scene: row for scene, row in newest.items() if row["date"]}
        return {scene: (date.fromisoformat(row["date"]), row["place"], row["unit"]) for scene, row in held.items()}

    def _lock_rows(self) -> list[Any]:
        table = schema.schedule_lock
        query = select(table).where(table.c.production == self._production).order_by(table.c.id)
        with self._engine.connect() as db:
            return list(db.execute(query).mappings())


def _board(row: Any) -> Board:
    schedule = load(Schedule, row["body"])
    return Board(row["seq"], row["draft"], schedule, row["facts"], row["why"], row["created"])
