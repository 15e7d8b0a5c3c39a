"""One person's conversation with a production: asks, remembers, and goes on another day."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.domain.answers import Answer, Audit, Claim
from assistant.domain.breakdown import CastMember
from assistant.domain.screenplay import Scene, Screenplay
from assistant.errors import NotFound
from assistant.knowledge import Knowledge
from assistant.knowledge.audit import audited, portraits
from assistant.knowledge.bm25 import tokens
from assistant.knowledge.builtin import Query, understand
from assistant.knowledge.builtin.parts import stated
from assistant.knowledge.builtin.single import told
from assistant.knowledge.cite import Ground, verified
from assistant.knowledge.plans import Plans
from assistant.knowledge.tables import Tables
from assistant.llm import Llm
from assistant.screenplay import characters
from assistant.store import Draft, Store
from assistant.store.memory import Memory
from assistant.store.sources import Sources
from assistant.workflows.chat import Asking, ChatState, build_chat, claims_of, cost_of
from assistant.workflows.episodes import episode_of

SHORT = 400  # letters of an answer that are kept for the next question
Heard = Callable[[Claim], None]


@dataclass(frozen=True)
class Desk:
    """Collaborators of a conversation; tests pass fakes."""

    store: Store
    sources: Sources
    knowledge: Knowledge
    llm: Llm
    memory: Memory
    who: str
    plans: Callable[[int], Plans] = lambda seq: Plans()  # a draft's schedule and continuity


class Talk:
    """Asks one production on behalf of one person."""

    def __init__(self, desk: Desk, language: str = "") -> None:
        self.desk = desk
        self._language = language
        self._tables: tuple[object, Tables] | None = None
        self._graph: Any = None
        desk.knowledge.catch_up()

    def ask(self, question: str, heard: Heard | None = None) -> Answer:
        """The verified answer. `heard` gets each claim as it comes, from models that stream. Raises RouterError."""
        turns = self.desk.memory.last(self.desk.who)
        last = Query.model_validate(turns[-1]["query"]) if turns else None
        asking = Asking(
            self.desk.knowledge,
            self.desk.llm,
            self.tables,
            last,
            [f"{turn['question']}\n{turn['answer']}" for turn in turns],
            self._language,
            heard,
        )
        state = self._run(question, asking)
        answer = _answer(question, state, asking)
        body = {"question": question, "query": state["query"], "answer": answer.text[:SHORT]}
        self.desk.memory.add(self.desk.who, body)
        return answer

    def recap(self, scenes: str = "", spoilers: bool = True, episode: str = "") -> Answer:
        """The script retold in its own words: synopses, else how each scene's action begins and ends.

        An episode is the newest script whose title or file says so. Without spoilers the last quarter is left out.
        Raises NotFound for scenes and episodes that are not there.
        """
        tables = self._tables_of(episode_of(self._drafts(), episode)) if episode.strip() else self._tables_or_fail()
        chosen = _chosen(scenes, tables)
        if not spoilers:
            end = len(tables.active) - len(tables.active) // 4
            last = tables.active[end - 1].ordinal if end else 0
            chosen = [scene for scene in chosen if scene.ordinal <= last]
        told_scenes = [(scene, told(scene, tables)) for scene in chosen if not scene.omitted]
        facts = stated(
            *((f"{scene.label}. {' … '.join(row.text for row in rows)}", rows) for scene, rows in told_scenes)
        )
        kept, cut = verified(facts.claims, Ground(rows=facts.rows), composed=False)
        return Answer("recap", tuple(kept), not kept, cut=cut, language=tables.language, model="builtin/rules")

    def audit(self, text: str) -> Audit:
        """Any text checked against this production, and who speaks how much. Raises NotFound without a script."""
        tables, knowledge = self._tables_or_fail(), self.desk.knowledge
        findings = audited(
            text, tables, lambda words: knowledge.search(words, 8, tables.language), knowledge.rarity(tables.language)
        )
        return Audit(findings, portraits(tables))

    def _tables_or_fail(self) -> Tables:
        tables = self.tables
        if tables is None:
            raise NotFound("No script has been read into this production yet.", "Hand one over: `pa ingest FILE`.")
        return tables

    def forget(self) -> None:
        """Begin anew."""
        self.desk.memory.clear(self.desk.who)

    @property
    def tables(self) -> Tables | None:
        """The newest draft's tables, with what people decided; None before a script is in."""
        drafts = self._drafts()
        if not drafts:
            return None
        newest = drafts[-1]
        script, breakdown = self.desk.store.screenplay(newest.seq), self.desk.store.breakdown(newest.seq)
        papers = [passage for passage in self.desk.knowledge.passages() if passage.kind != "script"]
        key = (newest, script, breakdown, {passage.source for passage in papers})
        if self._tables is None or self._tables[0] != key:
            stems = frozenset(stem for item in papers for stem in tokens(item.text, script.language))
            self._tables = (key, self._tables_of(newest, stems))
        return self._tables[1]

    def _drafts(self) -> list[Draft]:
        """Every script that was not forgotten, oldest first."""
        listed = {source.id for source in self.desk.sources.all()}
        return [draft for draft in self.desk.store.drafts() if draft.sha256 in listed]

    def _tables_of(self, draft: Draft, papers: frozenset[str] = frozenset()) -> Tables:
        script, breakdown = self.desk.store.screenplay(draft.seq), self.desk.store.breakdown(draft.seq)
        elements = tuple(item for item in breakdown.elements if item.status != "rejected")
        cast = breakdown.cast or _cast(script)
        return Tables(script, draft.file, cast, elements, papers, self.desk.plans(draft.seq))

    def _run(self, question: str, asking: Asking) -> ChatState:
        if self._graph is None:
            self._graph = build_chat().compile()
        state: ChatState = self._graph.invoke({"question": question}, {"recursion_limit": 20}, context=asking)
        return state


def _chosen(scenes: str, tables: Tables) -> list[Scene]:
    if not scenes.strip():
        return list(tables.script.scenes)
    query = understand(f"scenes {scenes}", tables, None, "en")
    found = [tables.named(label) for label in query.scenes]
    if not found or None in found:
        missing = ", ".join(label for label, scene in zip(query.scenes, found, strict=True) if scene is None) or scenes
        raise NotFound(f"This draft has no scene {missing}.", '`pa scenes` lists them; a range is written "1-40".')
    return [scene for scene in found if scene is not None]


def _cast(script: Screenplay) -> tuple[CastMember, ...]:
    """The roles as the parser sees them, while nothing is broken down yet."""
    people = sorted(characters(script), key=lambda person: (-person.speeches, person.scenes))
    return tuple(
        CastMember(str(number), person.name, person.scenes, person.speaking, (), person.speeches)
        for number, person in enumerate(people, start=1)
    )


def _answer(question: str, state: ChatState, asking: Asking) -> Answer:
    claims = claims_of(state)
    return Answer(
        question=question,
        claims=claims,
        refused=not claims,
        why=state.get("why", ""),
        nearest=asking.nearest if not claims else (),
        cut=state.get("cut", 0),
        language=state["query"]["language"],
        model=state.get("model", ""),
        cost_usd=cost_of(state),
        trace=state.get("trace", ""),
        steps=tuple(state.get("steps", [])),
    )
