"""A PostgreSQL of one's own, which may be killed: made with initdb and pg_ctl in a folder, run by an ordinary user."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

USER = "postgres"


def binaries() -> Path | None:
    """Where this system keeps the server's programs; None without them."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


class Cluster:
    """`with Cluster() as cluster:` … `cluster.kill()` … `cluster.start()`."""

    def __init__(self, network: str = "") -> None:
        """`network` may reach it too, besides this machine."""
        self._network = network
        found = binaries()
        assert found is not None
        self._bin = found
        self._folder = Path(tempfile.mkdtemp(prefix="pa-postgres-"))
        self._user = USER if os.geteuid() == 0 else None  # the server does not run as root
        if self._user:
            shutil.chown(self._folder, self._user, self._user)
        self._data = self._folder / "data"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    def __enter__(self) -> "Cluster":
        self._run("initdb", "-D", str(self._data), "-A", "trust", "-U", USER, "--no-locale", "-E", "UTF8")
        if self._network:
            with (self._data / "pg_hba.conf").open("a", encoding="utf-8") as rules:
                rules.write(f"host all all {self._network} trust\n")
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop", check=False)
        shutil.rmtree(self._folder, ignore_errors=True)

    def database(self, name: str) -> str:
        """A new database's address."""
        admin = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as db:
            db.execute(text(f"create database {name}"))
        admin.dispose()
        return self._url(name)

    def start(self) -> None:
        """Start it, over whatever a kill left, and wait until it answers."""
        options = f"-p {self.port} -k {self._folder} -c listen_addresses={'*' if self._network else '127.0.0.1'}"
        for _ in range(20):  # children of a killed server need a moment to notice
            done = self._run(
                "pg_ctl", "-D", str(self._data), "-w", "-l", str(self._folder / "log"), "-o", options, "start"
            )
            if done.returncode == 0 and self._answers():
                return
            time.sleep(0.5)
        raise RuntimeError((self._folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:])

    def kill(self) -> None:
        """SIGKILL to the server; its children end with it."""
        pid = int((self._data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        os.kill(pid, signal.SIGKILL)

    def _answers(self) -> bool:
        engine = create_engine(self._url("postgres"))
        try:
            with engine.connect():
                return True
        except OperationalError:
            return False
        finally:
            engine.dispose()

    def _url(self, name: str) -> str:
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{name}"

    def _run(self, program: str, *words: str, check: bool = False) -> subprocess.CompletedProcess[bytes]:
        quiet = subprocess.DEVNULL
        return subprocess.run(
            [str(self._bin / program), *words], user=self._user, stdout=quiet, stderr=quiet, check=check, cwd="/"
        )
