"""What a person locks: a strip to its day, a strip to its place in the day, a whole day."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from assistant.domain.schedule import DayPlan, Slot
from assistant.store.schedules import Board, Schedules


@dataclass(frozen=True, slots=True)
class Held:
    """A lock as it is told: a scene's number, or "" for a whole day."""

    scene: str
    date: date
    unit: str | None = None
    place: int | None = None  # from 1, in shooting order


def lock_day(kept: Schedules, board: Board, day: DayPlan, label: Callable[[int], str], who: str, order: bool) -> None:
    """Every strip of the day stays, with `order` in its place, and no other comes in."""
    for place, scene in enumerate(day.scenes):
        kept.lock(label(scene), day.date, place if order else None, who, board.draft, day.unit)
    kept.close(day.slot, True, who, board.draft)


def free_day(kept: Schedules, board: Board, day: DayPlan, label: Callable[[int], str], who: str) -> None:
    """The day is open again, and its strips are free."""
    for scene in day.scenes:
        kept.lock(label(scene), None, None, who, board.draft)
    kept.close(day.slot, False, who, board.draft)


def held(kept: Schedules, number: Callable[[str, int | None], str | None]) -> Iterator[Held]:
    """Everything that is locked, by date; `number` leads a scene's number to the one of now."""
    days: list[Slot] = sorted(kept.closed())
    found = [Held("", when, unit) for when, unit in days]
    for scene, (when, place, unit) in kept.locks(number).items():
        found.append(Held(scene, when, unit, None if place is None else place + 1))
    yield from sorted(found, key=lambda lock: (lock.date, lock.scene != "", lock.place or 0, lock.scene))
