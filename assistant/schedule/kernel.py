"""The board's books, kept up to date move by move; compiled by numba where it is there, plain Python where not."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from assistant.schedule import layout as at
from assistant.schedule.board import Board

F = TypeVar("F", bound=Callable[..., Any])
COMPILED = find_spec("numba") is not None


@cache
def cache_folder() -> Path:
    """Where machine code is kept: a folder for just these sources, since code compiled against another layout of the
    books would write anywhere."""
    here = Path(__file__).parent
    sources = b"".join((here / f"{name}.py").read_bytes() for name in ("layout", "kernel", "anneal", "order", "talent"))
    stamp = sha256(sources).hexdigest()[:16]
    return here / "__pycache__" / f"numba-{stamp}"


def compiled(function: F) -> F:
    """The function in machine code, kept on disk between runs; unchanged without numba."""
    if not COMPILED:
        return function
    from numba import config, njit

    config.CACHE_DIR = str(cache_folder())
    wrapped: F = njit(cache=True, nogil=True, forceinline=True)(function)
    return wrapped


def array(values: list[int]) -> Any:
    """Numbers in the form the kernel is fastest with."""
    if not COMPILED:
        return list(values)
    import numpy

    return numpy.array(values, dtype=numpy.int64)


def zeros(size: int) -> Any:
    """So many noughts, in the same form."""
    if not COMPILED:
        return [0] * size
    import numpy

    return numpy.zeros(size, dtype=numpy.int64)


def books(board: Board, seed: int) -> Any:
    """A board's list with no strip placed."""
    return array(at.flat(board, seed))


@compiled
def draw(m: Any, below: int) -> int:
    """A whole number under `below`, by two combined congruential generators: the same with and without numba."""
    r = m[at.RNG]
    m[r] = (m[r] * 40014) % 2147483563
    m[r + 1] = (m[r + 1] * 40692) % 2147483399
    return int((m[r] + 2147483399 - m[r + 1]) % 2147483563 % below)


@compiled
def begin(m: Any) -> None:
    """Open a move: from here on, what is touched is remembered."""
    m[m[at.TOUCH]] += 1
    for i in range(1, 6):
        m[m[at.TOUCH] + i] = 0
    for i in range(3):
        m[m[at.TOTAL_BEFORE] + i] = m[m[at.TOTAL] + i]


@compiled
def touch_cast(m: Any, c: int) -> None:
    """Remember a performer's figures, once a move, so that it can be taken back."""
    if m[m[at.CAST_STAMP] + c] != m[m[at.TOUCH]]:
        m[m[at.CAST_STAMP] + c] = m[m[at.TOUCH]]
        i = m[m[at.TOUCH] + 1]
        m[m[at.CAST_TOUCHED] + i] = c
        m[m[at.PAY_BEFORE] + i] = m[m[at.PAY] + c]
        m[m[at.OVER_BEFORE] + i] = m[m[at.OVER] + c]
        m[m[at.TOUCH] + 1] = i + 1


@compiled
def touch_day(m: Any, d: int) -> None:
    """Remember a day's figures, once a move."""
    if m[m[at.DAY_STAMP] + d] != m[m[at.TOUCH]]:
        m[m[at.DAY_STAMP] + d] = m[m[at.TOUCH]]
        i = m[m[at.TOUCH] + 2]
        m[m[at.DAY_TOUCHED] + i] = d
        m[m[at.COST_BEFORE] + i] = m[m[at.DAY_PRICE] + d]
        m[m[at.BAD_BEFORE] + i] = m[m[at.DAY_BAD] + d]
        m[m[at.CALL_BEFORE] + i] = m[m[at.CALL] + d]
        m[m[at.TOUCH] + 2] = i + 1


@compiled
def touch_loc(m: Any, place: int) -> None:
    """Remember a location's openings, once a move."""
    if m[m[at.LOC_STAMP] + place] != m[m[at.TOUCH]]:
        m[m[at.LOC_STAMP] + place] = m[m[at.TOUCH]]
        i = m[m[at.TOUCH] + 3]
        m[m[at.LOC_TOUCHED] + i] = place
        m[m[at.OPEN_BEFORE] + i] = m[m[at.OPENED] + place]
        m[m[at.TOUCH] + 3] = i + 1


