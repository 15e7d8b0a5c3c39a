"""Small boards for the scheduling tests."""

import random
from dataclasses import replace
from datetime import date, timedelta

from assistant.domain.categories import Category
from assistant.domain.schedule import (
    DayPlan,
    Performer,
    Precedence,
    Problem,
    Resource,
    Schedule,
    ShootDay,
    Strip,
    Verdict,
    Window,
)
from assistant.schedule import anneal, kernel, layout
from assistant.schedule.board import compile_board
from assistant.schedule.check import check
from assistant.schedule.rules import load_pack
from assistant.schedule.solve import board_of

MONDAY = date(2027, 3, 1)


def days(count: int, start: date = MONDAY) -> tuple[ShootDay, ...]:
    """So many weekdays."""
    every = (start + timedelta(days=i) for i in range(2 * count + 7))
    return tuple(ShootDay(day) for day in every if day.weekday() < 5)[:count]


def strip(scene: int, eighths: int = 8, location: str = "HOUSE", cast: str = "1", **more: object) -> Strip:
    ids = tuple(cast.split())
    made = Strip(scene, str(scene), eighths, eighths * 15, f"{location} - ROOM", location, cast=ids)
    return replace(made, **more)  # type: ignore[arg-type]


def problem(*strips: Strip, count: int = 3, **more: object) -> Problem:
    ids = sorted({c for s in strips for c in s.cast})
    cast = tuple(Performer(ident, f"ROLE {ident}", wage=10) for ident in ids)
    pack = load_pack("feature").with_value("day_target", 16).with_value("day_cost", 0)
    return replace(Problem(strips, days(count), cast, pack), **more)  # type: ignore[arg-type]


def schedule(made: Problem, *scenes: tuple[int, ...]) -> Schedule:
    """The first days of the calendar filled with these scenes."""
    plans = (DayPlan(day.date, row) for day, row in zip(made.days, scenes, strict=False) if row)
    return Schedule(tuple(plans))


def random_problem(seed: int, scenes: int = 5, count: int = 3) -> Problem:
    """Every kind of rule, at random; often with no legal board."""
    rng = random.Random(seed)
    people = [str(i + 1) for i in range(4)]
    strips = tuple(
        strip(
            i + 1,
            rng.randint(1, 12),
            rng.choice(("HOUSE", "BAR", "ROAD")),
            " ".join(sorted(rng.sample(people, rng.randint(1, 3)))),
            band=rng.choice(("D", "D", "S", "N")),
            int_ext=rng.choice(("INT", "EXT")),
            elements=rng.choice(((), ("crowd",))),
        )
        for i in range(scenes)
    )
    made = problem(*strips, count=count)
    cast = tuple(
        replace(p, wage=rng.randint(1, 30), drops=rng.random() < 0.5, max_minutes=240 if p.id == "4" else None)
        for p in made.cast
    )
    away = Window("cast", rng.choice(made.cast).id, never=frozenset({rng.choice(made.days).date}))
    crowd = Resource("crowd", "Crowd", Category.BACKGROUND, 20)
    first, last = sorted(rng.sample(range(1, scenes + 1), 2))
    travel = (("BAR", "HOUSE", rng.randint(5, 60)), ("BAR", "ROAD", rng.randint(5, 60)))
    rules = made.rules.with_value("travel_cost", 1)
    short = rng.choice((ShootDay(made.days[-1].date, target=8), ShootDay(made.days[0].date, target=6, most=6), None))
    return replace(
        made,
        days=tuple(short if short and short.date == day.date else day for day in made.days),
        cast=cast,
        windows=(away,),
        elements=(crowd,),
        precedences=(Precedence(first, last),),
        travel=travel,
        rules=rules,
    )


def books(made: Problem, placed: list[int]) -> tuple[int, int]:
    """Cost and hard trouble of a day for every strip, as the search keeps them."""
    m = kernel.books(compile_board(made), 1)
    anneal.place_all(m, kernel.array(placed))
    cost, hard, _ = layout.part(m, layout.TOTAL, 3)
    return cost, hard


def agreed(made: Problem, placed: list[int]) -> Verdict:
    """The judge's word on these days, once it is that of the search's books."""
    verdict = check(made, board_of(made, placed))
    cost, hard = books(made, placed)
    assert (hard == 0) == (not verdict.hard), (verdict.hard, hard)
    assert cost <= verdict.cost  # light and order may ask for a longer way round a day's locations
    free = replace(made, rules=made.rules.without("move_cost").without("travel_cost"))
    assert books(free, placed)[0] == verdict.cost - verdict.of("move_cost")
    return verdict
