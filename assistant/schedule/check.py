"""The judge: works out price and broken rules of any board from the problem alone, whoever made the board."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from assistant.domain.schedule import (
    MAIN,
    CostLine,
    DayPlan,
    Problem,
    Schedule,
    ShootDay,
    Strip,
    Verdict,
    Violation,
)
from assistant.domain.screenplay import pages
from assistant.schedule.dood import chart
from assistant.schedule.units import days_with, unit_violations

HOURS = {"day": (7, 19), "split": (13, 25), "night": (18, 30)}
LATENESS = {"day": 0, "split": 1, "night": 2}


def check(problem: Problem, schedule: Schedule) -> Verdict:
    """Every cost line and every violation of a board."""
    board = Facts(problem, schedule)
    return Verdict(
        lines=tuple(_costs(board)),
        violations=tuple(_violations(board)),
        waiting_minutes=sum(waiting(board.strips_of(day)) for day in schedule.days),
    )


class Facts:
    """The problem and board side by side, looked up by scene and date."""

    def __init__(self, problem: Problem, schedule: Schedule) -> None:
        self.problem = problem
        self.rules = problem.rules
        self.schedule = schedule
        self.strip = {strip.scene: strip for strip in problem.strips}
        self.dates, self.slots = schedule.dates, schedule.slots
        self.calendar = {day.slot: day for day in problem.days}
        self.order = {unit: self._order(unit) for unit in ("", *problem.units, *(day.unit for day in schedule.days))}
        self.numbers = {day.slot: number for number, day in schedule.numbered}

    def _order(self, unit: str) -> dict[date, int]:
        """Which date of a unit a date is, or of all units."""
        dates = sorted({when for when, whose in self.calendar if unit in ("", whose)})
        return {when: i for i, when in enumerate(dates)}

    def strips_of(self, day: DayPlan) -> list[Strip]:
        return [self.strip[scene] for scene in day.scenes if scene in self.strip]

    def load(self, day: DayPlan) -> int:
        """What fills the day: strips, and what moves between locations eat."""
        strips = self.strips_of(day)
        places = len({strip.location for strip in strips})
        moves = max(0, places - 1) * self.rules.value("move_load")
        return sum(self.problem.load(strip) for strip in strips) + moves

    def target(self, day: DayPlan) -> int:
        return self.problem.target(self.calendar.get(day.slot, ShootDay(day.date)))

    def cap(self, day: DayPlan) -> int | None:
        return self.problem.cap(self.calendar.get(day.slot, ShootDay(day.date)))

    def where(self, day: DayPlan) -> str:
        return place_of(self.numbers.get(day.slot, 0), day)

    def length(self, load: int) -> str:
        return f"{load} minutes" if self.rules.value("count_minutes") else f"{pages(load)} pages"


def place_of(number: int, day: DayPlan) -> str:
    """How the judge names a shooting day: "day 4, Mon 2027-03-01", with a unit's name where it is not the main one."""
    unit = "" if day.unit == MAIN else f"{day.unit} unit, "
    return f"{unit}day {number or '-'}, {day.date:%a} {day.date.isoformat()}"


def call_of(strips: Sequence[Strip]) -> str | None:
    """The call a day's strips ask for; None where any call would do."""
    light, dark = any(strip.band == "D" for strip in strips), any(strip.band == "N" for strip in strips)
    return ("split" if dark else "day") if light else "night" if dark else None


def waiting(strips: Sequence[Strip]) -> int:
    """Cast minutes between someone's first and last strip of the day in which they do not work."""
    total = 0
    for person in {ident for strip in strips for ident in strip.cast}:
        mine = [i for i, strip in enumerate(strips) if person in strip.cast]
        total += sum(strips[i].minutes for i in range(mine[0], mine[-1]) if i not in mine)
    return total


# what it costs


def _costs(board: Facts) -> Iterator[CostLine]:
    yield from _cast_lines(board)
    yield from _move_lines(board)
    yield from _opening_lines(board)
    yield from _element_lines(board)
    yield from _day_lines(board)
    yield from _exterior_lines(board)


def _cast_lines(board: Facts) -> Iterator[CostLine]:
    wages = {performer.id: performer.wage for performer in board.problem.cast}
    pays = board.rules.value("cast_pay")
    for row in chart(board.problem, board.schedule).rows:
        amount = wages[row.id] * pays * row.total
        if amount:
            words = f"{row.name}: {row.work} work and {row.hold} hold days"
            yield CostLine("cast_pay", row.id, amount, words + (f", dropped for {row.dropped}" if row.dropped else ""))


