"""A board with everything people print from it: strips in words, day breaks, the day out of days, the price."""

from dataclasses import dataclass
from datetime import date

from assistant.domain.schedule import MAIN
from assistant.domain.screenplay import pages
from assistant.domain.unit_days import day_label, day_title, day_words
from assistant.domain.uss import Uss


@dataclass(frozen=True, slots=True)
class StripLine:
    """One scene on the board as crew read it. `needs` are (category label, names) in the trade's order."""

    scene: int
    label: str
    int_ext: str
    set: str
    time_of_day: str
    location: str
    eighths: int
    minutes: int
    colour: str  # key of the strip's colour
    cast: tuple[str, ...] = ()
    synopsis: str = ""
    script_day: str = ""
    locked: bool = False
    needs: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class DaySheet:
    """One unit's shooting day. `number` counts that unit's days from 1; `notes` are the judge's words on it.

    `cover` are scenes of later days that could be shot instead, should the weather not hold.
    """

    number: int
    date: date
    unit: str
    strips: tuple[StripLine, ...]
    notes: tuple[str, ...] = ()
    cover: tuple[StripLine, ...] = ()

    @property
    def label(self) -> str:
        """ "4", "2nd 1"."""
        return day_label(self.number, self.unit)

    @property
    def words(self) -> str:
        """ "day 4", "day 1 (2nd unit)"."""
        return day_words(self.number, self.unit)

    @property
    def title(self) -> str:
        """ "Day 4", "Day 1 (2nd unit)"."""
        return day_title(self.number, self.unit)

    @property
    def end(self) -> str:
        """The day break below its strips."""
        return f"End of {self.title} – {self.date:%a, %d %b %Y} – {pages(self.eighths)} pages"

    @property
    def eighths(self) -> int:
        return sum(strip.eighths for strip in self.strips)

    @property
    def minutes(self) -> int:
        return sum(strip.minutes for strip in self.strips)

    @property
    def locations(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(strip.location for strip in self.strips))

    @property
    def cast(self) -> tuple[str, ...]:
        """Ids of everyone who works, in board order."""
        ids = {ident for strip in self.strips for ident in strip.cast}
        return tuple(sorted(ids, key=lambda ident: (len(ident), ident)))


@dataclass(frozen=True, slots=True)
class DoodLine:
    """One row of the day out of days, a code a date."""

    id: str
    name: str
    cells: tuple[str, ...]
    start: date | None
    finish: date | None
    work: int
    hold: int

    @property
    def total(self) -> int:
        return self.work + self.hold


@dataclass(frozen=True, slots=True)
class BoardBook:
    """A board ready for any exporter. `gap` is (cost − bound) / cost; `made` is a day, not a moment."""

    title: str
    board: int
    draft: str  # "Draft 2 – Blue"
    made: str
    days: tuple[DaySheet, ...]
    boneyard: tuple[StripLine, ...]
    dates: tuple[date, ...]
    shoot_days: tuple[str | None, ...]
    dood: tuple[DoodLine, ...]
    cast: tuple[tuple[str, str], ...]  # id, name
    cost: int
    bound: int
    gap: float
    how: str
    broken: tuple[str, ...] = ()
    file: Uss | None = None  # the same board as a schedule file
    dood_of: str = "Cast Members"  # the category `dood` has a row for each thing of

    @property
    def eighths(self) -> int:
        return sum(day.eighths for day in self.days)

    def day(self, number: int, unit: str = MAIN) -> DaySheet | None:
        """A unit's n-th shooting day, if there is one."""
        return next((day for day in self.of(unit) if day.number == number), None)

    def of(self, unit: str) -> tuple[DaySheet, ...]:
        """A unit's shooting days."""
        return tuple(day for day in self.days if day.unit == unit)
