"""What production.toml says of the shoot, as rules; scenes are named as the script numbers them."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from assistant.domain.breakdown import Breakdown
from assistant.domain.rulepack import RulePack
from assistant.domain.schedule import MAIN, FixedDate, Lock, Precedence, Subject, Window
from assistant.domain.screenplay import Screenplay, eighths_of
from assistant.domain.shoot import DayLength, ScheduleRules, Unit
from assistant.errors import SettingsError
from assistant.schedule.availability import date_of, dates_of, windows_of
from assistant.schedule.problem import DAY_MINUTES, EIGHTHS_A_DAY, filling, next_monday
from assistant.schedule.rules import load_pack

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KEYS = frozenset(
    {"pack", "availability", "start", "days", "days_off", "holidays", "day_target", "rules", "locations", "travel"}
    | {"short_days", "cast", "location", "element", "order", "fixed", "scenes", "units", "coordinates"}
)
UNIT = frozenset({"name", "scenes", "either", "start", "days", "days_off", "holidays", "day_target"})
TERMS: dict[Subject, frozenset[str]] = {
    "cast": frozenset({"wage", "age", "drop", "only", "out"}),
    "location": frozenset({"only", "out"}),
    "element": frozenset({"only", "out", "day_cost"}),
}
PAGES = 'Write it like "4 4/8", or as eighths: 36.'
FILE = "production.toml"
_HOURS = re.compile(r"(\d{1,2}(?:[.,]\d)?)\s*(?:h|hrs?|hours?)", re.IGNORECASE)
_UNIT_NAME = re.compile(r"[^\W_](?:[\w .-]{0,18}[\w.])?")
HINT = "docs/scheduling.md shows the [schedule] table."


def rules_from(
    table: Mapping[str, Any],
    script: Screenplay,
    folder: Path,
    today: date,
    locks: Mapping[str, tuple[date, int | None, str | None]],
) -> ScheduleRules:
    """The shoot as the production describes it; an empty table gives a schedule from nothing but the script.

    `locks` are people's decisions by scene number. Raises SettingsError naming the key.
    """
    _known(table, KEYS, "schedule")
    scene = _scene_finder(script)
    numbers = {found.label: found.ordinal for found in script.scenes if not found.omitted}
    shoot = ScheduleRules(
        pack=_pack(table, folder),
        start=date_of(table.get("start", next_monday(today)), "schedule.start"),
        days=_whole(table["days"], "days", 1) if "days" in table else None,
        days_off=_weekdays(table.get("days_off", ("sat", "sun"))),
        holidays=_dates(table.get("holidays", []), "holidays"),
        lengths=tuple(_lengths(table)),
        locations=tuple((str(name), str(place)) for name, place in _table(table, "locations").items()),
        travel=tuple(_travel(table)),
        coordinates=tuple(_coordinates(table)),
        precedences=tuple(_orders(table, scene)),
        fixed=tuple(_fixed(table, scene)),
        locks=tuple(Lock(numbers[name], *when) for name, when in locks.items() if name in numbers),
        windows=(*_windows(table), *_listed(table, folder)),
        units=tuple(_units(table, scene)),
    )
    return _people(_scenes(shoot, table, scene), table)


def with_ages(rules: ScheduleRules, breakdown: Breakdown, ages: Mapping[str, str]) -> ScheduleRules:
    """Add the ages that the script itself gives ("IDA LUND (9)"), where the production has not said."""
    told = dict(rules.ages)
    names = {member.name for member in breakdown.cast}
    found = {name: int(age) for name, age in ages.items() if name in names and age.isdigit() and name not in told}
    return replace(rules, ages=rules.ages + tuple(found.items()))


def _pack(table: Mapping[str, Any], folder: Path) -> RulePack:
    name = str(table.get("pack", "feature"))
    pack = load_pack(str(folder / name) if name.endswith((".yaml", ".yml")) else name)
    known = [rule.key for rule in pack.rules]
    if "day_target" in table:
        pack = _aiming(pack, table["day_target"])
    for key, value in _table(table, "rules").items():
        if key not in known:
            raise _unknown("schedule.rules", key, known)
        pack = pack.without(key) if value is False else pack.with_value(key, _whole(value, f"rules.{key}"), FILE)
    return pack


def _aiming(pack: RulePack, written: Any) -> RulePack:
    """Days of so many pages, or of so many hours: then minutes fill them, and what moves eat is counted in minutes."""
    minutes = _minutes(written, "day_target")
    if minutes is None:
        return pack.with_value("day_target", _pages(written, "day_target"), FILE)
    if not pack.value("count_minutes"):
        move, over = pack.value("move_load"), pack.value("overtime_cost")
        pack = pack.with_value("count_minutes", 1, FILE)
        pack = pack.with_value("move_load", filling(pack, move), words="a company move inside a day eats {n} minutes")
        price = -(-over * EIGHTHS_A_DAY // DAY_MINUTES)
        pack = pack.with_value("overtime_cost", price, words="each minute over a day's target")
    return pack.with_value("day_target", minutes, FILE, words="a day aims at {hours} hours")


def _people(rules: ScheduleRules, table: Mapping[str, Any]) -> ScheduleRules:
    wages, ages, drops = [], [], []
    for name, terms in _table(table, "cast").items():
        wages += [(name, _whole(terms["wage"], f"cast.{name}.wage"))] if "wage" in terms else []
        ages += [(name, _whole(terms["age"], f"cast.{name}.age"))] if "age" in terms else []
        drops += [(name, bool(terms["drop"]))] if "drop" in terms else []
    things = {name: terms for name, terms in _table(table, "element").items() if "day_cost" in terms}
    costs = [(name, _whole(terms["day_cost"], f"element.{name}.day_cost")) for name, terms in things.items()]
    return replace(rules, wages=tuple(wages), ages=tuple(ages), drops=tuple(drops), day_costs=tuple(costs))


def _scenes(rules: ScheduleRules, table: Mapping[str, Any], scene: Callable[[str], int]) -> ScheduleRules:
    minutes, bands = [], []
    for name, terms in _table(table, "scenes").items():
        _known(terms, {"minutes", "band"}, f"schedule.scenes.{name}")
        minutes += [(scene(name), _whole(terms["minutes"], f"scenes.{name}.minutes", 1))] if "minutes" in terms else []
        if "band" in terms:
            if terms["band"] not in ("D", "S", "N"):
                raise SettingsError(f"schedule.scenes.{name}: band is D, S or N.", HINT)
            bands.append((scene(name), terms["band"]))
    return replace(rules, minutes=tuple(minutes), bands=tuple(bands))


def _windows(table: Mapping[str, Any]) -> Iterator[Window]:
    kinds: tuple[Subject, ...] = ("cast", "location", "element")
    for kind in kinds:
        for name, terms in _table(table, kind).items():
            _known(terms, TERMS[kind], f"schedule.{kind}.{name}")
            only = _dates(terms["only"], f"{name}.only") if "only" in terms else None
            out = _dates(terms.get("out", []), f"{name}.out")
            if only is not None or out:
                said = f"{name} only on given dates" if only is not None else f"{name} is out on given dates"
                yield Window(kind, name, only, out, said)


def _listed(table: Mapping[str, Any], folder: Path) -> Iterator[Window]:
    """The windows of the files that `availability` names."""
    files = table.get("availability", [])
    for name in files if isinstance(files, list) else [files]:
        yield from windows_of(folder / str(name))


def _orders(table: Mapping[str, Any], scene: Callable[[str], int]) -> Iterator[Precedence]:
    for row in table.get("order", []):
        _known(row, {"before", "after", "gap", "why"}, "schedule.order")
        before, after = _told(row, "before", "order"), _told(row, "after", "order")
        words = str(row.get("why", f"scene {before} is shot before scene {after}"))
        yield Precedence(scene(before), scene(after), _whole(row.get("gap", 0), "order.gap"), words)


def _fixed(table: Mapping[str, Any], scene: Callable[[str], int]) -> Iterator[FixedDate]:
    for row in table.get("fixed", []):
        _known(row, {"scene", "dates", "why"}, "schedule.fixed")
        name = _told(row, "scene", "fixed")
        yield FixedDate(
            scene(name), _dates(row.get("dates", []), "fixed"), str(row.get("why", f"scene {name} has its dates"))
        )


def _units(table: Mapping[str, Any], scene: Callable[[str], int]) -> Iterator[Unit]:
    """The units beside the main one."""
    names: set[str] = set()
    for row in table.get("units", []):
        _known(row, UNIT, "schedule.units")
        name = re.sub(r"\s+unit$", "", _told(row, "name", "units").strip(), flags=re.IGNORECASE)
        if not _UNIT_NAME.fullmatch(name) or name.casefold() in names | {MAIN, "main"}:
            raise SettingsError(f"schedule.units: {name!r} can not name a unit.", 'Name it like "2nd"; each name once.')
        names.add(name.casefold())
        mine, either = ([scene(str(one)) for one in row.get(key, [])] for key in ("scenes", "either"))
        yield Unit(
            name,
            tuple(mine),
            tuple(either),
            start=date_of(row["start"], "units.start") if "start" in row else None,
            days=_whole(row["days"], "units.days", 1) if "days" in row else None,
            days_off=_weekdays(row["days_off"]) if "days_off" in row else None,
            holidays=_dates(row["holidays"], "units.holidays") if "holidays" in row else None,
            day_target=_pages(row["day_target"], "units.day_target") if "day_target" in row else None,
        )


def _travel(table: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    for pair, minutes in _table(table, "travel").items():
        ends = [end.strip() for end in pair.split("|")]
        if len(ends) != 2:
            raise SettingsError(f"schedule.travel: {pair!r} names no two places.", 'Write "QUAY | TOWN" = 45.')
        yield ends[0], ends[1], _whole(minutes, f"travel.{pair}")


def _lengths(table: Mapping[str, Any]) -> Iterator[DayLength]:
    for dates, written in _table(table, "short_days").items():
        where = f"short_days.{dates}"
        most = _pages(written, where) if written != "half" else None
        yield from (DayLength(day, most) for day in sorted(_dates(dates, where)))


def _coordinates(table: Mapping[str, Any]) -> Iterator[tuple[str, float, float]]:
    for name, pair in _table(table, "coordinates").items():
        numbers = pair if isinstance(pair, list) and all(type(item) in (int, float) for item in pair) else []
        if len(numbers) != 2 or abs(numbers[0]) > 90 or abs(numbers[1]) > 180:
            raise SettingsError(
                f"schedule.coordinates: {pair!r} is no place on earth.", f'Write "{name}" = [latitude, longitude].'
            )
        yield name, float(numbers[0]), float(numbers[1])


def _scene_finder(script: Screenplay) -> Callable[[str], int]:
    known = {found.label.casefold(): found.ordinal for found in script.scenes}
    known |= {f"#{found.ordinal}": found.ordinal for found in script.scenes}

    def find(name: str) -> int:
        if name.casefold() not in known:
            raise _unknown("schedule: scene", name, [found.label for found in script.scenes])
        return known[name.casefold()]

    return find


def _whole(written: Any, where: str, least: int = 0) -> int:
    """A whole number that is no less than `least`."""
    if isinstance(written, bool) or not isinstance(written, int) or written < least:
        raise SettingsError(f"schedule.{where}: {written!r} is no whole number from {least} on.", HINT)
    return written


def _minutes(written: Any, where: str) -> int | None:
    """The minutes of "10 h"; None where it is not in hours."""
    hours = _HOURS.fullmatch(written.strip()) if isinstance(written, str) else None
    minutes = round(float(hours[1].replace(",", ".")) * 60) if hours else None
    if minutes is not None and not 60 <= minutes <= 16 * 60:
        raise SettingsError(f"schedule.{where}: {written!r} is no shooting day.", "A day has 1 to 16 hours.")
    return minutes


def _pages(written: Any, where: str) -> int:
    """Eighths of "4 4/8", of a number of them, or of hours at the usual pace; at least one."""
    minutes = _minutes(written, where)
    if minutes is not None:
        return max(1, round(minutes * EIGHTHS_A_DAY / DAY_MINUTES))
    try:
        found = eighths_of(written) if isinstance(written, str) else _whole(written, where, 1)
    except ValueError:
        raise SettingsError(f"schedule.{where}: {written!r} is no length in pages and eighths.", PAGES) from None
    if not found:
        raise SettingsError(f"schedule.{where}: a day of no pages is a holiday.", PAGES)
    return found


def _told(row: Mapping[str, Any], key: str, where: str) -> str:
    if key not in row:
        raise SettingsError(f"schedule.{where} needs {key!r}.", HINT)
    return str(row[key])


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = table.get(key, {})
    if not isinstance(found, Mapping):
        raise SettingsError(f"schedule.{key} must be a table.", HINT)
    return found


def _known(table: Any, keys: set[str] | frozenset[str], where: str) -> None:
    if not isinstance(table, Mapping):
        raise SettingsError(f"{where} must be a table.", HINT)
    for key in table:
        if key not in keys:
            raise _unknown(where, key, list(keys))


def _unknown(where: str, key: str, known: list[str]) -> SettingsError:
    near = difflib.get_close_matches(key, known, n=1)
    return SettingsError(f"{where} {key!r} is not known.", f"Did you mean {near[0]!r}?" if near else HINT)


def _weekdays(names: Iterable[str]) -> frozenset[int]:
    return frozenset(_weekday(name) for name in names)


def _weekday(name: str) -> int:
    if str(name).casefold()[:3] not in WEEKDAYS:
        raise SettingsError(f"schedule.days_off: {name!r} is no weekday.", f"One of {', '.join(WEEKDAYS)}.")
    return WEEKDAYS.index(str(name).casefold()[:3])


def _dates(written: Any, where: str) -> frozenset[date]:
    """Dates and spans: [2026-03-03, "2026-03-07..2026-03-09"]."""
    return dates_of([str(item) for item in (written if isinstance(written, list) else [written])], f"schedule.{where}")