@compiled
def touch_prec(m: Any, p: int) -> None:
    """Remember how late an order is, once a move."""
    if m[m[at.PREC_STAMP] + p] != m[m[at.TOUCH]]:
        m[m[at.PREC_STAMP] + p] = m[m[at.TOUCH]]
        i = m[m[at.TOUCH] + 4]
        m[m[at.PREC_TOUCHED] + i] = p
        m[m[at.LATE_BEFORE] + i] = m[m[at.LATE] + p]
        m[m[at.TOUCH] + 4] = i + 1


@compiled
def lift(m: Any, s: int) -> None:
    """Take a strip off its day."""
    days, d = m[at.DAYS], m[m[at.DAY] + s]
    last = m[m[at.LISTED] + d * m[at.N] + m[m[at.COUNT] + d] - 1]
    m[m[at.LISTED] + d * m[at.N] + m[m[at.SLOT] + s]] = last
    m[m[at.SLOT] + last] = m[m[at.SLOT] + s]
    m[m[at.COUNT] + d] -= 1
    minor = 0
    for i in range(m[m[at.CAST_AT] + s], m[m[at.CAST_AT] + s + 1]):
        c = m[m[at.CAST_OF] + i]
        m[m[at.CAST_N] + c * days + d] -= 1
        if m[m[at.MAX_MINUTES] + c] > 0:
            m[m[at.CAST_M] + c * days + d] -= min(m[m[at.MINUTES] + s], m[m[at.MAX_MINUTES] + c])
            minor = 1
        if m[m[at.CAST_N] + c * days + d] == 0 or m[m[at.MAX_MINUTES] + c] > 0:
            touch_cast(m, c)
    for i in range(m[m[at.EL_AT] + s], m[m[at.EL_AT] + s + 1]):
        e = m[m[at.EL_OF] + i]
        m[m[at.EL_N] + e * days + d] -= 1
        if m[m[at.EL_N] + e * days + d] == 0:
            m[m[at.EL_SUM] + d] -= m[m[at.EL_COST] + e]
    place = m[m[at.LOC] + s]
    m[m[at.LOC_N] + place * days + d] -= 1
    if m[m[at.LOC_N] + place * days + d] == 0:
        touch_loc(m, place)
        drop_place(m, d, place)
    weigh(m, s, -1, minor)


@compiled
def drop_place(m: Any, d: int, place: int) -> None:
    """Take a location off a day's list."""
    base = d * m[at.LOCS]
    last = m[m[at.PLACE_N] + d] - 1
    for i in range(last + 1):
        if m[m[at.PLACES] + base + i] == place:
            m[m[at.PLACES] + base + i] = m[m[at.PLACES] + base + last]
            break
    m[m[at.PLACE_N] + d] = last


@compiled
def put(m: Any, s: int, d: int) -> None:
    """Set a lifted strip on a day."""
    days = m[at.DAYS]
    m[m[at.DAY] + s] = d
    m[m[at.LISTED] + d * m[at.N] + m[m[at.COUNT] + d]] = s
    m[m[at.SLOT] + s] = m[m[at.COUNT] + d]
    m[m[at.COUNT] + d] += 1
    minor = 0
    for i in range(m[m[at.CAST_AT] + s], m[m[at.CAST_AT] + s + 1]):
        c = m[m[at.CAST_OF] + i]
        m[m[at.CAST_N] + c * days + d] += 1
        if m[m[at.MAX_MINUTES] + c] > 0:
            m[m[at.CAST_M] + c * days + d] += min(m[m[at.MINUTES] + s], m[m[at.MAX_MINUTES] + c])
            minor = 1
        if m[m[at.CAST_N] + c * days + d] == 1 or m[m[at.MAX_MINUTES] + c] > 0:
            touch_cast(m, c)
    for i in range(m[m[at.EL_AT] + s], m[m[at.EL_AT] + s + 1]):
        e = m[m[at.EL_OF] + i]
        if m[m[at.EL_N] + e * days + d] == 0:
            m[m[at.EL_SUM] + d] += m[m[at.EL_COST] + e]
        m[m[at.EL_N] + e * days + d] += 1
    place = m[m[at.LOC] + s]
    if m[m[at.LOC_N] + place * days + d] == 0:
        touch_loc(m, place)
        m[m[at.PLACES] + d * m[at.LOCS] + m[m[at.PLACE_N] + d]] = place
        m[m[at.PLACE_N] + d] += 1
    m[m[at.LOC_N] + place * days + d] += 1
    weigh(m, s, 1, minor)


