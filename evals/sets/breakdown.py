"""Does a model find in a scene what people found by reading it? One sample a scene, asked as in production."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.app import App
from assistant.domain.breakdown import Element, Quote
from assistant.domain.categories import Category
from assistant.screenplay import parse
from assistant.workflows.asking import ask_scene
from assistant.workflows.state import SceneTask
from assistant.workflows.tasks import material, restored
from evals import bench
from evals.core import Output, Place, Sample, Score, Solver, Task
from evals.scorers.elements import GoldScene, Reference, load, score
from routers.errors import RouterError

DATA = Path(__file__).parents[1] / "data"
GOLD: dict[str, tuple[str, str | Path]] = {
    "the-ferry": ("examples/the-ferry/the-ferry.fountain", DATA / "breakdown_the_ferry.jsonl"),
    "tranvia": ("examples/el-ultimo-tranvia/el-ultimo-tranvia.fountain", DATA / "breakdown_el_ultimo_tranvia.jsonl"),
    "seoul": ("seoul-identity/seoul-identity.fountain", "../gold/breakdown_seoul_identity.json"),
    "printing": ("printing-trouble/printing_trouble.fountain", DATA / "breakdown_printing_trouble.jsonl"),
    "rearview": ("rearview-fdx/REARVIEW - 02-22-26.fdx", DATA / "breakdown_rearview.jsonl"),
    "rearview-held-out": ("rearview-fdx/REARVIEW - 02-22-26.fdx", DATA / "breakdown_rearview_held_out.jsonl"),
}


def samples(place: Place) -> list[Sample]:
    """Every annotated scene whose script is here."""
    found = []
    for name, (script, gold) in GOLD.items():
        path = gold if isinstance(gold, Path) else place.find(gold)
        file = place.find(script)
        if file is None or path is None:
            continue
        texts = {scene.ordinal: scene.text for scene in parse(file).scenes}
        for scene in load(path):
            given = {"script": script, "ordinal": scene.ordinal, "scene": texts[scene.ordinal]}
            found.append(Sample(f"{name}/{scene.id}", given, _target(scene)))
    return found


def _target(scene: GoldScene) -> dict[str, Any]:
    return {"must": [_plain(item) for item in scene.must], "may": [_plain(item) for item in scene.may]}


def _plain(item: Reference) -> list[str | None]:
    return [item.category.value, item.name, item.also, item.also_category.value if item.also_category else None]


@contextmanager
def solver(place: Place, model: str, folder: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
    """The breakdown workflow's own question for a scene, to one model; what it did not say itself is left out."""
    with bench.production(place, "breakdown", model) as app:
        read: dict[str, dict[int, SceneTask]] = {}

        def solve(sample: Sample) -> Output:
            script = sample.input["script"]
            if script not in read:
                file = place.find(script)
                if file is None:
                    return Output([], error=f"{script} is not here")
                read[script] = tasks_of(app, file)
            return asked(app, read[script][sample.input["ordinal"]], model)

        yield solve


def tasks_of(app: App, file: Path) -> dict[int, SceneTask]:
    """A script's scenes as they are put to a model, by ordinal."""
    draft = app.ingest(file)
    return {task.scene.ordinal: task for task in material(app.context(), draft.seq).tasks}


def asked(app: App, task: SceneTask, model: str) -> Output:
    """One scene asked of the pinned model: what of its own claims stands."""
    run, context = bench.run_id(), app.context()
    room = app.llm.room("breakdown")
    if room is None:
        return Output([], error=f"{model} may not be asked: {app.llm.plan('breakdown').why}")
    try:
        result = ask_scene(task, context, run, room)
    except RouterError as error:
        return bench.output(app, run, [], error.sentence)
    own = [item for item in restored(task, result).elements if item.source.model == model]
    return bench.output(app, run, [[item.category.value, item.name, item.evidence.text] for item in own])


def scorer(sample: Sample, output: Output) -> Score:
    """Precision and recall by head nouns; `must` is wanted, `may` does no harm."""
    must, may = (tuple(_reference(row) for row in sample.target[key]) for key in ("must", "may"))
    scene = GoldScene(sample.id, "", 1, must, may)
    claims = [claim(row) for row in output.answer]
    total = score([scene], {1: claims})
    parts = {
        "found": float(total.found),
        "wanted": float(total.wanted),
        "right": float(total.right),
        "claimed": float(total.claimed),
    }
    missed = [f"missed {item.category.value}: {item.name}" for _, item in total.missed]
    extra = [f"invented {item.category.value}: {item.name} | {item.evidence.text}" for item in total.extra]
    return Score(total.f1, parts, tuple(missed + extra))


def judged(target: Mapping[str, Any], answer: Sequence[Sequence[Any]]) -> list[tuple[str, bool]]:
    """Each claimed element's category, and whether a reader has it too."""
    known = [_reference(row) for side in ("must", "may") for row in target[side]]
    return [(row[0], any(item.matches(claim(row)) for item in known)) for row in answer]


def claim(row: Sequence[Any]) -> Element:
    """An answer's category, name and quote as an element."""
    return Element(1, Category(row[0]), row[1], Quote(1, 1, row[2]))


def _reference(row: Sequence[str | None]) -> Reference:
    category, name, also, also_category = row
    return Reference(Category(category or ""), name or "", also, Category(also_category) if also_category else None)


TASK = Task(
    "breakdown",
    "elements of annotated scenes against two readings",
    samples,
    solver,
    scorer,
    "f1",
    "breakdown",
    "breakdown/scene",
    (1700, 700),
)
