"""Where everything lies in the flat list of whole numbers that the compiled search works on.

The list opens with one number for every name below: a scalar of the board, or the place its table starts at. So
`m[at.N]` is the number of strips, and `m[m[at.DAY] + s]` the day of strip s. One list keeps calls cheap and
compiling short, and is the same to numba and to plain Python.
"""

from typing import Any

from assistant.schedule.board import Board

# scalars of the board
N = 0
DAYS = 1
CAST = 2
LOCS = 3
ELEMENTS = 4
MAX_LOCS = 5
MOVE_LOAD = 6
DROP_DAYS = 7
OVERTIME = 8
SHOOT_DAY = 9
WEEK_CALLS = 10
PRECS = 11
FREE_N = 12
# its tables: what never changes during a search
LOAD = 13
MINUTES = 14
BAND = 15
EXT = 16
LOC = 17
CAST_AT = 18
CAST_OF = 19
EL_AT = 20
EL_OF = 21
PREC_AT = 22
PREC_OF = 23
PREC_A = 24
PREC_B = 25
PREC_GAP = 26
FORBID = 27
FREE = 28
MOVABLE = 29
WAGE = 30
HOLD = 31
DROP = 32
MAX_MINUTES = 33
DATE = 34
WEEK = 35
TARGET = 36
CAP = 37
SPLIT_CAP = 38
PRICE = 39
OPENING = 40
EL_COST = 41
EXT_COST = 42
BAD_TURN = 43
LOC_AT = 44
LOC_STRIPS = 45
ROLE_AT = 46
ROLE_STRIPS = 47
# tables of the state: the board as it stands, and what a move has touched
DAY = 48  # of each strip
SLOT = 49  # where the strip stands in its day's list
LISTED = 50  # day × strip
COUNT = 51  # strips a day
CAST_N = 52  # performer × day: strips
CAST_M = 53  # performer × day: minutes
LOC_N = 54  # location × day: strips
EL_N = 55  # element × day: strips
PLACES = 56  # day × location: which are used
PLACE_N = 57
DAY_LOAD = 58
BAND_N = 59  # day × band: strips
BAND_LOAD = 60  # day × band
MINORS = 61  # strips with a minor, a day
EL_SUM = 62
PAY = 63
OVER = 64  # a minor's minutes over the limit, in quarter hours
DAY_PRICE = 65
DAY_BAD = 66
CALL = 67  # of each day: 0 day, 1 split, 2 night, -1 any
OPENED = 68
LATE = 69  # of each precedence
TOTAL = 70  # cost, hard trouble, calls out of order
TOUCH = 71  # stamp, and how many of each kind were touched
CAST_STAMP = 72
CAST_TOUCHED = 73
PAY_BEFORE = 74
OVER_BEFORE = 75
DAY_STAMP = 76
DAY_TOUCHED = 77
COST_BEFORE = 78
BAD_BEFORE = 79
CALL_BEFORE = 80
LOC_STAMP = 81
LOC_TOUCHED = 82
OPEN_BEFORE = 83
PREC_STAMP = 84
PREC_TOUCHED = 85
LATE_BEFORE = 86
TOTAL_BEFORE = 87
MOVED = 88  # strips of the move under way
ORIGIN = 89
RNG = 90
HEAD = 91

RENAMED = {"day_cost": SHOOT_DAY}


def flat(board: Board, seed: int) -> list[int]:
    """The list for a board with no strip placed yet."""
    here = globals()
    m = [0] * HEAD
    for name, item in board._asdict().items():
        slot = RENAMED.get(name) or here[name.upper()]
        m[slot] = len(m) if isinstance(item, list) else item
        m.extend(item if isinstance(item, list) else ())
    m[PRECS], m[FREE_N] = len(board.prec_a), len(board.free)
    for slot, size in sizes(board).items():
        m[slot] = len(m)
        m.extend([0] * size)
    m[m[RNG]], m[m[RNG] + 1] = 1 + seed % 2147483000, 1 + (seed * 7919 + 12345) % 2147483000
    return m


def sizes(board: Board) -> dict[int, int]:
    """How much room each table of the state needs."""
    n, days, cast, locs, elements = board[:5]
    precs = len(board.prec_a)
    strips = (DAY, SLOT)
    daily = (COUNT, PLACE_N, DAY_LOAD, MINORS, EL_SUM, DAY_PRICE, DAY_BAD, CALL, DAY_STAMP, DAY_TOUCHED, COST_BEFORE)
    people = (PAY, OVER, CAST_STAMP, CAST_TOUCHED, PAY_BEFORE, OVER_BEFORE)
    places = (OPENED, LOC_STAMP, LOC_TOUCHED, OPEN_BEFORE)
    orders = (LATE, PREC_STAMP, PREC_TOUCHED, LATE_BEFORE)
    rows = ((strips, n), (daily, days), (people, cast), (places, locs), (orders, precs))
    single = {slot: size for slots, size in rows for slot in slots}
    return single | {
        BAD_BEFORE: days, CALL_BEFORE: days, LISTED: days * n, CAST_N: cast * days, CAST_M: cast * days,
        LOC_N: locs * days, EL_N: elements * days, PLACES: days * locs, BAND_N: days * 3, BAND_LOAD: days * 3,
        TOTAL: 3, TOTAL_BEFORE: 3, TOUCH: 6, MOVED: 12 * n + 12, ORIGIN: 12 * n + 12, RNG: 2,
    }  # fmt: skip


def part(m: Any, slot: int, size: int) -> list[int]:
    """One table of the list, copied out."""
    return [int(item) for item in m[m[slot] : m[slot] + size]]
