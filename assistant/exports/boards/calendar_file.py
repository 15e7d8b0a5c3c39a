"""The shooting days as an iCalendar file (RFC 5545): an all-day event a day, the same event again when it changes."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from assistant.domain.boardbook import BoardBook, DaySheet
from assistant.domain.screenplay import pages
from assistant.exports.files import write

FOLD = 75  # octets a line at most


def export(book: BoardBook, folder: Path, stem: str) -> list[Path]:
    """Write `<stem>-schedule.ics`."""
    return [write(folder / f"{stem}-schedule.ics", render(book))]


def render(book: BoardBook) -> bytes:
    """The calendar, lines folded and ended as the standard asks."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//production-assistant//schedule//EN", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{_text(book.title)}")
    for day in book.days:
        lines += _event(book, day)
    lines.append("END:VCALENDAR")
    return b"".join(piece + b"\r\n" for line in lines for piece in _folded(line))


def _event(book: BoardBook, day: DaySheet) -> list[str]:
    scenes = ", ".join(strip.label for strip in day.strips)
    identity = hashlib.sha256(f"{book.title}|{day.number}|{day.unit}".encode()).hexdigest()[:24]
    words = f"Scenes {scenes}\nCast {', '.join(day.cast)}\n{pages(day.eighths)} pages"
    return [
        "BEGIN:VEVENT",
        f"UID:{identity}@production-assistant",
        f"SEQUENCE:{book.board}",
        f"DTSTAMP:{book.made.replace('-', '')}T000000Z",
        f"DTSTART;VALUE=DATE:{day.date:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day.date + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(f'{book.title} – shoot {day.words}')}",
        f"LOCATION:{_text(' / '.join(day.locations))}",
        f"DESCRIPTION:{_text(words)}",
        "TRANSP:OPAQUE",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    for mark in ("\\", ";", ","):
        value = value.replace(mark, f"\\{mark}")
    return value.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """Pieces of at most 75 octets, no letter cut in two; the following ones begin with a space."""
    piece, room = b"", FOLD
    for letter in line:
        encoded = letter.encode()
        if len(piece) + len(encoded) > room:
            yield piece
            piece = b" "
        piece += encoded
    yield piece
