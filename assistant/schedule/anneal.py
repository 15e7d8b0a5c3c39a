"""Simulated annealing on the kernel's books: moves of strips, groups and days, undone where they do not pay."""

import math
from typing import Any

from assistant.schedule import layout as at
from assistant.schedule.kernel import (
    begin,
    calls_out_of_order,
    compiled,
    draw,
    judge_day,
    late_of,
    lift,
    openings_of,
    over_of,
    pay_of,
    put,
)


@compiled
def shift(m: Any, s: int, d: int) -> None:
    """Move a strip and remember where it came from; strips that may not move stay."""
    if m[m[at.DAY] + s] == d or m[m[at.MOVABLE] + s] == 0:
        return
    k = m[m[at.TOUCH] + 5]
    m[m[at.MOVED] + k] = s
    m[m[at.ORIGIN] + k] = m[m[at.DAY] + s]
    m[m[at.TOUCH] + 5] = k + 1
    lift(m, s)
    put(m, s, d)


@compiled
def settle(m: Any) -> None:
    """Recompute everything the open move touched and bring the totals up to date."""
    for i in range(m[m[at.TOUCH] + 1]):
        c = m[m[at.CAST_TOUCHED] + i]
        m[m[at.PAY] + c] = pay_of(m, c)
        m[m[at.OVER] + c] = over_of(m, c)
        m[m[at.TOTAL]] += m[m[at.PAY] + c] - m[m[at.PAY_BEFORE] + i]
        m[m[at.TOTAL] + 1] += m[m[at.OVER] + c] - m[m[at.OVER_BEFORE] + i]
    changed = 0
    for i in range(m[m[at.TOUCH] + 2]):
        d = m[m[at.DAY_TOUCHED] + i]
        judge_day(m, d)
        m[m[at.TOTAL]] += m[m[at.DAY_PRICE] + d] - m[m[at.COST_BEFORE] + i]
        m[m[at.TOTAL] + 1] += m[m[at.DAY_BAD] + d] - m[m[at.BAD_BEFORE] + i]
        if m[m[at.CALL] + d] != m[m[at.CALL_BEFORE] + i]:
            changed = 1
    for i in range(m[m[at.TOUCH] + 3]):
        place = m[m[at.LOC_TOUCHED] + i]
        m[m[at.OPENED] + place] = openings_of(m, place)
        m[m[at.TOTAL]] += m[m[at.OPENED] + place] - m[m[at.OPEN_BEFORE] + i]
    for i in range(m[m[at.TOUCH] + 4]):
        p = m[m[at.PREC_TOUCHED] + i]
        m[m[at.LATE] + p] = late_of(m, p)
        m[m[at.TOTAL] + 1] += m[m[at.LATE] + p] - m[m[at.LATE_BEFORE] + i]
    if changed:
        bad = calls_out_of_order(m)
        m[m[at.TOTAL] + 1] += bad - m[m[at.TOTAL] + 2]
        m[m[at.TOTAL] + 2] = bad


@compiled
def rollback(m: Any) -> None:
    """Undo the open move and put every remembered number back."""
    for k in range(m[m[at.TOUCH] + 5] - 1, -1, -1):
        s = m[m[at.MOVED] + k]
        lift(m, s)
        put(m, s, m[m[at.ORIGIN] + k])
    for i in range(m[m[at.TOUCH] + 1]):
        m[m[at.PAY] + m[m[at.CAST_TOUCHED] + i]] = m[m[at.PAY_BEFORE] + i]
        m[m[at.OVER] + m[m[at.CAST_TOUCHED] + i]] = m[m[at.OVER_BEFORE] + i]
    for i in range(m[m[at.TOUCH] + 2]):
        d = m[m[at.DAY_TOUCHED] + i]
        m[m[at.DAY_PRICE] + d] = m[m[at.COST_BEFORE] + i]
        m[m[at.DAY_BAD] + d] = m[m[at.BAD_BEFORE] + i]
        m[m[at.CALL] + d] = m[m[at.CALL_BEFORE] + i]
    for i in range(m[m[at.TOUCH] + 3]):
        m[m[at.OPENED] + m[m[at.LOC_TOUCHED] + i]] = m[m[at.OPEN_BEFORE] + i]
    for i in range(m[m[at.TOUCH] + 4]):
        m[m[at.LATE] + m[m[at.PREC_TOUCHED] + i]] = m[m[at.LATE_BEFORE] + i]
    for i in range(3):
        m[m[at.TOTAL] + i] = m[m[at.TOTAL_BEFORE] + i]


