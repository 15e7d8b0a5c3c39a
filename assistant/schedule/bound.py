"""A cost that no legal board can go under, by counting what every board has to pay at least."""

from assistant.domain.schedule import Bound, Performer, Problem, Strip
from assistant.schedule.board import location_index, weeks_waited

HOW = (
    "counting bound: every performer and element on the fewest days that hold their scenes, every location opened "
    "once, the moves and overtime no packing avoids; days are not tied together, so the true optimum lies higher"
)


def counting_bound(problem: Problem) -> Bound:
    """The sum of a least amount for every cost line; each is proved on its own, so the sum holds too."""
    parts = (
        _cast(problem),
        _elements(problem),
        _openings(problem),
        _moves(problem),
        _days(problem),
        _exteriors(problem),
    )
    return Bound(sum(parts), HOW)


def _limit(problem: Problem) -> int:
    """The most a day can hold; without a cap, everything."""
    everything = sum(problem.load(strip) for strip in problem.strips) or 1
    caps = [everything if (cap := problem.cap(day)) is None else cap for day in problem.days]
    return max(caps, default=1)


def fewest_days(problem: Problem, strips: list[Strip], performer: Performer | None = None) -> int:
    """No board shoots these strips on fewer days: by load and moves, by locations, by a minor's hours."""
    if not strips:
        return 0
    limit, move = _limit(problem), problem.rules.value("move_load")
    load = sum(problem.load(strip) for strip in strips)
    places = len({strip.location for strip in strips})
    least = max(1, -(-(load + move * places) // (limit + move)))  # d days of p places hold at least p - d moves
    if problem.rules.on("max_locations"):
        least = max(least, -(-places // problem.rules.value("max_locations")))
    big = sum(2 * problem.load(strip) > limit for strip in strips)
    if performer and performer.max_minutes:
        minutes = sum(problem.minutes_of(strip, performer) for strip in strips)
        least = max(least, -(-minutes // performer.max_minutes))
    return max(least, big)


def _cast(problem: Problem) -> int:
    pays = problem.rules.value("cast_pay")
    return pays * sum(
        p.wage * fewest_days(problem, [s for s in problem.strips if p.id in s.cast], p) for p in problem.cast
    )


def _elements(problem: Problem) -> int:
    factor = problem.rules.value("element_cost")
    return factor * sum(
        e.day_cost * fewest_days(problem, [s for s in problem.strips if e.id in s.elements]) for e in problem.elements
    )


def _openings(problem: Problem) -> int:
    used = {strip.location for strip in problem.strips}
    return problem.rules.value("opening_cost") * len(used)


def _least_moves(problem: Problem) -> int:
    """Each location needs its days; what is more than there are days, is moved to."""
    visits = sum(
        fewest_days(problem, [s for s in problem.strips if s.location == place]) for place in location_index(problem)
    )
    return max(0, visits - len(problem.days))


def _moves(problem: Problem) -> int:
    return _least_moves(problem) * problem.rules.value("move_cost")


def _days(problem: Problem) -> int:
    load = sum(problem.load(strip) for strip in problem.strips)
    load += _least_moves(problem) * problem.rules.value("move_load")
    over = load - sum(problem.target(day) for day in problem.days)
    least = fewest_days(problem, list(problem.strips))
    return max(0, over) * problem.rules.value("overtime_cost") + least * problem.rules.value("day_cost")


def _exteriors(problem: Problem) -> int:
    """Shortest exteriors first into full days; cut where they do not fit, which no board can do better."""
    price, limit = problem.rules.value("exterior_week_cost"), _limit(problem)
    if not price:
        return 0
    loads = sorted(problem.load(strip) for strip in problem.strips if strip.exterior)
    weeks = [weeks_waited(problem, day) for day in problem.days]
    total = filled = 0
    for load in loads:
        filled += load
        day = min(max(0, filled - 1) // limit, len(weeks) - 1)
        total += price * weeks[day]
    return total
