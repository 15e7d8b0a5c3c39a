"""Which ends have something to read, however many files the process has open (`select` stops at 1,024)."""

import selectors
from collections.abc import Sequence
from typing import TypeVar

End = TypeVar("End")


def ready(ends: Sequence[End], seconds: float) -> list[End]:
    """The sockets or file descriptors of `ends` that can be read, waited for up to `seconds`."""
    with selectors.DefaultSelector() as selector:
        for at, end in enumerate(ends):
            selector.register(end, selectors.EVENT_READ, at)  # type: ignore[arg-type]
        return [ends[key.data] for key, _ in selector.select(seconds)]