@compiled
def place_all(m: Any, days: Any) -> None:
    """Set every strip on its day, from nothing."""
    begin(m)
    for s in range(m[at.N]):
        put(m, s, days[s])
    for c in range(m[at.CAST]):
        m[m[at.PAY] + c] = pay_of(m, c)
        m[m[at.OVER] + c] = over_of(m, c)
        m[m[at.TOTAL]] += m[m[at.PAY] + c]
        m[m[at.TOTAL] + 1] += m[m[at.OVER] + c]
    for d in range(m[at.DAYS]):
        judge_day(m, d)
        m[m[at.TOTAL]] += m[m[at.DAY_PRICE] + d]
        m[m[at.TOTAL] + 1] += m[m[at.DAY_BAD] + d]
    for place in range(m[at.LOCS]):
        m[m[at.OPENED] + place] = openings_of(m, place)
        m[m[at.TOTAL]] += m[m[at.OPENED] + place]
    for p in range(m[at.PRECS]):
        m[m[at.LATE] + p] = late_of(m, p)
        m[m[at.TOTAL] + 1] += m[m[at.LATE] + p]
    m[m[at.TOTAL] + 2] = calls_out_of_order(m)
    m[m[at.TOTAL] + 1] += m[m[at.TOTAL] + 2]


@compiled
def companion(m: Any, s: int) -> int:
    """A day that already serves the strip's location or one of its cast; now and then any day at all."""
    dice = draw(m, 10)
    t = s
    if dice < 4:
        start, stop = m[m[at.LOC_AT] + m[m[at.LOC] + s]], m[m[at.LOC_AT] + m[m[at.LOC] + s] + 1]
        t = m[m[at.LOC_STRIPS] + start + draw(m, stop - start)]
    elif dice < 8 and m[m[at.CAST_AT] + s + 1] > m[m[at.CAST_AT] + s]:
        c = m[m[at.CAST_OF] + m[m[at.CAST_AT] + s] + draw(m, m[m[at.CAST_AT] + s + 1] - m[m[at.CAST_AT] + s])]
        start, stop = m[m[at.ROLE_AT] + c], m[m[at.ROLE_AT] + c + 1]
        t = m[m[at.ROLE_STRIPS] + start + draw(m, stop - start)]
    d = m[m[at.DAY] + t]
    if d == m[m[at.DAY] + s]:
        d = draw(m, m[at.DAYS])
    if m[m[at.FORBID] + s * m[at.DAYS] + d] > 0:  # rather a day the strip can have
        start, stop = m[m[at.OPEN_AT] + s], m[m[at.OPEN_AT] + s + 1]
        d = m[m[at.OPEN_DAYS] + start + draw(m, stop - start)]
    return int(d)


@compiled
def move_group(m: Any, place: int, source: int, goal: int) -> None:
    """Every strip of a location from one day to another."""
    i = m[m[at.COUNT] + source] - 1
    while i >= 0:
        s = m[m[at.LISTED] + source * m[at.N] + i]
        if m[m[at.LOC] + s] == place:
            shift(m, s, goal)
        i -= 1


@compiled
def swap_days(m: Any, one: int, other: int) -> None:
    """All strips of two days of one unit change places."""
    if m[m[at.UNIT] + one] != m[m[at.UNIT] + other]:
        return
    a, b = m[m[at.COUNT] + one], m[m[at.COUNT] + other]
    for i in range(a - 1, -1, -1):
        shift(m, m[m[at.LISTED] + one * m[at.N] + i], other)
    for i in range(b - 1, -1, -1):
        shift(m, m[m[at.LISTED] + other * m[at.N] + i], one)


