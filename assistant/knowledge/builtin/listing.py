"""Lists: scenes that have something, who is in them, what they need, which sets there are."""

from assistant.domain.breakdown import Element
from assistant.domain.categories import Category
from assistant.domain.screenplay import Scene
from assistant.knowledge.builtin.language import say
from assistant.knowledge.builtin.parts import (
    Facts,
    asked,
    category_label,
    fitting,
    labels,
    member,
    named,
    noun,
    stated,
    where,
)
from assistant.knowledge.builtin.query import Query
from assistant.knowledge.builtin.things import elements_named, spoken_of
from assistant.knowledge.cite import Row
from assistant.knowledge.tables import Tables

CITED = 60  # rows under one sentence


def scenes(query: Query, tables: Tables) -> Facts:
    """The scenes that have all that was named; where nothing is on stage, those that speak of it."""
    if query.residue and not query.subjects:
        return Facts()
    if not query.narrowed and not query.category:
        return Facts()
    found = fitting(query, tables)
    if not found:
        return _none(query, tables)
    rows = [row for ordinal in found for row in found[ordinal]]
    text = say(
        query.language,
        "list_scenes",
        what=asked(query),
        n=len(found),
        noun=noun(len(found), query),
        scenes=labels(found, tables),
    )
    return stated((text, rows[:CITED]))


def _none(query: Query, tables: Tables) -> Facts:
    for name in query.things:
        told = spoken_of(name, tables)
        if told and len(query.subjects) == 1 and not (query.time or query.int_ext or query.sets):
            text = say(
                query.language,
                "mentioned",
                what=name,
                n=len(told),
                noun=noun(len(told), query),
                scenes=labels(told, tables),
            )
            return stated((text, list(told.values())[:CITED]))
    return _nothing(say(query.language, "no_scenes", what=asked(query)), tables)


def _nothing(text: str, tables: Tables) -> Facts:
    """The tables know that it is not so: said with the count of what was looked through."""
    row = tables.fact(f"scenes: {len(tables.active)} looked through in {tables.file}")
    return stated((text, [row]))


def who(query: Query, tables: Tables) -> Facts:
    """The cast of some scenes or of a set."""
    if query.things or (query.residue and not (query.scenes or query.sets)):
        return Facts()
    if not (query.scenes or query.sets or query.int_ext or query.time):
        return cast_list(query, tables) if not query.cast else Facts()
    wanted = fitting(query.model_copy(update={"cast": [], "speaking": False, "category": None}), tables)
    rows: list[Row] = []
    names: list[str] = []
    for person in tables.cast:
        present = tables.cues(person) if query.speaking else {o: [row] for o, row in tables.presence(person).items()}
        here = [present[ordinal][0] for ordinal in wanted if ordinal in present]
        if here and person.name not in query.cast:
            names.append(person.name)
            rows.append(here[0])
    if not wanted:
        return _omitted(query, tables) or _nothing(say(query.language, "no_scenes", what=where(query)), tables)
    if not names:
        shown = [row for ordinal in wanted for row in wanted[ordinal]]
        return stated((say(query.language, "nobody", where=where(query)), shown[:CITED]))
    return stated((say(query.language, "who_in", where=where(query), names=named(names)), rows))


def _omitted(query: Query, tables: Tables) -> Facts | None:
    for label in query.scenes:
        scene = tables.named(label)
        if scene and scene.omitted:
            return stated((say(query.language, "omitted_scene", label=scene.label), [tables.heading(scene)]))
    return None


def cast_list(query: Query, tables: Tables) -> Facts:
    """Every role, by board number."""
    people = [person for person in tables.cast if person.speaking or not query.speaking]
    rows = [row for person in people for row in list(tables.presence(person).values())[:1]]
    if not rows:
        return Facts()
    text = say(query.language, "cast_list", n=len(people), names=named([person.name for person in people]))
    return stated((text, [tables.fact(f"cast: {len(people)}"), *rows]))


def silent(query: Query, tables: Tables) -> Facts:
    """The roles that have no speech."""
    people = [person for person in tables.cast if not tables.cues(person)]
    row = tables.fact(f"cast without a speech: {len(people)} of {len(tables.cast)}")
    if query.residue or query.cast or query.scenes or query.sets:
        return Facts()
    if not people:
        return stated((say(query.language, "none_silent"), [row]))
    rows = [row for person in people for row in list(tables.presence(person).values())[:1]]
    names = named([person.name for person in people])
    return stated((say(query.language, "silent", n=len(people), names=names), [row, *rows[:CITED]]))


def sets(query: Query, tables: Tables) -> Facts:
    """The sets, of the whole script or of the scenes that fit."""
    found = fitting(query.model_copy(update={"category": None}), tables)
    here = [name for name, ordinals in tables.sets.items() if set(ordinals) & set(found)]
    if not here or query.residue:
        return Facts()
    rows = [tables.heading(_first(name, found, tables)) for name in here]
    text = say(query.language, "sets", n=len(here), names=named(here))
    return stated((text, [tables.fact(f"sets: {len(here)}"), *rows]))


def _first(name: str, found: dict[int, list[Row]], tables: Tables) -> Scene:
    return tables.scenes[next(ordinal for ordinal in tables.sets[name] if ordinal in found)]


def things(query: Query, tables: Tables) -> Facts:
    """What some scenes need, or the whole script, by category."""
    if not query.category and not query.scenes:
        return Facts()
    if query.category == Category.CAST.value:
        return (
            who(query, tables)
            if query.scenes or query.sets or query.time or query.int_ext
            else cast_list(query, tables)
        )
    if query.residue or (query.things and not query.category):
        return Facts()
    if not tables.elements:
        return Facts(why=say(query.language, "no_breakdown"), final=True)
    found = _elements(query, tables)
    if query.category:
        return _one_category(Category(query.category), found, query, tables)
    by_category = {category: [item for item in found if item.category is category] for category in Category}
    pairs = []
    for category, items in by_category.items():
        if items:
            name = category_label(category, query.language)
            said = say(query.language, "list_things", category=name, names=named([item.name for item in items]))
            pairs.append((said, list(rows_of(items, tables))))
    return (
        stated(*pairs)
        if pairs
        else Facts(why=say(query.language, "nothing_in", category="–", where=where(query)), final=True)
    )


def _elements(query: Query, tables: Tables) -> list[Element]:
    scenes_only = query.model_copy(update={"category": None, "things": [], "intent": "list_things"})
    ordinals = fitting(scenes_only, tables)
    named_ones = [item for name in query.things for item in elements_named(name, tables)]
    return [item for item in (named_ones or tables.elements) if item.scene in ordinals]


def _one_category(category: Category, found: list[Element], query: Query, tables: Tables) -> Facts:
    items = [item for item in found if item.category is category]
    name = category_label(category, query.language)
    if not items:
        text = say(query.language, "nothing_in", category=name, where=where(query))
        return _nothing(text, tables)
    names = named([item.name for item in items])
    if query.narrowed:
        text = say(
            query.language,
            "things_in",
            category=name,
            where=where(query) if not query.cast else asked(query),
            names=names,
        )
    else:
        text = say(query.language, "list_things", category=name, names=names)
    return stated((text, list(rows_of(items, tables))[:CITED]))


def rows_of(items: list[Element], tables: Tables) -> list[Row]:
    """The words that bear each element, one row a name."""
    once: dict[str, Row] = {}
    for item in items:
        for row in tables.with_element([item]).values():
            once.setdefault(item.name, row)
    return list(once.values())


def person(name: str, tables: Tables) -> list[Row]:
    """One row a scene that a role is in."""
    return list(tables.presence(member(name, tables)).values())
