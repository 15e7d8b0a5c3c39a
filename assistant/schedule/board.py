"""Turns a Problem into flat arrays of whole numbers, the only form the compiled search reads."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from assistant.domain.schedule import Band, Problem, ShootDay, Strip

BANDS: dict[Band, int] = {"D": 0, "S": 1, "N": 2}
CALLS = {0: (7, 19), 1: (13, 25), 2: (18, 30)}  # call and wrap, hours after midnight: day, split, night
NEVER = 1 << 30


class Board(NamedTuple):
    """A problem in numbers. Tables of two dimensions are laid out row by row in one list."""

    n: int
    days: int
    cast: int
    locs: int
    elements: int
    max_locs: int
    move_load: int
    drop_days: int
    overtime: int
    day_cost: int
    week_calls: int
    light_order: int
    units: int
    one_unit: int  # 1: nobody works with two units on one date
    load: Any
    minutes: Any
    band: Any
    loc: Any
    cast_at: Any
    cast_of: Any
    el_at: Any
    el_of: Any
    prec_at: Any
    prec_of: Any
    prec_a: Any
    prec_b: Any
    prec_gap: Any
    forbid: Any  # strip × day: how many rules say no
    free: Any  # strips that may move
    movable: Any
    wage: Any
    hold: Any
    drop: Any
    max_minutes: Any
    date: Any
    week: Any
    target: Any
    cap: Any
    split_cap: Any
    price: Any  # location × location: a move between them
    opening: Any
    el_cost: Any
    place_cost: Any  # strip × day: what standing there costs in itself
    bad_turn: Any  # call × call on following dates: 1 = not enough rest
    loc_at: Any
    loc_strips: Any
    role_at: Any
    role_strips: Any
    open_at: Any
    open_days: Any  # the days a strip can have by dates and units; every day where there is none
    unit: Any  # of each day
    nth: Any  # which day of its unit
    rank: Any  # which date of all dates
    rest: Any  # main unit's dates before it
    done: Any  # main unit's dates up to it


def compile_board(problem: Problem) -> Board:
    """The arrays of a problem. Ids that no table knows are ignored; `problem.validate` has named them before."""
    rules, strips = problem.rules, problem.strips
    people = {performer.id: i for i, performer in enumerate(problem.cast)}
    things = {resource.id: i for i, resource in enumerate(problem.elements)}
    places = location_index(problem)
    where = {strip.scene: i for i, strip in enumerate(strips)}
    cast = [[people[c] for c in dict.fromkeys(strip.cast) if c in people] for strip in strips]
    pays = rules.value("element_cost")
    gear = [[things[e] for e in dict.fromkeys(strip.elements) if e in things] for strip in strips]
    order = precedences(problem)
    forbid = forbidden(problem)
    locked = pinned(problem)
    free = [i for i, strip in enumerate(strips) if strip.scene not in locked]
    caps = [NEVER if (cap := problem.cap(day)) is None else cap for day in problem.days]
    split = rules.value("split_percent", 0)
    minutes = [performer.max_minutes or 0 for performer in problem.cast]
    return (
        Board(
            n=len(strips),
            days=len(problem.days),
            cast=len(people),
            locs=len(places),
            elements=len(things),
            **_numbers(problem),
            load=[problem.load(strip) for strip in strips],
            minutes=[strip.minutes for strip in strips],
            band=[BANDS[strip.band] for strip in strips],
            loc=[places[strip.location] for strip in strips],
            **_rows("cast", cast),
            **_rows("el", gear),
            **_orders(order, len(strips)),
            forbid=forbid,
            free=free,
            movable=[int(i in set(free)) for i in range(len(strips))],
            wage=[performer.wage * rules.value("cast_pay") for performer in problem.cast],
            hold=[int(performer.holds) for performer in problem.cast],
            drop=[int(performer.drops) for performer in problem.cast],
            max_minutes=minutes,
            **_calendar(problem),
            cap=caps,
            split_cap=[cap * split // 100 if split and cap != NEVER else NEVER for cap in caps],
            price=move_prices(problem),
            opening=[rules.value("opening_cost")] * len(places),
            el_cost=[resource.day_cost * pays for resource in problem.elements],
            place_cost=exterior_waits(problem),
            bad_turn=short_rests(rules.value("turnaround_hours")),
            **_rows("loc", _inverse([[places[strip.location]] for strip in strips], len(places)), "loc_strips"),
            **_rows("role", _inverse(cast, len(people)), "role_strips"),
            **_rows("open", _open_days(forbid, len(problem.days)), "open_days"),
        )
        if where
        else _refuse()
    )


def _numbers(problem: Problem) -> dict[str, Any]:
    rules = problem.rules
    return {
        "max_locs": rules.value("max_locations", NEVER),
        "move_load": rules.value("move_load"),
        "drop_days": rules.value("drop_days", NEVER),
        "overtime": rules.value("overtime_cost"),
        "day_cost": rules.value("day_cost"),
        "week_calls": int(rules.on("week_calls")),
        "light_order": int(rules.on("light_order")),
        "units": len(problem.units),
        "one_unit": int(len(problem.units) > 1 and rules.on("one_unit")),
    }


def _calendar(problem: Problem) -> dict[str, Any]:
    days = problem.days
    dates, weeks = [day.date.toordinal() for day in days], [day.week for day in days]
    units, company = problem.units, [day.toordinal() for day in problem.company]
    order = {when: i for i, when in enumerate(sorted(set(dates)))}
    return {
        "date": dates,
        "week": weeks,
        "target": [problem.target(day) for day in days],
        "unit": [units.index(day.unit) for day in days],
        "nth": [sum(other.unit == day.unit for other in days[:d]) for d, day in enumerate(days)],
        "rank": [order[when] for when in dates],
        "rest": [bisect_left(company, when) for when in dates],
        "done": [bisect_right(company, when) for when in dates],
    }


def _open_days(forbid: Sequence[int], days: int) -> list[list[int]]:
    rows = [forbid[start : start + days] for start in range(0, len(forbid), days)]
    return [[d for d, bad in enumerate(row) if not bad] or list(range(days)) for row in rows]


def _orders(order: Sequence[tuple[int, int, int]], strips: int) -> dict[str, Any]:
    ends = {"prec_a": [a for a, _, _ in order], "prec_b": [b for _, b, _ in order]}
    of_strip = [[p for p, row in enumerate(order) if i in row[:2]] for i in range(strips)]
    return _rows("prec", of_strip) | ends | {"prec_gap": [gap for _, _, gap in order]}


def _refuse() -> Board:
    raise ValueError("a board needs at least one strip")


def _rows(name: str, rows: Sequence[Sequence[int]], values: str = "") -> dict[str, Any]:
    """Rows of different lengths as a list of starts and one of values."""
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row))
    return {f"{name}_at": starts, values or f"{name}_of": [item for row in rows for item in row]}


def _inverse(rows: Sequence[Sequence[int]], size: int) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(size)]
    for i, row in enumerate(rows):
        for item in row:
            found[item].append(i)
    return found


def location_index(problem: Problem) -> dict[str, int]:
    """Every location a strip names, in the order of the problem's table."""
    named = [location.id for location in problem.locations] + [strip.location for strip in problem.strips]
    return {name: i for i, name in enumerate(dict.fromkeys(named))}


