"""Is a script read right: its scenes with their numbers, their lengths, the days of its story? No model is asked."""

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from assistant.continuity.days import script_days
from assistant.errors import AssistantError
from assistant.screenplay import parse
from evals.core import Output, Place, Sample, Score, Solver, Task

DATA = Path(__file__).parents[1] / "data"
STATED = ("rearview-fdx/REARVIEW - 02-22-26 final draft changes.fdx", "examples/the-ferry/the-ferry.fdx")
"""Saved by Final Draft; another program's export of the first states other lengths, rounded to the nearest."""
_LENGTH = re.compile(r' Length="[^"]*"')


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Rows of a data file without the line that tells where they come from."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [row for row in rows if "provenance" not in row]


def parsing_samples(place: Place) -> list[Sample]:
    """Short scripts made for this, and the scenes a reader counts in them."""
    return [
        Sample(row["id"], {"file": row["file"], "text": row["text"]}, row["scenes"])
        for row in rows_of(DATA / "parsing.jsonl")
    ]


def eighths_samples(place: Place) -> list[Sample]:
    """Every scene of Final Draft files, with the length that Final Draft wrote into them."""
    found = []
    for script in STATED:
        if (file := place.find(script)) is not None:
            found += [
                Sample(f"{file.stem}/{scene.ordinal}", {"script": script, "ordinal": scene.ordinal}, scene.eighths)
                for scene in parse(file).scenes
                if scene.eighths_source == "fdx"
            ]
    return found


def days_samples(place: Place) -> list[Sample]:
    """Every scene of annotated scripts, with its day of the story."""
    return [
        Sample(f"{row['script']}/{ordinal}", {"script": row["file"], "ordinal": int(ordinal)}, day)
        for row in rows_of(DATA / "continuity_days.jsonl")
        if place.find(row["file"]) is not None
        for ordinal, day in row["days"].items()
    ]


def _timed(answer: Callable[[Sample], Any]) -> Solver:
    def solve(sample: Sample) -> Output:
        began = perf_counter()
        try:
            found = answer(sample)
        except AssistantError as error:
            return Output([], error=error.sentence)
        return Output(found, latency_s=round(perf_counter() - began, 4))

    return solve


@contextmanager
def parsing_solver(place: Place, model: str, folder: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
    """Our readers."""
    with tempfile.TemporaryDirectory() as scratch:

        def answer(sample: Sample) -> list[list[str | None]]:
            path = Path(scratch) / sample.input["file"]
            path.write_text(sample.input["text"], encoding="utf-8")
            return [[scene.number, scene.heading.text] for scene in parse(path).scenes]

        yield _timed(answer)


@contextmanager
def eighths_solver(place: Place, model: str, folder: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
    """Lengths computed by our rule, with those that are written in the file taken out of it."""
    with tempfile.TemporaryDirectory() as scratch:
        computed = {}
        for script in {sample.input["script"] for sample in wanted}:
            file = place.find(script)
            if file is not None:
                bare = Path(scratch) / file.name
                bare.write_text(_LENGTH.sub("", file.read_text(encoding="utf-8")), encoding="utf-8")
                computed[script] = {scene.ordinal: scene.eighths for scene in parse(bare).scenes}
        yield _timed(lambda sample: computed[sample.input["script"]][sample.input["ordinal"]])


@contextmanager
def days_solver(place: Place, model: str, folder: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
    """Our rules for script days."""
    told = {}
    for script in {sample.input["script"] for sample in wanted}:
        if (file := place.find(script)) is not None:
            told[script] = {day.scene: day.label for day in script_days(parse(file))}
    yield _timed(lambda sample: told[sample.input["script"]].get(sample.input["ordinal"], ""))


def scenes_scorer(sample: Sample, output: Output) -> Score:
    """Numbers and headings as a reader counts them, exactly."""
    wanted, given = [tuple(row) for row in sample.target], [tuple(row) for row in output.answer]
    right = len(set(wanted) & set(given))
    parts = {"found": right, "wanted": len(wanted), "right": right, "claimed": len(given)}
    return Score(float(wanted == given), parts, tuple(f"differs: {row}" for row in set(wanted) ^ set(given)))


def same(sample: Sample, output: Output) -> Score:
    """Equal or not."""
    ok = output.answer == sample.target
    return Score(float(ok), {}, () if ok else (f"wanted {sample.target}, got {output.answer}",))


PARSING = Task("parsing", "scenes and their numbers", parsing_samples, parsing_solver, scenes_scorer)
EIGHTHS = Task("eighths", "computed lengths against Final Draft's own", eighths_samples, eighths_solver, same)
DAYS = Task("script-days", "the day of the story of each scene", days_samples, days_solver, same)
