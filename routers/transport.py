"""HTTP under one clock: each read of a socket ends at its call's deadline, however slowly the bytes drip."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

import httpcore
import httpx

_KEPT, _HEAD, _TAIL = 4_000_000, 65_536, 1_000_000  # of a longer answer its beginning and its end are kept
_NEARBY = ("127.0.0.1", "localhost", "[::1]")  # a server on this machine is never reached through a proxy
_current: ContextVar["Exchange | None"] = ContextVar("exchange", default=None)


@dataclass(slots=True, eq=False)
class Exchange:
    """What one call has seen on the wire so far."""

    until: float  # time.monotonic() at which the call is over
    floor: float = 4.0  # bytes a second below which, after `grace` seconds, an answer counts as stuck
    grace: float = 30.0
    sent: bool = False
    slow: bool = False
    first_byte: float | None = None
    received: int = 0
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    stream: httpx.SyncByteStream | None = None

    def left(self, otherwise: float | None) -> float:
        """Seconds this read may take; raises when there are none."""
        now = time.monotonic()
        if self.first_byte is not None and (busy := now - self.first_byte) > self.grace:
            self.slow = self.received < self.floor * busy
        if self.slow or now >= self.until:
            raise httpcore.ReadTimeout("the call's deadline has passed")
        wait = self.until - now
        return wait if otherwise is None else min(wait, otherwise)

    @property
    def over(self) -> bool:
        """Has it taken too long, in whole or by dripping?"""
        return self.slow or time.monotonic() >= self.until

    def close(self) -> None:
        """Hang up: an answer nobody reads any more is not left running."""
        if self.stream is not None:
            self.stream.close()

    def keep(self, part: bytes) -> None:
        """Remember what was said, to read how it stopped and who said it; the middle of a very long answer goes."""
        self.body += part
        if len(self.body) > _KEPT:
            del self.body[_HEAD:-_TAIL]

    def came(self, data: bytes) -> bytes:
        """Bytes arrived."""
        if data:
            self.first_byte = self.first_byte or time.monotonic()
            self.received += len(data)
        return data


@contextmanager
def exchange(seconds: float, floor: float = 4.0, grace: float = 30.0) -> Iterator[Exchange]:
    """All that this thread sends until the block ends belongs to one call with one deadline."""
    call = Exchange(time.monotonic() + seconds, floor, grace)
    token = _current.set(call)
    try:
        yield call
    finally:
        _current.reset(token)


class Clocked(httpx.BaseTransport):
    """The one road to any provider: proxies as the environment says, sockets that keep the deadline of their call."""

    def __init__(self, verify: bool | str = True) -> None:
        limits = httpx.Limits(max_connections=256, max_keepalive_connections=64)
        nearby: dict[str, httpx.BaseTransport | None] = {f"all://{host}": None for host in _NEARBY}
        self._inner = httpx.Client(verify=verify, limits=limits, mounts=nearby)
        for transport in (self._inner._transport, *self._inner._mounts.values()):
            if isinstance(transport, httpx.HTTPTransport):
                transport._pool._network_backend = _Backend(transport._pool._network_backend)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["accept-encoding"] = "identity"  # so that the kept body can be read as it came
        response = self._inner._transport_for_url(request.url).handle_request(request)
        call = _current.get()
        if call is not None:
            call.status = response.status_code
            call.headers = {name.lower(): value for name, value in response.headers.items()}
            response.stream = call.stream = _Tee(response.stream, call)
        return response

    def close(self) -> None:
        """Shared by all clients of the process: one of them closing does not close it."""


class _Tee(httpx.SyncByteStream):
    """Passes an answer on and keeps a copy."""

    def __init__(self, stream: Any, call: Exchange) -> None:
        self._stream = stream
        self._call = call

    def __iter__(self) -> Iterator[bytes]:
        for part in self._stream:
            self._call.keep(part)
            yield part

    def close(self) -> None:
        self._stream.close()


class _Backend(httpcore.NetworkBackend):
    """Opens connections within the deadline."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        call = _current.get()
        wait = call.left(timeout) if call else timeout
        return _Stream(self._inner.connect_tcp(host, port, wait, local_address, socket_options))

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.connect_unix_socket(path, timeout, socket_options))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    """A connection that serves one call after another, each under its own deadline."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner
        self._call: Exchange | None = None

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._call is None:
            return self._inner.read(max_bytes, timeout)
        return self._call.came(self._inner.read(max_bytes, self._call.left(timeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._call = _current.get() or self._call
        if self._call is None:
            self._inner.write(buffer, timeout)
            return
        self._inner.write(buffer, self._call.left(timeout))
        self._call.sent = self._call.sent or bool(buffer)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
