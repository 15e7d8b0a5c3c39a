"""The continuity report: story days, conflicts, a facing page for every scene, and every character's way through."""

from typing import Any

from assistant.domain.continuity import Conflict
from assistant.domain.screenplay import Scene, pages
from assistant.exports.continuity.sheet import COLUMNS, ContinuitySheet, Entry
from assistant.exports.strips import strip_of

_PAPER = {"letter": "us-letter", "a4": "a4"}
_BLANK_TAKES = 6  # rows left for the set on each facing page


def facing_data(sheet: ContinuitySheet) -> dict[str, Any]:
    """What the report prints."""
    script = sheet.screenplay
    return {
        "title": script.title,
        "draft": script.draft,
        "paper": _PAPER[script.page_size],
        "language": script.language,
        "columns": [title for title, _ in COLUMNS],
        "blank": _BLANK_TAKES,
        "notes": list(sheet.continuity.notes),
        "days": _days(sheet),
        "conflicts": [_conflict(sheet, item) for item in sheet.continuity.open_conflicts],
        "dismissed": [[item.what, item.dismissed] for item in sheet.continuity.conflicts if item.dismissed],
        "scenes": [_scene(sheet, scene) for scene in sheet.shot],
        "people": [found for person in sheet.people if (found := _person(sheet, person.name))],
    }


def _days(sheet: ContinuitySheet) -> list[dict[str, Any]]:
    rows = []
    for day in sheet.continuity.script_days:
        scenes = [sheet.screenplay.scene(ordinal) for ordinal in day.scenes]
        rows.append(
            {
                "label": day.label,
                "reason": day.reason,
                "pages": pages(sum(scene.eighths for scene in scenes)),
                "scenes": [
                    [scene.label, scene.heading.text, pages(scene.eighths), strip_of(scene).fill] for scene in scenes
                ],
            }
        )
    return rows


def _conflict(sheet: ContinuitySheet, item: Conflict) -> dict[str, Any]:
    quotes = [[sheet.labels[quote.scene], quote.line, quote.text] for quote in item.evidence]
    return {"id": item.id, "severity": item.severity, "kind": item.kind, "what": item.what, "quotes": quotes}


def _scene(sheet: ContinuitySheet, scene: Scene) -> dict[str, Any]:
    day = sheet.days[scene.ordinal]
    rows = []
    for name in sheet.cast(scene.ordinal):
        cells = [[_cell(entry) for entry in sheet.entries(scene.ordinal, name, kinds)] for _, kinds in COLUMNS]
        rows.append({"name": name, "change": sheet.change(scene.ordinal, name), "cells": cells})
    return {
        "label": scene.label,
        "heading": scene.heading.text,
        "day": day.label,
        "reason": day.reason,
        "pages": pages(scene.eighths),
        "fill": strip_of(scene).fill,
        "synopsis": scene.synopsis or "",
        "rows": rows,
        "set": [_cell(entry) for entry in sheet.place(scene)],
        "conflicts": [_conflict(sheet, item) for item in sheet.conflicts(scene.ordinal)],
        "notes": [[note.take, note.note, note.who] for note in sheet.of_scene(scene.label)],
    }


def _cell(entry: Entry) -> list[str]:
    return [entry.text, entry.since]


def _person(sheet: ContinuitySheet, name: str) -> dict[str, Any] | None:
    """What begins or changes for a character, in story order."""
    rows = []
    for state in sheet.continuity.states:
        if state.subject == name and state.kind not in {"age", "look"}:
            what = state.value or "the script does not say"
            quote = state.quote.text if state.quote else ""
            place = [sheet.labels[state.scene], sheet.days[state.scene].label]
            rows.append([*place, state.kind.replace("_", " and "), what, state.change or "", quote])
    return {"name": name, "rows": rows} if rows else None
