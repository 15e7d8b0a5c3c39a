"""Which day of the story each scene plays on, counted as script supervisors count, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from assistant.continuity.clues import Clue, clues
from assistant.domain.breakdown import Quote
from assistant.domain.continuity import DayTurn, SceneDay
from assistant.domain.screenplay import Scene, Screenplay
from assistant.errors import SettingsError

_PHASES = {"DAWN": 0, "MORNING": 1, "DAY": 2, "AFTERNOON": 3, "DUSK": 4, "EVENING": 5, "NIGHT": 6}
_NIGHT = 5  # from this phase on it is N
_SHORT_OF_DAY = 3  # from this phase on a plain DAY is the next one


@dataclass
class _Line:
    """Where the story has got to, and what lies outside it."""

    number: int = 1
    phase: int | None = None
    date: str = ""
    count: str = ""
    weekday: str = ""
    year: str = ""
    last: Scene | None = None  # of the main line
    outside: int = 0
    montages: int = 0
    inside: str = ""  # the label of the flashback that goes on, "" in the main line
    held: bool = False  # a flashback was opened by a line of its own and lasts until one closes it
    before: Scene | None = None  # the scene before, whichever line it stands in
    marks: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        night = self.phase is not None and self.phase >= _NIGHT
        return f"{'N' if night else 'D'}{self.number}"


def script_days(
    script: Screenplay,
    corrections: Mapping[int, str] | None = None,
    turns: Mapping[int, DayTurn] | None = None,
) -> tuple[SceneDay, ...]:
    """The script day of every scene that is shot. `corrections` are a person's, by ordinal; what follows goes on
    from them. `turns` are a model's, by ordinal: they count where the script itself states no time."""
    line, found = _Line(), []
    for scene in script.scenes:
        if scene.omitted:
            continue
        clue = _with_turn(clues(scene, line.before), scene, (turns or {}).get(scene.ordinal))
        set_by_hand = (corrections or {}).get(scene.ordinal, "")
        day = _corrected(line, scene, set_by_hand) if set_by_hand else _day(line, scene, clue)
        found.append(day)
        if clue.begins:
            line.held, line.inside = True, line.inside or _next_outside(line)
        if clue.ends:
            line.held, line.inside = False, ""
        line.before = scene
    return tuple(found)


def valid_label(text: str) -> str:
    """A script day as people write it ("d3", "N 1"), as it is kept. Raises SettingsError."""
    label = text.strip().upper().replace(" ", "")
    if len(label) < 2 or label[0] not in "DNXM" or not label[1:].isdecimal() or int(label[1:]) == 0:
        raise SettingsError(f"{text!r} is no script day.", "Write D3, N3, X1 for a flashback or M1 for a montage.")
    return f"{label[0]}{int(label[1:])}"


def _corrected(line: _Line, scene: Scene, label: str) -> SceneDay:
    number = int(label[1:])
    if label[0] == "X":
        line.outside, line.inside = max(line.outside, number), label
    elif label[0] == "M":
        line.montages = max(line.montages, number)
    else:
        written = _phase(scene)
        phase = written if written is not None and (written >= _NIGHT) == (label[0] == "N") else None
        line.number, line.inside, line.last = number, "", scene
        line.phase = phase if phase is not None else (6 if label[0] == "N" else 2)
    return SceneDay(scene.ordinal, label, "set by a person", None, True)


def _with_turn(clue: Clue, scene: Scene, turn: DayTurn | None) -> Clue:
    """The scene's own words first: a model's turn stands only where they state nothing of the kind."""
    if turn is None or clue.outside or clue.present or clue.montage or scene.heading.inherits:
        return clue
    if turn.kind == "outside":
        return replace(clue, outside=turn.quote, mark=turn.label, turn=turn)
    if turn.kind == "montage":
        return replace(clue, montage=turn.quote, turn=turn)
    return replace(clue, turn=turn)


def _day(line: _Line, scene: Scene, clue: Clue) -> SceneDay:
    made = _counted(line, scene, clue)
    turn = clue.turn
    if turn is None or made.quote != turn.quote:
        return made
    return replace(made, reason=turn.why, source=turn.source)


