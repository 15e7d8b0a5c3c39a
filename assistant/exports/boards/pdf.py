"""A board on paper: stripboard, one-liner, shooting schedule and day out of days, a PDF each; and call sheets."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.domain.boardbook import BoardBook
from assistant.errors import NotFound
from assistant.exports.boards.plain import plain
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


def callsheet(book: BoardBook, number: int, matches: Sequence[dict[str, Any]] = ()) -> bytes:
    """The draft call sheet of a shooting day; `matches` are the script supervisor's rows for it. Raises NotFound."""
    if book.day(number) is None:
        raise NotFound(f"There is no shooting day {number}.", f"The board has days 1 to {len(book.days)}.")
    data = plain(book)
    following = data["days"][number] if number < len(data["days"]) else None
    codes = {row["id"]: row for row in data["dood"]["rows"]}
    at = [column["number"] for column in data["dood"]["columns"]].index(number)
    day = data["days"][number - 1]
    names = {member["id"]: member["name"] for member in data["cast"]}
    status = [
        {"id": i, "name": names.get(i, i), "code": codes[i]["cells"][at] if i in codes else ""} for i in day["cast"]
    ]
    return typeset(
        "board-callsheet", data | {"day": day, "next": following, "status": status, "matches": list(matches)}
    )
