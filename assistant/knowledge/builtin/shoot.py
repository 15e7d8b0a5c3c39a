"""Answers from the schedule: when a scene is shot, what and who is on a day, who is engaged from when to when."""

from collections.abc import Sequence
from datetime import date, timedelta

from assistant.knowledge.builtin.language import say
from assistant.knowledge.builtin.parts import Facts, asked, fitting, labels, named, stated
from assistant.knowledge.builtin.query import Query
from assistant.knowledge.builtin.shooting import shooting
from assistant.knowledge.cite import Row
from assistant.knowledge.plans import Engagement, PlannedDay, ShootPlan
from assistant.knowledge.tables import Tables

SHOWN = 60


def scene_dates(query: Query, tables: Tables) -> Facts:
    """On which day and date each scene that was asked for is shot."""
    plan = tables.plans.shoot()
    if plan is None:
        return _none(query)
    if query.scenes:
        wanted = [scene.ordinal for label in query.scenes if (scene := tables.named(label))]
    elif query.residue or query.unknown or not query.narrowed:
        return Facts()
    else:
        wanted = list(fitting(query.model_copy(update={"intent": "list_scenes", "days": []}), tables))
    if not wanted:
        return Facts(why=say(query.language, "no_scenes", what=asked(query)), final=True)
    pairs = [_when(ordinal, query, plan, tables) for ordinal in wanted[:SHOWN]]
    return stated(*pairs)


def scene_reasons(query: Query, tables: Tables) -> Facts:
    """Why the scenes that were asked for are shot on their days."""
    plan = tables.plans.shoot()
    if plan is None:
        return _none(query)
    placed = {ordinal for day in plan.days for ordinal in day.scenes}
    pairs: list[tuple[str, list[Row]]] = []
    for ordinal in [scene.ordinal for label in query.scenes if (scene := tables.named(label))]:
        told = plan.reasons(ordinal) if ordinal in placed else ()
        pairs += [(text, [_row(plan, tables, text)]) for text in told] or [_when(ordinal, query, plan, tables)]
    return stated(*pairs[:SHOWN])


def _when(ordinal: int, query: Query, plan: ShootPlan, tables: Tables) -> tuple[str, list[Row]]:
    label = tables.scenes[ordinal].label
    for day in plan.days:
        if ordinal in day.scenes:
            text = say(query.language, "shot_on", label=label, n=day.label, date=spoken(day.date, query.language))
            return text, [_day_row(day, plan, tables)]
    row = _row(plan, tables, f"not on a day: {label}")
    key = "omitted_scene" if tables.scenes[ordinal].omitted else "not_placed"
    return say(query.language, key, label=label), [row]


def scenes_on(query: Query, tables: Tables) -> Facts:
    """What shoots on some days, in shooting order."""
    return _on(query, tables, "shoots")


def people_on(query: Query, tables: Tables) -> Facts:
    """Who of the cast works on some days."""
    return _on(query, tables, "works")


def _on(query: Query, tables: Tables, key: str) -> Facts:
    plan = tables.plans.shoot()
    if plan is None:
        return _none(query)
    found = asked_days(query, plan)
    if not found:
        text = say(query.language, "no_such_day", n=len(plan.days), board=plan.board)
        return stated((text, [_whole(plan, tables)]))
    pairs = []
    for day in found:
        shown = named(day.people) if key == "works" else ", ".join(tables.scenes[o].label for o in day.scenes)
        when = spoken(day.date, query.language)
        empty = say(query.language, "nobody_works").lower()
        text = say(query.language, key, n=day.label, date=when, names=shown or empty)
        pairs.append((text, [_day_row(day, plan, tables)]))
    return stated(*pairs)


def asked_days(query: Query, plan: ShootPlan) -> list[PlannedDay]:
    """The days of the board that a question names."""
    return [day for day in plan.days if any(_is(sign, day, plan) for sign in query.days)]


def _is(sign: str, day: PlannedDay, plan: ShootPlan) -> bool:
    """Does a day fit a sign of `shooting.days_in`?"""
    if sign.startswith("w"):
        return day.date.weekday() == int(sign[1:])
    if sign.startswith("+"):
        return day.date == plan.today + timedelta(days=int(sign[1:]))
    if sign.isdecimal():
        return day.number == int(sign) and not day.unit
    return day.date.isoformat().endswith(sign)


def days(query: Query, tables: Tables) -> Facts:
    """How many shooting days there are, from when to when."""
    plan = tables.plans.shoot()
    if plan is None:
        return _none(query)
    if not plan.days:
        return stated((say(query.language, "board_empty", board=plan.board), [_whole(plan, tables)]))
    first, last = (spoken(day.date, query.language) for day in (plan.days[0], plan.days[-1]))
    left = ""
    if plan.boneyard:
        left = say(query.language, "left_over", scenes=labels(plan.boneyard, tables))
    text = say(query.language, "shoot_days", n=len(plan.days), first=first, last=last, left=left)
    return stated((text, [_whole(plan, tables)]))


def engaged(query: Query, tables: Tables) -> Facts:
    """When a role starts and finishes, its working days and its days on hold."""
    plan = tables.plans.shoot()
    if plan is None:
        return _none(query)
    pairs = []
    for name in query.cast:
        line = next((item for item in plan.people if item.name == name), None)
        if line is None or line.start is None or line.finish is None:
            pairs.append((say(query.language, "not_engaged", name=name), [_whole(plan, tables)]))
            continue
        starts, ends = spoken(line.start, query.language), spoken(line.finish, query.language)
        text = say(query.language, "engaged", name=name, first=starts, last=ends, work=line.work, hold=line.hold)
        pairs.append((text, [_line_row(line, plan, tables)]))
    return stated(*pairs)


def spoken(day: date, language: str) -> str:
    """A date as people say it: "Tuesday 1 December 2026"."""
    words = shooting(language)
    weekday, month = words.names[day.weekday()], words.months[day.month - 1]
    if language == "es":
        return f"{weekday} {day.day} de {month} de {day.year}".replace("miercoles", "miércoles").replace(
            "sabado", "sábado"
        )
    return f"{weekday.title()} {day.day} {month.title()} {day.year}"


def _none(query: Query) -> Facts:
    return Facts(why=say(query.language, "no_schedule"), final=True)


def _row(plan: ShootPlan, tables: Tables, text: str) -> Row:
    return Row(tables.script.sha256, plan.file, "", 0, text)


def _day_row(day: PlannedDay, plan: ShootPlan, tables: Tables) -> Row:
    scenes = ", ".join(tables.scenes[ordinal].label for ordinal in day.scenes)
    cast = f"; cast {', '.join(day.people)}" if day.people else ""
    return _row(plan, tables, f"day {day.label}, {spoken(day.date, 'en')}: scenes {scenes}{cast}")


def _line_row(line: Engagement, plan: ShootPlan, tables: Tables) -> Row:
    first = spoken(line.start, "en") if line.start else "–"
    last = spoken(line.finish, "en") if line.finish else "–"
    text = f"{line.name}: start {first}, finish {last}, work {line.work}, hold {line.hold}"
    return _row(plan, tables, text)


def _whole(plan: ShootPlan, tables: Tables) -> Row:
    span: Sequence[str] = [spoken(day.date, "en") for day in (plan.days[:1] + plan.days[-1:])]
    return _row(plan, tables, f"{len(plan.days)} shooting days" + (f", {' to '.join(span)}" if span else ""))
