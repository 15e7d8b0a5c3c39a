"""`pa doctor` looks at the shared store, its checkpoints and the Chroma server; the server serves a batch."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app import App
from assistant.doctor import examine
from routers.errors import ProviderFault
from tests.assistant.batch.making import folder_of


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[str]:
    """A Chroma server's address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    binary = Path(sys.executable).parent / "chroma"
    words = [str(binary), "run", "--path", str(tmp_path / "vectors"), "--port", str(port), "--host", "127.0.0.1"]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


@pytest.mark.slow
def test_doctor_checks_what_is_shared(tmp_path: Path, shared: str, chroma: str) -> None:
    script = folder_of(tmp_path / "in", 1) / "script-000.fountain"
    app = App.init(tmp_path / "p", "P", {"store": {"url": shared, "chroma_url": chroma}})
    app.breakdown(script)
    checks = {check.name: check for check in examine(app)}
    for name in ("store", "migrations", "checkpoints", "Chroma server", "index", "circuits"):
        assert checks[name].state == "ok", checks[name]
    assert checks["store"].found.startswith("postgresql") and checks["checkpoints"].found == "postgresql"
    assert checks["Chroma server"].found in chroma
    assert app.knowledge.count() > 0 and not (app.data / "chroma").exists()
    assert not (app.data / "checkpoints.db").exists() and not (app.data / "production.db").exists()
    other = App.open(app.folder, {"store": {"url": shared, "chroma_url": chroma}})
    fault = ProviderFault("expired_credentials", "no")
    other.router.health.note_fault(("builtin/rules", "here"), "somebody", fault, time.monotonic())
    again = App.open(app.folder, {"store": {"url": shared, "chroma_url": chroma}})
    found = {check.name: check for check in examine(again)}["circuits"]
    assert found.state == "warn" and "provider somebody" in found.found
    for one in (app, other, again):
        one.close()


def test_doctor_says_what_is_away(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    app = App.init(tmp_path / "p", "P", {"store": {"chroma_url": f"http://127.0.0.1:{port}"}})
    checks = {check.name: check for check in examine(app)}
    assert checks["Chroma server"].state == "bad" and "chroma run" in checks["Chroma server"].hint
    assert checks["migrations"].state == checks["checkpoints"].state == "ok"
    away = App.init(tmp_path / "q", "Q", {"store": {"url": f"postgresql+psycopg://postgres@127.0.0.1:{port}/x"}})
    found = {check.name: check for check in examine(away)}
    assert found["store"].state == "bad" and found["store"].hint
    assert "checkpoints" not in found
