"""Any text about a production, checked statement by statement against its tables and its passages."""

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.domain.answers import Citation, Finding, Portrait
from assistant.domain.breakdown import CastMember
from assistant.domain.citations import Found
from assistant.domain.screenplay import Scene
from assistant.knowledge.bm25 import tokens
from assistant.knowledge.builtin.extract import Rarity
from assistant.knowledge.builtin.language import fold
from assistant.knowledge.builtin.parts import citation, fitting
from assistant.knowledge.builtin.query import Query
from assistant.knowledge.builtin.understand import understand
from assistant.knowledge.cite import denies, normal, numbers_in
from assistant.knowledge.tables import ON_STAGE, Tables, clause, shorter

ENOUGH = 0.6  # of a statement's words must stand in one passage
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”»')]*\s+(?=[\"“¿¡A-ZÁÉÍÓÚÑ0-9])|\n+")
_MARKS = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+|\[[^\]]*\]|[#*_`]+")
_COUNT = re.compile(r"\b(\d+)\s+(?:\w+\s+){0,2}?(scenes?|escenas?|speeches|parlamentos|pages|paginas)\b")
_LIST = re.compile(r"(?:scenes?|escenas?)[:\s(]+((?:#?\d+[a-z]{0,2}(?:\s*(?:,|and|y|&)\s*)?){2,})")
Search = Callable[[str], Sequence[Found]]


def audited(text: str, tables: Tables, search: Search, rarity: Rarity) -> tuple[Finding, ...]:
    """A verdict on each statement. Counts and lists are held against the tables, everything else against passages."""
    return tuple(_verdict(statement, tables, search, rarity) for statement in statements(text))


def statements(text: str) -> Iterator[str]:
    """The sentences of a text that say something; list marks and citation marks are taken off."""
    for part in _SENTENCE.split(text):
        clean = _MARKS.sub("", part).strip()
        if len(re.findall(r"\w+", clean)) >= 3 and not clean.endswith("?"):
            yield clean


def _verdict(statement: str, tables: Tables, search: Search, rarity: Rarity) -> Finding:
    query = understand(statement, tables)
    return (
        _counted(statement, query, tables)
        or _placed(statement, query, tables)
        or _read(statement, tables, search, rarity)
    )


def _counted(statement: str, query: Query, tables: Tables) -> Finding | None:
    """ "Nora is in 12 scenes", "Win has 12 speeches", "the dog is in scenes 3, 4 and 8"."""
    text = fold(statement)
    listed = _LIST.search(re.sub(r"(\d+[a-z]{0,2}),", r"\1 ,", statement.casefold()))
    number = _COUNT.search(text)
    about = query.model_copy(update={"scenes": [], "category": None})
    if listed and (query.cast or query.things):
        said = {label.strip("#") for label in re.findall(r"#?\d+[a-z]{0,2}", listed.group(1))}
        there = {tables.scenes[o].label.strip("#").casefold() for o in fitting(about, tables)}
        rows = [row for rows in fitting(about, tables).values() for row in rows]
        return _held(
            statement, said <= there, f"the tables have scenes {', '.join(sorted(there))}", [citation(r) for r in rows]
        )
    if not number or query.residue:
        return None
    said_number, what = int(number.group(1)), number.group(2)
    if what.startswith(("speech", "parlament")) and len(query.cast) == 1:
        person = next(p for p in tables.cast if p.name == query.cast[0])
        truth = sum(map(len, tables.cues(person).values()))
    elif what.startswith(("scene", "escena")):
        truth = len(fitting(about, tables)) if about.narrowed else len(tables.script.scenes)
    elif what.startswith("pag") and not about.narrowed:
        truth = round(tables.script.eighths / 8)
    else:
        return None
    row = tables.fact(f"{what}: {truth}")
    return _held(statement, truth == said_number, f"the tables count {truth} {what}", [citation(row)])


def _placed(statement: str, query: Query, tables: Tables) -> Finding | None:
    """ "Ida is in scene 4" where nothing else is said."""
    if len(query.scenes) != 1 or not query.subjects or query.residue or query.category:
        return None
    scene = tables.named(query.scenes[0])
    if scene is None:
        return Finding(statement, "contradicted", f"there is no scene {query.scenes[0]}")
    found = fitting(query.model_copy(update={"int_ext": None, "time": None}), tables)
    there = scene.ordinal in found
    denied = denies(statement)
    rows = found.get(scene.ordinal) or [tables.heading(scene)]
    why = f"scene {scene.label} {'has' if there else 'does not have'} {', '.join(query.subjects)}"
    return _held(statement, there != denied, why, [citation(row) for row in rows])


def _held(statement: str, right: bool, why: str, citations: Sequence[Citation]) -> Finding:
    return Finding(statement, "supported" if right else "contradicted", "" if right else why, tuple(citations[:12]))


def _read(statement: str, tables: Tables, search: Search, rarity: Rarity) -> Finding:
    """Supported where one passage has nearly all its words, its names and numbers, and denies no more than it does."""
    language = tables.language
    stems = [stem for stem in dict.fromkeys(tokens(statement, language)) if len(stem) > 2 or stem.isdecimal()]
    weights = {stem: rarity(stem) or 9.0 for stem in stems}
    total = sum(weights.values()) or 1.0
    numbers = numbers_in(normal(statement)) - {"1"}
    strict = {token for name in re.findall(r"(?<!^)\b[A-ZÁÉÍÓÚÑ]\w+", statement) for token in tokens(name, language)}
    for found in search(statement):
        passage = found.passage
        lines = passage.text.split("\n")
        places = passage.numbers or (passage.line_from,) * len(lines)
        have = set(tokens(f"{passage.text} {passage.label}", language))
        if not numbers <= numbers_in(normal(f"{passage.text} {passage.label}")):
            continue
        if not strict <= have or sum(weight for stem, weight in weights.items() if stem in have) < ENOUGH * total:
            continue
        best = max(
            range(len(lines)), key=lambda at: sum(weights[s] for s in set(tokens(lines[at], language)) & set(stems))
        )
        if denies(statement) != denies(lines[best]):
            continue
        quote = shorter(lines[best].strip(" |#"))
        scene = passage.label if passage.scene else ""
        return Finding(
            statement, "supported", "", (Citation(passage.source, passage.file, scene, places[best], quote),)
        )
    unknown = [stem for stem in stems if not rarity(stem)]
    why = f"these words stand nowhere: {', '.join(unknown)}" if unknown else "no passage says this"
    return Finding(statement, "not in the material", why)


def portraits(tables: Tables) -> tuple[Portrait, ...]:
    """Who speaks how much, and the words a role is introduced with."""
    words = {person.name: _words(person, tables) for person in tables.cast}
    total = sum(words.values()) or 1
    found = [
        Portrait(
            person.name,
            sum(map(len, tables.cues(person).values())),
            words[person.name],
            words[person.name] / total,
            _described(person, tables),
        )
        for person in tables.cast
    ]
    return tuple(sorted(found, key=lambda item: -item.words))


def _words(person: CastMember, tables: Tables) -> int:
    cues = {(ordinal, row.line) for ordinal, rows in tables.cues(person).items() for row in rows}
    return sum(_spoken(scene, {line for ordinal, line in cues if ordinal == scene.ordinal}) for scene in tables.active)


def _spoken(scene: Scene, cues: set[int]) -> int:
    count, speaking = 0, False
    for line in scene.lines:
        if line.kind == "character":
            speaking = line.number in cues
        elif line.kind in ("dialogue", "lyrics") and speaking:
            count += len(line.text.split())
        elif line.kind != "parenthetical":
            speaking = False
    return count


def _described(person: CastMember, tables: Tables) -> str:
    name = tokens(person.name, "xx")
    for scene in tables.active:
        for line in scene.lines:
            if line.kind in ON_STAGE and (quote := clause(line.text, name, "xx")) and normal(quote):
                return quote
    return ""
