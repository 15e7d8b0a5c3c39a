"""Questions with one scene as the answer, or about one scene."""

import re

from assistant.domain.screenplay import Scene, pages
from assistant.knowledge.builtin.language import fold, say
from assistant.knowledge.builtin.listing import scenes as list_of_scenes
from assistant.knowledge.builtin.parts import Facts, asked, fitting, member, stated, time_label
from assistant.knowledge.builtin.query import Query
from assistant.knowledge.builtin.things import on_stage, spoken_of
from assistant.knowledge.cite import Row
from assistant.knowledge.tables import ON_STAGE, Tables, shorter

SHOWN = 3
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "dos": 2, "tres": 3, "cinco": 5, "diez": 10}


def longest(query: Query, tables: Tables) -> Facts:
    """The longest scene, or as many as were asked for."""
    return _by_length(query, tables, "longest")


def shortest(query: Query, tables: Tables) -> Facts:
    """The shortest scene, or as many as were asked for."""
    return _by_length(query, tables, "shortest")


def _by_length(query: Query, tables: Tables, key: str) -> Facts:
    found = fitting(query.model_copy(update={"category": None}), tables)
    if not found:
        return list_of_scenes(query, tables)
    ranked = sorted((tables.scenes[o] for o in found), key=lambda scene: scene.eighths, reverse=key == "longest")
    words = [word for word in fold(query.text).split() if word in _NUMBERS or word.isdecimal()]
    many = _NUMBERS.get(words[0], 0) or int(words[0]) if words and not query.scenes else 0
    plural = "scenes" in fold(query.text) or "escenas" in fold(query.text)
    if many > 1 or plural:
        top = ranked[: many or SHOWN]
        names = ", ".join(f"{scene.label} ({pages(scene.eighths)})" for scene in top)
        return stated((say(query.language, f"{key}_many", names=names), [tables.length(scene) for scene in top]))
    ties = [scene for scene in ranked if scene.eighths == ranked[0].eighths]
    if len(ties) > 1:
        names = ", ".join(f"{scene.label} ({pages(scene.eighths)})" for scene in ties[:10])
        return stated((say(query.language, f"{key}_many", names=names), [tables.length(scene) for scene in ties[:10]]))
    text = say(query.language, key, label=ties[0].label, heading=ties[0].heading.text, pages=pages(ties[0].eighths))
    return stated((text, [tables.length(ties[0])]))


def age(query: Query, tables: Tables) -> Facts:
    """How old a role is, where the script says so beside its name."""
    if len(query.cast) != 1 or query.residue:
        return Facts()
    person = member(query.cast[0], tables)
    names = "|".join(re.escape(name) for name in (person.name, *person.aliases))
    years = r"(?:in (?:his|her|their) )?((?:early|mid|late)?[ -]?\d{1,3}(?:'?s)?)"
    sign = re.compile(rf"\b(?:{names})\b[^.;:()]{{0,30}}?[(,]\s*{years}\b", re.IGNORECASE)
    for scene in tables.active:
        for line in scene.lines:
            if line.kind in ON_STAGE and (found := sign.search(line.text)):
                text = say(query.language, "age", what=person.name, age=found.group(1).strip())
                return stated((text, [tables.row(scene, line, found.group())]))
    return Facts()


def first(query: Query, tables: Tables) -> Facts:
    """Where somebody or something comes up for the first time."""
    return _end(query, tables, "first")


def last(query: Query, tables: Tables) -> Facts:
    """Where somebody or something is seen last."""
    return _end(query, tables, "last")


def _end(query: Query, tables: Tables, which: str) -> Facts:
    if not query.subjects or (query.residue and not query.subjects):
        return _opening(query, tables, which)
    found = fitting(query, tables)
    if not found and query.things and not query.cast:
        found = {ordinal: [row] for ordinal, row in spoken_of(query.things[0], tables).items()}
    if not found:
        return list_of_scenes(query, tables)
    ordinal = min(found) if which == "first" else max(found)
    scene = tables.scenes[ordinal]
    key = f"{which}_line" if query.speaking and query.cast else which
    text = say(query.language, key, what=asked(query), label=scene.label, heading=scene.heading.text)
    return stated((text, [tables.heading(scene), *found[ordinal]]))