@compiled
def weigh(m: Any, s: int, sign: int, minor: int) -> None:
    """Loads, calls and what depends on strip and day alone."""
    d = m[m[at.DAY] + s]
    touch_day(m, d)
    m[m[at.DAY_LOAD] + d] += sign * m[m[at.LOAD] + s]
    m[m[at.BAND_N] + d * 3 + m[m[at.BAND] + s]] += sign
    m[m[at.BAND_LOAD] + d * 3 + m[m[at.BAND] + s]] += sign * m[m[at.LOAD] + s]
    m[m[at.MINORS] + d] += sign * minor
    m[m[at.TOTAL] + 1] += sign * 10 * m[m[at.FORBID] + s * m[at.DAYS] + d]
    m[m[at.TOTAL]] += sign * m[m[at.PLACE_COST] + s * m[at.DAYS] + d]
    for i in range(m[m[at.PREC_AT] + s], m[m[at.PREC_AT] + s + 1]):
        touch_prec(m, m[m[at.PREC_OF] + i])


@compiled
def pay_of(m: Any, c: int) -> int:
    """A performer's pay: work days, hold days, less the one gap a drop saves most in."""
    base, last, work, held, saved = c * m[at.DAYS], -1, 0, 0, 0
    for d in range(m[at.DAYS]):
        if m[m[at.CAST_N] + base + d] > 0:
            if last >= 0:
                apart, idle = m[m[at.DATE] + d] - m[m[at.DATE] + last], m[m[at.REST] + d] - m[m[at.DONE] + last]
                if apart == 0:  # with another unit on the same date
                    continue
                held += idle
                if apart > m[at.DROP_DAYS] and idle > saved:
                    saved = idle
            work += 1
            last = d
    return int(m[m[at.WAGE] + c] * (work + m[m[at.HOLD] + c] * (held - m[m[at.DROP] + c] * saved)))


@compiled
def over_of(m: Any, c: int) -> int:
    """Quarter hours a minor works over the limit, and trouble for every date on which somebody is with two units."""
    limit, total, last = m[m[at.MAX_MINUTES] + c], 0, -1
    if m[at.ONE_UNIT]:
        for d in range(m[at.DAYS]):
            if m[m[at.CAST_N] + c * m[at.DAYS] + d] > 0:
                if last == m[m[at.DATE] + d]:
                    total += 4
                last = m[m[at.DATE] + d]
    if limit > 0:
        for d in range(m[at.DAYS]):
            extra = m[m[at.CAST_M] + c * m[at.DAYS] + d] - limit
            if extra > 0:
                total += (extra + 14) // 15
    return total


@compiled
def moves_of(m: Any, d: int) -> int:
    """The price of the shortest tree between the day's locations; for up to three it is the shortest way."""
    k, base, total, size = m[m[at.PLACE_N] + d], d * m[at.LOCS], 0, m[at.LOCS]
    for i in range(1, k):
        best, pick = 1 << 40, i
        for j in range(i):
            for other in range(i, k):
                price = m[m[at.PRICE] + m[m[at.PLACES] + base + j] * size + m[m[at.PLACES] + base + other]]
                if price < best:
                    best = price
                    pick = other
        held = m[m[at.PLACES] + base + i]
        m[m[at.PLACES] + base + i] = m[m[at.PLACES] + base + pick]
        m[m[at.PLACES] + base + pick] = held
        total += best
    return int(total)


@compiled
def returns_of(m: Any, d: int) -> int:
    """The price of going back on a split day: daylight everywhere comes before darkness anywhere, so of the locations
    that need both, all but one are moved to twice."""
    last, total = -1, 0
    for i in range(m[m[at.PLACE_N] + d]):
        place, light, dark = m[m[at.PLACES] + d * m[at.LOCS] + i], 0, 0
        for j in range(m[m[at.COUNT] + d]):
            s = m[m[at.LISTED] + d * m[at.N] + j]
            if m[m[at.LOC] + s] == place:
                light |= m[m[at.BAND] + s] == 0
                dark |= m[m[at.BAND] + s] == 2
        if light and dark:
            if last >= 0:
                total += m[m[at.PRICE] + last * m[at.LOCS] + place]
            last = place
    return int(total)


