"""Does a scene's synopsis rest on words of the scene, and name nobody who is not in it? Nothing here judges style."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.app import App
from assistant.breakdown.synopsis import SceneSynopsis, faults
from assistant.screenplay import characters, parse
from assistant.workflows.extras import ask_synopsis
from assistant.workflows.state import SceneTask
from assistant.workflows.tasks import material
from evals import bench
from evals.core import Output, Place, Sample, Score, Solver, Task
from routers.errors import RouterError

SCRIPTS = (
    "examples/the-ferry/the-ferry.fountain",
    "examples/el-ultimo-tranvia/el-ultimo-tranvia.fountain",
    "printing-trouble/printing_trouble.fountain",
)


def samples(place: Place) -> list[Sample]:
    """Every scene that the writer gave no synopsis."""
    found = []
    for script in SCRIPTS:
        file = place.find(script)
        if file is None:
            continue
        read = parse(file)
        names = [one.name for one in characters(read)]
        for scene in read.scenes:
            if not scene.synopsis and not scene.omitted:
                given = {"script": script, "ordinal": scene.ordinal}
                found.append(Sample(f"{file.stem}/{scene.label}", given, {"text": scene.text, "names": names}))
    return found


@contextmanager
def solver(place: Place, model: str, folder: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
    """The workflow's own question; where the built-in answer had to stand in, the model gave none."""
    with bench.production(place, "synopsis", model) as app:
        read: dict[str, tuple[dict[int, SceneTask], list[str]]] = {}

        def solve(sample: Sample) -> Output:
            script = sample.input["script"]
            file = place.find(script)
            if file is None:
                return Output({}, error=f"{script} is not here")
            if script not in read:
                found = material(app.context(), app.ingest(file).seq)
                read[script] = ({t.scene.ordinal: t for t in found.tasks}, [one.name for one in found.characters])
            tasks, names = read[script]
            return _asked(app, tasks[sample.input["ordinal"]], names, model)

        yield solve


def _asked(app: App, task: SceneTask, names: list[str], model: str) -> Output:
    run = bench.run_id()
    try:
        told, by, _ = ask_synopsis(task, app.context(), names, run)
    except RouterError as error:
        return bench.output(app, run, {}, error.sentence)
    elsewhere = [name for name in names if name not in task.facts.characters]
    wrong = faults(task.scene, told, elsewhere) if by == model else ("the model gave none that stands",)
    return bench.output(app, run, {**SceneSynopsis.model_dump(told), "faults": list(wrong)})


def scorer(sample: Sample, output: Output) -> Score:
    """1 when it stands: its quotes are the scene's, its people are there, it is one line."""
    wrong = tuple(output.answer.get("faults", ("no answer",)))
    return Score(float(not wrong), {}, wrong)


TASK = Task(
    "synopsis",
    "synopses that rest on quotes of the scene",
    samples,
    solver,
    scorer,
    routed="synopsis",
    prompt="synopsis/scene",
    tokens=(900, 80),
)
