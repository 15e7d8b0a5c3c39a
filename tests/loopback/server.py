"""The loopback server itself: threads, sockets, scripts, and a record of every byte that came in."""

import json
import socket
import struct
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from tests.loopback.ends import ready
from tests.loopback.script import Fault, Reply, Request, Script
from tests.loopback.wires import WIRES, Wire

Fixed = dict[str, Any] | Callable[[Request], dict[str, Any]]
BY_NAME = {wire.name: wire for wire in WIRES}


class Loopback:
    """`with Loopback() as server: server.script("model", [Fault("throttled"), Reply("yes", tokens=(9, 1))])`."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self.now_running = 0
        self.most_running = 0
        self.closing = threading.Event()
        self._scripts: dict[str, Script] = defaultdict(Script)
        self._routes: dict[tuple[str, str], tuple[int, Fixed]] = {}
        self._lock = threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> "Loopback":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """http://127.0.0.1:port, also the endpoint for Bedrock and the base for Anthropic."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def openai(self) -> str:
        """The base address an OpenAI client wants."""
        return f"{self.url}/v1"

    def script(self, model: str, steps: Sequence[Reply | Fault] | Reply | Fault) -> None:
        """What this model does from now on; the last step repeats."""
        listed = [steps] if isinstance(steps, Reply | Fault) else list(steps)
        with self._lock:
            self._scripts[model] = Script(listed)

    def route(self, method: str, path: str, body: Fixed, status: int = 200) -> None:
        """A JSON answer outside the model calls, fixed or made from the request: control plane, lists, vectors."""
        self._routes[(method, path)] = (status, body)

    def seen(self, model: str) -> list[Request]:
        """Requests that named this model."""
        return [request for request in self.requests if request.model == model]

    @property
    def received(self) -> int:
        """Bytes of path and body over all requests; 0 with 0 connections means nothing ever came."""
        return sum(request.received for request in self.requests)

    @property
    def billed(self) -> tuple[int, int]:
        """Tokens in and out that a provider would put on the bill."""
        return sum(r.billed[0] for r in self.requests), sum(r.billed[1] for r in self.requests)

    def forget(self) -> None:
        """Start counting again; scripts stay."""
        with self._lock:
            self.requests.clear()
            self.connections = 0
            self.most_running = 0

    def step(self, request: Request) -> Reply | Fault:
        """Record the request and take the next step of its model."""
        with self._lock:
            self.requests.append(request)
            return self._scripts[request.model].next()

    def fixed(self, request: Request) -> tuple[int, dict[str, Any]] | None:
        """The fixed answer for this path, if a test set one."""
        with self._lock:
            self.requests.append(request)
        found = self._routes.get((request.method, request.path.split("?")[0]))
        return (found[0], found[1](request) if callable(found[1]) else found[1]) if found else None

    def running(self, change: int) -> None:
        """Count the calls under way, to show how many ran at once."""
        with self._lock:
            self.now_running += change
            self.most_running = max(self.most_running, self.now_running)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, owner: Loopback) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.owner.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""

    def do_GET(self) -> None:
        self._handle()

    def do_PUT(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request("", self.command, self.path, headers, body)
        wire = next((wire for wire in WIRES if self.command == "POST" and wire.claim(request)), None)
        owner = self.server.owner
        if wire is None:
            status, answer = owner.fixed(request) or (404, {"message": f"nothing at {self.path}"})
            self._send(status, {}, answer)
            return
        request.wire = wire.name
        step = owner.step(request)
        owner.running(1)
        try:
            self._play(wire, request, step)
        except (BrokenPipeError, ConnectionResetError):
            request.abandoned = True
            self.close_connection = True
        finally:
            owner.running(-1)

    def _play(self, wire: Wire, request: Request, step: Reply | Fault) -> None:
        if isinstance(step, Reply):
            request.outcome = "reply"
            self._reply(wire, request, step.render(request))
            return
        request.outcome = step.kind
        if step.family == "content":
            self._reply(wire, request, step.reply().render(request))
        elif step.family == "status":
            status, headers, body = wire.error(step.kind)
            if step.kind == "throttled_retry_after":
                headers = headers | {"Retry-After": f"{step.seconds or 1:g}"}
            self._send(status, headers, body)
        else:
            self._break(wire, request, step)

    def _reply(self, wire: Wire, request: Request, reply: Reply) -> None:
        if reply.delay and self._client_left(reply.delay, request):
            return
        request.billed = reply.tokens or (0, 0)
        if not request.streaming:
            self._send(200, {}, wire.answer(request, reply))
            return
        self._open_stream(wire)
        for piece in wire.pieces(request, reply):
            self._chunk(piece)
        self._chunk(b"")

    def _break(self, wire: Wire, request: Request, fault: Fault) -> None:
        """Transport faults, each by the name of its method."""
        self.close_connection = True
        reply = fault.reply().render(request)
        getattr(self, f"_{fault.kind}")(wire, request, fault, reply)

    def _hang(self, wire: Wire, request: Request, fault: Fault, reply: Reply) -> None:
        self._client_left(fault.seconds or 60, request)

    def _reset_before_headers(self, wire: Wire, request: Request, fault: Fault, reply: Reply) -> None:
        self._reset()

    def _drip(self, wire: Wire, request: Request, fault: Fault, reply: Reply) -> None:
        """Small pieces with a pause between, so that no single read ever times out."""
        request.billed = reply.tokens or (0, 0)
        if request.streaming:
            self._open_stream(wire)
            pieces = wire.pieces(request, reply)
        else:
            body = json.dumps(wire.answer(request, reply)).encode()
            self.wfile.write(self._head(200, {"Content-Type": "application/json", "Content-Length": str(len(body))}))
            pieces = [body[i : i + 8] for i in range(0, len(body), 8)]
        for piece in pieces:
            if self._client_left(fault.seconds or 0.05, request):
                return
            if request.streaming:
                self._chunk(piece)
            else:
                self.wfile.write(piece)
        if request.streaming:
            self._chunk(b"")

    def _reset_mid_stream(self, wire: Wire, request: Request, fault: Fault, reply: Reply) -> None:
        self._some(wire, request, fault, reply)
        time.sleep(0.05)  # let the client read what was sent: a reset discards what it has not
        self._reset()

    def _stall_mid_stream(self, wire: Wire, request: Request, fault: Fault, reply: Reply) -> None:
        self._some(wire, request, fault, reply)
        self._client_left(fault.seconds or 60, request)

    def _exception_mid_stream(self, wire: Wire, request: Request, fault: Fault, reply: Reply) -> None:
        if not request.streaming:
            status, headers, body = wire.error("internal_error")
            self._send(status, headers, body)
            return
        self._some(wire, request, fault, reply)
        self._chunk(wire.stream_error(fault.kind))
        self._chunk(b"")

    _throttle_mid_stream = _exception_mid_stream

    def _truncated_body(self, wire: Wire, request: Request, fault: Fault, reply: Reply) -> None:
        """Fewer bytes than promised, then a closed connection."""
        if request.streaming:
            self._some(wire, request, fault, reply)
            return
        request.billed = reply.tokens or (0, 0)
        body = json.dumps(wire.answer(request, reply)).encode()
        self.wfile.write(self._head(200, {"Content-Type": "application/json", "Content-Length": str(len(body))}))
        self.wfile.write(body[: len(body) // 2])

    def _unparsable_body(self, wire: Wire, request: Request, fault: Fault, reply: Reply) -> None:
        body = b"<html><body>Bad gateway</body></html>"
        self.wfile.write(self._head(200, {"Content-Type": "application/json", "Content-Length": str(len(body))}) + body)

    def _corrupt_stream(self, wire: Wire, request: Request, fault: Fault, reply: Reply) -> None:
        """Bytes that break the framing after a few good pieces."""
        if not request.streaming:
            self._unparsable_body(wire, request, fault, reply)
            return
        self._some(wire, request, fault, reply)
        self._chunk(b"data: {\x00\xff not a frame" + b"\x00" * 64 + b"\n\n")
        self._chunk(b"")

    def _some(self, wire: Wire, request: Request, fault: Fault, reply: Reply) -> None:
        """The first pieces of a stream (or of a body), billed as a provider bills them: prompt and delivered part."""
        taken, given = reply.tokens or (0, 0)
        if not request.streaming:
            request.billed = (taken, given)
            self.wfile.write(self._head(200, {"Content-Type": "application/json", "Content-Length": "5000"}) + b'{"')
            return
        request.billed = (taken, min(given, fault.after * reply.chunk // 4))
        self._open_stream(wire)
        for piece in wire.pieces(request, reply)[: fault.after + 1]:
            self._chunk(piece)

    def _send(self, status: int, headers: dict[str, str], body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        shown = {"Content-Type": "application/json", "Content-Length": str(len(raw))} | headers
        self.wfile.write(self._head(status, shown) + raw)

    def _head(self, status: int, headers: dict[str, str]) -> bytes:
        if self.close_connection:
            headers = headers | {"Connection": "close"}
        lines = [f"HTTP/1.1 {status} {self.responses.get(status, ('Status',))[0]}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def _open_stream(self, wire: Wire) -> None:
        self.wfile.write(self._head(200, {"Content-Type": wire.stream_type, "Transfer-Encoding": "chunked"}))

    def _chunk(self, piece: bytes) -> None:
        self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")

    def _reset(self) -> None:
        """RST instead of FIN, as a dying load balancer sends."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _client_left(self, seconds: float, request: Request) -> bool:
        """Wait, but no longer than the client stays or the server lives."""
        until = time.monotonic() + seconds
        while not self.server.owner.closing.is_set() and (left := until - time.monotonic()) > 0:
            if ready([self.connection], min(left, 0.05)) and not self.connection.recv(1, socket.MSG_PEEK):
                request.abandoned = True
                self.close_connection = True
                return True
        return self.server.owner.closing.is_set()
