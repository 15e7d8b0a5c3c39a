"""Rules of a shoot as somebody wrote them in a sentence: typed, dated, each with the words it was read from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from assistant.domain.schedule import Band

SaidKind = Literal[
    "never",
    "only",
    "band",
    "order",
    "first",
    "last",
    "lock",
    "wage",
    "age",
    "keep",
    "most_pages",
    "aim_pages",
    "half",
    "start",
    "length",
    "work",
    "unit",
]
"""never/only: dates or weekdays · band: the call · order, first, last: scenes · lock: a scene's date · wage, age, keep:
cast terms · most_pages, aim_pages: eighths a day, of all days or of some dates or weekdays · half: half days · start:
the first day · length: shooting days · work: weekdays on · unit: who shoots scenes"""

SaidSubject = Literal["cast", "location", "set", "element", "scene", "company"]


@dataclass(frozen=True, slots=True)
class SaidRule:
    """One rule. `names` are cast names, locations, sets, element ids or scene numbers, as `subject` says.

    `others` are the scenes of an order that come later, or the units that may shoot scenes; `number` is money, years,
    eighths or days by the kind.
    """

    kind: SaidKind
    quote: str
    subject: SaidSubject = "company"
    names: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()
    weekdays: tuple[int, ...] = ()  # Monday is 0
    band: Band | None = None
    others: tuple[str, ...] = ()
    number: int | None = None

    @property
    def later(self) -> tuple[str, ...]:
        """The scenes among `others`."""
        return self.others if self.kind != "unit" else ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A sentence that no rule was read from, and why."""

    quote: str
    why: str


def spans(dates: Iterable[date]) -> list[tuple[date, date]]:
    """Dates as first and last of each unbroken run."""
    runs: list[tuple[date, date]] = []
    for day in sorted(set(dates)):
        if runs and runs[-1][1] + timedelta(days=1) == day:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Every date from first to last."""
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))
