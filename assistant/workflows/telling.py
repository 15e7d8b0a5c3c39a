"""A strip, a day or a board told in prose by a routed model; every number and name is one of the tables', or is cut."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.schedule import DayPlan, Problem
from assistant.llm import Llm, NoneStands, Question
from assistant.schedule import check
from assistant.schedule.explain import Why, why
from assistant.schedule.said import Known
from assistant.schedule.said.known import Target
from assistant.schedule.told import Prose, of_board, of_day, of_scene, plain, sift
from assistant.store.said import KeptRule
from assistant.store.schedules import Board
from routers.errors import RouterError

PROSE = "schedule/prose"
BUILT_IN = "builtin/rules"
TOKENS = 1500


@dataclass(frozen=True, slots=True)
class Told:
    """Prose that stands, the facts behind it, what was cut, and who wrote it."""

    sentences: tuple[str, ...]
    facts: tuple[str, ...]
    cut: tuple[str, ...] = ()
    model: str = BUILT_IN
    attempt: str = ""
    cost_usd: float = 0.0


def scene_facts(problem: Problem, board: Board, scene: int, said: Sequence[KeptRule]) -> tuple[Why, tuple[str, ...]]:
    """Why a scene is shot on its day, and the same as sentences. `said` are the rules that bind it."""
    reason = why(problem, board.schedule, scene)
    told = [_words(kept) for kept in said if not any(kept.rule.quote in words for words in reason.reasons)]
    return reason, of_scene(problem, board.schedule, reason, told)


def day_facts(problem: Problem, board: Board, number: int, day: DayPlan) -> tuple[str, ...]:
    """What a shooting day, its unit's n-th, is."""
    return of_day(problem, board.schedule, number, day, check(problem, board.schedule))


def board_facts(problem: Problem, board: Board, said: Sequence[KeptRule]) -> tuple[str, ...]:
    """What a board is."""
    verdict, bound = check(problem, board.schedule), int(board.facts["lower_bound"])
    return of_board(problem, board.schedule, verdict, bound, [_words(kept) for kept in said])


def _words(kept: KeptRule) -> str:
    return f"“{kept.rule.quote}” ({kept.id})"


def tell(llm: Llm, about: str, facts: tuple[str, ...], problem: Problem) -> Told:
    """The facts as prose; where no model's prose stands, the facts themselves. `about` is "scene 12", "day 4"."""
    names = _names(problem)
    room = llm.room("schedule_prose")
    question = Question(
        PROSE,
        {"about": about, "facts": [f"{at} | {fact}" for at, fact in enumerate(facts, start=1)]},
        Prose,
        payload=plain(facts),
        payload_key=hashlib.sha256("\n".join(facts).encode()).hexdigest(),
        max_tokens=min(TOKENS, room.max_output) if room else TOKENS,
    )
    try:
        answer = llm.ask(question, lambda prose: sift(prose, facts, names).problems)
    except NoneStands as error:
        cut = tuple(why for one in error.answers for why in sift(one.output, facts, names).cut)
        return Told(facts, facts, cut)
    except RouterError:
        return Told(facts, facts)
    if llm.is_in_process(answer.model):
        return Told(facts, facts)
    found = sift(answer.output, facts, names)
    return Told(found.sentences, facts, found.cut, answer.model, answer.attempt, float(answer.cost_usd))


def _names(problem: Problem) -> frozenset[str]:
    people = {performer.name for performer in problem.cast}
    return frozenset(people | {strip.location for strip in problem.strips} | {strip.set for strip in problem.strips})


def said_of(said: Sequence[KeptRule], known: Known, label: str) -> list[KeptRule]:
    """The said rules that bind a scene."""
    return [kept for kept in said if label in (*known.scenes_of(_target(kept)), *kept.rule.later)]


def _target(kept: KeptRule) -> Target:
    return Target(kept.rule.subject, kept.rule.names) if kept.rule.subject != "company" else Target("scene", ())
