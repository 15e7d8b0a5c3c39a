"""The board an assistant director starts from by hand: group by location and set, then fill the days by pages."""

from assistant.domain.schedule import Problem, ShootDay, Strip
from assistant.schedule.board import BANDS, on_locks


def greedy_days(problem: Problem) -> list[int]:
    """The day index of every strip: biggest location first, exteriors before interiors, days before nights."""
    size: dict[str, int] = {}
    for strip in problem.strips:
        size[strip.location] = size.get(strip.location, 0) + problem.load(strip)

    def rank(strip: Strip) -> tuple[int, str, int, bool, str, int]:
        return (
            -size[strip.location],
            strip.location,
            BANDS[strip.band],
            not strip.exterior,
            strip.set,
            strip.scene,
        )

    return _fill(problem, sorted(problem.strips, key=rank))


def script_days(problem: Problem) -> list[int]:
    """The day index of every strip in script order, filled by pages."""
    return _fill(problem, list(problem.strips))


def _fill(problem: Problem, order: list[Strip]) -> list[int]:
    """Strips one after another, a new day when the target is reached; a unit's last day takes what is left.

    A day too short for the strip is passed over.
    """
    place: dict[int, int] = {}
    for unit in problem.units:
        days = [d for d, day in enumerate(problem.days) if day.unit == unit]
        at = used = 0
        for strip in order:
            if strip.units[0] != unit:
                continue
            load = problem.load(strip)
            while at + 1 < len(days) and _full(problem, problem.days[days[at]], used, load):
                at, used = at + 1, 0
            place[strip.scene] = days[at]
            used += load
    return on_locks(problem, [place[strip.scene] for strip in problem.strips])


def _full(problem: Problem, day: ShootDay, used: int, load: int) -> bool:
    """Would the strip take the day over its target or, alone on it, over all that it may hold?"""
    cap = problem.cap(day)
    return used + load > problem.target(day) if used else cap is not None and load > cap
