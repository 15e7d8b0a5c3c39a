"""The schedule and the continuity tables as questions are answered from them, read only when they are asked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.domain.schedule import MAIN, DayPlan, Problem, Schedule
from assistant.knowledge.plans import Engagement, PlannedDay, Plans, ShootPlan, StoryPlan

if TYPE_CHECKING:
    from assistant.workflows.schedule import Plan
    from assistant.workflows.supervisor import Supervisor


@dataclass(frozen=True)
class Planning:
    """Reads both for the draft that answers."""

    plan: "Callable[[], Plan]"
    supervisor: "Callable[[], Supervisor]"

    def of(self, seq: int) -> Plans:
        """The tables of a draft."""
        return Plans(lambda: self._shoot(seq), lambda: self._story(seq))

    def _shoot(self, seq: int) -> ShootPlan | None:
        from assistant.schedule import chart
        from assistant.workflows.schedule import latest, nameable, said_now, shoot
        from assistant.workflows.telling import said_of, scene_facts

        plan = self.plan()
        schedule = latest(plan, seq)
        if schedule is None:
            return None
        board = replace(plan.schedules.board(), schedule=schedule)
        problem, scenes = shoot(plan, seq), plan.store.screenplay(seq).scenes
        made = chart(problem, schedule)

        def reasons(ordinal: int) -> tuple[str, ...]:
            said = said_of(said_now(plan, seq), nameable(plan, seq), scenes[ordinal - 1].label)
            return scene_facts(problem, board, ordinal, said)[1]

        people = tuple(Engagement(row.name, row.start, row.finish, row.work, row.hold) for row in made.rows)
        return ShootPlan(board.seq, plan.today, _days(schedule, problem), people, schedule.boneyard, reasons)

    def _story(self, seq: int) -> StoryPlan | None:
        from assistant.continuity import between, match
        from assistant.screenplay import characters
        from assistant.workflows.supervisor import cast_of

        supervisor = self.supervisor()
        found = supervisor.known(seq)
        if found is None:
            return None
        script = supervisor.script(seq)
        cast = cast_of(characters(script), script)
        return StoryPlan(
            found,
            lambda first, second: between(script, found, cast, first, second),
            cast,
            lambda days: match(script, found, cast, days),
        )


def _days(schedule: Schedule, problem: Problem) -> tuple[PlannedDay, ...]:
    cast = {strip.scene: frozenset(strip.cast) for strip in problem.strips}

    def people(day: DayPlan) -> tuple[str, ...]:
        here = {ident for scene in day.scenes for ident in cast.get(scene, ())}
        return tuple(performer.name for performer in problem.cast if performer.id in here)

    return tuple(
        PlannedDay(number, day.date, day.scenes, people(day), "" if day.unit == MAIN else day.unit)
        for number, day in schedule.numbered
    )