def _opening(query: Query, tables: Tables, which: str) -> Facts:
    """ "The first scene", "the last night scene"."""
    found = fitting(query.model_copy(update={"category": None}), tables)
    if query.residue or query.unknown or query.category or not found:
        return Facts()
    scene = tables.scenes[min(found) if which == "first" else max(found)]
    return stated((_described(scene, query), [tables.heading(scene), tables.length(scene)]))


def info(query: Query, tables: Tables) -> Facts:
    """Where and when a scene plays, and how long it is."""
    pairs: list[tuple[str, list[Row]]] = []
    for label in query.scenes:
        scene = tables.named(label)
        if scene is None:
            continue
        if scene.omitted:
            pairs.append((say(query.language, "omitted_scene", label=scene.label), [tables.heading(scene)]))
        elif (query.int_ext or query.time) and fold(query.text).startswith(("is", "es", "are")):
            pairs.append((_yes_or_no(scene, query), [tables.heading(scene)]))
        else:
            pairs.append((_described(scene, query), [tables.heading(scene), tables.length(scene)]))
    return stated(*pairs)


def _yes_or_no(scene: Scene, query: Query) -> str:
    fits = (not query.int_ext or query.int_ext in (scene.int_ext or "")) and (query.time in (None, scene.time_of_day))
    return say(query.language, "is_yes" if fits else "is_no", label=scene.label, heading=scene.heading.text)


def _described(scene: Scene, query: Query) -> str:
    place = say(query.language, scene.int_ext.lower()).lower() if scene.int_ext else "–"
    time = (
        time_label(scene.time_of_day, query.language) if scene.time_of_day else say(query.language, "no_time").lower()
    )
    return say(
        query.language,
        "scene_info",
        label=scene.label,
        place=place,
        set=scene.set or scene.heading.text,
        time=time,
        pages=pages(scene.eighths),
    )


def is_in(query: Query, tables: Tables) -> Facts:
    """Is somebody or something in a scene?"""
    if not query.scenes or not query.subjects:
        return info(query, tables) if query.scenes and not query.residue else Facts()
    pairs: list[tuple[str, list[Row]]] = []
    for label in query.scenes:
        scene = tables.named(label)
        if scene is None:
            continue
        for name in query.subjects:
            row = _there(name, scene, query, tables)
            key = ("speaks_yes" if query.speaking and name in query.cast else "yes") if row else "no"
            text = say(query.language, key, what=name, label=scene.label, heading=scene.heading.text)
            pairs.append((text, [row or tables.heading(scene)]))
    return stated(*pairs)


def _there(name: str, scene: Scene, query: Query, tables: Tables) -> Row | None:
    if name not in query.cast:
        return on_stage(name, tables).get(scene.ordinal)
    if query.speaking:
        return next(iter(tables.cues(member(name, tables)).get(scene.ordinal, [])), None)
    return tables.presence(member(name, tables)).get(scene.ordinal)


def happens(query: Query, tables: Tables) -> Facts:
    """A scene in the writer's own words: the synopsis, else how its action begins and ends."""
    pairs: list[tuple[str, list[Row]]] = []
    for label in query.scenes[:20]:
        scene = tables.named(label)
        if scene is None:
            continue
        if scene.omitted:
            pairs.append((say(query.language, "omitted_scene", label=scene.label), [tables.heading(scene)]))
            continue
        rows = told(scene, tables)
        text = " … ".join(row.text for row in rows)
        pairs.append((say(query.language, "happens", label=scene.label, text=text), rows))
    return stated(*pairs)


def told(scene: Scene, tables: Tables) -> list[Row]:
    """The lines that tell a scene best without retelling it."""
    for line in scene.lines:
        if line.kind == "synopsis" and line.text.strip():
            return [tables.row(scene, line, line.text.strip())]
    action = [line for line in scene.lines if line.kind in ON_STAGE and len(line.text.split()) > 3]
    action = action or [line for line in scene.lines[1:] if line.kind == "dialogue"]
    if not action:
        return [tables.heading(scene)]
    chosen = [action[0], action[-1]] if len(action) > 1 else action
    return [tables.row(scene, line, shorter(line.text)) for line in chosen]