def _move_lines(board: Facts) -> Iterator[CostLine]:
    minutes = {frozenset((a, b)): t for a, b, t in board.problem.travel}
    for day in board.schedule.days:
        strips = board.strips_of(day)
        for one, other in zip(strips, strips[1:], strict=False):
            if one.location == other.location:
                continue
            ride = minutes.get(frozenset((one.location, other.location)), 0)
            amount = board.rules.value("move_cost") + ride * board.rules.value("travel_cost")
            if amount:
                words = f"{board.where(day)}: {one.location} to {other.location}"
                yield CostLine("move_cost", day.date.isoformat(), amount, words)


def _opening_lines(board: Facts) -> Iterator[CostLine]:
    price = board.rules.value("opening_cost")
    if not price:
        return
    used = {day.slot: {strip.location for strip in board.strips_of(day)} for day in board.schedule.days}
    before: dict[str, set[str]] = {}
    for when, unit in sorted(set(board.calendar) | set(used)):
        here = used.get((when, unit), set())
        for place in sorted(here - before.get(unit, set())):
            yield CostLine("opening_cost", place, price, f"{place} is opened on {when.isoformat()}")
        before[unit] = here


def _element_lines(board: Facts) -> Iterator[CostLine]:
    if not board.rules.value("element_cost"):
        return
    factor = board.rules.value("element_cost")
    for thing in board.problem.elements:
        days = {d.slot for d in board.schedule.days if any(thing.id in s.elements for s in board.strips_of(d))}
        if days and thing.day_cost:
            words = f"{thing.name}: {len(days)} days"
            yield CostLine("element_cost", thing.id, factor * thing.day_cost * len(days), words)


def _day_lines(board: Facts) -> Iterator[CostLine]:
    for day in board.schedule.shooting:
        price = board.rules.value("day_cost")
        if price:
            yield CostLine("day_cost", day.date.isoformat(), price, board.where(day))
        over = board.load(day) - board.target(day)
        amount = over * board.rules.value("overtime_cost")
        if over > 0 and amount:
            words = f"{board.where(day)}: {board.length(over)} over the target"
            yield CostLine("overtime_cost", day.date.isoformat(), amount, words)


def _exterior_lines(board: Facts) -> Iterator[CostLine]:
    price = board.rules.value("exterior_week_cost")
    if not price or not board.problem.days:
        return
    first = board.problem.days[0].date
    monday = first - timedelta(days=first.weekday())
    for scene, when in sorted(board.dates.items()):
        weeks = (when - monday).days // 7
        if scene in board.strip and board.strip[scene].exterior and weeks > 0:
            label = board.strip[scene].label
            yield CostLine("exterior_week_cost", str(scene), price * weeks, f"exterior {label} waits {weeks} weeks")


# what it breaks


def _violations(board: Facts) -> Iterator[Violation]:
    yield from _placed(board)
    for day in board.schedule.shooting:
        yield from _day_rules(board, day)
        yield from _light(board, day)
        yield from _minors(board, day)
    yield from _calls(board)
    yield from unit_violations(board.problem, board.schedule)
    yield from _between_units(board)
    yield from _windows(board)
    yield from _orders(board)
    yield from _decisions(board)


def _placed(board: Facts) -> Iterator[Violation]:
    seen = Counter(scene for day in board.schedule.days for scene in day.scenes)
    for strip in board.problem.strips:
        times = seen[strip.scene]
        if times != 1:
            what = "is not placed" if times == 0 else f"stands on the board {times} times"
            yield Violation("placed", True, f"scene {strip.label}", f"scene {strip.label} {what}")
        if board.problem.size(strip) > board.problem.load(strip):
            words = f"{board.length(board.problem.size(strip))} are more than a day holds: split it over days"
            yield Violation("long_scene", False, f"scene {strip.label}", words)
    for scene in sorted(set(seen) - set(board.strip)):
        yield Violation("placed", True, f"scene #{scene}", f"scene #{scene} is on the board but not in the script")
    twice = [slot for slot, n in Counter(day.slot for day in board.schedule.days).items() if n > 1]
    for when, _ in twice:
        yield Violation("calendar", True, when.isoformat(), f"{when.isoformat()} stands on the board twice")
    for day in board.schedule.shooting:
        if day.slot not in board.calendar:
            whose = "" if day.unit == MAIN else f" of the {day.unit} unit"
            yield Violation("calendar", True, board.where(day), f"{day.date.isoformat()} is no shooting day{whose}")


