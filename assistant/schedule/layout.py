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
LOC = 16
CAST_AT = 17
CAST_OF = 18
EL_AT = 19
EL_OF = 20
PREC_AT = 21
PREC_OF = 22
PREC_A = 23
PREC_B = 24
PREC_GAP = 25
FORBID = 26
FREE = 27
MOVABLE = 28
WAGE = 29
HOLD = 30
DROP = 31
MAX_MINUTES = 32
DATE = 33
WEEK = 34
TARGET = 35
CAP = 36
SPLIT_CAP = 37
PRICE = 38
OPENING = 39
EL_COST = 40
PLACE_COST = 41
BAD_TURN = 42
LOC_AT = 43
LOC_STRIPS = 44
ROLE_AT = 45
ROLE_STRIPS = 46
# tables of the state: the board as it stands, and what a move has touched
DAY = 47  # of each strip
SLOT = 48  # where the strip stands in its day's list
LISTED = 49  # day × strip
COUNT = 50  # strips a day
CAST_N = 51  # performer × day: strips
CAST_M = 52  # performer × day: a minor's minutes
LOC_N = 53  # location × day: strips
EL_N = 54  # element × day: strips
PLACES = 55  # day × location: which are used
PLACE_N = 56
DAY_LOAD = 57
BAND_N = 58  # day × band: strips
BAND_LOAD = 59  # day × band
MINORS = 60  # strips with a minor, a day
EL_SUM = 61
PAY = 62
OVER = 63  # a minor's minutes over the limit, in quarter hours
DAY_PRICE = 64
DAY_BAD = 65
CALL = 66  # of each day: 0 day, 1 split, 2 night, -1 any
OPENED = 67
LATE = 68  # of each precedence
TOTAL = 69  # cost, hard trouble, calls out of order
TOUCH = 70  # stamp, and how many of each kind were touched
CAST_STAMP = 71
CAST_TOUCHED = 72
PAY_BEFORE = 73
OVER_BEFORE = 74
DAY_STAMP = 75
DAY_TOUCHED = 76
COST_BEFORE = 77
BAD_BEFORE = 78
CALL_BEFORE = 79
LOC_STAMP = 80
LOC_TOUCHED = 81
OPEN_BEFORE = 82
PREC_STAMP = 83
PREC_TOUCHED = 84
LATE_BEFORE = 85
TOTAL_BEFORE = 86
MOVED = 87  # strips of the move under way
ORIGIN = 88
RNG = 89
LIGHT_ORDER = 90  # scalars of the board again
UNITS = 91
ONE_UNIT = 92
OPEN_AT = 93  # and its tables of units and of the days a strip can have
OPEN_DAYS = 94
UNIT = 95
NTH = 96
RANK = 97
REST = 98
DONE = 99
HEAD = 100

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
