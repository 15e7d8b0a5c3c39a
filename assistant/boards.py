"""One production's schedule: the problem as it is described, boards drafted and kept, locks."""

import dataclasses
import uuid
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.store import Store
from assistant.store.schedules import Board, Schedules

if TYPE_CHECKING:
    from assistant.domain.schedule import Problem
    from assistant.llm import Llm
    from assistant.schedule.search import Watch
    from assistant.store.said import KeptRule
    from assistant.workflows.saying import Heard
    from assistant.workflows.schedule import Plan
    from assistant.workflows.schedule_import import Imported


class Boards:
    """Drafts, repairs and reads boards of one production."""

    def __init__(self, store: Store, table: Mapping[str, Any], folder: Path, data: Path) -> None:
        self._store = store
        self._table = table
        self._folder = folder
        self._data = data

    @cached_property
    def kept(self) -> Schedules:
        """The boards there are, and the locks."""
        return Schedules(self._store.engine, self._store.production, self._store.stamp)

    def problem(self, seq: int | None = None, but: Collection[int] = ()) -> "Problem":
        """The problem of shooting a draft, as the production describes its shoot, without the said rules in `but`.

        Raises SettingsError.
        """
        from assistant.workflows.schedule import shoot

        return shoot(self.plan(), seq or self._store.current_draft().seq, but=but)

    def hear(self, text: str, llm: "Llm") -> "Heard":
        """The rules a text says of this shoot; nothing is kept. Raises BadInput."""
        from assistant.workflows.saying import hear
        from assistant.workflows.schedule import nameable

        return hear(llm, text, nameable(self.plan(), self._store.current_draft().seq))

    def said_of(self, board: Board, label: str = "") -> "list[KeptRule]":
        """The said rules in force, or those that bind the scene with this number."""
        from assistant.workflows.schedule import nameable, said_now
        from assistant.workflows.telling import said_of

        said = said_now(self.plan(), board.draft)
        return said_of(said, nameable(self.plan(), board.draft), label) if label and said else said

    def problem_of(self, board: Board, but: Collection[int] = ()) -> "Problem":
        """The problem that a kept board answers, in the calendar it was made for, without the said rules in `but`."""
        from assistant.workflows.schedule import kept_calendar, shoot

        return shoot(self.plan(), board.draft, kept_calendar([board]), but)

    def bring(self, file: Path, stripboard: str = "") -> "Imported":
        """A schedule file's board over the newest draft's scenes, judged and not kept. Raises NotFound or BadInput."""
        from assistant.workflows.schedule_import import bring

        return bring(self.plan(), self._store.current_draft().seq, file, stripboard)

    def keep(self, imported: "Imported") -> Board:
        """Keep what was brought as the newest board."""
        from assistant.workflows.schedule_import import keep

        return self.kept.board(keep(self.plan(), imported))

    def draft(
        self,
        seconds: float,
        seed: int = 0,
        watch: "Watch | None" = None,
        *,
        fresh: bool,
        place_new: bool,
        better: bool = False,
    ) -> Board:
        """Draft a board, or repair or improve the newest one, and keep it. Raises Infeasible: the rules that clash."""
        from assistant.store.locks import only_one
        from assistant.workflows.run import checkpoints, run_graph
        from assistant.workflows.schedule import build_schedule

        seq = self._store.current_draft().seq
        state = {"run": uuid.uuid4().hex, "draft": seq, "seconds": seconds, "seed": seed}
        state |= {"fresh": fresh, "place_new": place_new, "better": better}
        engine, lock = self._store.engine, self._data / "schedule.lock"
        name = f"schedule {self._store.production}"
        with only_one(engine, name, lock), checkpoints(engine, self._data) as saver:
            plan: Any = self.plan(watch)
            done: Any = run_graph(build_schedule(), saver, plan, state)  # type: ignore[arg-type]
        return self.kept.board(done["board"])

    def as_dict(self, board: Board) -> dict[str, Any]:
        """The public JSON of a board."""
        from assistant.workflows.schedule_json import as_dict

        return as_dict(self.problem_of(board), board)

    def plan(self, watch: "Watch | None" = None) -> "Plan":
        """Collaborators of a scheduling run."""
        from assistant.workflows.schedule import Plan

        today = self._store.now().date()
        plan = Plan(self._store, self.kept, self._table, self._folder, today)
        if watch and watch.listen:
            plan = dataclasses.replace(plan, listen=watch.listen)
        return dataclasses.replace(plan, halted=watch.halted) if watch else plan
