"""A breakdown handed over in the formats that people and programs ask for; each format loads only when chosen."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from assistant.errors import SettingsError
from assistant.exports.book import Book
from assistant.exports.files import stem_of

Exporter = Callable[[Book, Path, str], list[Path]]  # writes one format into a folder under a file stem

EXPORTERS: dict[str, str] = {
    "json": "assistant.exports.json_file:export",
    "csv": "assistant.exports.csv_file:export",
    "xlsx": "assistant.exports.xlsx:export",
    "html": "assistant.exports.html_file:export",
    "pdf": "assistant.exports.sheets:export",
    "departments": "assistant.exports.departments:export",
    "fdx": "assistant.exports.fdx_file:export",
    "uss": "assistant.exports.uss:export",
}


def exporter(name: str) -> Exporter:
    """The exporter of this name, or an error that names the nearest one."""
    path = EXPORTERS.get(name.strip().lower())
    if path is None:
        near = get_close_matches(name.lower(), EXPORTERS, n=1, cutoff=0.4)
        guess = "".join(f"Did you mean {close}? " for close in near)
        raise SettingsError(f"There is no format {name!r}.", f"{guess}Formats: {', '.join(EXPORTERS)}.")
    module, _, function = path.partition(":")
    return getattr(import_module(module), function)  # type: ignore[no-any-return]


def export(book: Book, formats: Iterable[str], folder: Path, stem: str = "") -> list[Path]:
    """Write every format into `folder`; nothing is written when one of the names is unknown."""
    chosen = [exporter(name) for name in dict.fromkeys(formats)]
    return [path for write in chosen for path in write(book, folder, stem or stem_of(book.screenplay.title))]
