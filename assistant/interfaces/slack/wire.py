"""Puts the parts together for serving: tokens, productions, Slack, and the wire that requests come over."""

import signal
import socketserver
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from assistant.errors import SettingsError
from assistant.interfaces.slack import door
from assistant.interfaces.slack.guard import Guard
from assistant.interfaces.slack.office import Office
from assistant.interfaces.slack.serve import Pace, Server
from assistant.interfaces.slack.task import Bench
from assistant.settings import credential


class _Threads(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    timeout = 10  # seconds that a line may be silent

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: addresses and paths are nobody's business."""


def bench(folders: Sequence[Path]) -> Bench:
    """Everything that requests are worked on with. Raises SettingsError for what is not set."""
    door.need_bolt()
    office = Office.open(folders)
    slack = door.Slack(_needed("slack_bot_token"), office.api_url)
    return Bench(office, slack, Guard(office, slack))


def over_socket(made: Bench, pace: Pace | None = None) -> tuple[Server, Any]:
    """A server and its Socket Mode connection, not yet begun."""
    server = Server(made, pace)
    app = door.bolt(made.slack, "", server.take)
    return server, door.socket(app, made.slack, _needed("slack_app_token"))


def over_http(made: Bench, pace: Pace | None = None) -> tuple[Server, Any]:
    """A server and its WSGI application, for any server to run; wrong signatures are refused."""
    server = Server(made, pace)
    return server, door.wsgi(door.bolt(made.slack, _needed("slack_signing_secret"), server.take))


def listen(application: Any, port: int, host: str = "127.0.0.1") -> WSGIServer:
    """A small server for the application; one that faces the world stands before it. Raises SettingsError."""
    try:
        return make_server(host, port, application, server_class=_Threads, handler_class=_Silent)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or "it is no port"
        raise SettingsError(f"Port {port} can not be used: {why}.", "Choose another: --http PORT.") from None


def run(folders: Sequence[Path], port: int | None, begun: Callable[[], None]) -> None:
    """Serve until interrupted; `begun` is called once requests are taken. Raises SettingsError for wrong tokens."""
    made = bench(folders)
    made.slack.granted()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    if port is None:
        made.slack.opens_socket(_needed("slack_app_token"))
        server, connection = over_socket(made)
        listening, end = connection.connect, connection.close
    else:
        server, application = over_http(made)
        web = listen(application, port)
        listening, end = threading.Thread(target=web.serve_forever, daemon=True).start, web.shutdown
    server.start()
    try:
        listening()
        begun()
        ended.wait()
    finally:
        end()
        server.close()


def _needed(name: str) -> str:
    found = credential(name)
    if not found:
        raise SettingsError(f"{name.upper()} is not set.", "docs/slack.md shows where Slack keeps it.")
    return found
