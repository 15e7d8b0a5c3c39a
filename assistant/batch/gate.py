"""How many questions a process asks at once, and how it stops asking without losing an answer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from assistant.errors import AssistantError

STOP = threading.Event()  # this process is asked to end
LOOK = 0.2  # seconds


class Stopped(AssistantError):
    """The work was asked to end; what was finished is kept."""

    exit_code: ClassVar[int] = 130


class Gate:
    """Every question of one script passes here; after a stop none is begun, and those on their way come home."""

    def __init__(self, slots: threading.Semaphore) -> None:
        self._slots = slots
        self.stop = threading.Event()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Hold a slot while the block runs. Raises Stopped."""
        self.look()
        while not self._slots.acquire(timeout=LOOK):
            self.look()
        try:
            self.look()
            yield
        finally:
            self._slots.release()

    def look(self) -> None:
        """Raise Stopped once the script or the whole process is to stop."""
        if self.stop.is_set() or STOP.is_set():
            raise Stopped("Stopped.", "`pa batch resume` goes on from there.")
