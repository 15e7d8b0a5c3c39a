"""All tasks by name, and what running one may cost."""

from collections.abc import Sequence
from typing import NamedTuple

import prompts
from assistant.wiring import rule_versions
from evals.core import BUILT_IN, Log, Place, Sample, Task, version
from evals.sets import (
    breakdown,
    choosing,
    continuity,
    injection,
    judging,
    questions,
    reading,
    schedule,
    schedule_rules,
    synopsis,
)
from routers.registry import Registry
from routers.types import NANO

TASKS: dict[str, Task] = {
    task.name: task
    for task in (
        reading.PARSING,
        reading.EIGHTHS,
        breakdown.TASK,
        synopsis.TASK,
        questions.RETRIEVAL,
        questions.ANSWERS,
        questions.REFUSAL,
        schedule.TASK,
        schedule_rules.TASK,
        reading.DAYS,
        continuity.TASK,
        choosing.TASK,
        injection.TASK,
        judging.TASK,
    )
}


class Estimate(NamedTuple):
    """What a run may cost, in US dollars, and how many calls it makes."""

    usd: float
    calls: int


def estimate(task: Task, model: str, samples: Sequence[Sample], registry: Registry) -> Estimate:
    """Tokens of a usual sample at the model's price; nothing for the built-in model and for tasks that ask none."""
    if model == BUILT_IN or not task.routed:
        return Estimate(0.0, 0)
    price = registry[model].price
    each = 0 if price is None else price.cost(*task.tokens)
    return Estimate(each * len(samples) / NANO, len(samples))


def version_of(task: Task, model: str) -> str:
    """The version of what answers: the prompt that asks a model, or the built-in model's rules."""
    if model == BUILT_IN:
        return rule_versions().get((task.routed or "breakdown", model), "")
    return prompts.task_versions().get(task.routed, "")


def stale(log: Log, place: Place) -> str:
    """What has changed since a run was made; "" where it still holds."""
    task = TASKS.get(log.task)
    if task is None:
        return ""
    now = version_of(task, log.model)
    if log.prompt != now:
        return f"{log.prompt or 'no version'}, now {now}"
    return "" if log.data == version(task.samples(place)) else "other data now"


def fits(task: Task, model: str) -> bool:
    """Can this model take the task? Where no model is asked there is only what is built in."""
    return task.built_in if model == BUILT_IN else bool(task.routed)
