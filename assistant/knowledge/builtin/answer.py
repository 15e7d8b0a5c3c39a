"""The built-in model's reply: from the tables where the question is theirs, else the passage's own words, else none."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.domain.answers import Claim
from assistant.domain.citations import Found
from assistant.knowledge.builtin import counting, listing, shoot, single, story
from assistant.knowledge.builtin.extract import Rarity, extracted
from assistant.knowledge.builtin.language import fold, say
from assistant.knowledge.builtin.parts import Facts
from assistant.knowledge.builtin.query import Query
from assistant.knowledge.tables import Tables

_DAY = re.compile(r"\b(?:day|dia) (\d+)\b")
ANSWERS: dict[str, Callable[[Query, Tables], Facts]] = {
    "list_scenes": listing.scenes,
    "count_scenes": counting.scenes,
    "count_pages": counting.pages_of,
    "count_speeches": counting.speeches,
    "speaks_most": counting.speaks_most,
    "scenes_most": counting.scenes_most,
    "count_things": counting.things,
    "longest": single.longest,
    "shortest": single.shortest,
    "age": single.age,
    "first": single.first,
    "last": single.last,
    "what_happens": single.happens,
    "is_in": single.is_in,
    "scene_info": single.info,
    "who_in": listing.who,
    "silent": listing.silent,
    "knows": story.knows,
    "list_sets": listing.sets,
    "list_things": listing.things,
    "shoot_scene": shoot.scene_dates,
    "shoot_why": shoot.scene_reasons,
    "shoot_day": shoot.scenes_on,
    "shoot_who": shoot.people_on,
    "shoot_days": shoot.days,
    "shoot_work": shoot.engaged,
    "script_day": story.script_days,
    "must_match": story.must_match,
    "conflicts": story.conflicts,
    "match_day": story.match_day,
    "state": story.states,
}


@dataclass(frozen=True)
class BuiltinQuestion:
    """What the built-in model works on: the query, what the tables gave, the passages that were found."""

    query: Query
    facts: Facts
    passages: Sequence[Found] = ()
    rarity: Rarity = lambda stem: 0.0
    language: str = "en"  # of the material


@dataclass(frozen=True)
class Reply:
    """Claims to be verified; with none, the reason."""

    claims: tuple[Claim, ...] = ()
    why: str = ""
    steps: tuple[str, ...] = field(default=())


def facts_for(query: Query, tables: Tables | None) -> Facts:
    """What the tables say to a query; nothing where it is not theirs to answer."""
    if tables is None or query.intent not in ANSWERS:
        return Facts()
    if missing := [label for label in query.scenes if tables.named(label) is None]:
        return Facts(why=say(query.language, "no_scene", label=", ".join(missing)), final=True)
    if query.unknown and not query.follows:
        return Facts()
    return ANSWERS[query.intent](query, tables)


def reply(question: BuiltinQuestion) -> Reply:
    """The answer without a language model."""
    query, facts = question.query, question.facts
    if facts.claims:
        return Reply(facts.claims, facts.why)
    if facts.final:
        return Reply((), facts.why)
    if found := _quoted(question):
        return Reply(found)
    if query.unknown:
        words = ", ".join(f"“{word}”" for word in dict.fromkeys(query.unknown))
        return Reply((), say(query.language, "unknown", words=words))
    return Reply((), facts.why or say(query.language, "not_found"))


def _days(text: str) -> set[str]:
    return set(_DAY.findall(fold(text)))


def _quoted(question: BuiltinQuestion) -> tuple[Claim, ...]:
    """The sentences that answer; what a call sheet is asked is answered from one where it can be."""
    passages = question.passages
    asked = _days(question.query.text)
    sheets = [found for found in passages if found.passage.kind == "call sheet"]
    sheets = [found for found in sheets if not asked or _days(found.passage.label) <= asked]
    chosen = [sheets, passages] if question.query.intent == "call_sheet" else [passages]
    answers = (extracted(question.query, some, question.rarity, question.language) for some in chosen if some)
    return next((found for found in answers if found), ())
