"""An optional judge model for what no rule can tell, whether a synopsis tells its scene; trusted as far as it agrees
with people."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from assistant.app import App
from assistant.llm import Question
from assistant.screenplay import parse
from evals import bench
from evals.core import Log, Output, Place, Sample, Score, Solver, Task
from evals.sets import synopsis
from evals.sets.reading import DATA, rows_of
from evals.stats import kappa
from routers.errors import RouterError

PROMPT = "judge/synopsis"
LEAST = 0.4  # kappa with people below which a judge is not heard
MOST_TOKENS = 120


class SynopsisVerdict(BaseModel):
    """A judge's answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    good: bool
    why: str = Field(max_length=300)


def samples(place: Place) -> list[Sample]:
    """Synopses that a person has labelled, each with its scene."""
    return [
        Sample(
            f"{Path(row['script']).stem}/{row['scene']}-{number}",
            {"scene": _scenes(place.root / row["script"])[row["scene"]], "synopsis": row["synopsis"]},
            {"good": row["good"], "why": row["why"]},
        )
        for number, row in enumerate(rows_of(DATA / "synopsis_labels.jsonl"))
    ]


@cache
def _scenes(script: Path) -> dict[str, str]:
    return {scene.label: f"{scene.heading.text}\n{scene.text}" for scene in parse(script).scenes}


@contextmanager
def solver(place: Place, model: str, folder: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
    """The judge's word on each."""
    with bench.production(place, "judge", model) as app:
        yield lambda sample: judged(app, sample.input["scene"], sample.input["synopsis"])


def judged(app: App, scene: str, told: str) -> Output:
    """What the judge that the app is pinned to says of one synopsis, with its bill."""
    run = bench.run_id()
    question = Question(PROMPT, {"scene": scene, "synopsis": told}, SynopsisVerdict, max_tokens=MOST_TOKENS, run=run)
    try:
        verdict = app.llm.ask(question).output
    except RouterError as error:
        return bench.output(app, run, {}, error.sentence)
    return bench.output(app, run, verdict.model_dump())


def scorer(sample: Sample, output: Output) -> Score:
    """1 where judge and person agree."""
    said = output.answer["good"]
    ok = said == sample.target["good"]
    return Score(float(ok), {}, () if ok else (f"a person: {sample.target['why']}; the judge: {output.answer['why']}",))


def agreement(log: Log) -> float:
    """Cohen's kappa of a judge with the people who labelled; a synopsis without a verdict agrees with nobody."""
    return kappa([(row.target["good"], row.output.answer.get("good")) for row in log.rows])


def heard_by(model: str) -> Task:
    """The synopsis task with a judge's word on what the rules let stand."""

    @contextmanager
    def both(place: Place, asked: str, folder: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
        with synopsis.solver(place, asked, folder, wanted) as told, bench.production(place, "judge", model) as app:

            def solve(sample: Sample) -> Output:
                output = told(sample)
                if output.error or output.answer.get("faults"):
                    return output
                word = judged(app, sample.target["text"], output.answer["synopsis"])
                answer = {**output.answer, "judge": word.answer | {"model": model}}
                cost, took = output.cost_usd + word.cost_usd, output.latency_s + word.latency_s
                return replace(output, answer=answer, cost_usd=cost, latency_s=took, error=word.error)

            yield solve

    return replace(synopsis.TASK, name=f"{synopsis.TASK.name}-judged", open=both, scorer=_heard)


def _heard(sample: Sample, output: Output) -> Score:
    """1 where the rules let it stand and the judge calls it good."""
    ruled = synopsis.scorer(sample, output)
    word = output.answer.get("judge")
    if not ruled.value or word is None:
        return ruled
    return Score(float(word["good"]), {}, () if word["good"] else (f"the judge: {word['why']}",))


TASK = Task(
    "judge",
    "a judge model's word on labelled synopses, against people's",
    samples,
    solver,
    scorer,
    routed="judge",
    prompt=PROMPT,
    tokens=(900, 60),
    built_in=False,
)
