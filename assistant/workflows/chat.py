"""A question to a production: understand → facts, passages → answer, or look up first → check → answer or refusal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from pydantic import ValidationError

from assistant.domain.answers import Citation, Claim
from assistant.domain.citations import Found
from assistant.knowledge import Knowledge
from assistant.knowledge.builtin import BuiltinQuestion, Query, understand
from assistant.knowledge.builtin.answer import facts_for
from assistant.knowledge.builtin.extract import content
from assistant.knowledge.builtin.language import say
from assistant.knowledge.builtin.parts import Facts
from assistant.knowledge.cite import Ground, Row, verified
from assistant.knowledge.queries import Result, looked_up, offered
from assistant.knowledge.shape import ChatAnswer, ComingClaims
from assistant.knowledge.tables import Tables
from assistant.llm import Answer, Llm, Lookup, Question
from assistant.store.codec import load
from routers.errors import AnswerUnusable, NoAnswer
from routers.types import Message, ToolCall

PROMPT = "chat/answer"
ROUNDS = 4  # in which a model may look things up
CALLS = 6  # in one round
RESULT = 12_000  # letters of one result
PASSAGES = 8
SHALLOW, DEEP = 3 * PASSAGES, 40 * PASSAGES  # for the built-in model, which reads them all
NEAREST = 3
TURNS = 6  # of the conversation that a model sees


class ChatState(TypedDict, total=False):
    """JSON-native values only; passages stay in the desk of the question."""

    question: str
    query: dict[str, Any]
    claims: list[dict[str, Any]]
    why: str
    cut: int
    model: str
    trace: str
    cost: str
    steps: list[str]


@dataclass
class Asking:
    """What one question is worked on with: collaborators, and what was looked up for it."""

    knowledge: Knowledge
    llm: Llm
    tables: Tables | None
    last: Query | None = None
    history: Sequence[str] = ()
    language: str = ""
    heard: Callable[[Claim], None] | None = None  # each claim as soon as it stands, from models that stream
    facts: Facts = field(default_factory=Facts)
    passages: list[Found] = field(default_factory=list)
    nearest: tuple[Citation, ...] = ()
    inputs: dict[str, Any] = field(default_factory=dict)  # what the model is asked with, the same in every round
    turns: list[Message] = field(default_factory=list)  # what it looked up
    wishes: tuple[ToolCall, ...] = ()
    rounds: int = 0
    spent: Decimal = Decimal(0)

    @property
    def material_language(self) -> str:
        """The language the papers are written in, as the script tells."""
        return self.tables.language if self.tables else (self.language or "en")

    @property
    def ground(self) -> Ground:
        """All that this answer may quote."""
        return Ground((found.passage for found in self.passages), self.rows)

    @property
    def rows(self) -> list[Row]:
        """Lines of the script and rows of the tables that the facts rest on; a fact is itself a row."""
        counted = [self.tables.fact(claim.text) for claim in self.facts.claims] if self.tables else []
        return [*self.facts.rows, *counted]


def understood(state: ChatState, runtime: Runtime[Asking]) -> ChatState:
    """Take the question apart; what it leaves unsaid comes from the conversation."""
    desk = runtime.context
    tables = desk.tables or _no_tables()
    query = understand(state["question"], tables, desk.last, desk.language)
    told = {k: v for k, v in query.model_dump().items() if v and k not in ("text", "language")}
    return {"query": query.model_dump(), "steps": [f"understood: {told}"]}


def facts(state: ChatState, runtime: Runtime[Asking]) -> ChatState:
    """What the tables say: counts, lists, lengths are theirs."""
    desk = runtime.context
    desk.facts = facts_for(Query.model_validate(state["query"]), desk.tables)
    return {"steps": [*state["steps"], f"tables: {len(desk.facts.claims)} statements, {len(desk.facts.rows)} rows"]}


def passages(state: ChatState, runtime: Runtime[Asking]) -> ChatState:
    """The passages nearest to the question, and to the one it follows."""
    desk = runtime.context
    query = Query.model_validate(state["query"])
    text = f"{desk.last.text} {query.text}" if query.follows and desk.last else query.text
    if desk.llm.in_process("chat"):  # it can only quote what has the question's words
        words = " ".join(content(query, desk.material_language)) or text
        found = desk.knowledge.by_words(
            words, DEEP if query.intent == "call_sheet" else SHALLOW, desk.material_language
        )
        desk.passages = sorted(found, key=lambda item: _foreign(item, query))[:SHALLOW]
    else:
        desk.passages = desk.knowledge.search(text, PASSAGES, desk.material_language)
    places = [f"{item.passage.file} {item.passage.label} l. {item.passage.line_from}" for item in desk.passages]
    return {"steps": [*state["steps"], f"passages: {'; '.join(places) or 'none'}"]}


def _foreign(found: Found, query: Query) -> bool:
    """Is a passage from another paper than the kind that was asked?"""
    return query.intent == "call_sheet" and found.passage.kind != "call sheet"


def answer(state: ChatState, runtime: Runtime[Asking]) -> ChatState:
    """Ask the routed model, or the built-in one."""
    desk, query = runtime.context, Query.model_validate(state["query"])
    rarity = desk.knowledge.rarity(desk.material_language)
    payload = BuiltinQuestion(query, desk.facts, desk.passages, rarity, desk.material_language)
    desk.inputs = desk.inputs or {
        "question": state["question"],
        "language": query.language,
        "history": "\n".join(desk.history[-TURNS:]),
        "facts": _facts_text(desk.facts),
        "passages": "\n\n".join(_passage_text(found) for found in desk.passages),
    }
    tools = offered() if desk.rounds < ROUNDS and desk.llm.has("chat", "tools") else ()
    question = Question(PROMPT, desk.inputs, ChatAnswer, payload=payload, tools=tools, turns=tuple(desk.turns))
    desk.wishes = ()
    try:
        done = _asked(desk, question)
    except (AnswerUnusable, NoAnswer) as error:
        steps = [*state["steps"], f"no usable answer: {error.sentence}"]
        return {"claims": [], "why": say(query.language, "not_stood"), "model": "", "steps": steps}
    desk.spent += done.cost_usd
    if isinstance(done, Lookup):
        desk.wishes = done.calls
        return {"model": done.model, "trace": done.attempt, "cost": str(desk.spent)}
    return {
        "claims": [item.model_dump() for item in done.output.claims],
        "why": done.output.why,
        "model": done.model,
        "trace": done.attempt,
        "cost": str(desk.spent),
        "steps": [*state["steps"], f"answered by {done.model} ({done.prompt}), attempt {done.attempt}"],
    }


def look_up(state: ChatState, runtime: Runtime[Asking]) -> ChatState:
    """Run what the model wants to look up; what comes of it may be quoted like anything that was found before."""
    desk = runtime.context
    language = str(state["query"]["language"])
    desk.rounds += 1
    desk.turns.append(Message("assistant", "", desk.wishes))
    steps = []
    for number, call in enumerate(desk.wishes):
        result = Result(problem="too many calls at once")
        if number < CALLS:
            result = looked_up(call.name, call.arguments, desk.tables, _searched(desk), language)
        known = {item.passage.id for item in desk.passages}
        desk.passages += [item for item in result.passages if item.passage.id not in known]
        claims, rows = desk.facts.claims + result.facts.claims, desk.facts.rows + result.facts.rows
        desk.facts = replace(desk.facts, claims=claims, rows=rows)
        desk.turns.append(Message("user", _result_text(result), answers=call.id))
        what = f"{len(result.facts.claims)} statements, {len(result.passages)} passages"
        steps.append(f"looked up {call.name[:40]} {call.arguments[:200]}: {result.problem or what}")
    return {"steps": [*state["steps"], *steps]}


def _searched(desk: Asking) -> Callable[[str], list[Found]]:
    return lambda words: desk.knowledge.search(words, PASSAGES, desk.material_language)


def _result_text(result: Result) -> str:
    parts = [_facts_text(result.facts), *map(_passage_text, result.passages), result.problem]
    return "\n\n".join(part for part in parts if part)[:RESULT] or "nothing"


def check(state: ChatState, runtime: Runtime[Asking]) -> ChatState:
    """Only what stands in this production's material goes on."""
    desk, query = runtime.context, Query.model_validate(state["query"])
    offered = ChatAnswer.model_validate({"claims": state["claims"]})
    built_in = desk.llm.is_in_process(state["model"])
    claims = [item.claim() for item in offered.claims]
    kept, cut = verified(
        claims, desk.ground, "" if built_in else query.text, desk.material_language, composed=not built_in
    )
    why = state["why"] if kept or not cut else say(query.language, "not_stood")
    rows = [{"text": claim.text, "citations": [_plain(item) for item in claim.citations]} for claim in kept]
    return {
        "claims": rows,
        "cut": cut,
        "why": why,
        "steps": [*state["steps"], f"checked: {len(kept)} stand, {cut} cut"],
    }


