"""Made-up productions of a given size and seed, to measure the scheduler on boards nobody tuned it for."""

import random
from datetime import date, timedelta

from assistant.domain.categories import Category
from assistant.domain.schedule import (
    Location,
    Performer,
    Precedence,
    Problem,
    Resource,
    ShootDay,
    Strip,
    Window,
)
from assistant.schedule.rules import load_pack

SIZES = {  # scenes, cast, days, locations, eighths
    "small": (30, 10, 8, 6, 150),
    "feature": (200, 60, 40, 35, 960),
    "block": (640, 120, 80, 70, 3520),
}


def generate(size: str, seed: int) -> Problem:
    """The same production for the same size and seed, on every machine."""
    rng = random.Random(f"{size}/{seed}")
    scenes, cast, days, places, eighths = SIZES[size]
    calendar = shooting_days(date(2027, 3, 1), days)
    target = -(-eighths // days)
    pack = load_pack("feature").with_value("day_target", target).with_value("day_cost", 0)
    people = _cast(rng, cast)
    strips = _strips(rng, people, SIZES[size])
    used = {c for strip in strips for c in strip.cast}
    return Problem(
        title=f"{size}/{seed}",
        strips=strips,
        days=calendar,
        cast=tuple(p for p in people if p.id in used),
        elements=(
            Resource("crowd", "Crowd", Category.BACKGROUND, 20),
            Resource("stunt", "Stunt team", Category.STUNTS, 15),
        ),
        locations=tuple(Location(f"L{i}", f"Location {i}") for i in range(places)),
        windows=_windows(rng, calendar, people, strips, places),
        precedences=_precedences(rng, strips, days // 5),
        rules=pack,
    )


def shooting_days(start: date, count: int) -> tuple[ShootDay, ...]:
    found: list[ShootDay] = []
    day = start
    while len(found) < count:
        if day.weekday() < 5:
            found.append(ShootDay(day))
        day += timedelta(days=1)
    return tuple(found)


def _cast(rng: random.Random, count: int) -> tuple[Performer, ...]:
    people = []
    for i in range(1, count + 1):
        lead, support = i <= max(2, count // 15), i <= max(4, count // 4)
        wage = rng.randint(40, 60) if lead else rng.randint(15, 25) if support else rng.randint(6, 10)
        minor = not lead and i % 20 == 7
        people.append(
            Performer(
                id=str(i), name=f"Role {i}", wage=wage, drops=not lead, age=12 if minor else None,
                max_minutes=300 if minor else None,
            )
        )  # fmt: skip
    return tuple(people)


def _strips(
    rng: random.Random, people: tuple[Performer, ...], size: tuple[int, int, int, int, int]
) -> tuple[Strip, ...]:
    count, _, days, places, eighths = size
    raw = [min(24, 1 + int(rng.expovariate(1 / 4.2))) for _ in range(count)]
    while sum(raw) != eighths:
        i = rng.randrange(count)
        step = 1 if sum(raw) < eighths else -1
        if 1 <= raw[i] + step <= 24:
            raw[i] += step
    weights = [1 / (i + 1) ** 0.8 for i in range(places)]
    exterior = [rng.random() < 0.4 for _ in range(places)]
    troupe = [_troupe(rng, people) for _ in range(places)]
    budget = {p.id: p.max_minutes * days // 3 for p in people if p.max_minutes}  # what a minor can take in all
    strips = []
    for i in range(count):
        place = rng.choices(range(places), weights)[0] if i >= places else i
        minutes = raw[i] * 600 * days // eighths
        cast = _allowed(_scene_cast(rng, people, troupe[place], i / count), minutes, budget)
        outside = exterior[place] if rng.random() < 0.8 else not exterior[place]
        night = rng.random() < 0.3 and not set(budget) & set(cast)
        band = "S" if night and not outside and rng.random() < 0.5 else "N" if night else "D"
        gear = [name for name, odds in (("crowd", 0.12), ("stunt", 0.06)) if rng.random() < odds]
        strips.append(
            Strip(
                scene=i + 1, label=str(i + 1), eighths=raw[i], minutes=minutes,
                set=f"L{place} - {rng.choice('ABC')}", location=f"L{place}", band=band,
                int_ext="EXT" if outside else "INT", cast=cast, elements=tuple(gear),
            )
        )  # fmt: skip
    return tuple(strips)


def _allowed(cast: tuple[str, ...], minutes: int, budget: dict[str, int]) -> tuple[str, ...]:
    """Without minors for whom the scene is too long or who have enough to do."""
    for ident in set(cast) & set(budget):
        if minutes > min(240, budget[ident]):
            cast = tuple(c for c in cast if c != ident)
        else:
            budget[ident] -= minutes
    return cast or ("1",)


def _troupe(rng: random.Random, people: tuple[Performer, ...]) -> list[str]:
    """Who tends to be found at a location."""
    return [p.id for p in rng.sample(people, min(len(people), 6))]


def _scene_cast(rng: random.Random, people: tuple[Performer, ...], troupe: list[str], at: float) -> tuple[str, ...]:
    size = rng.choices((1, 2, 3, 4, 5, 7), (15, 30, 25, 15, 10, 5))[0]
    leads = [p.id for p in people[: max(2, len(people) // 15)]]
    cast: list[str] = []
    while len(cast) < size:
        dice = rng.random()
        if dice < 0.45:
            pick = rng.choice(leads)
        elif dice < 0.8:
            pick = rng.choice(troupe)
        else:  # day players belong to a stretch of the story
            pick = people[min(len(people) - 1, max(0, int(rng.gauss(at, 0.08) * len(people))))].id
        if pick not in cast:
            cast.append(pick)
    return tuple(cast)


def _windows(
    rng: random.Random,
    days: tuple[ShootDay, ...],
    people: tuple[Performer, ...],
    strips: tuple[Strip, ...],
    places: int,
) -> tuple[Window, ...]:
    """A tenth of the cast is away for a stretch, some can only come for part of the shoot; so are locations."""
    found = []
    need = {p.id: sum(s.eighths for s in strips if p.id in s.cast) for p in people}
    total = sum(s.eighths for s in strips)
    for performer in rng.sample(people, len(people) // 6):
        away = rng.randint(2, max(2, len(days) // 6))
        start = rng.randrange(len(days) - away)
        if need[performer.id] * len(days) < total * (len(days) - away) // 2:
            dates = frozenset(day.date for day in days[start : start + away])
            found.append(Window("cast", performer.id, never=dates, words=f"{performer.name} is away"))
    busy = {f"L{i}": sum(s.eighths for s in strips if s.location == f"L{i}") for i in range(places)}
    for place in rng.sample(range(places), places // 5):
        span = max(len(days) // 4, 2 + 2 * busy[f"L{place}"] * len(days) // total)
        start = rng.randrange(max(1, len(days) - span))
        dates = frozenset(day.date for day in days[start : start + span])
        found.append(Window("location", f"L{place}", only=dates, words=f"Location {place} only then"))
    return tuple(found)


def _precedences(rng: random.Random, strips: tuple[Strip, ...], count: int) -> tuple[Precedence, ...]:
    """A haircut, a set destroyed: always forward in the story, so they can not contradict each other."""
    found = []
    for _ in range(count):
        a, b = sorted(rng.sample(range(1, len(strips) + 1), 2))
        found.append(Precedence(a, b, 0, f"scene {a} before scene {b}"))
    return tuple(found)
