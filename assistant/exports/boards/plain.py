"""A board as plain values for templates: dates and lengths written as the trade writes them."""

from typing import Any

from assistant.domain.boardbook import BoardBook, DaySheet, StripLine
from assistant.domain.screenplay import pages
from assistant.exports.strips import STRIPS


def plain(book: BoardBook) -> dict[str, Any]:
    """Everything a template shows."""
    placed = [strip for day in book.days for strip in day.strips]
    return {
        "title": book.title,
        "draft": book.draft,
        "board": book.board,
        "made": book.made,
        "pages": pages(book.eighths),
        "scenes": sum(len(day.strips) for day in book.days),
        "days": [plain_day(day, len(book.of(day.unit))) for day in book.days],
        "boneyard": [plain_strip(strip) for strip in book.boneyard],
        "cast": [{"id": ident, "name": name} for ident, name in book.cast],
        "price": price(book),
        "broken": list(book.broken),
        "dood": plain_dood(book),
        "assumed": any(strip.time_of_day[:1] == "(" for strip in [*placed, *book.boneyard]),
        "colours": [
            {"key": strip.key, "label": strip.label, "fill": strip.fill}
            for strip in STRIPS.values()
            if strip.key != "omitted"
        ],
    }


def plain_day(day: DaySheet, of: int) -> dict[str, Any]:
    """A day with its strips and its break."""
    return {
        "number": day.number,
        "label": day.label,
        "title": day.title,
        "words": day.words,
        "of": of,
        "date": f"{day.date:%a, %d %b %Y}",
        "iso": day.date.isoformat(),
        "unit": day.unit,
        "locations": list(day.locations),
        "pages": pages(day.eighths),
        "hours": f"{day.minutes / 60:.1f}",
        "strips": [plain_strip(strip, move) for strip, move in zip(day.strips, moves(day), strict=True)],
        "cast": list(day.cast),
        "notes": list(day.notes),
        "cover": [plain_cover(strip) for strip in day.cover],
        "break": day.end,
    }


def moves(day: DaySheet) -> list[str]:
    """For each strip where the company moves to before it, "" where it stays."""
    before = ("", *(strip.location for strip in day.strips))
    return [
        strip.location if was and was != strip.location else "" for was, strip in zip(before, day.strips, strict=False)
    ]


def plain_strip(strip: StripLine, move: str = "") -> dict[str, Any]:
    """A strip's fields, its colour as sRGB; `move` is where the company moves to before it."""
    return plain_cover(strip) | {
        "minutes": strip.minutes,
        "synopsis": strip.synopsis,
        "script_day": strip.script_day,
        "locked": strip.locked,
        "move": move,
        "key": strip.colour,
        "fill": STRIPS[strip.colour].fill,
        "needs": [{"category": category, "names": list(names)} for category, names in strip.needs],
    }


def plain_cover(strip: StripLine) -> dict[str, Any]:
    """What a cover set is called by: scene, set, length, who is in it and where it is."""
    return {
        "label": strip.label,
        "int_ext": strip.int_ext,
        "set": strip.set,
        "time": strip.time_of_day,
        "location": strip.location,
        "pages": pages(strip.eighths),
        "cast": list(strip.cast),
    }


def cover_words(day: DaySheet) -> str:
    """The day's cover sets on one line, "" where there are none."""
    told = [
        f"{strip.label} {strip.set}, {pages(strip.eighths)} pg"
        + (f", cast {', '.join(strip.cast)}" if strip.cast else "")
        for strip in day.cover
    ]
    return f"Cover sets: {' · '.join(told)}" if told else ""


def plain_dood(book: BoardBook) -> dict[str, Any]:
    """The chart: one column a date, shoot day numbers above, totals at the right and below."""
    columns = [
        {"weekday": f"{day:%a}", "day": f"{day:%d %b}", "number": number}
        for day, number in zip(book.dates, book.shoot_days, strict=True)
    ]
    rows = [
        {
            "id": row.id,
            "name": row.name,
            "cells": list(row.cells),
            "start": f"{row.start:%d %b}" if row.start else "",
            "finish": f"{row.finish:%d %b}" if row.finish else "",
            "work": row.work,
            "hold": row.hold,
            "total": row.total,
        }
        for row in book.dood
    ]
    totals = {name: sum(getattr(row, name) for row in book.dood) for name in ("work", "hold", "total")}
    return {"category": book.dood_of, "columns": columns, "rows": rows, "working": working(book), **totals}


def working(book: BoardBook) -> list[int]:
    """How many rows of the chart work on each date."""
    return [sum("W" in row.cells[at] for row in book.dood) for at in range(len(book.dates))]


def price(book: BoardBook) -> str:
    """Cost, bound and gap in one sentence that says how the bound was made."""
    return f"Cost {book.cost}; no legal board costs less than {book.bound} (gap {book.gap:.0%}; {book.how})."