def refuse(state: ChatState, runtime: Runtime[Asking]) -> ChatState:
    """Say that it is not in the material, and show what comes nearest."""
    desk, query = runtime.context, Query.model_validate(state["query"])
    if not desk.passages:
        find = desk.knowledge.by_words if desk.llm.in_process("chat") else desk.knowledge.search
        desk.passages = find(query.text, NEAREST, desk.material_language)
    desk.nearest = tuple(_nearest(found) for found in desk.passages[:NEAREST])
    return {"why": state.get("why") or say(query.language, "not_found")}


def _no_tables() -> Tables:
    from assistant.domain.screenplay import Screenplay

    return Tables(Screenplay("", "text", "", ()), "")


def _asked(desk: Asking, question: Question[ChatAnswer]) -> Answer[ChatAnswer] | Lookup:
    ground, language = desk.ground, desk.material_language
    text = str(question.inputs["question"])

    def stands(output: ChatAnswer) -> tuple[str, ...]:
        if not output.claims or verified([c.claim() for c in output.claims], ground, text, language)[0]:
            return ()
        return ("no quote of any claim stands in the passages or facts",)

    if desk.llm.in_process("chat"):
        return desk.llm.ask(question)
    if desk.heard is None:
        return desk.llm.consult(question, stands)
    coming, heard = ComingClaims(), desk.heard

    def hear(part: str) -> None:
        for claim in verified(coming.more(part), ground, text, language)[0]:
            heard(claim)

    try:
        return desk.llm.consult(question, stands, hear)
    except ValidationError:  # a stream that is no JSON: asked again, this time with the means to mend it
        return desk.llm.ask(replace(question, tools=()), stands)


