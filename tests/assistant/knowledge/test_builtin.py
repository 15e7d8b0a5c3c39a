"""Whatever is asked, the grammar takes it without falling over, and what it cites stands in the script."""

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.breakdown import CastMember, Element, Quote
from assistant.domain.categories import Category
from assistant.knowledge.builtin import Query, understand
from assistant.knowledge.builtin.answer import facts_for
from assistant.knowledge.builtin.language import language_of
from assistant.knowledge.cite import Ground, verified
from assistant.knowledge.tables import Tables
from assistant.screenplay import parse
from tests.conftest import ROOT

FERRY = ROOT / "examples" / "the-ferry" / "the-ferry.fountain"
ENGLISH = """which what who how many long where when is are does do scenes scene pages speeches props vehicles night day
    dawn exterior interior with without and or not in the first last longest shortest"""
SPANISH = "¿ quién cuántas escenas de noche sale habla más perro y sin con dónde"
ODD = "NORA Ida lantern dog wheelhouse 12A 3 17 99 #4 1-40 in ( [ * ' % ; -- 0 -1"
ASKED = [word for words in (ENGLISH, SPANISH, ODD) for word in words.split()]


@cache
def tables() -> Tables:
    """The example with two roles and two elements."""
    script = parse(FERRY)
    here = [scene for scene in script.scenes if "Nora" in scene.text]
    evidence = [
        Quote(scene.ordinal, line.number, line.text)
        for scene in script.scenes
        for line in scene.lines
        if "brass lantern" in line.text
    ]
    found = tuple(Element(quote.scene, Category.PROPS, "brass lantern", quote) for quote in evidence)
    cast = (
        CastMember("1", "NORA", tuple(scene.ordinal for scene in here), True, ("NORA VANCE",), 30),
        CastMember("2", "OLD WOMAN", (9,), False),
    )
    return Tables(script, FERRY.name, cast, found)


@given(st.lists(st.sampled_from(ASKED), max_size=12), st.lists(st.sampled_from(ASKED), max_size=5))
@settings(max_examples=150, deadline=None)
def test_any_words_are_taken_and_every_claim_stands(first: list[str], then: list[str]) -> None:
    last: Query | None = None
    for words in (first, then):
        last = understand(" ".join(words), tables(), last)
        facts = facts_for(last, tables())
        kept, cut = verified(facts.claims, Ground(rows=facts.rows), composed=False)
        assert cut == 0
        assert len(kept) == len(facts.claims)
        assert Query.model_validate(last.model_dump()) == last


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_is_taken(text: str) -> None:
    facts_for(understand(text, tables()), tables())


def test_the_language_is_the_questions_own() -> None:
    assert language_of("¿En qué escenas sale Nora?") == "es"
    assert language_of("Which scenes is Nora in?") == "en"
    assert language_of("Nora", "es") == "es"


def test_one_word_of_a_name_and_an_alias_are_enough() -> None:
    assert understand("Who is Nora Vance?", tables()).cast == ["NORA"]
    assert understand("scenes with the old woman", tables()).cast == ["OLD WOMAN"]
    assert understand("scenes without Nora", tables()).without_cast == ["NORA"]


def test_ranges_sets_and_times() -> None:
    query = understand("Which scenes from scene 12 to 13 are at night in the water?", tables())
    assert query.scenes == ["12", "12A", "13"] or query.time == "NIGHT"
    assert understand("exterior night scenes on the car deck", tables()).sets == ["FERRY - CAR DECK"]
    assert understand("interiors at dusk", tables()).int_ext == "INT"
