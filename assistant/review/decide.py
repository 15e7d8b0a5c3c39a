"""The only writer of accepted facts: a person's word on proposals, checked before any of it is kept."""

import difflib
from collections.abc import Mapping, Sequence

from assistant.domain.breakdown import Element
from assistant.domain.categories import Category
from assistant.domain.review import ACTIONS, Action, Decision
from assistant.errors import NotFound, SettingsError
from assistant.store.decisions import Decisions

EDITABLE = frozenset({"name", "category", "quantity"})


def decide(log: Decisions, known: Mapping[str, Element], decisions: Sequence[Decision]) -> int:
    """Check all decisions against the known proposals, then keep them in one transaction. Returns how many.

    Raises NotFound for an unknown subject, SettingsError for an edit that makes no sense; then none is kept.
    """
    for item in decisions:
        _check(item, known)
    log.append(decisions)
    return len(decisions)


def action_named(word: str) -> Action:
    """An action as people write it: "a", "Accepted", "yes", "REJECT" … Raises SettingsError with the nearest."""
    said = word.strip().casefold()
    words: dict[str, Action] = {"y": "accept", "yes": "accept", "ok": "accept", "keep": "accept", "x": "reject"}
    words |= {"n": "reject", "no": "reject", "delete": "reject", "change": "edit", "ask": "escalate"}
    words |= {action[0]: action for action in reversed(ACTIONS)}  # "e" is edit, not escalate
    for action in ACTIONS:
        words |= {action: action, f"{action}ed": action, f"{action.rstrip('e')}ed": action}
    if said in words:
        return words[said]
    near = difflib.get_close_matches(said, words, n=1)
    raise SettingsError(
        f"{word!r} is not a decision.", f"Did you mean {near[0]}?" if near else "accept, edit or reject."
    )


def _check(item: Decision, known: Mapping[str, Element]) -> None:
    if not item.subject.startswith(("merge:", "change:")) and item.subject not in known:
        raise NotFound(
            f"There is no element {item.subject} in this draft.", "`pa review status --json` lists their ids."
        )
    if item.action not in ACTIONS:
        raise SettingsError(f"{item.action!r} is not a decision.", f"One of {', '.join(ACTIONS)}.")
    unknown = set(item.change) - EDITABLE
    if unknown or (item.action == "edit") != bool(item.change):
        raise SettingsError(
            f"An edit of {item.subject} must say what changes.", f"Only {', '.join(sorted(EDITABLE))} can be edited."
        )
    _check_change(item.change)


def _check_change(change: Mapping[str, str]) -> None:
    if "category" in change and change["category"] not in set(Category):
        raise SettingsError(f"{change['category']!r} is no category.", "`pa elements --help` names them.")
    if "name" in change and not change["name"].strip():
        raise SettingsError("An element needs a name.", "Reject it if the scene does not need it.")
    if "quantity" in change and not change["quantity"].isdecimal():
        raise SettingsError(f"{change['quantity']!r} is no number of things.", "Write a whole number, such as 3.")