def _facts_text(facts: Facts) -> str:
    stated = [claim.text for claim in facts.claims]
    shown = [f"{row.text} [scene {row.scene}, line {row.line}]" if row.line else row.text for row in facts.rows]
    return "\n".join(dict.fromkeys([*stated, *shown, *([facts.why] if facts.why else [])]))


def _passage_text(found: Found) -> str:
    passage = found.passage
    head = f"[{passage.kind}, {passage.file}" + (
        f", scene {passage.label}]" if passage.scene else f", {passage.label}]"
    )
    numbers = passage.numbers or (passage.line_from,) * passage.text.count("\n")
    lines = [f"{number}: {line}" for number, line in zip(numbers, passage.text.split("\n"), strict=False)]
    return "\n".join([head, *lines])


def _nearest(found: Found) -> Citation:
    passage = found.passage
    lines = passage.text.split("\n")
    numbers = passage.numbers or (passage.line_from,) * len(lines)
    at = 1 if passage.kind == "script" and len(lines) > 1 else 0
    return Citation(passage.source, passage.file, passage.label if passage.scene else "", numbers[at], lines[at][:160])


def _plain(item: Citation) -> dict[str, Any]:
    return {"source": item.source, "file": item.file, "scene": item.scene, "line": item.line, "quote": item.quote}


def claims_of(state: ChatState) -> tuple[Claim, ...]:
    """The claims of a finished state."""
    return tuple(
        Claim(row["text"], tuple(load(Citation, item) for item in row["citations"])) for row in state.get("claims", [])
    )


def cost_of(state: ChatState) -> Decimal:
    """What the answer cost."""
    return Decimal(state.get("cost") or "0")


def _after_facts(state: ChatState, runtime: Runtime[Asking]) -> str:
    """Passages are not needed where a function of this process answers from the tables alone."""
    desk = runtime.context
    sure = bool(desk.facts.claims) or desk.facts.final
    return "answer" if sure and desk.llm.in_process("chat") else "passages"


def _after_answer(state: ChatState, runtime: Runtime[Asking]) -> str:
    return "look_up" if runtime.context.wishes else "check"


def _after_check(state: ChatState) -> str:
    return END if state["claims"] else "refuse"


def build_chat() -> "StateGraph[ChatState, Asking]":
    """Question → verified answer. Nothing of it outlives the question but what the memory keeps."""
    graph = StateGraph(ChatState, context_schema=Asking)
    for name, node in (
        ("understand", understood),
        ("facts", facts),
        ("passages", passages),
        ("answer", answer),
        ("look_up", look_up),
        ("check", check),
        ("refuse", refuse),
    ):
        graph.add_node(name, node)
    graph.add_edge(START, "understand")
    graph.add_edge("understand", "facts")
    graph.add_conditional_edges("facts", _after_facts, ["passages", "answer"])
    graph.add_edge("passages", "answer")
    graph.add_conditional_edges("answer", _after_answer, ["look_up", "check"])
    graph.add_edge("look_up", "answer")
    graph.add_conditional_edges("check", _after_check, ["refuse", END])
    graph.add_edge("refuse", END)
    return graph
