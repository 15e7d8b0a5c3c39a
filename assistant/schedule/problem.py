"""From a script and its breakdown to a scheduling problem, with a default for everything nobody has said yet."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from assistant.domain.breakdown import Breakdown, Element
from assistant.domain.categories import Category, label
from assistant.domain.rulepack import RulePack
from assistant.domain.schedule import MAIN, Band, Location, Performer, Problem, Resource, ShootDay, Strip, Window
from assistant.domain.screenplay import Screenplay
from assistant.domain.shoot import ScheduleRules
from assistant.errors import SettingsError
from assistant.schedule.distance import estimated

DAY_MINUTES = 600  # of a shooting day, what its target of pages stands for
EIGHTHS_A_DAY = 36  # the pace where the pack says none
WHOLE = (Category.BACKGROUND, Category.STUNTS)  # one row for the whole category
DARK = frozenset({"NIGHT", "EVENING"})
EDGE = frozenset({"DAWN", "DUSK"})
RESERVE = 10  # one day in so many is kept free


def problem_from(screenplay: Screenplay, breakdown: Breakdown, rules: ScheduleRules) -> Problem:
    """The problem of shooting this script. Omitted scenes have no strip; rejected elements need nothing."""
    things = elements_of(breakdown, rules)
    strips = tuple(_strips(screenplay, breakdown, rules))
    if not strips:
        raise SettingsError("there is no scene to schedule", "check that the script has scene headings")
    places = tuple(_places(strips, rules))
    problem = Problem(
        title=screenplay.title,
        strips=strips,
        days=calendars(rules, strips),
        cast=tuple(_cast(breakdown, strips, rules)),
        elements=things,
        locations=places,
        travel=(*rules.travel, *estimated(places, rules.travel)),
        windows=tuple(_windows(breakdown, things, rules)),
        precedences=rules.precedences,
        fixed=rules.fixed,
        locks=rules.locks,
        closed=rules.closed,
        rules=rules.pack,
    )
    validate(problem)
    return problem


def _places(strips: tuple[Strip, ...], rules: ScheduleRules) -> Iterator[Location]:
    known = {name.casefold(): (north, east) for name, north, east in rules.coordinates}
    for name in dict.fromkeys(strip.location for strip in strips):
        yield Location(name, name, *known.get(name.casefold(), (None, None)))


def calendars(rules: ScheduleRules, strips: tuple[Strip, ...]) -> tuple[ShootDay, ...]:
    """The days of every unit in order of their dates; on one date the main unit comes first."""
    mine = tuple(strip for strip in strips if MAIN in strip.units)
    days = list(_main_days(mine, rules))
    for unit in rules.units:
        its = replace(
            rules,
            start=unit.start or rules.start,
            days_off=rules.days_off if unit.days_off is None else unit.days_off,
            holidays=rules.holidays if unit.holidays is None else unit.holidays,
            lengths=(),
        )
        target = None if unit.day_target is None else filling(rules.pack, unit.day_target)
        pack = rules.pack if target is None else rules.pack.with_value("day_target", target)
        count = unit.days or days_needed(tuple(strip for strip in strips if unit.name in strip.units), pack)
        days += [replace(day, unit=unit.name, target=target) for day in calendar(its, count)]
    return tuple(sorted(days, key=lambda day: day.date))


def calendar(rules: ScheduleRules, count: int) -> tuple[ShootDay, ...]:
    """So many shooting days of the main unit from the start, without days off and holidays."""
    if len(rules.days_off) >= 7:
        raise SettingsError("every day of the week is a day off", "leave at least one in days_off out")
    found: list[ShootDay] = []
    day = rules.start
    while len(found) < count:
        if day.weekday() not in rules.days_off and day not in rules.holidays:
            found.append(shoot_day(day, rules))
        day += timedelta(days=1)
    return tuple(found)


def units_of(rules: ScheduleRules) -> dict[int, tuple[str, ...]]:
    """The units that may shoot a scene, where it is not the main unit alone."""
    found: dict[int, tuple[str, ...]] = {}
    for unit in rules.units:
        for scene in unit.scenes:
            found[scene] = (*(name for name in found.get(scene, ()) if name != MAIN), unit.name)
    for unit in rules.units:
        for scene in unit.either:
            found[scene] = (*found.get(scene, (MAIN,)), unit.name)
    return found


def shoot_day(when: date, rules: ScheduleRules) -> ShootDay:
    """The date, as long as was said; what was said twice holds together, of two aims the last."""
    told = [item for item in rules.lengths if item.date == when]
    if not told:
        return ShootDay(when)
    usual, pack = rules.pack.value("day_target", EIGHTHS_A_DAY), rules.pack
    most = min((filling(pack, item.most) for item in told if item.most is not None), default=None)
    aims = [-(-usual // 2) if item.aim is None else filling(pack, item.aim) for item in told if item.most is None]
    target = aims[-1] if aims else usual
    return ShootDay(when, target=target if most is None else min(target, most), most=most)


def filling(pack: RulePack, eighths: int) -> int:
    """Eighths as what the pack fills days by: where that is minutes, at the usual pace."""
    return eighths * DAY_MINUTES // EIGHTHS_A_DAY if pack.value("count_minutes") else eighths


def _main_days(strips: tuple[Strip, ...], rules: ScheduleRules) -> tuple[ShootDay, ...]:
    """The main unit's calendar: as many days as said; else as needed, and more where short days take from them."""
    if rules.days:
        return calendar(rules, rules.days)
    usual, needed = rules.pack.value("day_target"), max(rules.least_days, days_needed(strips, rules.pack))
    days = calendar(rules, needed)
    while sum(min(usual, usual if day.target is None else day.target) for day in days) < needed * usual:
        days = calendar(rules, len(days) + 1)
    return days