def _day_rules(board: Facts, day: DayPlan) -> Iterator[Violation]:
    load, target = board.load(day), board.target(day)
    cap, share = board.cap(day), board.rules.value("day_cap_percent")
    if cap is not None and load > cap:
        most = (
            f"the {board.length(cap)} it takes"
            if cap != target * share // 100
            else f"{share} % of {board.length(target)}"
        )
        words = f"{board.length(load)} with moves, over {most}"
        yield Violation("day_cap_percent", True, board.where(day), words)
    elif load > target:
        words = f"{board.length(load)} with moves, the target is {board.length(target)}"
        yield Violation("overtime_cost", False, board.where(day), words)
    places = {strip.location for strip in board.strips_of(day)}
    if board.rules.on("max_locations") and len(places) > board.rules.value("max_locations"):
        yield Violation(
            "max_locations", True, board.where(day), f"{len(places)} locations: {', '.join(sorted(places))}"
        )


def _light(board: Facts, day: DayPlan) -> Iterator[Violation]:
    strips = board.strips_of(day)
    yield from _sky(board, day, [strip for strip in strips if strip.exterior])
    if call_of(strips) != "split":
        return
    first_dark = next(i for i, strip in enumerate(strips) if strip.band == "N")
    behind = [strip.label for strip in strips[first_dark:] if strip.band == "D"]
    if board.rules.on("light_order") and behind:
        yield Violation("light_order", True, board.where(day), f"day scene {', '.join(behind)} after a night scene")
    cap, share = board.cap(day), board.rules.value("split_percent")
    limit = (cap or 0) * share // 100
    for band, light in (("D", "daylight"), ("N", "darkness")):
        load = sum(board.problem.load(strip) for strip in strips if strip.band == band)
        if cap is not None and share and load > limit:
            words = f"{board.length(load)} in {light}, a split day holds {board.length(limit)}"
            yield Violation("split_percent", True, board.where(day), words)


def _sky(board: Facts, day: DayPlan, outside: Sequence[Strip]) -> Iterator[Violation]:
    """What the sky makes hard, though no rule forbids it: dusk that has gone, a day from dawn to dark."""
    if not board.rules.on("light_order"):
        return
    dark = [i for i, strip in enumerate(outside) if strip.band == "N"]
    if not dark:
        return
    dawn = next((strip.label for strip in outside[: dark[-1]] if strip.time_of_day == "DAWN"), None)
    gone = [strip.label for strip in outside[dark[0] :] if strip.time_of_day == "DUSK"]
    if dawn:
        words = f"from dawn scene {dawn} to night scene {outside[dark[-1]].label} outside is a long day"
        yield Violation("light_order", False, board.where(day), words)
    if gone:
        yield Violation(
            "light_order", False, board.where(day), f"dusk scene {', '.join(gone)} outside after a night scene"
        )


def _minors(board: Facts, day: DayPlan) -> Iterator[Violation]:
    strips = board.strips_of(day)
    for performer in board.problem.cast:
        mine = [strip for strip in strips if performer.id in strip.cast]
        if performer.max_minutes is None or not mine:
            continue
        limit = performer.max_minutes
        minutes, alone = sum(strip.minutes for strip in mine), len(mine) == 1
        if minutes > limit:
            words = f"{performer.name} works {minutes} minutes, the limit is {limit}"
            words += ": split the scene or cast a double" if alone else ""
            broken = sum(min(strip.minutes, limit) for strip in mine) > limit  # a longer scene fills the minor's day
            yield Violation(f"minor:{performer.id}", broken, board.where(day), words)
        if call_of(strips) == "night":
            words = f"{performer.name} is a minor and works at night"
            yield Violation(f"minor:{performer.id}", True, board.where(day), words)


def _calls(board: Facts) -> Iterator[Violation]:
    for unit in dict.fromkeys(day.unit for day in board.schedule.shooting):
        yield from _calls_of(board, [day for day in board.schedule.shooting if day.unit == unit])


