"""Are passages found, and are questions answered, refused and cited as a reader of the scripts would have it?"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.app import App
from assistant.domain.answers import Answer
from assistant.knowledge.bm25 import Bm25
from assistant.knowledge.cite import normal
from assistant.workflows.talk import Talk

QUESTIONS = [Path(__file__).parent / "data" / name for name in ("questions.jsonl", "questions_examples.jsonl")]
DEPTHS = (1, 3, 5, 10)


def questions() -> list[dict[str, Any]]:
    """The questions with their gold, made by reading the scripts."""
    lines = [line for path in QUESTIONS for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [row for row in map(json.loads, lines) if "provenance" not in row]


def rankings(app: App, question: str, language: str = "en") -> dict[str, list[str]]:
    """Scenes in the order found: by words, by vectors, by both."""
    knowledge = app.knowledge
    passages = {passage.id: passage for passage in knowledge.passages()}
    words = Bm25([(item.id, item.text) for item in passages.values()], language).search(question, 60)
    vectors = knowledge.by_vectors(question, 60)
    fused = [found.passage.id for found in knowledge.search(question, 60, language)]
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
