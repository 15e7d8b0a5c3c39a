"""What may be asked beside the elements: a synopsis for each scene, and which names of the cast are one person's.

Where no answer can be used, the built-in one takes its place.
"""

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from assistant.breakdown import AliasClaims, SceneSynopsis
from assistant.breakdown.namesakes import aliases, joined, shown
from assistant.breakdown.synopsis import faults, own_words
from assistant.domain.breakdown import MergeProposal
from assistant.domain.screenplay import Scene
from assistant.llm import Question
from assistant.screenplay import alias_proposals
from assistant.store import Result
from assistant.store.synopses import Synopses, Synopsis
from assistant.workflows.asking import BUILT_IN, LANGUAGES
from assistant.workflows.state import Context, Event, Material, SceneTask
from assistant.workflows.tasks import standing
from routers.errors import AnswerUnusable, BudgetRefused, ContentStopped, NoAnswer, NoEligibleModel

SYNOPSIS, ALIASES = "synopsis/scene", "cast/aliases"
NO_USE = AnswerUnusable, ContentStopped
LONGEST_SCENE = 12_000  # characters; what happens in a longer one is told by its beginning and its end
LONGEST_CAST = 24_000  # bytes
SYNOPSIS_TOKENS, ALIAS_TOKENS = 400, 3000


def synopses(context: Context, found: Material, draft: int, run: str) -> None:
    """Ask for every scene's synopsis that the writer did not write, and store the draft's."""
    means = standing(context.llm, "synopsis")
    asked = [(task, _key(task, means)) for task in found.tasks if not task.scene.synopsis]
    known = context.store.results([key for _, key in asked])
    wanted = [(task, key) for task, key in asked if key not in known]
    context.progress(Event("synopses", len(known), len(asked)))
    for count, result in enumerate(_told(wanted, context, found, run), start=len(known) + 1):
        context.store.keep_results([result])
        known[result.key] = result
        context.progress(Event("synopses", count, len(asked)))
    rows = [_row(task.scene.ordinal, known[key]) for task, key in asked]
    Synopses(context.store.engine, context.store.production).save(draft, rows)


def _row(ordinal: int, told: Result) -> Synopsis:
    return Synopsis(ordinal, told.body["synopsis"], tuple(told.body["quotes"]), told.model, told.attempt)


def _told(asked: Sequence[tuple[SceneTask, str]], context: Context, found: Material, run: str) -> Iterator[Result]:
    """Results as they come; after a failure nothing more is begun."""
    workers = 1 if context.llm.in_process("synopsis") else context.concurrency
    names = [one.name for one in found.characters]
    with ThreadPoolExecutor(max_workers=workers) as pool:
        running = [pool.submit(ask_synopsis, task, context, names, run) for task, _ in asked]
        try:
            for future, (_, key) in zip(running, asked, strict=True):
                told, model, attempt = future.result()
                body = {"synopsis": " ".join(told.synopsis.split()), "quotes": list(told.quotes)}
                yield Result(key, "synopsis", body, model, attempt)
        finally:
            for future in running:
                future.cancel()


def ask_synopsis(task: SceneTask, context: Context, names: Sequence[str], run: str) -> tuple[SceneSynopsis, str, str]:
    """A scene's synopsis, who gave it, and in which attempt; the built-in one where no answer can be used."""
    scene, inside = task.scene, task.facts.characters
    elsewhere = [name for name in names if name not in inside]
    question = _question(task, run)
    try:
        answer = context.llm.ask(question, lambda output: faults(scene, output, elsewhere))
    except NO_USE:
        return own_words(scene), BUILT_IN, ""
    return answer.output, answer.model, answer.attempt


def open_synopses(context: Context, found: Material, run: str) -> Iterator[Question[SceneSynopsis]]:
    """What will be asked of the scenes that have no synopsis yet."""
    means = standing(context.llm, "synopsis")
    asked = [(task, _key(task, means)) for task in found.tasks if not task.scene.synopsis]
    known = context.store.results([key for _, key in asked])
    return (_question(task, run) for task, key in asked if key not in known)


def _question(task: SceneTask, run: str) -> Question[SceneSynopsis]:
    scene, inside, built_in = task.scene, task.facts.characters, own_words(task.scene)
    return Question(
        SYNOPSIS,
        {
            "scene": _shortened(scene),
            "characters": list(inside),
            "language": LANGUAGES.get(task.facts.language, "the language of the scene"),
        },
        SceneSynopsis,
        payload=built_in,
        payload_key=hashlib.sha256(built_in.model_dump_json().encode()).hexdigest(),
        max_tokens=SYNOPSIS_TOKENS,
        run=run,
    )


def _key(task: SceneTask, means: str) -> str:
    return hashlib.sha256(f"{task.key}|{means}".encode()).hexdigest()


def _shortened(scene: Scene) -> str:
    text = scene.text
    half = LONGEST_SCENE // 2
    return text if len(text) <= LONGEST_SCENE else f"{text[:half]}\n[…]\n{text[-half:]}"


def merges(context: Context, found: Material, run: str) -> tuple[MergeProposal, ...]:
    """Names that may be one person's: by rules, and by a model where one may be asked; a person decides."""
    rules = alias_proposals(found.characters)
    room = context.llm.room("cast")
    if room is None or len(found.characters) < 2:
        return rules
    cast = shown(found.script, found.characters, min(LONGEST_CAST, 2 * room.window))
    tokens = min(ALIAS_TOKENS, room.max_output)
    try:
        answer = context.llm.ask(Question(ALIASES, {"cast": cast}, AliasClaims, max_tokens=tokens, run=run))
    except (*NO_USE, NoAnswer, NoEligibleModel, BudgetRefused) as error:
        context.progress(Event("merge", 0, 1, f"names compared by rules alone: {error.sentence}"))
        return rules
    told, cut = aliases(answer.output, found.script, found.characters)
    if cut:
        context.progress(Event("merge", 0, 1, f"{cut} claims about names cut"))
    return joined(rules, told)
