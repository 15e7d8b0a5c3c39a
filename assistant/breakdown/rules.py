"""The built-in breakdown: what a scene needs, known from its own words alone, each thing with the words that say so."""

from collections.abc import Iterator
from dataclasses import replace

from assistant.breakdown.acts import acts
from assistant.breakdown.nouns import Found, things
from assistant.breakdown.people import SEEN_KINDS, cast, is_thing, named_spans
from assistant.breakdown.reading import Reading, read
from assistant.breakdown.unite import Claim, unite
from assistant.breakdown.unlisted import unlisted
from assistant.breakdown.vocabulary import Vocabulary, has, vocabulary
from assistant.breakdown.words import named_in, quote_around
from assistant.domain.breakdown import Element, Quote, SceneFacts
from assistant.domain.categories import Category
from assistant.domain.screenplay import Line, Scene


def breakdown_scene(scene: Scene, facts: SceneFacts) -> tuple[Element, ...]:
    """Everything the scene needs, cast first, each element once. An omitted scene needs nothing."""
    if scene.omitted:
        return ()
    words = vocabulary(facts.language) if has(facts.language) else None
    people = tuple(cast(scene, facts, words))
    if words is None:
        return people
    return people + unite(_needs(scene, facts, words), facts.language)


def _needs(scene: Scene, facts: SceneFacts, words: Vocabulary) -> Iterator[Claim]:
    for line in scene.lines:
        if line.kind == "heading":
            yield from _set_vehicles(scene, line, words, facts)
        elif line.kind == "lyrics" and any(letter.isalpha() for letter in line.text):
            yield _claim(scene, line, (0, len(line.text)), (Category.MUSIC, "singing"), implied=True)
        elif line.kind in SEEN_KINDS:
            names = [span for name, span in named_spans(line.text, facts.characters) if not is_thing(name, words)]
            yield from _of_line(scene, line, read(line.text, names, words, facts.glossary))


def _of_line(scene: Scene, line: Line, reading: Reading) -> Iterator[Claim]:
    for found in (*things(reading), *unlisted(reading)):
        yield _named(scene, line, found)
    for act in acts(reading):
        yield _claim(scene, line, (act.start, act.end), (act.category, act.name), implied=act.implied)


def _named(scene: Scene, line: Line, found: Found) -> Claim:
    claim = _claim(scene, line, (found.start, found.end), (found.category, found.name))
    return Claim(replace(claim.element, quantity=found.quantity), found.shifts)


def _claim(scene: Scene, line: Line, span: tuple[int, int], what: tuple[Category, str], implied: bool = False) -> Claim:
    category, name = what
    quote = quote_around(line.text, *span)
    implied = implied or not named_in(name, quote)
    return Claim(Element(scene.ordinal, category, name, Quote(scene.ordinal, line.number, quote), implied))


def _set_vehicles(scene: Scene, line: Line, words: Vocabulary, facts: SceneFacts) -> Iterator[Claim]:
    """ "INT. TAXI - NIGHT" needs the taxi, whether or not the action says so."""
    whole = (0, len(line.text))
    for found in things(read(line.text, [], words, facts.glossary)):
        if found.category is Category.VEHICLES:
            claim = _claim(scene, line, whole, (found.category, found.name))
            yield Claim(replace(claim.element, evidence=Quote(scene.ordinal, line.number, line.text.strip())))
