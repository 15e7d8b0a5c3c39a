"""The board an assistant director starts from by hand: group by location and set, then fill the days by pages."""

from assistant.domain.schedule import Problem, Strip
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
    """Strips one after another, a new day when the target is reached; the last day takes what is left."""
    place, day, used = {}, 0, 0
    for strip in order:
        load, last = problem.load(strip), day == len(problem.days) - 1
        if used and used + load > problem.target(problem.days[day]) and not last:
            day, used = day + 1, 0
        place[strip.scene] = day
        used += load
    return on_locks(problem, [place[strip.scene] for strip in problem.strips])
