"""A draft's scenes as continuity tasks: what a model is told of each, and how its kept answer is read again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.continuity import (
    RULES_VERSION,
    STATES_PROMPT,
    Bench,
    Judged,
    Related,
    SceneContinuity,
    Story,
    assembled,
    findings,
    reads,
    related,
    renamed,
    reported,
    script_days,
    story,
)
from assistant.domain.breakdown import Source
from assistant.domain.characters import Character
from assistant.domain.continuity import CONFLICT_KINDS, STATE_KINDS, Continuity, SceneDay
from assistant.domain.quotes import fold, folded
from assistant.domain.screenplay import Scene, Screenplay
from assistant.llm import Llm, Question
from assistant.review.continuity import days_set
from assistant.screenplay import characters, compare
from assistant.store import Result, Store
from assistant.store.decisions import Decisions
from assistant.workflows.asking import LANGUAGES
from assistant.workflows.day_turns import Turned, kept_turns
from assistant.workflows.parts import Part
from assistant.workflows.state import Context

EARLIER = 6  # scenes shown beside the one that is asked about
EARLIER_CHARS = 9000
BUILT_IN = "builtin/rules"
TASK = "continuity"


@dataclass(frozen=True)
class Watch:
    """One scene to be asked about: the rules' findings in it, and the ordinals of the earlier scenes shown."""

    scene: Scene
    day: str
    found: SceneContinuity
    standing: tuple[str, ...]
    earlier: tuple[int, ...]
    key: str


@dataclass(frozen=True)
class Reading:
    """A draft as the script supervisor sees it before anybody was asked."""

    script: Screenplay
    people: Sequence[Character]
    told: Story
    days: tuple[SceneDay, ...]
    rules: Continuity
    bench: Bench
    words: dict[int, str]  # ordinal → hash of the scene's content
    watches: tuple[Watch, ...]


def reading(context: Context, seq: int, corrections: dict[int, str]) -> Reading:
    """The days, the rules' findings, and one task a scene that is shot."""
    script = context.store.screenplay(seq)
    people = characters(script)
    days = script_days(script, corrections, kept_turns(context.store, seq))
    told = story(script, people, days)
    found = findings(told, _renamed(context.store, seq, script))
    rules = assembled(told, days, found.states, found.conflicts)
    bench = Bench(script)
    alone = context.llm.in_process(TASK)
    now = f"{standing(context.llm)}|{RULES_VERSION}"
    begun: dict[int, SceneContinuity] = {}
    for scene in script.scenes:
        mine = [state for state in rules.states if state.scene == scene.ordinal]
        clashes = [item for item in rules.conflicts if item.scenes[1] == scene.ordinal]
        begun[scene.ordinal] = reported(mine, clashes)
    words = {scene.ordinal: scene.content_hash for scene in script.scenes}
    made = Reading(script, people, told, days, rules, bench, words, ())
    shot = [scene for scene in script.scenes if not scene.omitted]
    near = related(script)
    shown = {} if alone else {scene.ordinal: _earlier(context, made, scene, near) for scene in shot}
    watches = tuple(_watch(made, scene, begun[scene.ordinal], shown.get(scene.ordinal), now) for scene in shot)
    return replace(made, watches=watches)


def standing(llm: Llm) -> str:
    """Everything besides the script that an answer depends on."""
    chosen = llm.plan(TASK).chosen
    model = chosen.row.id if chosen else "nobody"
    return f"{model}|{llm.prompt_version(STATES_PROMPT)}|{llm.policy.precision}"


def question(made: Reading, watch: Watch, run: str, part: Part, found: SceneContinuity) -> Question[SceneContinuity]:
    """What is asked about one scene, or a part of it with what rules find in that part."""
    here = [person.name for person in made.people if watch.scene.ordinal in person.scenes]
    inputs: dict[str, Any] = {
        "scene": part.scene.text,
        "ordinal": watch.scene.ordinal,
        "day": watch.day,
        "kinds": list(STATE_KINDS),
        "conflict_kinds": list(CONFLICT_KINDS),
        "characters": here,
        "standing": list(watch.standing),
        "findings": found.model_dump_json(),
        "earlier": _beside(made, watch),
        "language": LANGUAGES.get(made.script.language, "the one it is written in"),
    }
    return Question(STATES_PROMPT, inputs, SceneContinuity, payload=found, max_tokens=part.tokens, run=run)


