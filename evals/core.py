"""The nouns of an eval, and running one: a task's samples are solved and scored, and each result is kept at once."""

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

BUILT_IN = "builtin/rules"
KEPT = "samples.jsonl"  # results as they come
Reducer = Literal["mean", "f1"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One thing to be solved, and what a reader says is right."""

    id: str
    input: Mapping[str, Any]
    target: Any


@dataclass(frozen=True, slots=True)
class Output:
    """What came of a sample. `stated` is how sure the solver says it is; None where it does not say."""

    answer: Any
    cost_usd: float = 0.0
    latency_s: float = 0.0
    attempts: int = 1
    error: str = ""
    stated: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """How good one output is, 0 to 1. `parts` are the counts behind it: found, wanted, right, claimed."""

    value: float
    parts: Mapping[str, float] = field(default_factory=dict)
    why: tuple[str, ...] = ()


Solver = Callable[[Sample], Output]
Scorer = Callable[[Sample, Output], Score]
Opened = AbstractContextManager[Solver]


@dataclass(frozen=True, slots=True)
class Task:
    """A data set, a way to solve it with any model, and a scorer.

    `open` is given the model, a folder to work in and the samples. `routed` is the router's name for the task and
    `prompt` the prompt that asks for it; both empty where no model is asked.
    """

    name: str
    about: str
    samples: Callable[["Place"], list[Sample]]
    open: Callable[["Place", str, Path, Sequence[Sample]], Opened]
    scorer: Scorer
    reducer: Reducer = "mean"
    routed: str = ""
    prompt: str = ""
    tokens: tuple[int, int] = (0, 0)  # in and out for a usual sample, to say beforehand what a run may cost
    built_in: bool = True  # can the built-in model do it?


@dataclass(frozen=True, slots=True)
class Place:
    """Where scripts lie: the project's own, and a folder of others where one is given."""

    root: Path
    scripts: Path | None = None
    models: Path | None = None  # registry rows of one's own
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # over those of an eval's production

    def find(self, name: str) -> Path | None:
        """A script by its path under either; None where it is not here."""
        for base in (self.root, self.scripts):
            if base is not None and (base / name).is_file():
                return base / name
        return None


@dataclass(frozen=True, slots=True)
class Row:
    """A sample's result as it is kept."""

    sample: str
    score: Score
    output: Output
    input: Mapping[str, Any] = field(default_factory=dict)
    target: Any = None


@dataclass(slots=True)
class Log:
    """One run of one task by one model; complete in itself."""

    task: str
    model: str
    reducer: Reducer
    prompt: str
    data: str
    seed: int
    rows: list[Row]
    total: int = 0

    @property
    def value(self) -> float:
        """The task's figure over all rows."""
        return reduced([row.score for row in self.rows], self.reducer)

    @property
    def cost_usd(self) -> float:
        return sum(row.output.cost_usd for row in self.rows)

    @property
    def done(self) -> bool:
        return len(self.rows) >= self.total

    def as_json(self) -> dict[str, Any]:
        """Everything, ready to be written."""
        return {"schema": "pa.eval/1", "value": self.value, "cost_usd": self.cost_usd, **asdict(self)}


def reduced(scores: Sequence[Score], reducer: Reducer) -> float:
    """Mean of the values, or F1 over the counts of all."""
    if not scores:
        return 0.0
    if reducer == "mean":
        return sum(score.value for score in scores) / len(scores)
    sums = {name: sum(score.parts.get(name, 0.0) for score in scores) for name in PARTS}
    return f1(sums)


PARTS = ("found", "wanted", "right", "claimed")


def f1(parts: Mapping[str, float]) -> float:
    """Harmonic mean of recall and precision; nothing wanted and nothing claimed is right."""
    recall = parts["found"] / parts["wanted"] if parts["wanted"] else 1.0
    precision = parts["right"] / parts["claimed"] if parts["claimed"] else 1.0
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def picked(samples: Sequence[Sample], limit: int | None, seed: int) -> list[Sample]:
    """All, or so many drawn at random; the same for the same seed, in the data's order."""
    if limit is None or limit >= len(samples):
        return list(samples)
    chosen = sorted(random.Random(seed).sample(range(len(samples)), limit))
    return [samples[at] for at in chosen]


def version(samples: Sequence[Sample]) -> str:
    """Names the data: changes when a sample or its target does."""
    rows = [[item.id, dict(item.input), item.target] for item in samples]
    text = json.dumps(rows, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be run: which task, by whom, on how many samples, drawn how, kept where."""

    task: Task
    model: str
    folder: Path
    limit: int | None = None
    seed: int = 0
    prompt: str = ""


def run(order: Order, place: Place, heard: Callable[[Row], None] = lambda row: None) -> Log:
    """Solve and score what an earlier run of the same order has not; every result is on disk before the next."""
    task = order.task
    every = task.samples(place)
    samples = picked(every, order.limit, order.seed)
    log = Log(task.name, order.model, task.reducer, order.prompt, version(every), order.seed, [], len(samples))
    head = _head(order, log.data)
    order.folder.mkdir(parents=True, exist_ok=True)
    path = order.folder / KEPT
    known = {row.sample: row for row in _kept(path, head)}
    left = [item for item in samples if item.id not in known]
    if left:
        with task.open(place, order.model, order.folder, left) as solver, path.open("a", encoding="utf-8") as file:
            for sample in left:
                began = perf_counter()
                output = solver(sample)
                if not output.latency_s:
                    output = replace(output, latency_s=round(perf_counter() - began, 4))
                score = Score(0.0, _missed(task, sample)) if output.error else task.scorer(sample, output)
                known[sample.id] = Row(sample.id, score, output, sample.input, sample.target)
                file.write(json.dumps(asdict(known[sample.id]), ensure_ascii=False, default=str) + "\n")
                file.flush()
                heard(known[sample.id])
    log.rows = [known[item.id] for item in samples]
    return log


def remaining(order: Order, place: Place) -> list[Sample]:
    """What a run of this order would still ask; nothing is touched."""
    every = order.task.samples(place)
    path, wanted = order.folder / KEPT, picked(every, order.limit, order.seed)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.is_file() else []
    if not lines or lines[0].strip() != json.dumps(_head(order, version(every))):
        return wanted
    done = {json.loads(line)["sample"] for line in lines[1:] if line.endswith("\n")}
    return [item for item in wanted if item.id not in done]


def _head(order: Order, data: str) -> list[str]:
    return [order.task.name, order.model, order.prompt, data]


def _missed(task: Task, sample: Sample) -> Mapping[str, float]:
    """An answer that never came finds nothing of what was wanted."""
    if task.reducer == "mean":
        return {}
    return {**dict(task.scorer(sample, Output([])).parts), "found": 0.0, "right": 0.0}


def _kept(path: Path, head: list[str]) -> Iterator[Row]:
    """Results of an earlier run; one of other data, model or prompt is put aside. A torn last line is dropped."""
    if path.is_file():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        if lines and lines[0].strip() == json.dumps(head):
            whole = [line for line in lines if line.endswith("\n")]
            path.write_text("".join(whole), encoding="utf-8")
            return (row_from(json.loads(line)) for line in whole[1:])
        path.replace(path.with_suffix(".old"))
    path.write_text(json.dumps(head) + "\n", encoding="utf-8")
    return iter(())


def row_from(data: Mapping[str, Any]) -> Row:
    """The inverse of writing one."""
    score, output = data["score"], data["output"]
    return Row(
        data["sample"],
        Score(score["value"], score["parts"], tuple(score["why"])),
        Output(**output),
        data["input"],
        data["target"],
    )


def log_from(data: Mapping[str, Any]) -> Log:
    """A log that was written with `as_json`."""
    names = ("task", "model", "reducer", "prompt", "data", "seed", "total")
    head = {name: data[name] for name in names}
    return Log(rows=[row_from(row) for row in data["rows"]], **head)
