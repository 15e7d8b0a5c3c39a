"""What is too long for a model: how much fits, how an answer that broke off is known, how a part is made smaller."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import NamedTuple

from assistant.breakdown import pieces, size, smaller
from assistant.domain.screenplay import Scene
from assistant.llm import NoneStands, Room
from routers.errors import NoAnswer, NoEligibleModel

LONGEST = 8000  # bytes of scene asked about at once, however large a window is
SHORTEST = 300
FRAME = 4500  # bytes of a question besides the scene and what is said of it
LATIN = 3  # bytes to a token, as the router counts
_TOO_LONG = frozenset({"truncated", "window"})
_SMALLER_HELPS = frozenset({"window", "max_output"})


class Part(NamedTuple):
    """A stretch of the scene and how long the answer for it may be."""

    scene: Scene
    tokens: int


def in_parts(first: Iterable[Part], answered: Callable[[Part], bool], room: Room) -> list[Part]:
    """Ask for each part, and for smaller ones where an answer broke off; the parts for which nothing helped."""
    waiting, lost = deque(first), list[Part]()
    while waiting:
        part = waiting.popleft()
        if answered(part):
            continue
        again = _again(part, room)
        waiting.extendleft(reversed(again))
        if not again:
            lost.append(part)
    return lost


def first_parts(scene: Scene, most: int, fixed_out: int, room: Room) -> list[Part]:
    """A scene in parts that fit, each with as long an answer as it may need; whole for a function of this process."""
    parts = (scene,) if room.in_process else pieces(scene, most)
    return [Part(part, min(fixed_out + size(part), room.max_output)) for part in parts]


def longest(room: Room, background: str, fixed_out: int) -> int:
    """Bytes of scene that fit a model's window together with the question around them and the answer."""
    taken = (FRAME + len(background.encode())) / LATIN + fixed_out
    by_window = (room.window - taken) / (1 + 2.5 / LATIN)  # the scene, the findings about it, the answer
    return max(SHORTEST, min(LONGEST, room.max_output - fixed_out, int(by_window)))


def cut_off(error: NoneStands) -> bool:
    """Did the last answer break off?"""
    return bool(error.attempts) and error.attempts[-1].outcome in _TOO_LONG


def too_long(error: NoAnswer | NoEligibleModel) -> bool:
    """Was the question, or the answer, too long for everybody who may be asked?"""
    if isinstance(error, NoAnswer):
        last = error.attempts[-1] if error.attempts else None
        return last is not None and (last.outcome in _TOO_LONG or last.detail.startswith("too_long"))
    plan = error.plan
    return plan is not None and any(
        item.rules and {rule.rule for rule in item.rules} <= _SMALLER_HELPS for item in plan.candidates
    )


def _again(part: Part, room: Room) -> list[Part]:
    """The part in halves, each with as long an answer; or with a longer answer; or nothing."""
    halves = smaller(part.scene)
    if len(halves) > 1:
        return [Part(half, part.tokens) for half in halves]
    if part.tokens < room.max_output:
        return [Part(part.scene, min(2 * part.tokens, room.max_output))]
    return []
