"""The routed model asked on which day each scene plays, in windows of scenes; each answer kept the moment it stands."""

import hashlib
import json
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.continuity import DAYS_PROMPT, Bench, JudgedDays, ScriptDays, Window, judge_days, windows
from assistant.domain.breakdown import Quote, Source
from assistant.domain.continuity import DayTurn
from assistant.domain.screenplay import Screenplay
from assistant.llm import NoneStands, Question, Room
from assistant.store import Result, Store
from assistant.store.codec import dump, load
from assistant.store.runs import Runs
from assistant.workflows.asking import LANGUAGES
from assistant.workflows.parts import FRAME, LATIN, cut_off, too_long
from assistant.workflows.state import Context, Event
from routers.errors import ContentStopped, NoAnswer, NoEligibleModel

KIND = "script-days"
STEP = 24  # scenes asked about at once, however large a window is
OUT = 300  # tokens of an answer besides its scenes
EACH = 60  # tokens of an answer for each scene


@dataclass(frozen=True)
class Turned:
    """What came of a draft's windows: the turns that stand, the claims cut, and why a window has none."""

    turns: tuple[DayTurn, ...] = ()
    cut: int = 0
    problems: tuple[str, ...] = ()


def ask_turns(context: Context, seq: int) -> Turned:
    """Every window of a draft's scenes put to the model, those answered before left out. Rules alone: no turns."""
    room = context.llm.room("continuity")
    if room is None or room.in_process:
        return Turned()
    script = context.store.screenplay(seq)
    scenes = [scene for scene in script.scenes if not scene.omitted]
    waiting = deque(windows(scenes, _longest(room), STEP))
    asking = _Asking(context, script, Bench(script), room)
    rows: list[Result] = []
    total = len(waiting)
    while waiting:
        window = waiting.popleft()
        result = asking.kept(window)
        if result is None:
            waiting.extendleft(reversed(window.halves()))
            total += 1
            continue
        rows.append(result)
        context.progress(Event(KIND, total - len(waiting), total))
    return _joined(script, rows)


def keep_turns(store: Store, seq: int, turned: Turned) -> None:
    """Put what came of a draft's windows in place of what came before."""
    runs = Runs(store.engine, store.production, store.stamp)
    if turned != Turned() or runs.latest(KIND, seq):
        summary = {"turns": [dump(turn) for turn in turned.turns], "cut": turned.cut, "problems": turned.problems}
        runs.finish(runs.begin(KIND, f"draft {seq}").id, seq, summary, 0.0)


def kept_turned(store: Store, seq: int) -> Turned:
    """What came of a draft's windows when it was last read for continuity; nobody is asked."""
    run = Runs(store.engine, store.production, store.stamp).latest(KIND, seq)
    if run is None:
        return Turned()
    told = run.summary
    return Turned(tuple(load(DayTurn, row) for row in told["turns"]), told["cut"], tuple(told["problems"]))


def kept_turns(store: Store, seq: int) -> dict[int, DayTurn]:
    """The turns a model saw in a draft when it was last read for continuity, by ordinal."""
    return {turn.scene: turn for turn in kept_turned(store, seq).turns}


