"""Continuity as JSON for other programs; the shape is a contract and carries a schema's name."""

from typing import Any

from assistant.domain.breakdown import Quote, Source
from assistant.domain.continuity import Conflict, Continuity, MatchNote, State
from assistant.domain.screenplay import Screenplay

SCHEMA = "pa.continuity/1"


def as_dict(script: Screenplay, continuity: Continuity) -> dict[str, Any]:
    """What `pa continuity --json` prints. Scenes are named as people name them; ordinals stand beside."""
    labels = {scene.ordinal: scene.label for scene in script.scenes}
    return {
        "schema": SCHEMA,
        "script": {"title": script.title, "draft": script.draft, "sha256": script.sha256},
        "script_days": [
            {
                "label": day.label,
                "scenes": [labels[ordinal] for ordinal in day.scenes],
                "ordinals": list(day.scenes),
                "reason": day.reason,
            }
            for day in continuity.script_days
        ],
        "scenes": [
            {
                "scene": labels[day.scene],
                "ordinal": day.scene,
                "script_day": day.label,
                "reason": day.reason,
                "evidence": _quote(day.quote, labels) if day.quote else None,
                "by_person": day.by_person,
                "source": _source(day.source),
            }
            for day in continuity.days
        ],
        "states": [state_dict(state, labels) for state in continuity.states],
        "conflicts": [conflict_dict(item, labels) for item in continuity.conflicts],
        "rejected": continuity.rejected,
        "notes": list(continuity.notes),
    }


def state_dict(state: State, labels: dict[int, str]) -> dict[str, Any]:
    """One state; an open one has no value and no evidence."""
    return {
        "subject": state.subject,
        "kind": state.kind,
        "value": state.value or None,
        "change": state.change or None,
        "scene": labels[state.scene],
        "ordinal": state.scene,
        "until": state.until,
        "evidence": _quote(state.quote, labels) if state.quote else None,
        "source": _source(state.source),
    }


def conflict_dict(item: Conflict, labels: dict[int, str]) -> dict[str, Any]:
    """One conflict with both quotes."""
    return {
        "id": item.id,
        "kind": item.kind,
        "severity": item.severity,
        "scenes": [labels[ordinal] for ordinal in item.scenes],
        "subject": item.subject,
        "what": item.what,
        "evidence": [_quote(quote, labels) for quote in item.evidence],
        "dismissed": item.dismissed or None,
        "source": _source(item.source),
    }


def note_dict(note: MatchNote, labels: dict[int, str]) -> dict[str, Any]:
    """What must match between two scenes."""
    return {
        "day": note.day,
        "scene": labels[note.scene],
        "other_day": note.other_day,
        "other_scene": labels[note.other],
        "direct": note.direct,
        "items": [state_dict(state, labels) for state in note.items],
    }


def _quote(quote: Quote, labels: dict[int, str]) -> dict[str, Any]:
    return {"scene": labels[quote.scene], "line": quote.line, "quote": quote.text}


def _source(source: Source) -> dict[str, str]:
    return {"model": source.model, "prompt": source.prompt, "attempt": source.attempt}
