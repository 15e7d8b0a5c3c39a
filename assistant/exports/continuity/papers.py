"""Continuity in the formats people ask for; each is written whole or not at all."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from assistant.errors import SettingsError
from assistant.exports.continuity.as_json import as_dict
from assistant.exports.continuity.facing import facing_data
from assistant.exports.continuity.looks import looks_data, looks_markdown
from assistant.exports.continuity.sheet import ContinuitySheet
from assistant.exports.continuity.tables import continuity_csv, sheets
from assistant.exports.files import stem_of, write
from assistant.exports.typeset import typeset

Writer = Callable[[ContinuitySheet, Path, str], list[Path]]


def exporter(name: str) -> Writer:
    """The writer of a format. Raises SettingsError with the formats there are."""
    found = WRITERS.get(name.strip().lower())
    if found is None:
        raise SettingsError(f"Continuity is not written as {name!r}.", f"Formats: {', '.join(WRITERS)}.")
    return found


def export(sheet: ContinuitySheet, formats: Iterable[str], folder: Path) -> list[Path]:
    """Write every format into a folder; nothing is written when one of the names is unknown."""
    chosen = [exporter(name) for name in dict.fromkeys(formats)]
    stem = stem_of(sheet.screenplay.title)
    return [path for one in chosen for path in one(sheet, folder, stem)]


def _pdf(sheet: ContinuitySheet, folder: Path, stem: str) -> list[Path]:
    return [write(folder / f"{stem}-continuity.pdf", typeset("continuity", facing_data(sheet)))]


def _looks(sheet: ContinuitySheet, folder: Path, stem: str) -> list[Path]:
    return [
        write(folder / f"{stem}-looks.md", looks_markdown(sheet).encode("utf-8", "replace")),
        write(folder / f"{stem}-looks.pdf", typeset("looks", looks_data(sheet))),
    ]


def _csv(sheet: ContinuitySheet, folder: Path, stem: str) -> list[Path]:
    tables = continuity_csv(sheet)
    return [write(folder / f"{stem}-continuity-{name}.csv", content) for name, content in tables.items()]


def _xlsx(sheet: ContinuitySheet, folder: Path, stem: str) -> list[Path]:
    from assistant.exports.xlsx import workbook_of

    content = workbook_of(sheet.screenplay.title, sheets(sheet))
    return [write(folder / f"{stem}-continuity.xlsx", content)]


def _json(sheet: ContinuitySheet, folder: Path, stem: str) -> list[Path]:
    text = json.dumps(as_dict(sheet.screenplay, sheet.continuity), ensure_ascii=False, indent=1)
    return [write(folder / f"{stem}-continuity.json", text.encode("utf-8", "replace") + b"\n")]


WRITERS: dict[str, Writer] = {"pdf": _pdf, "looks": _looks, "csv": _csv, "xlsx": _xlsx, "json": _json}
