"""Cover sets: interiors that could be shot on an exterior's day instead, should the weather not hold."""

from datetime import date

from assistant.domain.schedule import DayPlan, Problem, Schedule, Strip

MOST = 4  # cover sets that a day lists


def cover_sets(problem: Problem, schedule: Schedule, day: DayPlan) -> tuple[Strip, ...]:
    """Interiors of the unit's later days whose cast, location and elements can be had on the day, nearest first.

    Empty for a day without exteriors. One that needs the same call, is at a place the company is at, and brings in
    nobody new, comes first. Locked strips, and those that come after one of the day, stay where they are; a locked
    day takes no other strip, a short day none that it can not hold.
    """
    strips = {strip.scene: strip for strip in problem.strips}
    when, mine = day.date, [plan for plan in schedule.days if plan.unit == day.unit]
    today = [strips[s] for s in day.scenes if s in strips]
    if day.slot in problem.closed or not any(strip.exterior for strip in today):
        return ()
    later = [strips[s] for plan in mine if plan.date > when for s in plan.scenes if s in strips]
    waiting = {strip.scene for strip in (*today, *later)}
    cap = next((problem.cap(shoot) for shoot in problem.days if shoot.slot == day.slot), None)
    inside = (s for s in later if s.int_ext == "INT" and (cap is None or problem.load(s) <= cap))
    free = [strip for strip in inside if _can(problem, strip, when, today, waiting)]
    places, people = {strip.location for strip in today}, {ident for strip in today for ident in strip.cast}
    return tuple(sorted(free, key=lambda s: (s.location not in places, len(set(s.cast) - people), -s.eighths, s.scene)))


def _can(problem: Problem, strip: Strip, when: date, today: list[Strip], waiting: set[int]) -> bool:
    """May the strip be shot on the date, by every rule that speaks of it?"""
    if any(lock.scene == strip.scene for lock in problem.locks):
        return False
    if any(item.scene == strip.scene and when not in item.dates for item in problem.fixed):
        return False
    needs = {"cast": strip.cast, "location": (strip.location,), "element": strip.elements}
    if any(w.subject in needs[w.kind] and not w.open_on(when) for w in problem.windows):
        return False
    open_bands = {"S", *(other.band for other in today)}
    first = any(pair.after == strip.scene and pair.before in waiting for pair in problem.precedences)
    return strip.band in open_bands and not first
