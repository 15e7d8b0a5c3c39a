"""Counts: scenes, pages, speeches, things, and who has the most of them."""

from assistant.domain.categories import Category
from assistant.domain.screenplay import pages
from assistant.knowledge.builtin.language import say
from assistant.knowledge.builtin.listing import CITED, cast_list, rows_of, sets
from assistant.knowledge.builtin.listing import scenes as list_of_scenes
from assistant.knowledge.builtin.parts import Facts, asked, category_label, fitting, member, named, noun, stated, where
from assistant.knowledge.builtin.query import Query
from assistant.knowledge.tables import Tables

_FEW = ("least", "fewest", "less", "menos")


def scenes(query: Query, tables: Tables) -> Facts:
    """How many scenes fit; the list comes with the number."""
    if query.narrowed or query.category:
        return list_of_scenes(query, tables)
    if query.residue:
        return Facts()
    gone = len(tables.script.scenes) - len(tables.active)
    omitted = say(query.language, "omitted", n=gone) if gone else ""
    row = tables.fact(f"scenes: {len(tables.script.scenes)} in {tables.file}, {gone} omitted")
    return stated((say(query.language, "count_scenes_all", n=len(tables.script.scenes), omitted=omitted), [row]))


def pages_of(query: Query, tables: Tables) -> Facts:
    """How long a scene, some scenes or the script are, in eighths."""
    if query.residue:
        return Facts()
    if len(query.scenes) == 1 and not query.subjects:
        scene = tables.named(query.scenes[0])
        assert scene is not None
        key = "scene_length" if scene.eighths < 8 else "scene_length_many"
        text = say(query.language, key, label=scene.label, pages=pages(scene.eighths))
        return stated((text, [tables.length(scene)]))
    if not query.narrowed and not query.category:
        total = pages(tables.script.eighths)
        row = tables.fact(f"length: {total} pages, {len(tables.script.scenes)} scenes")
        return stated((say(query.language, "count_pages_all", pages=total, n=len(tables.script.scenes)), [row]))
    found = fitting(query, tables)
    if not found:
        return list_of_scenes(query, tables)
    total = pages(sum(tables.scenes[ordinal].eighths for ordinal in found))
    rows = [tables.length(tables.scenes[ordinal]) for ordinal in found]
    text = say(
        query.language, "count_pages", what=asked(query), pages=total, n=len(found), noun=noun(len(found), query)
    )
    return stated((text, rows))


def speeches(query: Query, tables: Tables) -> Facts:
    """How many speeches a role has, in all or within some scenes."""
    if not query.cast or query.things or query.unknown:
        return Facts()
    within = query.model_copy(update={"cast": [], "intent": "speeches"})
    narrowed = within.narrowed
    here = fitting(within, tables)
    pairs = []
    for name in query.cast:
        cues = [row for ordinal, rows in tables.cues(member(name, tables)).items() if ordinal in here for row in rows]
        row = tables.fact(f"speeches: {name} {len(cues)}")
        key, place = ("speeches_in", where(within)) if narrowed else ("speeches", "")
        pairs.append((say(query.language, key, name=name, n=len(cues), where=place), [row, *cues[:3]]))
    return stated(*pairs)


def speaks_most(query: Query, tables: Tables) -> Facts:
    """Who speaks most or least; of two that are named, who speaks more."""
    counts = {person.name: sum(map(len, tables.cues(person).values())) for person in tables.cast}
    return _ranked(query, tables, {name: n for name, n in counts.items() if n}, "speaks", "speeches")


def scenes_most(query: Query, tables: Tables) -> Facts:
    """Who is in the most or the fewest scenes."""
    counts = {person.name: len(tables.presence(person)) for person in tables.cast}
    return _ranked(query, tables, {name: n for name, n in counts.items() if n}, "scenes_most", "scenes")


def _ranked(query: Query, tables: Tables, counts: dict[str, int], key: str, what: str) -> Facts:
    if query.residue or not counts:
        return Facts()
    few = any(word in query.text.casefold() for word in _FEW)
    among = {name: counts.get(name, 0) for name in query.cast} if len(query.cast) > 1 else counts
    rows = [tables.fact(f"{what}: {name} {n}") for name, n in sorted(among.items(), key=lambda item: -item[1])]
    if len(query.cast) == 2:
        (name, n), (other, m) = sorted(among.items(), key=lambda item: -item[1])
        kind = say(query.language, f"{what}_many").lower()
        text = say(query.language, "same" if n == m else "more", name=name, n=n, other=other, m=m, noun=kind)
        return stated((text, rows))
    best = min(among.values()) if few else max(among.values())
    winners = [name for name, n in among.items() if n == best]
    if len(winners) > 1:
        values = {"name": ", ".join(winners[:-1]), "other": winners[-1], "n": best}
        shared = say(query.language, "same", noun=say(query.language, f"{what}_many").lower(), **values)
        return stated((shared, [row for row in rows if any(row.text == f"{what}: {name} {best}" for name in winners)]))
    order = say(query.language, "least" if few else "most").lower()
    text = say(query.language, key, name=", ".join(winners), n=best, order=order)
    cited = [row for row in rows if any(row.text == f"{what}: {name} {best}" for name in winners)] + rows[:3]
    return stated((text, list(dict.fromkeys(cited))))


def things(query: Query, tables: Tables) -> Facts:
    """How many sets, roles, or elements of a category."""
    asked_for = query.text.casefold()
    if any(word in asked_for for word in ("locations", "sets", "decorados", "localizaciones")):
        return sets(query, tables)
    if query.category == Category.CAST.value or "personajes" in asked_for:
        return cast_list(query, tables) if not query.narrowed and not query.residue else Facts()
    if not query.category or query.residue or query.things:
        return Facts()
    category = Category(query.category)
    ordinals = fitting(query.model_copy(update={"category": None, "cast": []}), tables)
    items = [item for item in tables.by_category.get(category, ()) if item.scene in ordinals]
    if not items:
        return Facts(why=say(query.language, "nothing_in", category=category.value, where=where(query)), final=True)
    names = list(dict.fromkeys(item.name for item in items))
    text = say(
        query.language,
        "count_things",
        category=category_label(category, query.language),
        n=len(names),
        names=named(names),
        where=where(query),
    )
    return stated((text, [tables.fact(f"{category.value}: {len(names)}"), *rows_of(items, tables)[:CITED]]))
