"""What must match, as the script supervisor's list says it: which scene, with which, shot when, and in what."""

from collections.abc import Sequence
from typing import Any

from assistant.domain.continuity import MatchNote
from assistant.domain.screenplay import Screenplay


def match_rows(script: Screenplay, notes: Sequence[MatchNote]) -> list[dict[str, Any]]:
    """Plain values, a row for each pair of scenes."""
    labels = {scene.ordinal: scene.label for scene in script.scenes}
    return [
        {
            "scene": labels[note.scene],
            "other": labels[note.other],
            "place": "before" if note.other < note.scene else "after",
            "day": note.other_day,
            "shot": _shot(note),
            "link": "direct cut" if note.direct else "same script day",
            "items": [
                {
                    "who": state.subject,
                    "kind": state.kind.replace("_", " "),
                    "what": state.value,
                    "since": f"Sc. {labels[state.scene]}, l. {state.quote.line}" if state.quote else "",
                }
                for state in note.items
            ],
        }
        for note in notes
    ]


def _shot(note: MatchNote) -> str:
    """ "shot on day 2" or "to be shot on day 4", seen from the note's own day; "day x" where days have other names."""
    if not (note.day.isdecimal() and note.other_day.isdecimal()):
        return f"day {note.other_day}"
    return f"{'shot' if int(note.other_day) < int(note.day) else 'to be shot'} on day {note.other_day}"
