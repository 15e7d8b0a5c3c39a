"""A wire to a database that can be cut for a while, as when its server is away."""

import socket
import threading
from types import TracebackType

from tests.loopback.ends import ready


class Wire:
    """`with Wire("127.0.0.1", 5432) as wire:` … `wire.cut()` … `wire.mend()`."""

    def __init__(self, host: str, port: int) -> None:
        self._there = host, port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._whole = threading.Event()
        self._whole.set()
        self._over = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> "Wire":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._listening.close()
        self.cut()

    def cut(self) -> None:
        """Break every connection, and take no new one."""
        self._whole.clear()
        with self._lock:
            for pair in self._pairs:
                for end in pair:
                    end.close()
            self._pairs.clear()

    def mend(self) -> None:
        """Take connections again."""
        self._whole.set()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if not self._whole.is_set():
                near.close()
                continue
            far = socket.create_connection(self._there)
            with self._lock:
                self._pairs.append((near, far))
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    @staticmethod
    def _carry(near: socket.socket, far: socket.socket) -> None:
        other = {near: far, far: near}
        try:
            while True:
                for end in ready([near, far], 0.5):
                    data = end.recv(65536)
                    if not data:
                        raise OSError
                    other[end].sendall(data)
        except (OSError, ValueError):  # one side has gone, or the wire was cut
            near.close()
            far.close()