def shown(made: Reading, watch: Watch) -> str:
    """Everything a model is told besides the scene itself, as one text."""
    return "\n".join([*watch.standing, *(str(item["text"]) for item in _beside(made, watch))])


def found_in(watch: Watch, part: Scene) -> SceneContinuity:
    """What rules find in a scene, cut down to what stands in a part of it."""
    if part is watch.scene:
        return watch.found
    text = folded(part).text
    return SceneContinuity(
        states=[item for item in watch.found.states if fold(item.quote) in text],
        conflicts=[item for item in watch.found.conflicts if fold(item.quote) in text],
    )


def _beside(made: Reading, watch: Watch) -> list[dict[str, Any]]:
    return [{"ordinal": ordinal, "text": made.script.scene(ordinal).text} for ordinal in watch.earlier]


def kept(made: Reading, watch: Watch, answer: SceneContinuity, source: Source, notes: dict[str, Any]) -> Result:
    """A finished scene as it goes into the result ledger. Earlier scenes are named by their words, not their place."""
    body = answer.model_dump()
    for item in body["conflicts"]:
        item["earlier_words"] = made.words[item.pop("earlier_scene")]
    return Result(watch.key, TASK, body | notes | {"prompt": source.prompt}, source.model, source.attempt)


def restored(made: Reading, watch: Watch, result: Result) -> Judged:
    """What stands of a kept answer in this draft."""
    places = {made.words[ordinal]: ordinal for ordinal in made.words if ordinal <= watch.scene.ordinal}
    body = result.body
    clashes = []
    for item in body["conflicts"]:
        words = {key: value for key, value in item.items() if key != "earlier_words"}
        if item["earlier_words"] in places:
            clashes.append(words | {"earlier_scene": places[item["earlier_words"]]})
    answer = SceneContinuity.model_validate({"states": body["states"], "conflicts": clashes})
    source = Source(result.model, body.get("prompt", ""), result.attempt)
    return made.bench.judge(watch.scene, set(places.values()), answer, source)


def gathered(made: Reading, results: dict[str, Result], dismissed: dict[str, str], days: Turned) -> Continuity:
    """The draft's continuity from all answers in hand; the rules' own where a scene has none. `days` is what
    came of asking for the script days."""
    states, clashes, rejected = [], [], days.cut
    for watch in made.watches:
        result = results.get(watch.key)
        if result is None:
            states += [item for item in made.rules.states if item.scene == watch.scene.ordinal and item.value]
            clashes += [item for item in made.rules.conflicts if item.scenes[1] == watch.scene.ordinal]
            continue
        judged = restored(made, watch, result)
        states += judged.states
        clashes += judged.conflicts
        rejected += int(result.body.get("cut", 0))
    done = assembled(made.told, made.days, states, clashes, rejected)
    clashes = [replace(item, dismissed=dismissed.get(item.id, "")) for item in done.conflicts]
    return replace(done, conflicts=tuple(clashes), notes=_notes(made, results, days))


def _notes(made: Reading, results: dict[str, Result], days: Turned) -> tuple[str, ...]:
    """What was not read as it should be: a language without rules, scenes and days for which no answer stood."""
    told = list(days.problems)
    if not reads(made.script.language) and all(row.model == BUILT_IN for row in results.values()):
        language = LANGUAGES.get(made.script.language, "its language")
        told.append(
            f"Script days only: the built-in rules do not read {language}, so no state or conflict was looked for. "
            "A model that does can be asked: `pa route explain --task continuity`."
        )
    why: dict[str, list[str]] = {}
    for watch in made.watches:
        result = results.get(watch.key)
        if result and result.body.get("problem"):
            why.setdefault(result.body["problem"], []).append(watch.scene.label)
    return (*told, *(f"Sc. {', '.join(scenes)}: {problem}" for problem, scenes in why.items()))


