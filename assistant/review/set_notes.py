"""Notes taken on set, kept in the log of what people said: they are facts of the shoot, never changed, only added."""

from collections.abc import Sequence

from assistant.domain.continuity import SetNote
from assistant.domain.review import Decision
from assistant.store.decisions import Decisions

NOTE = "note:"


def keep_notes(log: Decisions, notes: Sequence[SetNote], draft: int) -> int:
    """Keep notes that are not known yet. Returns how many were new."""
    known = {(item.scene, item.take, item.note) for item in kept_notes(log)}
    fresh = [item for item in dict.fromkeys(notes) if (item.scene, item.take, item.note) not in known]
    start = len(known)
    log.append(
        [
            Decision(
                f"{NOTE}{start + number}",
                "accept",
                item.who,
                item.note,
                draft,
                {"scene": item.scene, "take": item.take},
            )
            for number, item in enumerate(fresh, start=1)
        ]
    )
    return len(fresh)


def kept_notes(log: Decisions) -> list[SetNote]:
    """All notes, oldest first."""
    return [
        SetNote(item.change["scene"], item.change["take"], item.why, item.who, item.at)
        for item in log.history()
        if item.subject.startswith(NOTE)
    ]
