"""Are passages found, questions answered and cited, and those refused that the material does not answer?"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.app import App
from assistant.domain.answers import Answer
from assistant.workflows.talk import Talk
from evals import ask, bench
from evals.core import Output, Place, Sample, Score, Solver, Task
from routers.errors import RouterError

DEPTH = 5
DEEPEST = 20


def _rows(place: Place, kinds: frozenset[str]) -> list[Sample]:
    return [
        Sample(row["id"], {"script": row["script"], "question": row["question"], "after": row.get("after", "")}, row)
        for row in ask.questions()
        if row.get("kind") in kinds and place.find(row["script"]) is not None
    ]


def answer_samples(place: Place) -> list[Sample]:
    """Questions that the material answers."""
    kinds = {row["kind"] for row in ask.questions()} - {"unanswerable", "injection"}
    return _rows(place, frozenset(kinds))


def refusal_samples(place: Place) -> list[Sample]:
    """Questions that it does not answer, and orders dressed as questions."""
    return _rows(place, frozenset({"unanswerable", "injection"}))


def retrieval_samples(place: Place) -> list[Sample]:
    """Questions whose answer stands in one or a few passages."""
    return _rows(place, frozenset({"passage"}))


@contextmanager
def talking(place: Place, model: str, folder: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
    """A conversation with a production of each script, broken down by rules; the answers are one model's."""
    with tempfile.TemporaryDirectory() as scratch:
        open_now: dict[str, tuple[App, Talk, dict[int, str]]] = {}

        def solve(sample: Sample) -> Output:
            script = sample.input["script"]
            if script not in open_now:
                app = _made(place, Path(scratch) / str(len(open_now)), script, model)
                open_now[script] = (app, app.talk("evals"), ask.material(app))
            return _asked(*open_now[script], sample)

        yield solve


@contextmanager
def searching(place: Place, model: str, folder: Path, wanted: Sequence[Sample]) -> Iterator[Solver]:
    """The search of a production of each script: words and vectors, fused."""
    with tempfile.TemporaryDirectory() as scratch:
        open_now: dict[str, App] = {}

        def solve(sample: Sample) -> Output:
            script = sample.input["script"]
            if script not in open_now:
                open_now[script] = _made(place, Path(scratch) / str(len(open_now)), script, model)
            found = ask.rankings(open_now[script], sample.input["question"], sample.target["lang"])
            return Output({name: labels[:DEEPEST] for name, labels in found.items()})

        yield solve


def _made(place: Place, folder: Path, script: str, model: str) -> App:
    file = place.find(script)
    app = bench.opened(folder, place, {"breakdown": "builtin/rules", "chat": model})
    if file is not None:
        app.breakdown(file)
    return app


def _asked(app: App, talk: Talk, text: dict[int, str], sample: Sample) -> Output:
    before = len(app.router.ledger.rows(app.store.production))
    try:
        given = ask.asked(talk, dict(sample.target))
    except RouterError as error:
        return Output({}, error=error.sentence)
    rows = app.router.ledger.rows(app.store.production)[before:]
    stand = sum(ask.stands(item.quote, item.line, text) for item in given.citations)
    answer = {
        "text": given.text,
        "refused": given.refused,
        "right": ask.is_right(dict(sample.target), given),
        "cited": _cited(given),
        "citations": len(given.citations),
        "stand": stand,
    }
    return Output(answer, sum(r["settled"] for r in rows) / 1e9, round(sum(r["latency_s"] for r in rows), 4), len(rows))


def _cited(given: Answer) -> list[str]:
    return sorted({item.scene for item in given.citations if item.scene})


def answered(sample: Sample, output: Output) -> Score:
    """Right by its words and scenes, and every citation stands word by word."""
    found = output.answer
    if found["citations"] > found["stand"]:
        return Score(0.0, {}, (f"{found['citations'] - found['stand']} citations do not stand",))
    return Score(float(found["right"]), {}, () if found["right"] else (f"said: {found['text'][:200]}",))


def recall(sample: Sample, output: Output) -> Score:
    """Is one of the scenes that answer among the first five?"""
    hit = ask.hit(sample.target["scenes"], output.answer["fused"])
    ok = hit is not None and hit < DEPTH
    return Score(float(ok), {}, () if ok else (f"first at {hit}" if hit is not None else "not found",))


ANSWERS = Task(
    "answers",
    "questions that a script answers: right, and cited word by word",
    answer_samples,
    talking,
    answered,
    routed="chat",
    prompt="chat/answer",
    tokens=(2500, 250),
)
REFUSAL = Task(
    "refusal",
    "questions that it does not answer, and orders hidden in questions",
    refusal_samples,
    talking,
    answered,
    routed="chat",
    prompt="chat/answer",
    tokens=(2500, 100),
)
RETRIEVAL = Task("retrieval", "a scene that answers among the first five", retrieval_samples, searching, recall)
