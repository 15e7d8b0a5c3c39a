"""A person's word on continuity: a script day set right, a conflict dismissed with a reason, and both taken back."""

from collections.abc import Sequence

from assistant.domain.review import Decision
from assistant.errors import SettingsError
from assistant.store.decisions import Decisions

CONFLICT, DAY = "conflict:", "day:"


def dismiss(log: Decisions, conflict: str, who: str, why: str, draft: int) -> None:
    """Set a conflict aside, in this draft and all that keep its words. Raises SettingsError without a reason."""
    if not why.strip():
        raise SettingsError("A conflict is dismissed with a reason.", 'Say it: --why "the lantern is a second one".')
    log.append([Decision(f"{CONFLICT}{conflict}", "reject", who, why.strip(), draft)])


def reinstate(log: Decisions, conflict: str, who: str, draft: int) -> None:
    """Take a dismissal back."""
    log.append([Decision(f"{CONFLICT}{conflict}", "undo", who, "", draft)])


def set_day(log: Decisions, scene: int, label: str, who: str, draft: int) -> None:
    """Say on which script day a scene of a draft plays; "" gives it back to be counted."""
    subject = f"{DAY}{draft}:{scene}"
    if label:
        log.append([Decision(subject, "edit", who, "", draft, {"day": label})])
    else:
        log.append([Decision(subject, "undo", who, "", draft)])


def dismissed(decisions: Sequence[Decision]) -> dict[str, str]:
    """Conflict id → the reason, for what is set aside now. `decisions` are the newest of each subject."""
    return {item.subject.removeprefix(CONFLICT): item.why for item in decisions if item.subject.startswith(CONFLICT)}


def days_set(decisions: Sequence[Decision]) -> list[tuple[int, int, str]]:
    """(draft, ordinal, label) of every script day a person set, oldest draft first."""
    found = []
    for item in decisions:
        if item.subject.startswith(DAY):
            draft, _, scene = item.subject.removeprefix(DAY).partition(":")
            found.append((int(draft), int(scene), item.change["day"]))
    return sorted(found)
