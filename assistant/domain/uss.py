"""A schedule file of the Universal Schedule Standard 1.0, key for key, as it is read and written."""

from dataclasses import dataclass, field
from typing import Literal

SET, INT_EXT, DAY_NIGHT, SCRIPT_DAY, LOCATION = 0, 1, 2, 3, 6
"""Universal category ids of what a scene is by itself; a breakdown names them by elements like any other."""


@dataclass(frozen=True, slots=True)
class UssHeader:
    """What the file is. Dates are ISO 8601 in UTC; colours are revision colours."""

    id: str
    name: str
    created: str
    source: str
    uss_version: str = "1.0.0"
    project: str | None = None
    description: str | None = None
    author: str | None = None
    company: str | None = None
    episode: str | None = None
    episode_name: str | None = None
    season: str | None = None
    sched_color: str | None = None
    sched_date: str | None = None
    script_color: str | None = None
    script_date: str | None = None


@dataclass(frozen=True, slots=True)
class UssBreakdown:
    """One strip: a scene, or a banner between scenes. `pages` is a multiple of 0.125, `duration` in milliseconds."""

    id: str
    created: str
    type: Literal["scene", "banner"] = "scene"
    scene: str | None = None
    description: str | None = None
    comments: str | None = None
    pages: float | None = None
    script_page: str | None = None
    duration: float | None = None
    banner_text: str | None = None
    elements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UssCategory:
    """A category by its name in this file and its universal id."""

    id: str
    created: str
    name: str
    ucid: float


@dataclass(frozen=True, slots=True)
class UssEvent:
    """A date of an element's or the company's: `type` is start, dayOff or event."""

    id: str
    date: str
    type: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class UssElement:
    """A thing or a role. `element_id` is the board number; `days_off` counts from Sunday = 0."""

    id: str
    created: str
    category: str
    name: str
    element_id: str | None = None
    is_id_lock: bool = False
    is_dood: bool = True
    is_hold: bool = True
    is_drop: bool = True
    drop_day_count: float = 10
    days_off: tuple[int, ...] = ()
    events: tuple[UssEvent, ...] | None = ()
    linked_elements: tuple[str, ...] | None = ()


@dataclass(frozen=True, slots=True)
class UssBoard:
    """Ids of breakdowns in order, one by one or a tuple for each day."""

    id: str
    name: str
    breakdown_ids: tuple[str | tuple[str, ...], ...] = ()

    @property
    def flat(self) -> tuple[str, ...]:
        """The ids without days."""
        each = ((item,) if isinstance(item, str) else item for item in self.breakdown_ids)
        return tuple(id for day in each for id in day)


@dataclass(frozen=True, slots=True)
class UssStripboard:
    """One way to shoot it: boards that hold every breakdown exactly once."""

    id: str
    name: str
    boards: tuple[UssBoard, ...]
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class UssCalendar:
    """Days of the week that are off, from Sunday = 0, and dates."""

    id: str
    name: str
    days_off: tuple[int, ...] = ()
    events: tuple[UssEvent, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Uss:
    """A whole file. Without stripboards and calendars it is a breakdown and no schedule."""

    header: UssHeader
    breakdowns: tuple[UssBreakdown, ...]
    categories: tuple[UssCategory, ...]
    elements: tuple[UssElement, ...]
    stripboards: tuple[UssStripboard, ...] | None = field(default=())
    calendars: tuple[UssCalendar, ...] | None = field(default=())

    def elements_of(self, breakdown: UssBreakdown, ucid: int) -> tuple[UssElement, ...]:
        """A strip's elements in one category."""
        wanted = {category.id for category in self.categories if category.ucid == ucid}
        known = {element.id: element for element in self.elements}
        return tuple(known[id] for id in breakdown.elements if id in known and known[id].category in wanted)
