"""The script supervisor of one production: runs continuity, keeps people's words on it, answers what must match."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.continuity import look_sheet, match, valid_label
from assistant.domain.characters import Character
from assistant.domain.continuity import Conflict, Continuity, MatchNote, SceneDay, SetNote
from assistant.domain.screenplay import Screenplay
from assistant.domain.unit_days import day_label
from assistant.errors import NotFound
from assistant.review.continuity import days_set, dismiss, dismissed, reinstate, set_day
from assistant.review.set_notes import keep_notes, kept_notes
from assistant.screenplay import characters
from assistant.store.decisions import Decisions
from assistant.store.runs import Runs
from assistant.workflows.day_turns import ask_turns, keep_turns, kept_turned
from assistant.workflows.onset import NOTES_FILE, as_paper
from assistant.workflows.supervising import TASK, corrected, days_of, gathered, moved, reading, standing

if TYPE_CHECKING:
    from assistant.exports.continuity.sheet import ContinuitySheet
    from assistant.store import Store
    from assistant.store.schedules import Board
    from assistant.workflows.state import Context


@dataclass(frozen=True)
class Supervisor:
    """Collaborators are built when they are needed: a day label needs no model."""

    store: "Store"
    runs: Runs
    who: str
    context: Callable[[], "Context"]
    working: Callable[[], AbstractContextManager[None]]
    checkpoints: Callable[[], AbstractContextManager[Any]]
    folder: Path  # where the production keeps its own files
    take_in: Callable[[Path, str], Any]  # a paper, into what is searched

    @property
    def log(self) -> Decisions:
        """What people decided."""
        return Decisions(self.store.engine, self.store.production, self.store.stamp)

    def script(self, seq: int | None = None) -> Screenplay:
        """A draft, the newest without a number."""
        return self.store.screenplay(seq or self.store.current_draft().seq)

    def days(self, seq: int) -> tuple[SceneDay, ...]:
        """A draft's script days with what people set."""
        return days_of(self.store, seq)

    def run(self, seq: int | None = None) -> Continuity:
        """Read a draft for continuity. What was asked before of the same scene is not asked again."""
        from assistant.workflows.continuity import Watching, build_continuity
        from assistant.workflows.run import run_graph

        seq = seq or self.store.current_draft().seq
        context = self.context()
        with self.working():
            turned = ask_turns(context, seq)
        keep_turns(self.store, seq, turned)
        made = reading(context, seq, self._corrections(seq))
        fingerprint = hashlib.sha256("|".join(watch.key for watch in made.watches).encode()).hexdigest()
        run = self.runs.begin(TASK, fingerprint)
        if not run.done:
            started = time.monotonic()
            with self.working(), self.checkpoints() as saver:
                watching: Any = Watching(context, made)
                graph: Any = build_continuity()
                run_graph(graph, saver, watching, {"run": run.id, "draft": seq})
            self.runs.finish(run.id, seq, {"means": standing(context.llm)}, time.monotonic() - started)
        results = self.store.results([watch.key for watch in made.watches])
        return gathered(made, results, self._dismissed(), turned)

    def known(self, seq: int) -> Continuity | None:
        """A draft's continuity where it was read before; nobody is asked."""
        if self.runs.latest(TASK, seq) is None:
            return None
        made = reading(self.context(), seq, self._corrections(seq))
        results = self.store.results([watch.key for watch in made.watches])
        return gathered(made, results, self._dismissed(), kept_turned(self.store, seq))

    # A person's word

    def set_day(self, seq: int, scene: int, label: str) -> str:
        """Set a scene's script day; "auto" gives it back. Returns the label as kept. Raises SettingsError."""
        wanted = "" if label.strip().casefold() == "auto" else valid_label(label)
        places = {corrected(self.store, seq, [item]).popitem()[0]: item for item in self._set_on(seq, scene)}
        for draft, ordinal, _ in places.values():
            set_day(self.log, ordinal, "", self.who, draft)
        if wanted:
            set_day(self.log, scene, wanted, self.who, seq)
        return wanted

    def _set_on(self, seq: int, scene: int) -> list[tuple[int, int, str]]:
        """The days set before on what is this scene now, in whichever draft."""
        told = days_set(list(self.log.newest().values()))
        return [item for item in told if scene in corrected(self.store, seq, [item])]

    def dismiss(self, seq: int, conflict: str, why: str) -> Conflict:
        """Set a conflict aside with a reason. Raises NotFound or SettingsError."""
        found = self._conflict(seq, conflict)
        dismiss(self.log, found.id, self.who, why, seq)
        return found

    def reinstate(self, seq: int, conflict: str) -> Conflict:
        """Take a dismissal back. Raises NotFound."""
        found = self._conflict(seq, conflict)
        reinstate(self.log, found.id, self.who, seq)
        return found

    def _conflict(self, seq: int, conflict: str) -> Conflict:
        wanted = conflict.strip().lstrip("#").casefold()
        found = [item for item in self.run(seq).conflicts if wanted and item.id.startswith(wanted)]
        if len(found) != 1:
            what = "There is no conflict" if not found else "There is more than one conflict"
            raise NotFound(f"{what} {conflict}.", "`pa continuity conflicts` lists them with their ids.")
        return found[0]

    # What must match

    def match(self, seq: int, days: Mapping[str, Sequence[int]]) -> tuple[MatchNote, ...]:
        """What must match between the given shooting days, each a list of scene ordinals."""
        script, continuity = self.store.screenplay(seq), self.run(seq)
        return match(script, continuity, cast_of(characters(script), script), days)

    def scheduled(self, seq: int) -> dict[str, list[int]]:
        """The shooting days of the newest schedule, "1", "2" …, by this draft's ordinals. Raises NotFound."""
        from assistant.store.schedules import Schedules

        try:
            board = Schedules(self.store.engine, self.store.production, self.store.stamp).board()
        except NotFound:
            hint = "Draft one: `pa schedule`, or hand over a list: --days FILE.csv."
            raise NotFound("There is no schedule yet.", hint) from None
        places = moved(self.store, board.draft, seq)
        return {day: [places[one] for one in scenes if one in places] for day, scenes in board_days(board).items()}

    def known_match(self, board: "Board", day: str) -> tuple[MatchNote, ...]:
        """What must match on a board's shooting day ("4", "2nd 1"), where its draft was read; nobody is asked."""
        found = self.known(board.draft)
        if found is None:
            return ()
        script = self.store.screenplay(board.draft)
        notes = match(script, found, cast_of(characters(script), script), board_days(board))
        return tuple(note for note in notes if note.day == day)

    # Papers

    def sheet(self, seq: int) -> "ContinuitySheet":
        """A draft's continuity arranged for papers and pictures."""
        return self._arranged(seq, self.run(seq))

    def known_sheet(self, seq: int) -> "ContinuitySheet | None":
        """The same where the draft was read before; nobody is asked."""
        found = self.known(seq)
        return self._arranged(seq, found) if found else None

    def _arranged(self, seq: int, found: Continuity) -> "ContinuitySheet":
        from assistant.exports.continuity.sheet import ContinuitySheet

        script = self.store.screenplay(seq)
        people = characters(script)
        looks = tuple(look_sheet(person, found) for person in people)
        return ContinuitySheet(script, found, people, looks, tuple(self.notes()))

    def export(self, seq: int, formats: Sequence[str], folder: Path) -> list[Path]:
        """Write papers and tables; returns what was written."""
        from assistant.exports.continuity.papers import export

        return export(self.sheet(seq), formats, folder)

    # From the set

    def notes(self) -> list[SetNote]:
        """All notes taken on set, oldest first."""
        return kept_notes(self.log)

    def add_notes(self, notes: Sequence[SetNote]) -> int:
        """Keep notes and bring them into what is searched. Returns how many were new."""
        added = keep_notes(self.log, notes, self.store.current_draft().seq)
        if added:
            path = self.folder / NOTES_FILE
            path.write_text(as_paper(self.notes()), encoding="utf-8")
            self.take_in(path, "note")
        return added

    def _corrections(self, seq: int) -> dict[int, str]:
        return corrected(self.store, seq, days_set(list(self.log.newest().values())))

    def _dismissed(self) -> dict[str, str]:
        return dismissed(list(self.log.newest().values()))


def board_days(board: "Board") -> dict[str, list[int]]:
    """A board's shooting days, "1", "2", "2nd 1" …, each with the ordinals of its draft."""
    return {day_label(number, day.unit): list(day.scenes) for number, day in board.schedule.numbered}


def cast_of(people: Sequence[Character], script: Screenplay) -> dict[int, frozenset[str]]:
    """Who is seen in each scene."""
    return {
        scene.ordinal: frozenset(
            person.name
            for person in people
            if scene.ordinal in person.scenes and scene.ordinal not in person.voice_scenes
        )
        for scene in script.scenes
    }
