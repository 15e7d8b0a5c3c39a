"""What `/pa …` does, and the same words said to the assistant in a message."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.domain.unit_days import day_label, day_title, day_words
from assistant.errors import BadInput
from assistant.interfaces.slack import answers, drops, reviews
from assistant.interfaces.slack.guard import Role
from assistant.interfaces.slack.task import Task

IN_FILE = "in the file"
HELP = (
    "Ask me anything about the production, or use:\n"
    "• breakdown – break the newest draft down\n• schedule – draft a board\n"
    "• continuity – what must match, what can not be true\n• ask QUESTION\n• dood – the day out of days\n"
    "• callsheet 4 – the call sheet of day 4\n• review – decide on proposals\n• costs – what was spent\n"
    "• use TITLE – which production, in a direct message\n"
    "• stop – said in a thread: what runs there; `/pa stop`: what your commands run\n"
    "Drop a script on me in a thread, and I read it as the next draft."
)
WITHHELD = "A note quotes the script; it stands in the file."


@dataclass(frozen=True, slots=True)
class Command:
    """One verb: who may say it and what it does with the rest of the line."""

    least: Role
    run: Callable[[Task, str], None]
    alone: bool = True  # in a message it counts only without anything behind it


def command_in(text: str, typed: bool) -> tuple[str, str] | None:
    """The verb and the rest, if this is a command; in a message only an unmistakable one."""
    verb, _, rest = text.strip().partition(" ")
    verb = verb.casefold()
    if verb not in COMMANDS:
        return ("help", "") if typed and not text.strip() else ("ask", text) if typed else None
    if typed or not rest.strip() or not COMMANDS[verb].alone:
        return verb, rest.strip()
    return None


def _help(task: Task, _rest: str) -> None:
    task.say(HELP)


def _ask(task: Task, rest: str) -> None:
    if not rest:
        raise BadInput("There is no question.", "Ask one: /pa ask Which scenes have the dog at night?")
    answers.ask(task, rest)


def _breakdown(task: Task, _rest: str) -> None:
    drops.breakdown(task)


def _review(task: Task, _rest: str) -> None:
    reviews.begin(task)


def _schedule(task: Task, _rest: str) -> None:
    app = task.production.app
    task.status("is drafting a board…")
    board = app.boards.draft(task.bench.search, 0, None, fresh=False, place_new=True)
    task.pause()
    numbered = board.schedule.numbered
    rows = [f"{day_title(n, day.unit)}, {day.date:%a %d %b}: {len(day.scenes)} scenes" for n, day in numbered]
    task.rows(f"Board {board.seq}: {len(numbered)} shooting days", rows, IN_FILE)
    _board_files(task, ("pdf", "xlsx"), "The board: stripboard, one-liner, day out of days.")


def _dood(task: Task, _rest: str) -> None:
    from assistant.schedule import chart

    app = task.production.app
    board = app.boards.kept.board(None)
    made = chart(app.boards.problem_of(board), board.schedule)
    rows = [f"{row.id}. {row.name}: {row.work} work, {row.hold} hold" for row in made.rows]
    task.rows(f"Day out of days, board {board.seq}", rows, IN_FILE)  # roles and their numbers are the trade's
    _board_files(task, ("xlsx",), "The day out of days.")


def _board_files(task: Task, formats: Sequence[str], words: str) -> None:
    from assistant.exports.boards import export_board

    task.hand(lambda folder: export_board(_book(task), formats, folder), words)


def _book(task: Task) -> Any:
    from assistant.workflows.schedule_book import board_book

    app = task.production.app
    board = app.boards.kept.board(None)
    return board_book(app.boards.problem_of(board), board, app.book(board.draft))


def _callsheet(task: Task, rest: str) -> None:
    from assistant.exports.boards.pdf import callsheet, callsheet_name
    from assistant.exports.continuity.matching import match_rows
    from assistant.schedule.naming import day_named

    app = task.production.app
    board = app.boards.kept.board(None)
    found = day_named(board.schedule, rest)
    if found is None:
        raise BadInput("That is no shooting day.", "Write the day's number: /pa callsheet 4, or 2nd/D1")
    number, unit = found[0], found[1].unit
    matches = app.supervisor(task.who).known_match(board, day_label(number, unit))
    paper = callsheet(_book(task), number, match_rows(app.store.screenplay(board.draft), matches), unit)

    def written(folder: Path) -> Sequence[Path]:
        path = folder / callsheet_name(number, unit)
        path.write_bytes(paper)
        return [path]

    task.hand(written, f"The call sheet of {day_words(number, unit)}.")


def _continuity(task: Task, _rest: str) -> None:
    from collections import Counter

    app = task.production.app
    seq = app.store.current_draft().seq
    supervisor = app.supervisor(task.who, task.pause)
    found = supervisor.run(seq)
    kinds = Counter(item.kind.replace("_", " ") for item in found.open_conflicts)
    head = f"{len(found.script_days)} script days, {len(found.states)} states, {kinds.total()} open conflicts."
    notes = dict.fromkeys(note if task.may(note) else WITHHELD for note in found.notes)
    task.rows(head, [*notes, *(f"{kind}: {number}" for kind, number in kinds.most_common())], IN_FILE)
    task.hand(lambda folder: supervisor.export(seq, ("pdf", "xlsx"), folder), "Facing pages and tables.")


def _costs(task: Task, _rest: str) -> None:
    rows, caps = task.production.app.spent()
    lines = [f"{row['task']} with {row['model']}: ${row['usd']:.2f}" for row in rows] or ["Nothing was spent."]
    for cap in caps:
        if cap["limit_usd"] is not None:
            lines.append(f"Cap of the {cap['scope']}: ${cap['spent_usd']:.2f} of ${cap['limit_usd']:.2f}")
    task.rows("Costs so far", lines, "with `pa costs`")


def _use(task: Task, rest: str) -> None:
    office, user = task.bench.office, task.request.place.user
    mine = [item for item in office.productions if item.id in task.bench.guard.roles(user)]
    wanted = [item for item in mine if item.title.casefold() == rest.casefold()]
    if not task.request.place.direct or not wanted:
        titles = ", ".join(item.title for item in mine)
        task.say(
            f"In a direct message: use TITLE. Yours: {titles}" if task.request.place.direct else "Say it to me alone."
        )
        return
    office.notes.keep("use", user, {"production": wanted[0].id}, user)
    task.say(f"From here on it is about {wanted[0].title}.")


COMMANDS: dict[str, Command] = {
    "help": Command("viewer", _help),
    "ask": Command("viewer", _ask, alone=False),
    "breakdown": Command("reviewer", _breakdown),
    "schedule": Command("reviewer", _schedule),
    "continuity": Command("reviewer", _continuity),
    "dood": Command("viewer", _dood),
    "callsheet": Command("viewer", _callsheet, alone=False),
    "review": Command("reviewer", _review),
    "costs": Command("admin", _costs),
    "use": Command("viewer", _use, alone=False),
}
