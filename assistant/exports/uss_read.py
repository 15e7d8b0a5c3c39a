"""Reads Universal Schedule Standard files, ours and other programs', and says where one breaks the standard's rules."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from assistant.domain.uss import (
    Uss,
    UssBoard,
    UssBreakdown,
    UssCalendar,
    UssCategory,
    UssElement,
    UssEvent,
    UssHeader,
    UssStripboard,
)
from assistant.errors import BadInput, NotFound
from assistant.exports.uss import camel

MAX_BYTES = 50_000_000
_HINT = "Export it again as a Universal Schedule Standard 1.0 file (.uss)."
T = TypeVar("T")


def read_uss(path: Path) -> Uss:
    """The file at `path`. Raises NotFound or BadInput; a rule broken inside is for `faults` to tell."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(f"{path.name} is larger than any schedule.", "Is it the right file?")
        told = json.loads(path.read_bytes().decode("utf-8-sig"))["universalScheduleStandard"]
        return _uss(told)
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.", "Check the name and the folder.") from error
    except OSError as error:
        raise BadInput(f"{path.name} can not be read: {error.strerror}.", "Check that it may be opened.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput(f"{path.name} is not a Universal Schedule Standard 1.0 file.", _HINT) from error


def faults(uss: Uss) -> list[str]:
    """What the standard's text asks for and this file does not keep, a sentence each; [] for a sound file."""
    return [*_lengths(uss), *_references(uss), *_boards(uss)]


def _uss(told: Mapping[str, Any]) -> Uss:
    return Uss(
        header=_made(UssHeader, told),
        breakdowns=tuple(_made(UssBreakdown, item, elements=tuple(item["elements"])) for item in told["breakdowns"]),
        categories=tuple(_made(UssCategory, item) for item in told["categories"]),
        elements=tuple(_element(item) for item in told["elements"]),
        stripboards=_each(told.get("stripboards"), _stripboard),
        calendars=_each(told.get("calendars"), _calendar),
    )


def _made(kind: type[T], told: Mapping[str, Any], **parts: Any) -> T:
    """A record from the keys that bear its fields' names; a key that is missing is an error, as the standard says."""
    names = [item.name for item in fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: parts[name] if name in parts else told[camel(name)] for name in names})


def _each(told: list[Any] | None, make: Any) -> Any:
    return None if told is None else tuple(make(item) for item in told)


def _event(told: Mapping[str, Any]) -> UssEvent:
    return _made(UssEvent, told)


def _element(told: Mapping[str, Any]) -> UssElement:
    linked = told["linkedElements"]
    return _made(
        UssElement,
        told,
        days_off=tuple(told["daysOff"]),
        events=_each(told["events"], _event),
        linked_elements=None if linked is None else tuple(linked),
    )


def _calendar(told: Mapping[str, Any]) -> UssCalendar:
    return _made(UssCalendar, told, days_off=tuple(told["daysOff"]), events=_each(told["events"], _event))


def _stripboard(told: Mapping[str, Any]) -> UssStripboard:
    return _made(UssStripboard, told, boards=tuple(_board(item) for item in told["boards"]))


def _board(told: Mapping[str, Any]) -> UssBoard:
    days = tuple(item if isinstance(item, str) else tuple(item) for item in told["breakdownIds"])
    return _made(UssBoard, told, breakdown_ids=days)


def _lengths(uss: Uss) -> Iterator[str]:
    for strip in uss.breakdowns:
        if strip.pages is not None and (strip.pages < 0 or (strip.pages * 8) % 1):
            yield f"Scene {strip.scene} is {strip.pages} pages, which is not a whole number of eighths."


def _references(uss: Uss) -> Iterator[str]:
    categories, elements = {item.id for item in uss.categories}, {item.id for item in uss.elements}
    for element in uss.elements:
        if element.category not in categories:
            yield f"{element.name} is in a category that the file does not have."
    for strip in uss.breakdowns:
        if lost := set(strip.elements) - elements:
            yield f"Scene {strip.scene} names {len(lost)} elements that the file does not have."
    groups: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("categories", uss.categories),
        ("elements", uss.elements),
        ("breakdowns", uss.breakdowns),
    )
    for name, items in groups:
        if len({item.id for item in items}) < len(items):
            yield f"Two {name} have the same id."


def _boards(uss: Uss) -> Iterator[str]:
    every = [strip.id for strip in uss.breakdowns]
    calendars = {calendar.id for calendar in uss.calendars or ()}
    for stripboard in uss.stripboards or ():
        placed = Counter(id for board in stripboard.boards for id in board.flat)
        if placed != Counter(every):
            yield f"The boards of {stripboard.name!r} hold {placed.total()} strips of {len(every)}, each wanted once."
        if stripboard.calendar is not None and stripboard.calendar not in calendars:
            yield f"{stripboard.name!r} uses a calendar that the file does not have."
