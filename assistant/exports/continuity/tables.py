"""Continuity as tables: script days, states, conflicts and notes from the set, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Sequence

from assistant.exports.cells import safe
from assistant.exports.continuity.sheet import ContinuitySheet

Cell = str | int
Table = tuple[dict[str, int], list[list[Cell]]]
"""Columns with their widths, and the rows."""

_BOM = b"\xef\xbb\xbf"
_DAYS = {"Scene": 8, "Script Day": 10, "Set": 40, "Why": 44, "Quote": 60, "Set by hand": 12}
_STATES = {"Subject": 26, "Kind": 14, "Change": 8, "What": 40, "From": 8, "Until": 8, "Script Day": 10}
_STATES |= {"Quote": 70, "Line": 8, "Model": 18}
_CONFLICTS = {"Id": 11, "Severity": 10, "Kind": 12, "Subject": 24, "What": 56, "Scene": 8, "Line": 8, "Quote": 60}
_CONFLICTS |= {"Other scene": 12, "Other line": 10, "Other quote": 60, "Dismissed": 40, "Model": 18}
_NOTES = {"Scene": 8, "Take": 8, "Note": 80, "Who": 16, "When": 20}


def sheets(sheet: ContinuitySheet) -> dict[str, Table]:
    """Each table under the name of its worksheet."""
    return {
        "Script days": (_DAYS, _day_rows(sheet)),
        "States": (_STATES, _state_rows(sheet)),
        "Conflicts": (_CONFLICTS, _conflict_rows(sheet)),
        "Notes": (_NOTES, [[note.scene, note.take, note.note, note.who, note.at] for note in sheet.notes]),
    }


def continuity_csv(sheet: ContinuitySheet) -> dict[str, bytes]:
    """Each table as CSV in UTF-8, with the mark that Excel looks for."""
    names = {"Script days": "days", "States": "states", "Conflicts": "conflicts", "Notes": "notes"}
    return {names[title]: _csv(list(columns), rows) for title, (columns, rows) in sheets(sheet).items() if rows}


def _csv(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([[safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows])
    return _BOM + text.getvalue().encode("utf-8", "replace")


def _day_rows(sheet: ContinuitySheet) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for scene in sheet.shot:
        day = sheet.days[scene.ordinal]
        quote = day.quote.text if day.quote else ""
        by_hand = "yes" if day.by_person else ""
        rows.append([scene.label, day.label, scene.set or scene.heading.text, day.reason, quote, by_hand])
    return rows


def _state_rows(sheet: ContinuitySheet) -> list[list[Cell]]:
    return [
        [
            state.subject,
            state.kind,
            state.change or "",
            state.value or "open: the script does not say",
            sheet.labels[state.scene],
            sheet.labels.get(state.until or 0, ""),
            sheet.days[state.scene].label,
            state.quote.text if state.quote else "",
            state.quote.line if state.quote else "",
            state.source.model,
        ]
        for state in sheet.continuity.states
    ]


def _conflict_rows(sheet: ContinuitySheet) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for item in sheet.continuity.conflicts:
        head: list[Cell] = [item.id, item.severity, item.kind, item.subject, item.what]
        places: list[Cell] = []
        for quote in item.evidence:
            places += [sheet.labels[quote.scene], quote.line, quote.text]
        rows.append([*head, *places, item.dismissed, item.source.model])
    return rows