@dataclass(frozen=True)
class _Asking:
    context: Context
    script: Screenplay
    bench: Bench
    room: Room

    def kept(self, window: Window) -> Result | None:
        """A window's answer, asked for if it is not in hand; None where the window has to be cut in two."""
        key = self._key(window)
        known = self.context.store.results([key]).get(key)
        result = known or self._ask(window, key)
        if result is not None and known is None:
            self.context.store.keep_results([result])
        return result

    def _ask(self, window: Window, key: str) -> Result | None:
        heard: list[JudgedDays] = []

        def check(answer: ScriptDays) -> tuple[str, ...]:
            heard.append(judge_days(self.bench, window, answer))
            return heard[-1].problems

        try:
            answer = self.context.llm.ask(self._question(window, key), check)
        except (NoneStands, ContentStopped, NoAnswer, NoEligibleModel) as error:
            if _cut_short(error):
                return None if len(window.halves()) > 1 else _alone(window, key, error.sentence, heard)
            if isinstance(error, NoAnswer | NoEligibleModel) and not isinstance(error, NoneStands):
                raise
            return _alone(window, key, error.sentence, heard)
        source = Source(answer.model, answer.prompt, answer.attempt)
        place = {scene.ordinal: at for at, scene in enumerate(window.scenes)}
        rows = [
            [place[turn.scene], turn.kind, turn.label, turn.why, place[turn.quote.scene], _line(window, turn.quote)]
            + [turn.quote.text]
            for turn in heard[-1].turns
        ]
        body = {"turns": rows, "cut": sum(item.cut for item in heard), "prompt": source.prompt}
        return Result(key, KIND, body | _scenes(window), source.model, source.attempt)

    def _key(self, window: Window) -> str:
        """Named by the words of the scenes, so that a new draft asks only for the windows that changed."""
        chosen = self.context.llm.plan("continuity").chosen
        means = [chosen.row.id if chosen else "", self.context.llm.prompt_version(DAYS_PROMPT), self.script.language]
        parts = [KIND, [scene.content_hash for scene in window.scenes], window.follows, *means]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def _question(self, window: Window, key: str) -> Question[ScriptDays]:
        inputs: dict[str, Any] = {
            "scenes": window.told(),
            "language": LANGUAGES.get(self.script.language, "the language it is written in"),
        }
        tokens = min(OUT + EACH * len(window.scenes), self.room.max_output)
        return Question(DAYS_PROMPT, inputs, ScriptDays, max_tokens=tokens, run=key[:32])


def _cut_short(error: Exception) -> bool:
    if isinstance(error, NoneStands):
        return cut_off(error)
    return isinstance(error, NoAnswer | NoEligibleModel) and too_long(error)


def _alone(window: Window, key: str, why: str, heard: Sequence[JudgedDays]) -> Result:
    """A window whose days the rules count alone."""
    problem = f"Script days counted by the built-in rules alone: {why.rstrip('.')}."
    body = {"turns": [], "cut": sum(item.cut for item in heard), "prompt": "", "problem": problem}
    return Result(key, KIND, body | _scenes(window), "builtin/rules", "")


def _scenes(window: Window) -> dict[str, Any]:
    return {"scenes": [scene.content_hash for scene in window.scenes]}


def _line(window: Window, quote: Quote) -> int:
    """The place of the quoted line in its scene."""
    scene = next(scene for scene in window.scenes if scene.ordinal == quote.scene)
    return next(at for at, line in enumerate(scene.lines) if line.number == quote.line)


def _joined(script: Screenplay, rows: Sequence[Result]) -> Turned:
    """All windows' turns by this draft's ordinals; where two windows share a scene, the earlier one's word counts."""
    found: dict[int, DayTurn] = {}
    problems = tuple(dict.fromkeys(row.body["problem"] for row in rows if row.body.get("problem")))
    for turn in (turn for row in rows for turn in _restored(script, row)):
        found.setdefault(turn.scene, turn)
    return Turned(tuple(found.values()), sum(row.body["cut"] for row in rows), problems)


def _restored(script: Screenplay, row: Result) -> Iterator[DayTurn]:
    place = {scene.content_hash: scene for scene in reversed(script.scenes)}
    source = Source(row.model, row.body["prompt"], row.attempt)
    for at, kind, label, why, told_in, line, text in row.body["turns"]:
        quoted = place[row.body["scenes"][told_in]]
        quote = Quote(quoted.ordinal, quoted.lines[line].number, text)
        yield DayTurn(place[row.body["scenes"][at]].ordinal, kind, label, why, quote, source)


def _longest(room: Room) -> int:
    """Bytes of scenes that fit a model's window together with the question around them and the answer."""
    out = min(OUT + EACH * STEP, room.max_output)
    return max(1000, int((room.window - out) * LATIN) - FRAME)
