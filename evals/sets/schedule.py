"""Are boards legal by the independent judge, and how near the bound is their cost? Small fixed problems."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from assistant.domain.schedule import Performer, Problem, ShootDay, Strip
from assistant.schedule import Stop, check, solve
from assistant.schedule.rules import load_pack
from evals.core import Output, Place, Sample, Score, Solver, Task

TRIES = 20_000
MONDAY = date(2027, 3, 1)
KINDS = [(seed, scenes) for scenes in (6, 10, 16) for seed in (1, 2, 3, 4)]


def samples(place: Place) -> list[Sample]:
    """Boards of 6, 10 and 16 strips drawn from fixed seeds."""
    return [Sample(f"{scenes} strips, seed {seed}", {"seed": seed, "scenes": scenes}, None) for seed, scenes in KINDS]


def problem(seed: int, scenes: int) -> Problem:
    """A board by its seed: five sets at three locations, five roles, days and nights."""
    rng = random.Random(seed)
    strips = tuple(_strip(at + 1, rng) for at in range(scenes))
    people = sorted({person for strip in strips for person in strip.cast})
    cast = tuple(Performer(person, f"ROLE {person}", wage=100 * int(person)) for person in people)
    every = (MONDAY + timedelta(days=at) for at in range(4 * scenes))
    days = tuple(ShootDay(day) for day in every if day.weekday() < 5)[:scenes]
    pack = load_pack("feature").with_value("day_target", 24)
    return Problem(strips, days, cast, pack)


def _strip(scene: int, rng: random.Random) -> Strip:
    place = rng.choice(("HOUSE", "BAR", "ROAD"))
    eighths = rng.randint(1, 12)
    cast = tuple(sorted(rng.sample(["1", "2", "3", "4", "5"], rng.randint(1, 3))))
    made = Strip(scene, str(scene), eighths, eighths * 12, f"{place} - {rng.choice('AB')}", place, cast=cast)
    return replace(made, band=rng.choice(("D", "D", "N")))


@contextmanager
def solver(place: Place, model: str, folder: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
    """Our search with a fixed number of tries, so that the same board comes out everywhere."""

    def made(sample: Sample) -> Output:
        began = perf_counter()
        given = problem(sample.input["seed"], sample.input["scenes"])
        result = solve(given, Stop(seconds=None, tries=TRIES), seed=0)
        if result.schedule is None:
            return Output({}, error="no board")
        verdict = check(given, result.schedule)
        answer = {
            "cost": verdict.cost,
            "broken": len(verdict.hard),
            "bound": result.bound.value,
            "days": [list(day.scenes) for day in result.schedule.days],
        }
        return Output(answer, latency_s=round(perf_counter() - began, 3))

    yield made


def scorer(sample: Sample, output: Output) -> Score:
    """Bound over cost, 0 for a board that breaks a rule."""
    found = output.answer
    if found["broken"]:
        return Score(0.0, {}, (f"{found['broken']} rules broken",))
    return Score(min(1.0, found["bound"] / found["cost"]) if found["cost"] else 1.0)


TASK = Task("schedule", "boards by the judge: legal, and how near the bound", samples, solver, scorer)
