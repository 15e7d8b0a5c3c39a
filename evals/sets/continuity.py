"""Does a model see what can not be true? Conflicts planted in scripts, one a sample."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.app import App
from assistant.domain.continuity import Conflict
from assistant.llm import SMALL_OUTPUT, SMALL_WINDOW, Room
from assistant.screenplay import characters, parse
from assistant.workflows.continuity import Watching, ask_watch
from assistant.workflows.supervising import reading, restored
from evals import bench
from evals.continuity import hits
from evals.core import Output, Place, Sample, Score, Solver, Task
from evals.data.continuity_mutations import Planted, planted
from routers.errors import RouterError

SCRIPTS = (
    "examples/the-ferry/the-ferry.fountain",
    "seoul-identity/seoul-identity.fountain",
    "printing-trouble/printing_trouble.fountain",
    "bee-detective/BeeDetective.fountain",
    "my-living-memory/my_living_memory.fountain",
    "rearview-fdx/REARVIEW - 02-22-26.fdx",
)
SEED = 11


def samples(place: Place) -> list[Sample]:
    """Two planted conflicts of each kind that finds a place in each script; the kind and the marks are the target."""
    found = []
    for script in SCRIPTS:
        file = place.find(script)
        if file is None:
            continue
        for number, one in enumerate(_planted(file)):
            texts = [one.script.scene(ordinal).text for ordinal in one.scenes]
            given = {"script": script, "number": number, "what": one.what, "scenes": texts}
            target = {"kind": one.kind, "scenes": list(one.scenes)}
            found.append(Sample(f"{file.stem}/{one.kind}-{number}", given, target))
    return found


def _planted(file: Path) -> list[Planted]:
    script = parse(file)
    return planted(script, characters(script), SEED)


@contextmanager
def solver(place: Place, model: str, folder: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
    """The workflow's own question about the scene in which the conflict shows."""
    made: dict[str, list[Planted]] = {}
    with bench.production(place, "continuity", model) as app:

        def solve(sample: Sample) -> Output:
            script = sample.input["script"]
            file = place.find(script)
            if file is None:
                return Output([], error=f"{script} is not here")
            if script not in made:
                made[script] = _planted(file)
            return _asked(app, made[script][sample.input["number"]], sample.id)

        yield solve


def _asked(app: App, one: Planted, name: str) -> Output:
    run = bench.run_id()
    seq = app.store.add_draft(replace(one.script, sha256=bench.run_id()), name).seq
    read = reading(app.context(), seq, {})
    watch = next(item for item in read.watches if item.scene.ordinal == one.scenes[1])
    room = app.llm.room("continuity") or Room(SMALL_WINDOW, SMALL_OUTPUT, False)
    try:
        result = ask_watch(watch, Watching(app.context(), read), run, room)
    except RouterError as error:
        return bench.output(app, run, [], error.sentence)
    told = restored(read, watch, result).conflicts
    return bench.output(app, run, [{"found": hits(one, item), **_row(item)} for item in told])


def _row(item: Conflict) -> dict[str, Any]:
    return {"kind": item.kind, "scenes": list(item.scenes), "what": item.what}


def scorer(sample: Sample, output: Output) -> Score:
    """1 where the planted conflict is among those told."""
    found = any(row["found"] for row in output.answer)
    return Score(float(found), {}, () if found else (f"not seen: {sample.input['what']}",))


TASK = Task(
    "continuity",
    "conflicts planted in scripts, each with its two quotes",
    samples,
    solver,
    scorer,
    routed="continuity",
    prompt="continuity/states",
    tokens=(4000, 400),
)
