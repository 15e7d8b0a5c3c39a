"""A board handed over: stripboard, one-liner, shooting schedule, day out of days, call sheets, calendar, USS file."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from assistant.domain.boardbook import BoardBook
from assistant.errors import SettingsError
from assistant.exports.files import stem_of

BoardExporter = Callable[[BoardBook, Path, str], list[Path]]

FORMATS: dict[str, str] = {
    "html": "assistant.exports.boards.html_file:export",
    "pdf": "assistant.exports.boards.pdf:export",
    "xlsx": "assistant.exports.boards.tables:export_xlsx",
    "csv": "assistant.exports.boards.tables:export_csv",
    "ics": "assistant.exports.boards.calendar_file:export",
    "uss": "assistant.exports.boards.uss_file:export",
}


def board_exporter(name: str) -> BoardExporter:
    """The exporter of this name, or an error that names the nearest one."""
    path = FORMATS.get(name.strip().lower())
    if path is None:
        near = "".join(f"Did you mean {close}? " for close in get_close_matches(name.lower(), FORMATS, n=1, cutoff=0.4))
        raise SettingsError(f"There is no schedule format {name!r}.", f"{near}Formats: {', '.join(FORMATS)}.")
    module, _, function = path.partition(":")
    return getattr(import_module(module), function)  # type: ignore[no-any-return]


def export_board(book: BoardBook, formats: Iterable[str], folder: Path, stem: str = "") -> list[Path]:
    """Write every format into `folder`; nothing is written when one of the names is unknown."""
    chosen = [board_exporter(name) for name in dict.fromkeys(formats)]
    return [path for export in chosen for path in export(book, folder, stem or stem_of(book.title))]
