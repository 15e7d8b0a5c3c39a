"""A kept board, its problem and its breakdown brought together for printing."""

from collections import defaultdict
from dataclasses import replace

from assistant.domain.boardbook import BoardBook, DaySheet, DoodLine, StripLine
from assistant.domain.categories import Category, label
from assistant.domain.revision import colour_of
from assistant.domain.schedule import Problem, Schedule, Slot, Strip, Verdict
from assistant.exports.book import Book
from assistant.exports.strips import strip_by
from assistant.exports.uss_board import board_uss
from assistant.schedule import chart, check
from assistant.schedule.check import place_of
from assistant.schedule.cover import MOST, cover_sets
from assistant.schedule.dood import Chart
from assistant.store.schedules import Board

UNPRINTED = frozenset({Category.CAST, Category.NOTES})


def board_book(problem: Problem, board: Board, book: Book) -> BoardBook:
    """Everything people print from a board."""
    verdict, made = check(problem, board.schedule), chart(problem, board.schedule)
    lines = _lines(problem, book)
    notes = _notes(verdict, board.schedule)
    days = tuple(
        DaySheet(
            number,
            day.date,
            day.unit,
            tuple(lines[scene] for scene in day.scenes if scene in lines),
            tuple(notes[day.slot]),
            tuple(lines[strip.scene] for strip in cover_sets(problem, board.schedule, day)[:MOST]),
        )
        for number, day in board.schedule.numbered
    )
    bound = int(board.facts["lower_bound"])
    return BoardBook(
        title=book.screenplay.title or "Untitled",
        board=board.seq,
        draft=f"Draft {board.draft} – {colour_of(board.draft)}",
        made=board.created[:10],
        days=days,
        boneyard=tuple(lines[scene] for scene in board.schedule.boneyard if scene in lines),
        dates=made.dates,
        shoot_days=made.shoot_days,
        dood=_dood(made),
        cast=tuple((member.id, member.name) for member in book.breakdown.cast),
        cost=verdict.cost,
        bound=bound,
        gap=(verdict.cost - bound) / verdict.cost if verdict.cost else 0.0,
        how=str(board.facts["bound_how"]),
        broken=tuple(f"{item.where}: {item.words}" for item in verdict.hard),
        file=board_uss(problem, board.schedule, book, board.seq, board.created),
    )


def with_dood_of(book: BoardBook, problem: Problem, schedule: Schedule, category: Category) -> BoardBook:
    """The same board with the day out of days of another category than cast."""
    rows = _dood(chart(problem, schedule, category))
    if category is not Category.CAST:
        rows = tuple(replace(row, id="") for row in rows)  # only cast have board numbers
    return replace(book, dood=rows, dood_of=label(category))


def _dood(made: Chart) -> tuple[DoodLine, ...]:
    return tuple(DoodLine(r.id, r.name, r.cells, r.start, r.finish, r.work, r.hold) for r in made.rows)


def _lines(problem: Problem, book: Book) -> dict[int, StripLine]:
    sheets = {sheet.scene.ordinal: sheet for sheet in book.sheets}
    locked = {lock.scene for lock in problem.locks}
    found = {}
    for strip in problem.strips:
        sheet = sheets[strip.scene]
        needs: dict[Category, list[str]] = defaultdict(list)
        for element in sheet.elements:
            if element.category not in UNPRINTED:
                many = f" ×{element.quantity}" if element.quantity else ""
                needs[element.category].append(element.name + many)
        ordered = tuple((label(category), tuple(needs[category])) for category in Category if category in needs)
        found[strip.scene] = _line(strip, sheet.synopsis, sheet.script_day, strip.scene in locked, ordered)
    return found


def _line(
    strip: Strip, synopsis: str, day: str, locked: bool, needs: tuple[tuple[str, tuple[str, ...]], ...]
) -> StripLine:
    return StripLine(
        scene=strip.scene,
        label=strip.label,
        int_ext=strip.int_ext or "",
        set=strip.set,
        time_of_day=strip.light,
        location=strip.location,
        eighths=strip.eighths,
        minutes=strip.minutes,
        colour=strip_by(strip.int_ext, strip.time_of_day).key,
        cast=strip.cast,
        synopsis=synopsis,
        script_day=day,
        locked=locked,
        needs=needs,
    )


def _notes(verdict: Verdict, schedule: Schedule) -> dict[Slot, list[str]]:
    """The judge's words by day; `where` names the day, or carries a date at its end."""
    named = {place_of(number, day): day.slot for number, day in schedule.numbered}
    dates = {day.date.isoformat(): day.slot for day in reversed(schedule.shooting)}
    notes: dict[Slot, list[str]] = defaultdict(list)
    for item in verdict.violations:
        slot = named.get(item.where) or dates.get(item.where.rsplit(" ", 1)[-1])
        if slot:
            notes[slot].append(item.words)
    return notes
