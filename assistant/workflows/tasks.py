"""Scenes as tasks: what a model is told about each, and the key that says whether it was answered before."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from assistant.breakdown import RULES_VERSION, named_animals
from assistant.domain.breakdown import Element, SceneBreakdown, SceneFacts
from assistant.domain.categories import Category
from assistant.domain.characters import Character
from assistant.domain.screenplay import Scene, Screenplay
from assistant.llm import Llm
from assistant.screenplay import characters
from assistant.store import Result
from assistant.store.codec import dump, load
from assistant.workflows.background import backgrounds
from assistant.workflows.state import Context, Material, SceneTask

PROMPT = "breakdown/scene"
PROMPTS = {"breakdown": PROMPT, "synopsis": "synopsis/scene"}


def material(context: Context, seq: int) -> Material:
    """A draft's scenes with the facts the parser has of each; omitted scenes need nothing."""
    if seq not in context.materials:
        script = context.store.screenplay(seq)
        people = characters(script)
        now = standing(context.llm)
        glossary = {**_animals(script, people), **context.glossary}
        telling = backgrounds(context, script)
        tasks = tuple(
            _task(scene, script, people, _Means(glossary, telling, now)) for scene in script.scenes if not scene.omitted
        )
        context.materials[seq] = Material(script, tasks, people)
    return context.materials[seq]


def kept(task: SceneTask, breakdown: SceneBreakdown, model: str, attempt: str, problem: str = "") -> Result:
    """A finished scene as it goes into the result ledger: lines counted from the scene's own first.

    `problem` says why no model's answer was taken as it is, "" when one was.
    """
    at = {line.number: index for index, line in enumerate(task.scene.lines)}
    rows = []
    for element in breakdown.elements:
        row = dump(element)
        row["evidence"]["line"] = at[element.evidence.line]
        rows.append(row)
    body = {"elements": rows, "rejected": breakdown.rejected, "synopsis": breakdown.synopsis}
    if problem:
        body["problem"] = problem
    return Result(task.key, "breakdown", body, model, attempt)


def restored(task: SceneTask, result: Result) -> SceneBreakdown:
    """The inverse of `kept`, for the scene as it stands in this draft."""
    elements = []
    for row in result.body["elements"]:
        line = task.scene.lines[row["evidence"]["line"]].number
        place = {"scene": task.scene.ordinal, "line": line}
        elements.append(load(Element, {**row, "scene": task.scene.ordinal, "evidence": {**row["evidence"], **place}}))
    return SceneBreakdown(task.scene.ordinal, tuple(elements), result.body["rejected"], result.body["synopsis"])


def standing(llm: Llm, task: str = "breakdown") -> str:
    """Everything besides the script that an answer depends on: model, prompt, precision, rules."""
    chosen = llm.plan(task).chosen
    model = chosen.row.id if chosen else "nobody"
    return f"{model}|{llm.prompt_version(PROMPTS[task])}|{llm.policy.precision}|{RULES_VERSION}"


def _animals(script: Screenplay, people: Sequence[Character]) -> dict[str, Category]:
    """Named animals of the whole script: one that is introduced in one scene is called by its name in the others."""
    actions = (line.text for scene in script.scenes for line in scene.lines if line.kind == "action")
    speaking = {person.name for person in people if person.speaking}
    names = named_animals(actions, script.language)
    return {name.casefold(): Category.ANIMALS for name in names if name not in speaking}


class _Means(NamedTuple):
    glossary: Mapping[str, Category]
    telling: Callable[[Scene, Sequence[str]], str]
    standing: str


def _task(scene: Scene, script: Screenplay, people: Sequence[Character], means: _Means) -> SceneTask:
    names = tuple(person.name for person in people if scene.ordinal in person.scenes)
    text = scene.text.casefold()
    glossary = {word.casefold(): category for word, category in means.glossary.items() if word.casefold() in text}
    facts = SceneFacts(names, script.language, glossary)
    background = means.telling(scene, names)
    parts = [scene.content_hash, sorted(names), script.language, sorted(glossary.items()), background, means.standing]
    key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return SceneTask(scene, facts, key, background)