@compiled
def roll_days(m: Any) -> None:
    """Take a day out, close the unit's ranks and set it down a few days away."""
    one = draw(m, m[at.DAYS])
    reach = 1 + draw(m, 5)
    step = 1 if draw(m, 2) else -1
    other = one
    while reach > 0:
        other += step
        if other < 0 or other >= m[at.DAYS]:
            break
        if m[m[at.UNIT] + other] == m[m[at.UNIT] + one]:
            swap_days(m, one, other)
            one = other
            reach -= 1


@compiled
def pick(m: Any) -> int:
    """A strip that may move; while rules are broken, now and then one that stands on a day it can not have."""
    s = m[m[at.FREE] + draw(m, m[at.FREE_N])]
    if m[m[at.TOTAL] + 1] > 0 and draw(m, 4) == 0:
        for _ in range(20):
            if m[m[at.FORBID] + s * m[at.DAYS] + m[m[at.DAY] + s]] > 0:
                break
            s = m[m[at.FREE] + draw(m, m[at.FREE_N])]
    return int(s)


@compiled
def propose(m: Any) -> None:
    """Carry out one random move on the books."""
    s = pick(m)
    source, dice = m[m[at.DAY] + s], draw(m, 100)
    goal = companion(m, s)
    if dice < 52:
        shift(m, s, goal)
    elif dice < 80:
        if m[m[at.COUNT] + goal] > 0:
            other = m[m[at.LISTED] + goal * m[at.N] + draw(m, m[m[at.COUNT] + goal])]
            shift(m, s, goal)
            shift(m, other, source)
    elif dice < 90:
        move_group(m, m[m[at.LOC] + s], source, goal)
    elif dice < 96:
        if m[m[at.COUNT] + goal] > 0:
            other = m[m[at.LISTED] + goal * m[at.N] + draw(m, m[m[at.COUNT] + goal])]
            if m[m[at.LOC] + other] != m[m[at.LOC] + s]:
                move_group(m, m[m[at.LOC] + s], source, goal)
                move_group(m, m[m[at.LOC] + other], goal, source)
    elif dice < 98:
        swap_days(m, source, draw(m, m[at.DAYS]))
    else:
        roll_days(m)


@compiled
def anneal(m: Any, plan: Any, best: Any) -> None:
    """`plan` is tries, start and end temperature, start and end penalty, all whole, temperatures in thousandths.

    `best` holds the cheapest legal board seen: days of the strips, then cost (−1: none yet), then the hard
    trouble of the board as it stands, then tries used.
    """
    n, tries = m[at.N], plan[0]
    hot, cold = plan[1] / 1000.0, plan[2] / 1000.0
    heat, penalty = hot, plan[3]
    for i in range(tries):
        if i % 128 == 0:
            part = i / tries
            heat = hot * (cold / hot) ** part
            penalty = plan[3] + int((plan[4] - plan[3]) * part)
        begin(m)
        propose(m)
        if m[m[at.TOUCH] + 5] == 0:
            continue
        settle(m)
        worse = m[m[at.TOTAL]] - m[m[at.TOTAL_BEFORE]] + penalty * (m[m[at.TOTAL] + 1] - m[m[at.TOTAL_BEFORE] + 1])
        if worse > 0 and draw(m, 1 << 30) >= math.exp(-worse / heat) * (1 << 30):
            rollback(m)
        elif m[m[at.TOTAL] + 1] == 0 and (best[n] < 0 or m[m[at.TOTAL]] < best[n]):
            for s in range(n):
                best[s] = m[m[at.DAY] + s]
            best[n] = m[m[at.TOTAL]]
    best[n + 1] = m[m[at.TOTAL] + 1]
    best[n + 2] += tries
