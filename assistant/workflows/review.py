"""A review that waits: after a breakdown the run stops until a person has answered, on any day, from any process.

What is asked and what is answered are plain JSON, so that a terminal, a chat or a web page can stand at the other end.
"""

from collections.abc import Sequence
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt

from assistant.domain.review import Decision
from assistant.review import Desk, Item, Wanted
from assistant.review.typed import Row, decisions

AT_ONCE = 20  # proposals shown in one question


class ReviewState(TypedDict, total=False):
    """How far a review is; the proposals themselves stay in the store."""

    run: str
    decided: int
    waiting: int
    left: bool  # a person said: enough for now


def ask(state: ReviewState, runtime: Runtime[Desk]) -> ReviewState:
    """Put the next proposals to a person, wait, and keep what was said. Run twice with one answer, it writes once."""
    desk = runtime.context
    items = desk.items(Wanted())
    if not items:
        return {"waiting": 0}
    answer = interrupt(question(items))
    said = _fresh(desk, answered(desk, answer))
    desk.say(*said)
    desk.count()
    left = bool(answer.get("leave"))
    return {"decided": state.get("decided", 0) + len(said), "waiting": len(desk.items(Wanted())), "left": left}


def question(items: Sequence[Item]) -> dict[str, Any]:
    """What a person is asked: the first few proposals, and how many there are."""
    return {"kind": "review", "waiting": len(items), "items": [_plain(item) for item in items[:AT_ONCE]]}


def answered(desk: Desk, answer: dict[str, Any]) -> list[Decision]:
    """A person's answer, `{"who": …, "decisions": [{id, decision, name, category, why}], "leave": false}`, checked as a
    typed table is. Raises BadInput; then nothing is kept and the question stands."""
    rows = [
        Row(
            f"decision {n}",
            **{key: str(given.get(key, "")) for key in ("id", "decision", "name", "category", "why")},
        )
        for n, given in enumerate(answer.get("decisions", ()), start=1)
    ]
    return decisions(rows, desk.known, str(answer.get("who") or desk.who), desk.draft)


def build_review() -> "StateGraph[ReviewState, Desk]":
    """Ask until nothing waits, or until the person leaves. The caller compiles it with its checkpointer."""
    graph = StateGraph(ReviewState, context_schema=Desk)
    graph.add_node("ask", ask)
    graph.add_edge(START, "ask")
    graph.add_conditional_edges("ask", _next, ["ask", END])
    return graph


def wait_for(desk: Desk, saver: Any, run: str) -> dict[str, Any] | None:
    """Begin a review, or find it where it waits: the question that stands, None when nothing is left to ask."""
    compiled = build_review().compile(checkpointer=saver)
    config: Any = {"configurable": {"thread_id": run}}
    state = compiled.get_state(config)
    if not state.interrupts:
        compiled.invoke(None if state.next else {"run": run}, config, context=desk, durability="sync")
        state = compiled.get_state(config)
    return state.interrupts[0].value if state.interrupts else None


def answer(desk: Desk, saver: Any, run: str, given: dict[str, Any]) -> dict[str, Any] | None:
    """Go on with what a person said; the next question, or None at the end. A wrong answer leaves the question."""
    answered(desk, given)
    compiled = build_review().compile(checkpointer=saver)
    config: Any = {"configurable": {"thread_id": run}}
    compiled.invoke(Command(resume=given), config, context=desk, durability="sync")
    state = compiled.get_state(config)
    return state.interrupts[0].value if state.interrupts else None


def _next(state: ReviewState) -> str:
    return END if state.get("left") or not state.get("waiting") else "ask"


def _fresh(desk: Desk, said: Sequence[Decision]) -> list[Decision]:
    holds = desk.log.newest()
    return [
        item
        for item in said
        if item.subject not in holds
        or (holds[item.subject].action, holds[item.subject].change) != (item.action, item.change)
    ]


def _plain(item: Item) -> dict[str, Any]:
    if item.element is None or item.scene is None:
        merge = item.merge
        return {"id": item.subject, "keep": merge.keep, "other": merge.other, "why": merge.why} if merge else {}
    element = item.element
    return {
        "id": item.subject,
        "scene": item.scene.label,
        "category": element.category.value,
        "name": element.name,
        "quote": element.evidence.text,
        "line": element.evidence.line,
    }
