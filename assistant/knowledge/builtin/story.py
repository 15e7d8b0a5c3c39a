"""Answers from the continuity tables: script days, what must match between two scenes, conflicts with both quotes."""

from assistant.domain.breakdown import Quote
from assistant.domain.continuity import Conflict, Continuity, State
from assistant.knowledge.builtin.language import say
from assistant.knowledge.builtin.parts import Facts, labels, stated
from assistant.knowledge.builtin.query import Query
from assistant.knowledge.cite import Row
from assistant.knowledge.tables import Tables

FILE = "continuity"
SHOWN = 20


def script_days(query: Query, tables: Tables) -> Facts:
    """Which scenes a script day has; which script day a scene is on."""
    plan = tables.plans.story()
    if plan is None:
        return _none(query)
    found = plan.found
    pairs = []
    for label in query.scenes:
        if scene := tables.named(label):
            day = found.label(scene.ordinal) or "–"
            row = _row(tables, f"scene {scene.label}: script day {day}", scene.label)
            pairs.append((say(query.language, "day_of", label=scene.label, day=day), [row]))
    for sign in query.days:
        pairs += [_day(name, found, query, tables) for name in _named(sign, found)]
    if not pairs:
        known = ", ".join(day.label for day in found.script_days)
        text = say(query.language, "no_story_day", day=", ".join(query.days), days=known)
        return stated((text, [_row(tables, f"script days: {known}")]))
    return stated(*pairs)


def _named(sign: str, found: Continuity) -> list[str]:
    """ "2" is D2 and N2."""
    known = [day.label for day in found.script_days]
    return [name for name in known if name == sign or (sign.isdecimal() and name in (f"D{sign}", f"N{sign}"))]


def _day(name: str, found: Continuity, query: Query, tables: Tables) -> tuple[str, list[Row]]:
    day = next(item for item in found.script_days if item.label == name)
    scenes = labels(day.scenes, tables)
    return say(query.language, "story_day", day=name, scenes=scenes), [
        _row(tables, f"script day {name}: scenes {scenes}")
    ]


def must_match(query: Query, tables: Tables) -> Facts:
    """The states of the earlier scene that still hold in the later one, each with its words."""
    plan = tables.plans.story()
    if plan is None:
        return _none(query)
    pair = sorted(scene.ordinal for label in query.scenes if (scene := tables.named(label)))
    if len(pair) != 2:
        return Facts()
    first, second = (tables.scenes[ordinal].label for ordinal in pair)
    direct, items = plan.between(*pair)
    row = _row(tables, f"scenes {first} and {second}: {len(items)} to match" + (", one run" if direct else ""))
    if not items:
        key = "match_run" if direct else "match_none"
        return stated((say(query.language, key, first=first, second=second), [row]))
    head = say(query.language, "match_run", first=first, second=second) if direct else ""
    pairs = [(head, [row])] if head else []
    pairs += [_state(item, query, tables, row) for item in items[:SHOWN]]
    return stated(*pairs)


def _state(item: State, query: Query, tables: Tables, row: Row) -> tuple[str, list[Row]]:
    since = tables.scenes[item.scene].label
    kind = item.kind.replace("_", " ")
    text = say(query.language, "state", subject=item.subject, kind=kind, value=item.value, label=since)
    return text, [row, *([_quoted(item.quote, tables)] if item.quote else [])]


def conflicts(query: Query, tables: Tables) -> Facts:
    """The open conflicts, gravest first, each with both quotes; within some scenes or about somebody where asked."""
    plan = tables.plans.story()
    if plan is None:
        return _none(query)
    found = [item for item in plan.found.open_conflicts if _about(item, query, tables)]
    total = _row(tables, f"open conflicts: {len(plan.found.open_conflicts)}")
    if not found:
        return stated((say(query.language, "no_conflicts"), [total]))
    pairs = [(say(query.language, "conflicts", n=len(found)), [total])] if len(found) == _open(plan.found) else []
    for item in found[:SHOWN]:
        first, second = (tables.scenes[ordinal].label for ordinal in item.scenes)
        text = say(query.language, "conflict", what=item.what.rstrip("."), first=first, second=second, id=item.id)
        row = _row(
            tables, f"conflict {item.id}: {item.kind}, {item.severity}, {item.subject}, scenes {first}, {second}"
        )
        pairs.append((text, [row, *(_quoted(quote, tables) for quote in item.evidence)]))
    return stated(*pairs)


def _open(found: Continuity) -> int:
    return len(found.open_conflicts)


def _about(item: Conflict, query: Query, tables: Tables) -> bool:
    here = {tables.scenes[ordinal].label for ordinal in item.scenes}
    if query.scenes and not here & set(query.scenes):
        return False
    return not query.cast or any(name.casefold() in item.subject.casefold() for name in query.cast)


def _quoted(quote: Quote, tables: Tables) -> Row:
    return Row(tables.script.sha256, tables.file, tables.scenes[quote.scene].label, quote.line, quote.text)


def _row(tables: Tables, text: str, scene: str = "") -> Row:
    return Row(tables.script.sha256, FILE, scene, 0, text)


def _none(query: Query) -> Facts:
    return Facts(why=say(query.language, "no_continuity"), final=True)
