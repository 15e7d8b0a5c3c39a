"""What the answers from tables share: claims with their rows, scenes that fit a query, names for what was asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.domain.answers import Citation, Claim
from assistant.domain.breakdown import CastMember
from assistant.domain.categories import Category, label
from assistant.domain.screenplay import Scene
from assistant.knowledge.builtin.language import phrases, say
from assistant.knowledge.builtin.query import Query
from assistant.knowledge.builtin.things import on_stage
from assistant.knowledge.cite import Row
from assistant.knowledge.tables import Tables

SHOWN = 40  # names in one sentence
SPANISH = {
    Category.CAST: "Reparto", Category.BACKGROUND: "Figuración", Category.STUNTS: "Acrobacias",
    Category.VEHICLES: "Vehículos", Category.PROPS: "Utilería", Category.SPECIAL_EFFECTS: "Efectos especiales",
    Category.WARDROBE: "Vestuario", Category.MAKEUP_HAIR: "Maquillaje y peluquería", Category.ANIMALS: "Animales",
    Category.MUSIC: "Música", Category.SOUND: "Sonido", Category.SET_DRESSING: "Ambientación",
    Category.GREENERY: "Plantas", Category.VISUAL_EFFECTS: "Efectos visuales", Category.WEAPONS: "Armas",
    Category.SPECIAL_EQUIPMENT: "Equipo especial",
}  # fmt: skip
TIMES = {"NIGHT": "noche", "DAY": "día", "DAWN": "amanecer", "DUSK": "atardecer", "MORNING": "mañana"}
TIMES |= {"EVENING": "tarde-noche", "AFTERNOON": "tarde"}


@dataclass(frozen=True)
class Facts:
    """What the tables say. `final` with no claims: they know that it is not so, and no prose is asked."""

    claims: tuple[Claim, ...] = ()
    rows: tuple[Row, ...] = ()
    why: str = ""
    final: bool = False


def stated(*pairs: tuple[str, Sequence[Row]]) -> Facts:
    """Claims, each with the rows that bear it."""
    claims: list[Claim] = []
    rows: list[Row] = []
    for text, borne in pairs:
        claims.append(Claim(text, tuple(citation(row) for row in borne)))
        rows += borne
    return Facts(tuple(claims), tuple(rows))


def citation(row: Row) -> Citation:
    """A row as a citation of all its words."""
    return Citation(row.source, row.file, row.scene, row.line, row.text)


def fitting(query: Query, tables: Tables) -> dict[int, list[Row]]:
    """The scenes that have everything a query names, with the rows that say so."""
    found = {scene.ordinal: [tables.heading(scene)] for scene in tables.active if _within(scene, query)}
    presences = [_presence(name, query, tables) for name in query.cast]
    presences += [on_stage(name, tables) for name in query.things]
    if query.category and query.intent in ("list_scenes", "count_scenes", "count_pages") and not query.things:
        presences.append(tables.with_element(tables.by_category.get(Category(query.category), ())))
    if presences:
        kept = set.union(*map(set, presences)) if query.either else set.intersection(*map(set, presences))
        found = {o: [p[o] for p in presences if o in p] for o in found if o in kept}
    absent = [_presence(name, query, tables) for name in query.without_cast]
    absent += [on_stage(name, tables) for name in query.without_things]
    return {o: rows for o, rows in found.items() if not any(o in other for other in absent)}


def _presence(name: str, query: Query, tables: Tables) -> dict[int, Row]:
    person = member(name, tables)
    if query.speaking:
        return {ordinal: rows[0] for ordinal, rows in tables.cues(person).items()}
    return tables.presence(person)


def _within(scene: Scene, query: Query) -> bool:
    """Does a scene fit the query's place and time?"""
    if query.scenes and scene.label not in query.scenes:
        return False
    if query.int_ext and query.int_ext not in (scene.int_ext or ""):
        return False
    if query.time and query.time != scene.time_of_day:
        return False
    return not query.sets or scene.set in query.sets


def member(name: str, tables: Tables) -> CastMember:
    """The role of this name."""
    return next(person for person in tables.cast if person.name == name)


def labels(ordinals: Iterable[int], tables: Tables) -> str:
    """Scene numbers in script order."""
    return ", ".join(tables.scenes[ordinal].label for ordinal in sorted(ordinals))


def noun(count: int, query: Query) -> str:
    """ "scene" or "scenes"."""
    return say(query.language, "scenes_one" if count == 1 else "scenes_many").lower()


def asked(query: Query) -> str:
    """What was asked for, as a heading: "NORA and lantern, EXT, NIGHT, FERRY - CAR DECK"."""
    joint = say(query.language, "and").lower()
    if query.either:
        joint = " / "
    parts = [joint.join(query.subjects)] if query.subjects else []
    if query.category and not query.things:
        parts.append(category_label(Category(query.category), query.language))
    parts += (
        [f"{'sin' if query.language == 'es' else 'without'} {joint.join(query.excluded)}"] if query.excluded else []
    )
    parts += [query.int_ext] if query.int_ext else []
    parts += [time_label(query.time, query.language)] if query.time else []
    parts += [set_label(query.sets)] if query.sets else []
    return ", ".join(parts) or phrases(query.language)["whole"]


def where(query: Query) -> str:
    """The scenes or the set a question is about."""
    if query.scenes:
        shown = ", ".join(query.scenes[:6]) + (" …" if len(query.scenes) > 6 else "")
        text = say(query.language, "scene", label=shown).lower() if len(query.scenes) == 1 else ""
        return _cased(text, query.scenes) or f"{noun(2, query)} {shown}"
    rest = query.model_copy(update={"cast": [], "things": [], "category": None})
    return asked(rest)


def _cased(text: str, names: Sequence[str]) -> str:
    return text.replace(names[0].lower(), names[0]) if text else ""


def set_label(sets: Sequence[str]) -> str:
    """Sets in few words."""
    return sets[0] if len(sets) == 1 else " / ".join(sets[:4]) + (" …" if len(sets) > 4 else "")


def time_label(time: str, language: str) -> str:
    """A time of day in the language of the answer."""
    return TIMES.get(time, time) if language == "es" else time


def category_label(category: Category, language: str) -> str:
    """A category in the language of the answer."""
    return SPANISH.get(category, label(category)) if language == "es" else label(category)


def named(names: Sequence[str]) -> str:
    """Names in a sentence, each once, cut where there are too many."""
    once = list(dict.fromkeys(names))
    return ", ".join(once[:SHOWN]) + (f" … (+{len(once) - SHOWN})" if len(once) > SHOWN else "")
