"""A board on paper: stripboard, one-liner, shooting schedule and day out of days, a PDF each; and call sheets."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.domain.boardbook import BoardBook
from assistant.domain.schedule import MAIN
from assistant.errors import NotFound
from assistant.exports.boards.plain import plain, plain_day
from assistant.exports.files import write
from assistant.exports.typeset import typeset

PAPERS = {
    "stripboard": "board-strips",
    "one-liner": "board-oneliner",
    "shooting-schedule": "board-shooting",
    "dood": "board-dood",
}


def export(book: BoardBook, folder: Path, stem: str) -> list[Path]:
    """Write `<stem>-stripboard.pdf`, `-one-liner.pdf`, `-shooting-schedule.pdf` and `-dood.pdf`."""
    data = plain(book)
    return [write(folder / f"{stem}-{name}.pdf", typeset(template, data)) for name, template in PAPERS.items()]


def callsheet_name(number: int, unit: str) -> str:
    """The file a call sheet is usually written to."""
    whose = "" if unit == MAIN else unit.replace(" ", "-") + "-"
    return f"callsheet-{whose}day-{number}.pdf"


def callsheet(book: BoardBook, number: int, matches: Sequence[dict[str, Any]] = (), unit: str = MAIN) -> bytes:
    """The draft call sheet of a unit's shooting day; `matches` are the script supervisor's rows for it.

    Raises NotFound.
    """
    sheet, following = book.day(number, unit), book.day(number + 1, unit)
    if sheet is None:
        raise NotFound(f"There is no shooting day {number}.", f"The board has days 1 to {len(book.of(unit))}.")
    data, of = plain(book), len(book.of(unit))
    codes = {row["id"]: row for row in data["dood"]["rows"]}
    at, day = book.dates.index(sheet.date), plain_day(sheet, of)
    names = {member["id"]: member["name"] for member in data["cast"]}
    status = [
        {"id": i, "name": names.get(i, i), "code": codes[i]["cells"][at] if i in codes else ""} for i in day["cast"]
    ]
    return typeset(
        "board-callsheet",
        data
        | {
            "day": day,
            "next": plain_day(following, of) if following else None,
            "status": status,
            "matches": list(matches),
        },
    )
