"""A production's own eval: what people accepted, corrected and rejected there, kept in its folder and nowhere else."""

import dataclasses
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.app import App
from assistant.domain.breakdown import Element
from assistant.settings import DATA_FOLDER
from evals.core import Output, Place, Sample, Score, Solver, Task
from evals.scorers.elements import Reference, same_name
from evals.sets import breakdown

NAME = "review"
SET = Path(DATA_FOLDER) / "evals" / "breakdown.jsonl"
RUNS = Path(DATA_FOLDER) / "evals" / "runs"


def write(folder: Path) -> tuple[Path, int]:
    """Put the current draft's decisions into the production's own set; returns where, and how many scenes."""
    app = App.open(folder)
    draft = app.store.current_draft()
    path = folder / SET
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = []
    for scene, elements in _by_scene(app.store.breakdown(draft.seq).elements).items():
        sides: dict[str, list[list[str | None]]] = {"must": [], "may": [], "rejected": []}
        for item in elements:
            sides[_side(item)].append([item.category.value, item.name, None, None])
        if sides["must"] or sides["rejected"]:
            rows.append({"ordinal": scene, "draft": draft.sha256, **sides})
    head = {"provenance": "Decisions of this production's own people; private to it.", "draft": draft.seq}
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in [head, *rows])
    path.write_text(text, encoding="utf-8")
    return path, len(rows)


def _by_scene(elements: Sequence[Element]) -> dict[int, list[Element]]:
    found: dict[int, list[Element]] = defaultdict(list)
    for item in elements:
        found[item.scene].append(item)
    return found


def _side(item: Element) -> str:
    """What is accepted or corrected is wanted, what is rejected is wrong, the rest nobody has judged."""
    return {"accepted": "must", "edited": "must", "rejected": "rejected"}.get(item.status, "may")


def place(folder: Path, root: Path) -> Place:
    """The production's own rows and rules about its text: an eval sends it nowhere that work would not."""
    app = App.open(folder)
    chosen = app.settings
    settings: dict[str, dict[str, Any]] = {
        "production": {"data_class": chosen.production.data_class},
        "models": {
            "regions": list(chosen.models.regions),
            "on_prem_only": chosen.models.on_prem_only,
            "forbid": list(chosen.models.forbid),
        },
    }
    from assistant.wiring import production_models

    rows = production_models(chosen, folder)
    return Place(root, None, rows if rows.is_file() else None, settings)


def task(folder: Path) -> Task:
    """The set as a task; scored only on what people have judged."""

    def samples(place: Place) -> list[Sample]:
        rows = [json.loads(line) for line in (folder / SET).read_text(encoding="utf-8").splitlines()]
        return [
            Sample(
                f"{row['draft'][:8]}/{row['ordinal']}",
                {"draft": row["draft"], "ordinal": row["ordinal"]},
                {side: row[side] for side in ("must", "may", "rejected")},
            )
            for row in rows
            if "ordinal" in row
        ]

    @contextmanager
    def solver(place: Place, model: str, runs: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
        originals = App.open(folder).originals
        with breakdown.solver(place, model, runs, wanted) as asked:

            def solve(sample: Sample) -> Output:
                given = {"script": str(originals.path(sample.input["draft"])), "ordinal": sample.input["ordinal"]}
                return asked(Sample(sample.id, given, sample.target))

            yield solve

    return dataclasses.replace(breakdown.TASK, name=NAME, samples=samples, open=solver, scorer=scorer)


def scorer(sample: Sample, output: Output) -> Score:
    """As for annotated scenes, without the claims on which nobody has said a word."""
    judged = [row for row in sample.target["must"] + sample.target["rejected"]]
    kept = [row for row in output.answer if any(_same(row, other) for other in judged)]
    return breakdown.scorer(sample, dataclasses.replace(output, answer=kept))


def _same(claim: Sequence[Any], other: Sequence[Any]) -> bool:
    from assistant.domain.categories import Category

    category = Category(other[0])
    element = breakdown.claim(claim)
    return Reference(category, other[1]).matches(element) or (claim[0] == other[0] and same_name(claim[1], other[1]))
