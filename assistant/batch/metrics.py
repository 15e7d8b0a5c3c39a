"""How a long run stands, as Prometheus reads it: from a page on loopback, or from a file that is written anew."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Protocol

from assistant.store.batches import Item

STATES = ("waiting", "running", "done", "failed", "quarantined", "cancelled")


class Board(Protocol):
    """Where figures are put up."""

    place: str

    def show(self, batch: str, items: Sequence[Item]) -> None:
        """The scripts as they stand now."""
        ...


def text(batch: str, items: Sequence[Item]) -> str:
    """The exposition format: scripts by state, scenes, elements, what was spent, seconds of work."""
    states = Counter(item.state for item in items)
    lines = ["# HELP pa_batch_scripts Scripts by state.", "# TYPE pa_batch_scripts gauge"]
    lines += [f'pa_batch_scripts{{batch="{batch}",state="{state}"}} {states[state]}' for state in STATES]
    running = [item for item in items if item.state == "running"]
    figures = (
        ("pa_batch_scenes_done", "Scenes of scripts that are done.", _sum(items, "scenes")),
        ("pa_batch_scenes_running", "Scenes answered in scripts that are worked on.", sum(i.done for i in running)),
        ("pa_batch_elements", "Elements of scripts that are done.", _sum(items, "elements")),
        ("pa_batch_cost_usd", "Spent on scripts that have ended.", _sum(items, "cost_usd")),
        ("pa_batch_worked_seconds", "Seconds of work on scripts that have ended.", _sum(items, "seconds")),
    )
    for name, about, value in figures:
        lines += [f"# HELP {name} {about}", f"# TYPE {name} gauge", f'{name}{{batch="{batch}"}} {value:g}']
    return "\n".join(lines) + "\n"


def _sum(items: Sequence[Item], name: str) -> float:
    return float(sum(item.facts.get(name) or 0 for item in items))


class TextFile:
    """A file for node_exporter's textfile collector: always whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.place = str(path)

    def show(self, batch: str, items: Sequence[Item]) -> None:
        """See `Board`."""
        from assistant.exports.files import write

        write(self._path, text(batch, items).encode("utf-8"))


class Page:
    """`/metrics` on loopback, as long as the batch runs."""

    def __init__(self, port: int) -> None:
        page = self
        self.body = b""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                known = self.path == "/metrics"
                body = page.body if known else b"The figures are at /metrics.\n"
                self.send_response(200 if known else 404)
                self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Silence."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        self.place = f"http://127.0.0.1:{self._server.server_address[1]}/metrics"

    def show(self, batch: str, items: Sequence[Item]) -> None:
        """See `Board`."""
        self.body = text(batch, items).encode("utf-8")

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def board(where: str) -> Iterator[Board | None]:
    """A port on loopback, a file's name, or nothing for "". Raises SettingsError for a port that is taken."""
    if not where:
        yield None
    elif not where.isdigit():
        yield TextFile(Path(where))
    else:
        try:
            page = Page(int(where))
        except (OSError, OverflowError) as error:
            from assistant.errors import SettingsError

            raise SettingsError(f"Port {where} can not be used: {error}.", "Name another, or 0 for any.") from None
        try:
            yield page
        finally:
            page.close()