def days_needed(strips: tuple[Strip, ...], pack: RulePack) -> int:
    """Days at the pack's pace, company moves counted, and one in ten in reserve."""
    target, most = max(1, pack.value("day_target", 36)), pack.value("max_locations", 99)
    load = sum(min(strip.eighths, target) for strip in strips)
    if pack.value("count_minutes"):
        load = sum(min(strip.minutes, target) for strip in strips)
    places = len({strip.location for strip in strips})
    days = 1
    while load + pack.value("move_load") * max(0, places - days) > days * target or places > days * most:
        days += 1
    return days + -(-days // RESERVE)


def location_of(set_name: str, known: dict[str, str]) -> str:
    """The location a set belongs to: as told for the set or its first part, else that first part itself."""
    written = " ".join(set_name.upper().split())
    first = written.split(" - ")[0].strip() or "NO SET"
    return known.get(written) or known.get(first) or first


def band_of(when: str | None, inside: bool, pack: RulePack) -> Band:
    """The call a scene needs by its time of day."""
    if when in EDGE:
        return "S"
    if when not in DARK:
        return "D"
    return "S" if inside and pack.value("night_interiors_any_call") else "N"


def _strips(screenplay: Screenplay, breakdown: Breakdown, rules: ScheduleRules) -> Iterator[Strip]:
    known = {key.upper(): value for key, value in rules.locations}
    minutes, bands, units, lights = dict(rules.minutes), dict(rules.bands), units_of(rules), dict(rules.lights)
    cast: dict[int, list[str]] = {}
    for member in breakdown.cast:
        for ordinal in member.scenes:
            cast.setdefault(ordinal, []).append(member.id)
    needs: dict[int, list[str]] = {}
    for element in _needed(breakdown):
        needs.setdefault(element.scene, []).append(element_id(element))
    pace = rules.pack.value("day_target", EIGHTHS_A_DAY)
    pace = pace if not rules.pack.value("count_minutes") else EIGHTHS_A_DAY
    for scene in screenplay.scenes:
        if scene.omitted or scene.eighths <= 0:
            continue
        light = scene.time_of_day or lights.get(scene.ordinal)
        yield Strip(
            scene=scene.ordinal,
            label=scene.label,
            eighths=scene.eighths,
            minutes=minutes.get(scene.ordinal, max(5, scene.eighths * DAY_MINUTES // max(1, pace))),
            set=scene.set or scene.heading.text,
            location=location_of(scene.set or scene.heading.text, known),
            band=bands.get(scene.ordinal, band_of(light, scene.int_ext == "INT", rules.pack)),
            int_ext=scene.int_ext,
            cast=tuple(dict.fromkeys(cast.get(scene.ordinal, ()))),
            elements=tuple(dict.fromkeys(needs.get(scene.ordinal, ()))),
            time_of_day=light,
            assumed=light is not None and not scene.time_of_day,
            units=units.get(scene.ordinal, (MAIN,)),
        )


def _needed(breakdown: Breakdown) -> Iterator[Element]:
    skipped = (Category.CAST, Category.NOTES)
    return (e for e in breakdown.elements if e.category not in skipped and e.status != "rejected")


def element_id(element: Element) -> str:
    """One id for the same thing in every scene."""
    return (
        element.category.value if element.category in WHOLE else f"{element.category.value}:{element.name.casefold()}"
    )


def elements_of(breakdown: Breakdown, rules: ScheduleRules) -> tuple[Resource, ...]:
    """Everything the breakdown lists, once, with what a day of it costs."""
    weights, told = dict(rules.pack.element_days), dict(rules.day_costs)
    found: dict[str, Resource] = {}
    for element in _needed(breakdown):
        ident = element_id(element)
        name = label(element.category) if element.category in WHOLE else element.name
        usual = told.get(element.category.value, weights.get(element.category.value, 0))
        found.setdefault(ident, Resource(ident, name, element.category, told.get(ident, told.get(name, usual))))
    return tuple(found.values())


def _cast(breakdown: Breakdown, strips: tuple[Strip, ...], rules: ScheduleRules) -> Iterator[Performer]:
    used = {ident for strip in strips for ident in strip.cast}
    wages, ages, drops = dict(rules.wages), dict(rules.ages), dict(rules.drops)
    for member in breakdown.cast:
        if member.id not in used:
            continue
        number = int(member.id) if member.id.isdigit() else 9999
        weight = next((weight for upto, weight in rules.pack.cast_weights if number <= upto), 0)
        age = ages.get(member.id, ages.get(member.name))
        yield Performer(
            id=member.id,
            name=member.name,
            wage=wages.get(member.id, wages.get(member.name, weight)),
            drops=drops.get(member.id, drops.get(member.name, number > rules.pack.no_drop_up_to)),
            age=age,
            max_minutes=minor_minutes(rules.pack, age),
        )


def minor_minutes(pack: RulePack, age: int | None) -> int | None:
    """How long someone of this age may work a day; None for adults and where nobody said."""
    if age is None:
        return None
    return next((minutes for upto, minutes in pack.minors if age <= upto), None)


def _windows(breakdown: Breakdown, things: Iterable[Resource], rules: ScheduleRules) -> Iterator[Window]:
    """Windows with names turned into ids."""
    people = {member.name.casefold(): member.id for member in breakdown.cast}
    named = {thing.name.casefold(): thing.id for thing in things}
    for window in rules.windows:
        table = {"cast": people, "element": named}.get(window.kind, {})
        yield replace(window, subject=table.get(window.subject.casefold(), window.subject))


def validate(problem: Problem) -> None:
    """Everything a rule names has to be there; the first that is not, is said."""
    scenes = {strip.scene for strip in problem.strips}
    if not problem.days:
        raise SettingsError("the calendar has no shooting day", "check start, days_off and holidays")
    named = [(item.key, {item.scene}) for item in problem.fixed]
    named += [(lock.key, {lock.scene}) for lock in problem.locks]
    named += [(pair.key, {pair.before, pair.after}) for pair in problem.precedences]
    for key, wanted in named:
        if not wanted <= scenes:
            raise SettingsError(f"{key} names a scene that has no strip", "scenes are named by their ordinal")
    known = {
        "cast": {performer.id for performer in problem.cast},
        "location": {strip.location for strip in problem.strips},
        "element": {thing.id for thing in problem.elements},
    }
    for window in problem.windows:
        if window.subject not in known[window.kind]:
            raise SettingsError(f"no {window.kind} is called {window.subject!r}", "look at the breakdown for its name")


def next_monday(today: date) -> date:
    """A start for a shoot nobody has dated yet."""
    return today + timedelta(days=7 - today.weekday())
