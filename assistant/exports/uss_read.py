"""Reads Universal Schedule Standard files, ours and other programs', and says where one breaks the standard's rules."""

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, NoReturn, TypeVar, get_args, get_origin, get_type_hints

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

MAX_BYTES = 20_000_000
_HINT = "Export it again as a Universal Schedule Standard 1.0 file (.uss)."
T = TypeVar("T")


def read_uss(path: Path) -> Uss:
    """The file at `path`. Raises NotFound or BadInput; a rule broken inside is for `faults` to tell."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(f"{path.name} is larger than any schedule.", "Is it the right file?")
        text = path.read_bytes().decode("utf-8-sig")
        return _uss(json.loads(text, parse_constant=_no_number)["universalScheduleStandard"])
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.", "Check the name and the folder.") from error
    except OSError as error:
        raise BadInput(f"{path.name} can not be read: {error.strerror}.", "Check that it may be opened.") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise BadInput(f"{path.name} is not a Universal Schedule Standard 1.0 file.", _HINT) from error


def faults(uss: Uss) -> list[str]:
    """What the standard's text asks for and this file does not keep, a sentence each; [] for a sound file."""
    return [*_lengths(uss), *_references(uss), *_boards(uss)]


def _uss(told: Mapping[str, Any]) -> Uss:
    return Uss(
        header=_made(UssHeader, told),
        breakdowns=tuple(_breakdown(item) for item in _array(told["breakdowns"])),
        categories=tuple(_made(UssCategory, item) for item in _array(told["categories"])),
        elements=tuple(_element(item) for item in _array(told["elements"])),
        stripboards=_each(told.get("stripboards"), _stripboard),
        calendars=_each(told.get("calendars"), _calendar),
    )


def _made(kind: type[T], told: Mapping[str, Any], **parts: Any) -> T:
    """A record from the keys that bear its fields' names. A key that is missing is an error, as the standard says, and
    so is a value of another kind (TypeError)."""
    hints = _hints(kind)  # type: ignore[arg-type]
    values = {name: parts[name] if name in parts else told[camel(name)] for name in hints}
    for name, value in values.items():
        if not _fits(value, hints[name]):
            raise TypeError(f"{camel(name)} is of another kind")
    return kind(**values)


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {item.name: hints[item.name] for item in fields(kind)}


def _fits(value: Any, hint: Any) -> bool:
    """Is a value what a field's type says? A whole number is a number too; true, NaN and endless ones are none."""
    if get_origin(hint) is UnionType:
        return any(_fits(value, each) for each in get_args(hint))
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(_fits(item, get_args(hint)[0]) for item in value)
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return value is None if hint is NoneType else isinstance(value, hint)


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")


def _each(told: list[Any] | None, make: Any) -> Any:
    return None if told is None else tuple(make(item) for item in _array(told))


def _array(told: Any) -> list[Any]:
    if not isinstance(told, list):
        raise TypeError("an array is wanted")
    return told


def _breakdown(told: Mapping[str, Any]) -> UssBreakdown:
    return _made(UssBreakdown, told, elements=tuple(_array(told["elements"])))


def _event(told: Mapping[str, Any]) -> UssEvent:
    return _made(UssEvent, told)


def _element(told: Mapping[str, Any]) -> UssElement:
    linked = told["linkedElements"]
    return _made(
        UssElement,
        told,
        days_off=tuple(_array(told["daysOff"])),
        events=_each(told["events"], _event),
        linked_elements=None if linked is None else tuple(_array(linked)),
    )


def _calendar(told: Mapping[str, Any]) -> UssCalendar:
    return _made(UssCalendar, told, days_off=tuple(_array(told["daysOff"])), events=_each(told["events"], _event))


def _stripboard(told: Mapping[str, Any]) -> UssStripboard:
    return _made(UssStripboard, told, boards=tuple(_board(item) for item in _array(told["boards"])))


def _board(told: Mapping[str, Any]) -> UssBoard:
    days = tuple(item if isinstance(item, str) else tuple(_array(item)) for item in _array(told["breakdownIds"]))
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
