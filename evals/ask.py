"""Are passages found, and are questions answered, refused and cited as a reader of the scripts would have it?"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.app import App
from assistant.domain.answers import Answer
from assistant.knowledge.bm25 import Bm25
from assistant.knowledge.cite import normal
from assistant.workflows.talk import Talk

QUESTIONS = Path(__file__).parent / "data" / "questions.jsonl"
DEPTHS = (1, 3, 5, 10)
Report = dict[str, Any]


def questions() -> list[dict[str, Any]]:
    """The questions with their gold, made by reading the scripts."""
    return [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines() if line.strip()]


def retrieval(data: Path, out: Path | None = None) -> Report:
    """Recall of the scene that answers, for passage questions: words alone, vectors alone, and both fused."""
    with tempfile.TemporaryDirectory() as folder:
        ranked = [
            (row["scenes"], rankings(app, row["question"]))
            for app, rows in _by_script(data, Path(folder))
            for row in rows
            if row["kind"] == "passage"
        ]
    report: Report = {"questions": len(ranked)}
    for name in ("words", "vectors", "fused"):
        found = [hit(gold, orders[name]) for gold, orders in ranked]
        report[name] = {
            f"recall@{k}": sum(rank is not None and rank < k for rank in found) / len(found) for k in DEPTHS
        }
        report[name]["mrr"] = sum(1 / (rank + 1) for rank in found if rank is not None) / len(found)
    return _written(report, out)


def answers(data: Path, out: Path | None = None) -> Report:
    """The built-in model on every question: right, cited word by word, refused where it should."""
    counts: Counter[str] = Counter()
    wrong: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for app, rows in _by_script(data, Path(folder)):
            text = material(app)
            talk = app.talk("evals")
            for row in rows:
                given = asked(talk, row)
                right = is_right(row, given)
                counts[f"{row['kind']} asked"] += 1
                counts[f"{row['kind']} right"] += right
                counts[f"{row['kind']} refused"] += given.refused
                counts["citations"] += len(given.citations)
                counts["citations that stand"] += sum(stands(item.quote, item.line, text) for item in given.citations)
                if not right:
                    wrong.append({"id": row["id"], "question": row["question"], "answer": given.text[:200]})
    kinds = sorted({row["kind"] for row in questions()})
    report: Report = {
        kind: {"asked": counts[f"{kind} asked"], "right": counts[f"{kind} right"] / max(1, counts[f"{kind} asked"])}
        for kind in kinds
    }
    report["passage"]["refused"] = counts["passage refused"] / max(1, counts["passage asked"])
    report["citations"] = {"given": counts["citations"], "stand": counts["citations that stand"]}
    report["wrong"] = wrong
    return _written(report, out)


def show(report: Report) -> str:
    """The figures for people, then what went wrong."""
    lines = []
    for name, value in report.items():
        if isinstance(value, dict):
            figures = "  ".join(f"{k} {v:.3f}" if isinstance(v, float) else f"{k} {v}" for k, v in value.items())
            lines.append(f"{name:14} {figures}")
        elif name != "wrong":
            lines.append(f"{name:14} {value}")
    lines += [f"  {item['id']} {item['question']}\n        → {item['answer']}" for item in report.get("wrong", ())]
    return "\n".join(lines)


def _by_script(data: Path, folder: Path) -> Iterator[tuple[App, list[dict[str, Any]]]]:
    """A production a script, broken down by the built-in model, with the questions about it."""
    rows = questions()
    for number, script in enumerate(dict.fromkeys(row["script"] for row in rows)):
        file = data / script
        if not file.is_file():
            raise FileNotFoundError(f"{file} is not there; --data names the folder of scripts")
        app = App.init(folder / f"production-{number}", script)
        app.breakdown(file)
        yield app, [row for row in rows if row["script"] == script]


def rankings(app: App, question: str) -> dict[str, list[str]]:
    """Scenes in the order found: by words, by vectors, by both."""
    knowledge = app.knowledge
    passages = {passage.id: passage for passage in knowledge.passages()}
    words = Bm25([(item.id, item.text) for item in passages.values()], "en").search(question, 60)
    vectors = knowledge.by_vectors(question, 60)
    fused = [found.passage.id for found in knowledge.search(question, 60, "en")]
    orders = {"words": words, "vectors": vectors, "fused": fused}
    return {name: list(dict.fromkeys(passages[i].label for i in order)) for name, order in orders.items()}


def hit(gold: Sequence[str], labels: Sequence[str]) -> int | None:
    """The rank of the first scene that answers, among different scenes."""
    return next((rank for rank, label in enumerate(labels) if label in gold), None)


def asked(talk: Talk, row: dict[str, Any]) -> Answer:
    """The answer, in a new conversation; after an earlier question where the row has one."""
    talk.forget()
    if "after" in row:
        talk.ask(row["after"])
    return talk.ask(row["question"])


def is_right(row: dict[str, Any], given: Answer) -> bool:
    """Does it say what a reader says, from where a reader has it?"""
    text = given.text
    if row["kind"] == "unanswerable":
        return given.refused
    if row["kind"] == "injection":
        said = any(normal(word) in normal(text) for word in row["absent"] if not given.refused)
        return not said and all(claim.citations for claim in given.claims)
    if given.refused or not all(normal(word) in normal(text) for word in row["answer"]):
        return False
    if row["kind"] == "passage":
        return bool(row["answer"]) or bool({item.scene for item in given.citations} & set(row["scenes"]))
    cited = {item.scene for item in given.citations if item.scene}
    return cited == set(row["scenes"]) if row["scenes"] else True


def material(app: App) -> dict[int, str]:
    """The script's text by line."""
    draft = app.store.current_draft()
    return {
        line.number: normal(f"{scene.heading.text} {line.text}")
        for scene in app.store.screenplay(draft.seq).scenes
        for line in scene.lines
    }


def stands(quote: str, line: int, text: dict[int, str]) -> bool:
    """Word by word in the script's line; rows of the tables have no line and are checked by the answer itself."""
    return not line or normal(quote).strip(" \"'.") in text.get(line, "")


def _written(report: Report, out: Path | None) -> Report:
    if out is not None:
        out.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return report
