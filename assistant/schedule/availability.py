"""Availability from a CSV file: who or what is out, or can only be had, on which dates, a line each."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from assistant.domain.schedule import Subject, Window
from assistant.errors import SettingsError

COLUMNS = ("kind", "name", "rule", "dates")
KINDS: tuple[Subject, ...] = ("cast", "location", "element")
RULES = ("out", "only")
HINT = "docs/scheduling.md shows the file."
MOST_BYTES = 2_000_000


def windows_of(file: Path) -> Iterator[Window]:
    """A window for each line. Raises SettingsError with the line where the file is not as it should be."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise SettingsError(f"{file.name} is larger than {MOST_BYTES} bytes.", HINT)
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError(
            f"{file.name} can not be read: {error.strerror}.", "Correct [schedule] availability."
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file.name} is not in UTF-8.", "Save it as CSV UTF-8.") from None
    lines = text.splitlines()
    head = lines[0] if lines else ""
    rows = csv.DictReader(lines, delimiter=";" if head.count(";") > head.count(",") else ",")
    if missing := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
        raise SettingsError(f"{file.name} has no column {missing[0]!r}.", f"Its columns are {', '.join(COLUMNS)}.")
    for row in rows:
        if any((value or "").strip() for value in row.values() if isinstance(value, str)):
            yield _window({name: (row[name] or "").strip() for name in COLUMNS}, f"{file.name}, line {rows.line_num}")


def _window(row: dict[str, str], where: str) -> Window:
    kind = next((kind for kind in KINDS if kind == row["kind"].casefold()), None)
    if kind is None or row["rule"].casefold() not in RULES:
        raise SettingsError(f"{where}: kind is one of {', '.join(KINDS)}, rule is out or only.", HINT)
    if not row["name"]:
        raise SettingsError(f"{where}: it names nobody and nothing.", HINT)
    dates = dates_of(row["dates"].replace(";", " ").split(), where)
    if not dates:
        raise SettingsError(f"{where}: it gives no date.", HINT)
    only = row["rule"].casefold() == "only"
    words = f"{row['name']} only on given dates" if only else f"{row['name']} is out on given dates"
    return Window(kind, row["name"], dates if only else None, frozenset() if only else dates, words)


def dates_of(written: list[str], where: str) -> frozenset[date]:
    """Dates and spans: "2026-03-03", "2026-03-07..2026-03-09". Raises SettingsError saying where."""
    found: set[date] = set()
    for item in written:
        first, _, last = item.partition("..")
        start = date_of(first.strip(), where)
        end = date_of(last.strip(), where) if last else start
        if end < start or (end - start).days > 1000:
            raise SettingsError(f"{where}: {item} ends before it begins.", HINT)
        found |= {start + timedelta(days=n) for n in range((end - start).days + 1)}
    return frozenset(found)


def date_of(written: object, where: str) -> date:
    """A date as TOML or ISO 8601 writes it. Raises SettingsError saying where."""
    try:
        return written if isinstance(written, date) else date.fromisoformat(str(written))
    except ValueError:
        raise SettingsError(f"{where}: {written!r} is no date.", "Dates are written 2026-03-02.") from None
