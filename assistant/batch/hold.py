"""Claims that are kept alive while something long is done about them, and given back at the end."""

import threading
from types import TracebackType

from sqlalchemy.exc import DBAPIError

from assistant.store.batches import Batches, Item
from routers.patience import is_away, patiently


class Hold:
    """`with Hold(batches, batch) as hold:` … `hold.add(item)`."""

    def __init__(self, batches: Batches, batch: str) -> None:
        self._batches = batches
        self._batch = batch
        self._items: list[Item] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Hold":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        for item in self._items:
            patiently(lambda item=item: self._batches.release(self._batch, item))  # type: ignore[misc]

    def add(self, item: Item) -> None:
        """One more claim of ours."""
        self._items.append(item)

    def _beat(self) -> None:
        while not self._over.wait(self._batches.lease / 4):
            for item in list(self._items):
                try:
                    self._batches.beat(self._batch, item, "questions", 0, 0)
                except DBAPIError as error:
                    if not is_away(error):
                        raise