def _counted(line: _Line, scene: Scene, clue: Clue) -> SceneDay:
    if clue.montage:
        line.montages += 1
        reason = "a montage belongs to no one day"
        return SceneDay(scene.ordinal, f"M{line.montages}", reason, _quote(scene, clue.montage))
    if _stays_outside(line, scene, clue):
        return SceneDay(scene.ordinal, line.inside, "the same flashback goes on", _heading(scene))
    if clue.outside or (line.held and not clue.present):
        line.inside = _outside_label(line, scene, clue)
        return SceneDay(scene.ordinal, line.inside, "outside the line of the story", clue.outside or _heading(scene))
    returns = bool(line.inside)
    line.inside, line.held = "", False
    reason, quote = _turn(line, scene, clue)
    if returns and reason.startswith("goes on"):
        reason = f"back in the line of the story; {reason}"
    line.last = scene
    return SceneDay(scene.ordinal, line.label, reason, quote)


def _stays_outside(line: _Line, scene: Scene, clue: Clue) -> bool:
    """A scene that goes on from a flashback belongs to it, unless it is where the story was before."""
    if not line.inside or clue.outside or clue.present or not (scene.heading.inherits or line.held):
        return False
    return line.held or line.last is None or scene.set != line.last.set


def _outside_label(line: _Line, scene: Scene, clue: Clue) -> str:
    before = line.marks.get(line.inside, "")
    if line.inside and (line.held or (line.before and clue.mark == before)):
        return line.inside
    label = _next_outside(line)
    line.marks[label] = clue.mark
    return label


def _next_outside(line: _Line) -> str:
    line.outside += 1
    return f"X{line.outside}"


def _turn(line: _Line, scene: Scene, clue: Clue) -> tuple[str, Quote | None]:
    """Move the line on to this scene; why, and the words that say so."""
    phase = _phase(scene)
    if line.last is None:
        line.phase = phase
        _dated(line, clue)
        return ("the story begins" if phase is not None else "the story begins; no time is said, taken as day"), None
    reason = _new_day(line, phase, clue)
    if reason:
        line.number += 1
        line.phase = phase if phase is not None else _phase_said(line, clue)
        _dated(line, clue)
        if clue.turn and reason == clue.turn.why:
            return reason, clue.turn.quote
        return reason, clue.next or clue.dated or clue.sunrise or _heading(scene)
    _dated(line, clue)
    if clue.same:
        line.phase = phase if phase is not None and not scene.heading.inherits else line.phase
        return "goes on: the words say the same day", clue.same
    if scene.heading.inherits:
        return f"goes on: {scene.heading.time_written or 'continuous'}", _heading(scene)
    if phase is None:
        return "goes on: no time is said", None
    turned = (line.phase is not None and line.phase >= _NIGHT) != (phase >= _NIGHT)
    line.phase = phase
    return ("night falls" if turned and phase >= _NIGHT else "goes on"), _heading(scene) if turned else None


def _new_day(line: _Line, phase: int | None, clue: Clue) -> str:
    """Why a new day begins, "" when it does not."""
    if clue.next:
        return "the words say another day"
    if clue.date and line.date and clue.date != line.date:
        return "another date"
    if clue.count and line.count and clue.count != line.count:
        return "another day by its number"
    if clue.weekday and line.weekday and clue.weekday != line.weekday:
        return "another weekday"
    if clue.same or (clue.date and clue.date == line.date) or (clue.count and clue.count == line.count):
        return ""
    if clue.sunrise and (line.phase is None or line.phase >= _NIGHT):
        return "the sun rises"
    return _by_light(line, phase, clue) or (clue.turn.why if clue.turn else "")


def _by_light(line: _Line, phase: int | None, clue: Clue) -> str:
    if phase is None or clue.inherits or line.phase is None:
        return ""
    if line.phase >= _NIGHT and phase < _NIGHT:
        return "day after night"
    if line.phase >= _SHORT_OF_DAY and phase <= 2 or (phase <= 1 and phase < line.phase):
        return "earlier in the day than the scene before"
    return ""


def _phase_said(line: _Line, clue: Clue) -> int | None:
    """The light of a new day whose heading says none."""
    if clue.turn:
        return 6 if clue.turn.label.startswith("N") else 2
    return 2 if clue.next or clue.sunrise else line.phase


def _dated(line: _Line, clue: Clue) -> None:
    line.date = clue.date or line.date
    line.count = clue.count or line.count
    line.weekday = clue.weekday or line.weekday
    line.year = clue.year or line.year


def _phase(scene: Scene) -> int | None:
    """How far the day has got by the heading alone; None where it says nothing of its own."""
    if scene.heading.inherits:
        return None
    return _PHASES.get(scene.heading.time_of_day or "")


def _heading(scene: Scene) -> Quote:
    return Quote(scene.ordinal, scene.lines[0].number, scene.heading.text)


def _quote(scene: Scene, quote: Quote | None) -> Quote:
    return quote or _heading(scene)