def days_of(store: Store, seq: int) -> tuple[SceneDay, ...]:
    """A draft's script days with what people set; counted in a few milliseconds."""
    log = Decisions(store.engine, store.production, store.stamp)
    corrections = corrected(store, seq, days_set(list(log.newest().values())))
    return script_days(store.screenplay(seq), corrections, kept_turns(store, seq))


def corrected(store: Store, seq: int, told: Sequence[tuple[int, int, str]]) -> dict[int, str]:
    """Script days that people set, on this draft or an earlier one, by this draft's ordinals."""
    found: dict[int, str] = {}
    for draft, ordinal, label in told:
        place: int | None = ordinal
        if draft > seq:
            continue
        if draft < seq:
            place = moved(store, draft, seq).get(ordinal)
        if place is not None:
            found[place] = label
    return found


def moved(store: Store, old: int, new: int) -> dict[int, int]:
    """Old ordinal → new ordinal, for scenes of one draft that stand in another."""
    if old == new:
        return {scene.ordinal: scene.ordinal for scene in store.screenplay(new).scenes}
    diff = compare(store.screenplay(old), store.screenplay(new), old, new)
    return {change.old: change.new for change in diff.changes if change.old is not None and change.new is not None}


def _renamed(store: Store, seq: int, script: Screenplay) -> dict[str, str]:
    earlier = [draft.seq for draft in store.drafts() if draft.seq < seq]
    return renamed(store.screenplay(earlier[-1]), script) if earlier else {}


def _watch(made: Reading, scene: Scene, found: SceneContinuity, shown: tuple[int, ...] | None, now: str) -> Watch:
    own = tuple(dict.fromkeys(item.earlier_scene for item in found.conflicts))
    earlier = tuple(sorted({*(shown or ()), *own} - {scene.ordinal}))
    day = next((item.label for item in made.days if item.scene == scene.ordinal), "")
    holds = _holding(made, scene) if shown is not None else ()
    hashes = {ordinal: made.words[ordinal] for ordinal in earlier}
    told = found.model_dump()
    for item in told["conflicts"]:
        item["earlier_scene"] = hashes.get(item["earlier_scene"], "")
    parts = [made.words[scene.ordinal], day, told, holds, sorted(hashes.values()), made.script.language, now]
    key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    return Watch(scene, day, found, holds, earlier, key)


def _holding(made: Reading, scene: Scene) -> tuple[str, ...]:
    """What holds when a scene begins, of the people in it, as lines of text."""
    here = {person.name for person in made.people if scene.ordinal in person.scenes}
    states = [item for item in made.rules.standing(scene.ordinal) if item.scene < scene.ordinal and item.value]
    return tuple(f"{item.subject} | {item.kind} | {item.value}" for item in states if item.subject in here)[:40]


def _earlier(context: Context, made: Reading, scene: Scene, near: Related) -> tuple[int, ...]:
    """The earlier scenes that have most to do with this one: the one before, those that share words, those a search
    of the index finds."""
    before = [item.ordinal for item in made.script.scenes if item.ordinal < scene.ordinal and not item.omitted]
    names = [person.name for person in made.people if scene.ordinal in person.scenes]
    query = " ".join([scene.set, *names, scene.text[:600]])
    found = context.knowledge.search(query, 20, made.script.language) if before else []
    searched = [item.passage.scene for item in found if item.passage.kind == "script"]
    shared = near.earlier(scene.ordinal, EARLIER)
    ranked = [*before[-1:], *shared[: EARLIER // 2], *searched[: EARLIER // 2], *shared]
    chosen: list[int] = []
    room = EARLIER_CHARS
    for ordinal in dict.fromkeys(ranked):
        if ordinal in before and len(chosen) < EARLIER and len(made.script.scene(ordinal).text) <= room:
            chosen.append(ordinal)
            room -= len(made.script.scene(ordinal).text)
    return tuple(sorted(chosen))
