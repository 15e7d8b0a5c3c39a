"""What people's decisions say about the models that made the proposals: good, bad, and each counted once."""

from collections.abc import Iterable, Mapping, Sequence

from assistant.domain.breakdown import Element
from assistant.domain.review import BY_HAND, Decision
from routers import Evidence

TASK = "breakdown"
_MARK = "decision "


def evidence(
    decisions: Sequence[Decision], elements: Mapping[str, Element], production: str, learned: Iterable[Evidence]
) -> list[Evidence]:
    """Evidence for every decision that holds and was not counted yet.

    A word that was taken back before it was counted leaves no trace; what a person put in says nothing of a model.
    """
    counted = {row.data for row in learned if row.source == "review"}
    newest = {item.subject: item for item in decisions}
    rows = []
    for item in newest.values():
        element, mark = elements.get(item.subject), f"{_MARK}{item.id} {production}"
        if element is None or element.source.model == BY_HAND or mark in counted:
            continue
        if item.action in {"accept", "edit", "reject"}:
            good = 1.0 if item.action == "accept" else 0.0
            version = element.source.prompt.rpartition("@")[2]
            rows.append(Evidence(TASK, element.source.model, good, 1.0, "review", prompt=version, data=mark))
    return rows