@compiled
def call_of(m: Any, d: int) -> int:
    """A day's call: 0 by day, 1 split, 2 by night, -1 nothing that binds it."""
    if m[m[at.BAND_N] + d * 3] > 0:
        return 1 if m[m[at.BAND_N] + d * 3 + 2] > 0 else 0
    return 2 if m[m[at.BAND_N] + d * 3 + 2] > 0 else -1


@compiled
def judge_day(m: Any, d: int) -> None:
    """Price and hard trouble of one day."""
    cost, bad = m[m[at.EL_SUM] + d], 0
    if m[m[at.COUNT] + d] > 0:
        load = m[m[at.DAY_LOAD] + d] + m[at.MOVE_LOAD] * (m[m[at.PLACE_N] + d] - 1)
        cost += m[at.SHOOT_DAY] + moves_of(m, d) + m[at.OVERTIME] * max(0, load - m[m[at.TARGET] + d])
        bad = max(0, load - m[m[at.CAP] + d]) + 4 * max(0, m[m[at.PLACE_N] + d] - m[at.MAX_LOCS])
    call = call_of(m, d)
    if call == 1:
        if m[at.LIGHT_ORDER] and m[m[at.PLACE_N] + d] > 1:
            cost += returns_of(m, d)
        bad += max(0, m[m[at.BAND_LOAD] + d * 3] - m[m[at.SPLIT_CAP] + d])
        bad += max(0, m[m[at.BAND_LOAD] + d * 3 + 2] - m[m[at.SPLIT_CAP] + d])
    if call == 2:
        bad += 4 * m[m[at.MINORS] + d]
    m[m[at.CALL] + d] = call
    m[m[at.DAY_PRICE] + d] = cost
    m[m[at.DAY_BAD] + d] = bad


@compiled
def calls_out_of_order(m: Any) -> int:
    """How far calls go back inside a week, and rests that are too short; every unit has calls of its own."""
    bad = 0
    for unit in range(m[at.UNITS]):
        last = -1
        for d in range(m[at.DAYS]):
            call = m[m[at.CALL] + d]
            if call < 0 or m[m[at.UNIT] + d] != unit:
                continue
            if last >= 0:
                before = m[m[at.CALL] + last]
                if m[at.WEEK_CALLS] and m[m[at.WEEK] + d] == m[m[at.WEEK] + last]:
                    bad += 4 * max(0, before - call)
                if m[m[at.DATE] + d] - m[m[at.DATE] + last] == 1:
                    bad += 4 * m[m[at.BAD_TURN] + before * 3 + call]
            last = d
    return int(bad)


@compiled
def openings_of(m: Any, place: int) -> int:
    """The price of opening a location once for every run of a unit's days on it."""
    base, runs = place * m[at.DAYS], 0
    for unit in range(m[at.UNITS]):
        inside = 0
        for d in range(m[at.DAYS]):
            if m[m[at.UNIT] + d] == unit:
                if m[m[at.LOC_N] + base + d] > 0:
                    runs += 1 - inside
                    inside = 1
                else:
                    inside = 0
    return int(m[m[at.OPENING] + place] * runs)


@compiled
def late_of(m: Any, p: int) -> int:
    """Trouble of one order: nothing while it is kept, more the more days it is missed by.

    A unit counts its own days; between two units the dates count, and one date is never earlier than itself.
    """
    one, other = m[m[at.DAY] + m[m[at.PREC_A] + p]], m[m[at.DAY] + m[m[at.PREC_B] + p]]
    if m[m[at.UNIT] + one] == m[m[at.UNIT] + other]:
        behind = m[m[at.NTH] + one] + m[m[at.PREC_GAP] + p] - m[m[at.NTH] + other]
    else:
        behind = m[m[at.RANK] + one] + max(1, m[m[at.PREC_GAP] + p]) - m[m[at.RANK] + other]
    return int(4 + min(behind, 5) if behind > 0 else 0)
