"""What a baseline keeps of a sample beside its score, so that every table of the documentation comes from baselines."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant.domain.categories import Category
from evals import ask
from evals.core import PARTS, Output, Row, Sample
from evals.sets import breakdown

Facts = dict[str, Any]


def facts_of(task: str, row: Row) -> Facts:
    """Small and plain; empty for a task whose score says all."""
    return _KEPT[task](row) if task in _KEPT and not row.output.error else {}


def _breakdown(row: Row) -> Facts:
    """Counts for the cast and for the rest, and each claim's category with whether it is right."""
    sides = {"cast": _counts(row, True), "rest": _counts(row, False)}
    claims = [[category, int(right)] for category, right in breakdown.judged(row.target, row.output.answer)]
    return {**sides, "claims": claims}


def _counts(row: Row, is_cast: bool) -> list[float]:
    def kept(items: Sequence[Sequence[str]]) -> list[Sequence[str]]:
        return [item for item in items if (item[0] == Category.CAST.value) == is_cast]

    target = {side: kept(row.target[side]) for side in ("must", "may")}
    score = breakdown.scorer(Sample(row.sample, row.input, target), Output(kept(row.output.answer)))
    return [score.parts[name] for name in PARTS]


def _answers(row: Row) -> Facts:
    return {"kind": row.target["kind"], "refused": bool(row.output.answer["refused"])}


def _retrieval(row: Row) -> Facts:
    """The rank of the scene that answers, by words, by vectors and by both."""
    return {name: ask.hit(row.target["scenes"], labels) for name, labels in row.output.answer.items()}


_KEPT: Mapping[str, Callable[[Row], Facts]] = {
    "breakdown": _breakdown,
    "answers": _answers,
    "refusal": _answers,
    "retrieval": _retrieval,
}
