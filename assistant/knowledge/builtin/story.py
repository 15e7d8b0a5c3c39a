"""Answers from the continuity tables: script days, what must match between two scenes, conflicts with both quotes."""

import re
from collections.abc import Iterator

from assistant.domain.breakdown import Quote
from assistant.domain.continuity import OVER, Conflict, Continuity, MatchNote, State
from assistant.knowledge.bm25 import tokens
from assistant.knowledge.builtin.language import fold, say
from assistant.knowledge.builtin.parts import Facts, labels, stated
from assistant.knowledge.builtin.query import Query
from assistant.knowledge.builtin.shoot import asked_days
from assistant.knowledge.builtin.things import on_stage, spoken_of
from assistant.knowledge.cite import Row
from assistant.knowledge.plans import StoryPlan
from assistant.knowledge.tables import Tables

FILE = "continuity"
SHOWN = 20
WHO_HAS = r"\b(?:who (?:has|holds|carries|is)|quien (?:tiene|lleva|sostiene))\b"


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


def match_day(query: Query, tables: Tables) -> Facts:
    """The script supervisor's list of some shooting days: what must match with scenes shot on other days."""
    plan, board = tables.plans.story(), tables.plans.shoot()
    if plan is None or board is None:
        return _none(query) if plan is None else Facts(why=say(query.language, "no_schedule"), final=True)
    days = {day.number for day in asked_days(query, board)}
    if not days:
        row = _row(tables, f"board {board.board}: {len(board.days)} shooting days")
        return stated((say(query.language, "no_such_day", n=len(board.days), board=board.board), [row]))
    notes = [
        note for note in plan.matching({str(day.number): day.scenes for day in board.days}) if int(note.day) in days
    ]
    if not notes:
        row = _row(tables, f"{board.file}, day {named_numbers(days)}: nothing to match")
        return stated((say(query.language, "match_nothing", day=named_numbers(days)), [row]))
    return stated(*(_matched(note, query, tables) for note in notes[:SHOWN]))


def named_numbers(days: set[int]) -> str:
    """Days in order: "3, 4"."""
    return ", ".join(map(str, sorted(days)))


def _matched(note: MatchNote, query: Query, tables: Tables) -> tuple[str, list[Row]]:
    labels = tables.scenes[note.scene].label, tables.scenes[note.other].label
    items = "; ".join(f"{item.subject}, {item.value}" for item in note.items)
    key = "match_day_run" if note.direct else "match_day"
    text = say(query.language, key, scene=labels[0], other=labels[1], day=note.other_day, items=items)
    row = _row(tables, f"day {note.day}: scene {labels[0]} must match scene {labels[1]}, day {note.other_day}")
    return text, [row, *(_quoted(item.quote, tables) for item in note.items if item.quote)]


def states(query: Query, tables: Tables) -> Facts:
    """Who is hurt, wears, holds or knows what: in some scenes as it stands there, else wherever it begins."""
    plan = tables.plans.story()
    if plan is None:
        return _none(query)
    found = list(_standing(query, plan, tables)) if query.scenes else list(plan.found.states)
    told = [item for item in found if item.kind == query.state and item.value and _asked(item, query)]
    kind = (query.state or "").replace("_", " ")
    scenes = [say(query.language, "scene", label=label).lower() for label in query.scenes]
    where = ", ".join(scenes) or say(query.language, "whole")
    if not told:
        row = _row(tables, f"{where}: no {kind} is known")
        return stated((say(query.language, "state_none", kind=kind, where=where), [row]))
    row = _row(tables, f"{where}: {len(told)} of {kind}")
    return stated(*(_state(item, query, tables, row) for item in dict.fromkeys(told[:SHOWN])))


def _standing(query: Query, plan: StoryPlan, tables: Tables) -> Iterator[State]:
    """What holds in the scenes, of the people seen in them and of the sets."""
    for label in query.scenes:
        scene = tables.named(label)
        if scene is not None:
            seen = plan.seen.get(scene.ordinal, frozenset())
            for item in plan.found.standing(scene.ordinal):
                here = item.subject in seen or item.subject.casefold() in scene.heading.text.casefold()
                gone = item.value.endswith(OVER) and item.scene != scene.ordinal
                if here and not gone:
                    yield item


def _asked(item: State, query: Query) -> bool:
    """Whether it is about who was asked for, or about the thing."""
    if query.cast:
        return item.subject in query.cast
    text = fold(query.text)
    thing = fold(item.value.partition(":")[0]).split()
    return item.kind != "prop" or not re.search(WHO_HAS, text) or bool(thing and thing[-1] in text.split())


def _state(item: State, query: Query, tables: Tables, row: Row) -> tuple[str, list[Row]]:
    since = tables.scenes[item.scene].label
    kind = item.kind.replace("_", " ")
    text = say(query.language, "state", subject=item.subject, kind=kind, value=item.value, label=since)
    return text, [row, *([_quoted(item.quote, tables)] if item.quote else [])]


def knows(query: Query, tables: Tables) -> Facts:
    """What continuity holds of who knows a thing; and who is there where it comes up, which is all the script shows."""
    if not query.things or query.residue:
        return Facts()
    ends = [scene.ordinal for label in query.scenes if (scene := tables.named(label))]
    last = max(ends, default=len(tables.scenes))
    plan = tables.plans.story()
    known = [item for item in plan.found.states if item.kind == "knowledge" and item.scene <= last] if plan else []
    pairs = []
    for thing in query.things:
        held = [
            item for item in known if set(tokens(thing, tables.language)) <= set(tokens(item.value, tables.language))
        ]
        head = _row(tables, f"knowledge of {thing}: {len(held)}")
        pairs += [_state(item, query, tables, head) for item in held if item.subject in query.cast or not query.cast]
        pairs += _present(thing, last, query, tables)
    return stated(*pairs)


def _present(thing: str, last: int, query: Query, tables: Tables) -> list[tuple[str, list[Row]]]:
    up = {o: row for o, row in {**spoken_of(thing, tables), **on_stage(thing, tables)}.items() if o <= last}
    there = {person.name: sorted(set(tables.presence(person)) & set(up)) for person in tables.cast}
    names = [f"{name} ({labels(found, tables)})" for name, found in there.items() if found]
    if not up or not names:
        return []
    until = say(query.language, "until", label=tables.scenes[last].label).lower() if query.scenes else ""
    noun = say(query.language, "scenes_one" if len(up) == 1 else "scenes_many").lower()
    values = {"what": thing, "until": until and f" {until.strip()}", "n": len(up), "noun": noun}
    text = say(query.language, "knows", scenes=labels(up, tables), names=", ".join(names), **values)
    return [(text, [up[ordinal] for ordinal in sorted(up)][:SHOWN])]


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
