"""A folder that is looked at again and again, for scripts that come in while nobody is there."""

import threading
from collections.abc import Iterator
from pathlib import Path

from assistant.batch.plan import scripts
from assistant.errors import NotFound

Seen = dict[Path, tuple[int, int]]  # size and time of change


def rounds(target: Path, out: Path, pause: float, stop: threading.Event) -> Iterator[None]:
    """Yields when there are scripts that have not been dealt with; a file that still grows is left until it rests.

    `pause` is in seconds. Ends when asked to stop.
    """
    before: Seen = {}
    dealt: Seen = {}
    while not stop.is_set():
        now = seen(target, out)
        if now == before != dealt:
            dealt = now
            yield
        before = now
        stop.wait(pause)


def seen(target: Path, out: Path) -> Seen:
    """The scripts that are there now, and how each looks from outside."""
    try:
        found = scripts(target, out)
    except NotFound:
        return {}
    looks: Seen = {}
    for path in found:
        try:
            stat = path.stat()
        except OSError:  # it went while we looked
            continue
        looks[path] = stat.st_size, stat.st_mtime_ns
    return looks