def _calls_of(board: Facts, plans: Sequence[DayPlan]) -> Iterator[Violation]:
    days = sorted(plans, key=lambda day: day.date)
    called = [(day, call) for day in days if (call := call_of(board.strips_of(day)))]
    for (early, before), (late, after) in zip(called, called[1:], strict=False):
        same_week = early.date.isocalendar()[:2] == late.date.isocalendar()[:2]
        if board.rules.on("week_calls") and same_week and LATENESS[before] > LATENESS[after]:
            words = f"a {after} call after a {before} call in the same week"
            yield Violation("week_calls", True, board.where(late), words)
        rest = _rest(early, before, late, after)
        if rest < board.rules.value("turnaround_hours"):
            words = f"{rest} hours of rest after a {before} call before a {after} call"
            yield Violation("turnaround_hours", True, board.where(late), words)


def _rest(early: DayPlan, before: str, late: DayPlan, after: str) -> int:
    """Hours between the wrap of one day and the call of another."""
    return 24 * (late.date - early.date).days + HOURS[after][0] - HOURS[before][1]


def _between_units(board: Facts) -> Iterator[Violation]:
    """Who goes from one unit to another with too little rest: a warning, since such calls are agreed with each."""
    least = board.rules.value("turnaround_hours")
    for performer in board.problem.cast:
        for early, late in pairwise(days_with(board.schedule, board.strip, performer.id, "cast")):
            before, after = call_of(board.strips_of(early)), call_of(board.strips_of(late))
            if early.unit == late.unit or early.date == late.date or not before or not after:
                continue
            rest = _rest(early, before, late, after)
            if rest < least:
                words = f"{performer.name} changes units with {rest} hours of rest"
                yield Violation("turnaround_hours", False, board.where(late), words)


def _windows(board: Facts) -> Iterator[Violation]:
    for window in board.problem.windows:
        for scene, when in sorted(board.dates.items()):
            strip = board.strip.get(scene)
            if strip is None or window.open_on(when) or window.subject not in _needs(strip, window.kind):
                continue
            words = window.words or f"{window.kind} {window.subject} can not be had"
            yield Violation(window.key, True, f"scene {strip.label}, {when.isoformat()}", words)


def _needs(strip: Strip, kind: str) -> tuple[str, ...]:
    return {"cast": strip.cast, "location": (strip.location,), "element": strip.elements}[kind]


def _orders(board: Facts) -> Iterator[Violation]:
    problem, place = board.problem, {s: (d, i) for d in board.schedule.days for i, s in enumerate(d.scenes)}
    for item in problem.precedences:
        if item.before not in place or item.after not in place:
            continue
        (one, at), (other, then) = place[item.before], place[item.after]
        together = one.slot == other.slot and at > then
        if together or not _apart(board, one, other, item.gap):
            words = item.words or f"scene {problem.label(item.before)} comes before scene {problem.label(item.after)}"
            yield Violation(item.key, True, f"{one.date.isoformat()} and {other.date.isoformat()}", words)


def _apart(board: Facts, one: DayPlan, other: DayPlan, gap: int) -> bool:
    """Is one day so many shooting days before the other? Between two units dates count, and one must be earlier."""
    same = one.unit == other.unit
    index = board.order[one.unit if same else ""]
    days = index.get(other.date, 0) - index.get(one.date, 0)
    return one.date <= other.date and days >= (gap if same else max(1, gap))


def _decisions(board: Facts) -> Iterator[Violation]:
    for item in board.problem.fixed:
        when = board.dates.get(item.scene)
        if when and when not in item.dates:
            words = item.words or f"scene {board.problem.label(item.scene)} has fixed dates"
            yield Violation(item.key, True, when.isoformat(), words)
    for lock in board.problem.locks:
        slot = board.slots.get(lock.scene)
        if slot and not (lock.allows(slot) and _in_place(board, lock.scene, lock.place)):
            whose = f" with the {lock.unit} unit" if lock.unit not in (None, MAIN) else ""
            words = f"scene {board.problem.label(lock.scene)} is locked to {lock.date.isoformat()}{whose}"
            yield Violation(lock.key, True, slot[0].isoformat(), words)
    locked = {lock.scene: lock for lock in board.problem.locks}
    for scene, slot in sorted(board.slots.items()):
        if slot in board.problem.closed and not (scene in locked and locked[scene].allows(slot)):
            words = f"scene {board.problem.label(scene)} entered a locked day"
            yield Violation("closed", True, slot[0].isoformat(), words)


def _in_place(board: Facts, scene: int, place: int | None) -> bool:
    return place is None or any(place < len(day.scenes) and day.scenes[place] == scene for day in board.schedule.days)