def move_prices(problem: Problem) -> list[int]:
    """What a company move costs between every two locations."""
    places = location_index(problem)
    size, rules = len(places), problem.rules
    table = [0 if a == b else rules.value("move_cost") for a in range(size) for b in range(size)]
    for one, other, minutes in problem.travel:
        if one in places and other in places and one != other:
            a, b = places[one], places[other]
            table[a * size + b] = table[b * size + a] = rules.value("move_cost") + minutes * rules.value("travel_cost")
    return table


def exterior_waits(problem: Problem) -> list[int]:
    """Strip × day: what exteriors pay for the weeks they wait."""
    price = problem.rules.value("exterior_week_cost")
    return [int(s.exterior) * price * weeks_waited(problem, day) for s in problem.strips for day in problem.days]


def only_moves(board: Board, before: list[int | None]) -> Board:
    """The board with every price gone but one: 100 for each strip that leaves the day it had."""
    price = [100 * (was is not None and was != d) for was in before for d in range(board.days)]
    return board._replace(
        wage=[0] * len(board.wage),
        opening=[0] * len(board.opening),
        el_cost=[0] * len(board.el_cost),
        price=[0] * len(board.price),
        overtime=0,
        day_cost=0,
        place_cost=[int(x) for x in price],
    )


def weeks_waited(problem: Problem, day: ShootDay) -> int:
    """Whole weeks since the week the shoot starts in."""
    start = problem.days[0].date - timedelta(days=problem.days[0].date.weekday())
    return (day.date - start).days // 7


