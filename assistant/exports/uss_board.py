"""A board as a Universal Schedule Standard file: strips in shooting days, the calendar, terms and dates of the cast."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from assistant.domain.categories import FACTS, Category
from assistant.domain.schedule import MAIN, Problem, Schedule, Window
from assistant.domain.uss import LOCATION, Uss, UssBoard, UssBreakdown, UssCalendar, UssElement, UssEvent
from assistant.domain.xmltext import legal
from assistant.exports.book import Book
from assistant.exports.needs import key_of
from assistant.exports.uss import STRIPBOARD, as_uss, id_of


def board_uss(problem: Problem, schedule: Schedule, book: Book, number: int, made: str) -> Uss:
    """The file of one board. Scenes that are not placed, and omitted ones, are in its boneyard.

    Days without strips between the first and the last one are days off in its calendar, so that the n-th day of the
    file is the n-th shooting day. `made` is an ISO date and goes into the head with the board's `number`.
    """
    dates = sorted({day.date for day in schedule.shooting})
    places = {strip.scene: strip.location for strip in problem.strips}
    uss = as_uss(book, _units(problem, schedule), _calendar(problem, dates, book), places)
    title = legal(book.screenplay.title) or "Untitled"
    head = replace(
        uss.header, id=id_of(book, "file", str(number)), name=f"{title} – board {number}", sched_date=stamp(made)
    )
    minutes = {strip.scene: strip.minutes for strip in problem.strips}
    strips = tuple(
        replace(strip, duration=minutes[sheet.scene.ordinal] * 60_000) if sheet.scene.ordinal in minutes else strip
        for strip, sheet in zip(uss.breakdowns, book.sheets, strict=True)
    )
    timed = replace(uss, header=head, breakdowns=strips, elements=tuple(_terms(problem, uss, book)))
    return _with_moves(timed, problem, book)


def stamp(day: str | date) -> str:
    """A day as the standard writes dates."""
    return f"{str(day)[:10]}T00:00:00.000Z"


def _units(problem: Problem, schedule: Schedule) -> Mapping[str, Sequence[Sequence[int]]]:
    """Board name → shooting days; a unit that rests while another shoots has an empty day, since days are counted."""
    scenes = {day.slot: day.scenes for day in schedule.shooting}
    dates = sorted({when for when, _ in scenes})
    return {
        STRIPBOARD if name == MAIN else f"{name} unit": [scenes.get((when, name), ()) for when in dates]
        for name in dict.fromkeys((*problem.units, *(unit for _, unit in scenes)))
    }


def _calendar(problem: Problem, dates: Sequence[date], book: Book) -> UssCalendar | None:
    """First day, weekdays off, and every other date inside the shoot on which no strip is shot."""
    if not dates:
        return None
    company = sorted({day.date for day in problem.days} | set(dates))
    whole_week = (company[-1] - company[0]).days >= 6
    off = (set(range(7)) if whole_week else {5, 6}) - {day.weekday() for day in company}
    events = [UssEvent(id_of(book, "start"), stamp(dates[0]), "start")]
    for step in range((dates[-1] - dates[0]).days + 1):
        day = dates[0] + timedelta(days=step)
        if day not in dates and day.weekday() not in off:
            name = "dayOff" if day in company else "holiday"
            events.append(UssEvent(id_of(book, "off", day.isoformat()), stamp(day), "dayOff", name))
    from_sunday = tuple(sorted((day + 1) % 7 for day in off))
    return UssCalendar(id_of(book, "calendar"), "Shooting days", from_sunday, tuple(events))


def _terms(problem: Problem, uss: Uss, book: Book) -> Iterator[UssElement]:
    """The elements with what the day out of days and the calendar need to know of them."""
    ucid = {category.id: category.ucid for category in uss.categories}
    rules, days = problem.rules, sorted({day.date for day in problem.days})
    drop = rules.value("drop_days") if rules.on("drop_days") else None
    people = {performer.id: performer for performer in problem.cast}
    things = {(FACTS[thing.category].ucid, key_of(thing.name)): thing.id for thing in problem.elements}
    for element in uss.elements:
        kind = ucid[element.category]
        performer = people.get(element.element_id or "") if kind == FACTS[Category.CAST].ucid else None
        subject = performer.id if performer else things.get((int(kind), key_of(element.name)), element.name)
        shut = [w for w in problem.windows if w.subject == subject and _ucid_of(w, kind)]
        closed = [day for day in days if not all(window.open_on(day) for window in shut)]
        events = tuple(UssEvent(id_of(book, element.id, str(day)), stamp(day), "dayOff", "dayOff") for day in closed)
        yield replace(
            element,
            events=events,
            is_hold=bool(performer and performer.holds),
            is_drop=bool(performer and performer.drops and drop is not None),
            drop_day_count=drop if drop is not None else element.drop_day_count,
        )


def _ucid_of(window: Window, kind: float) -> bool:
    """Does a window speak of elements of this category?"""
    if window.kind == "element":
        return kind >= 100
    return kind == (FACTS[Category.CAST].ucid if window.kind == "cast" else LOCATION)


def _with_moves(uss: Uss, problem: Problem, book: Book) -> Uss:
    """A banner between two strips where the company moves to another location inside a day."""
    place = {strip.scene: strip.location for strip in problem.strips}
    at = {strip.id: place.get(sheet.scene.ordinal) for strip, sheet in zip(uss.breakdowns, book.sheets, strict=True)}
    banners: list[UssBreakdown] = []

    def banner(before: str, after: str) -> str:
        text = f"COMPANY MOVE TO {legal(at[after] or '')}"
        banners.append(UssBreakdown(id_of(book, "move", before, after), uss.header.created, "banner", banner_text=text))
        return banners[-1].id

    def day(ids: str | tuple[str, ...]) -> str | tuple[str, ...]:
        if isinstance(ids, str) or not ids:
            return ids
        pairs = zip(ids, ids[1:], strict=False)
        rest = ((banner(a, b), b) if at[a] != at[b] else (b,) for a, b in pairs)
        return (ids[0], *(id for few in rest for id in few))

    def moved(board: UssBoard) -> UssBoard:
        return replace(board, breakdown_ids=tuple(day(ids) for ids in board.breakdown_ids))

    boards = tuple(replace(one, boards=tuple(moved(b) for b in one.boards)) for one in uss.stripboards or ())
    return replace(uss, breakdowns=(*uss.breakdowns, *banners), stripboards=boards)
