"""A bounded number of questions at once: answers as they come, and after a fault nothing more is begun."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

T = TypeVar("T")
A = TypeVar("A")


def answers(tasks: Sequence[T], ask: Callable[[T], A], workers: int) -> Iterator[A]:
    """Answers as they finish. After a failure those that are on their way are still given; then it is raised."""
    failed: BaseException | None = None
    with ThreadPoolExecutor(max_workers=workers) as pool:
        place = {pool.submit(ask, task): at for at, task in enumerate(tasks)}
        waiting: set[Future[A]] = set(place)
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in sorted(finished, key=place.__getitem__):  # the first fault is the cause, later ones follow
                if future.cancelled():
                    continue
                error = future.exception()
                if error is None:
                    yield future.result()
                elif failed is None:
                    failed = error
                    for other in waiting:
                        other.cancel()
    if failed is not None:
        raise failed
