"""A breakdown handed over in the formats that people and programs ask for; each format loads only when chosen."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from assistant.errors import SettingsError
from assistant.exports.book import Book
from assistant.exports.files import stem_of

Exporter = Callable[[Book, Path, str], list[Path]]
"""Writes one format into a folder under a file stem and returns what it wrote."""

EXPORTERS: dict[str, str] = {
    "json": "assistant.exports.json_file:export",
    "csv": "assistant.exports.csv_file:export",
    "xlsx": "assistant.exports.xlsx:export",
    "html": "assistant.exports.html_file:export",
    "pdf": "assistant.exports.sheets:export",
}


def exporter(name: str) -> Exporter:
    """The exporter of this name, or an error that names the nearest one."""
    path = EXPORTERS.get(name.strip().lower())
    if path is None:
        near = get_close_matches(name.lower(), EXPORTERS, n=1, cutoff=0.4)
        guess = f"Did you mean {near[0]}? " if near else ""
        raise SettingsError(f"There is no format {name!r}.", f"{guess}Formats: {', '.join(EXPORTERS)}.")
    module, _, function = path.partition(":")
    found: Exporter = getattr(import_module(module), function)
    return found


def export(book: Book, formats: Iterable[str], folder: Path, stem: str = "") -> list[Path]:
    """Write every format into `folder`; nothing is written when one of the names is unknown."""
    chosen = [exporter(name) for name in dict.fromkeys(formats)]
    return [path for write in chosen for path in write(book, folder, stem or stem_of(book.screenplay.title))]