def short_rests(hours: int) -> list[int]:
    """For calls on two following dates, 1 where the rest between wrap and call is shorter than `hours`."""
    return [int(24 + CALLS[after][0] - CALLS[before][1] < hours) for before in range(3) for after in range(3)]


def forbidden(problem: Problem) -> list[int]:
    """Strip × day: how many windows, fixed dates, locks, closed days and units speak against it."""
    fixed = {item.scene: item.dates for item in problem.fixed}
    locks = {item.scene: item for item in problem.locks}
    table: list[int] = []
    for strip in problem.strips:
        windows = [item for item in problem.windows if item.subject in _subjects(strip)[item.kind]]
        for day in problem.days:
            bad = sum(not window.open_on(day.date) for window in windows)
            bad += strip.scene in fixed and day.date not in fixed[strip.scene]
            lock = locks.get(strip.scene)
            bad += 4 * (lock is not None and not lock.allows(day.slot))
            bad += day.slot in problem.closed and not (lock and lock.allows(day.slot))
            bad += 4 * (day.unit not in strip.units)
            table.append(int(bad))
    return table


def _subjects(strip: Strip) -> dict[str, tuple[str, ...]]:
    return {"cast": strip.cast, "location": (strip.location,), "element": strip.elements}


def pinned(problem: Problem) -> dict[int, int]:
    """Locked scenes and the one day each can have; a lock that leaves two units a choice pins nothing."""
    locked = {lock.scene: lock for lock in problem.locks}
    found: dict[int, int] = {}
    for strip in problem.strips:
        lock = locked.get(strip.scene)
        days = [d for d, day in enumerate(problem.days) if lock and lock.allows(day.slot) and day.unit in strip.units]
        if len(days) == 1:
            found[strip.scene] = days[0]
    return found


def on_locks(problem: Problem, days: Iterable[int]) -> list[int]:
    """These days with every locked strip on its own, since the search never moves one."""
    locked = pinned(problem)
    return [locked.get(strip.scene, day) for strip, day in zip(problem.strips, days, strict=True)]


def precedences(problem: Problem) -> list[tuple[int, int, int]]:
    """The pairs (before, after, gap); what follows from them is added where a night strip comes before a day strip."""
    where = {strip.scene: i for i, strip in enumerate(problem.strips)}
    gaps: dict[tuple[int, int], int] = {}
    for item in problem.precedences:
        if item.before in where and item.after in where:
            pair = (where[item.before], where[item.after])
            gaps[pair] = max(item.gap, gaps.get(pair, 0))
    after: dict[int, set[int]] = {}
    for a, b in gaps:
        after.setdefault(a, set()).add(b)
    for a in list(after):
        for b in _reachable(a, after):
            if problem.strips[a].band == "N" and problem.strips[b].band == "D":
                gaps[a, b] = max(1, gaps.get((a, b), 0))
    return [(a, b, gap) for (a, b), gap in sorted(gaps.items())]


def _reachable(start: int, after: dict[int, set[int]]) -> Iterable[int]:
    seen: set[int] = set()
    todo = list(after.get(start, ()))
    while todo:
        item = todo.pop()
        if item not in seen and item != start:
            seen.add(item)
            todo.extend(after.get(item, ()))
    return seen
