"""Folders of small scripts, and a batch in a process of its own that can be killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.batch.run import Opened, looked_up
from tests.assistant.workflows.making import model
from tests.conftest import ROOT
from tests.loopback import Loopback

PLACES = ("PIER", "BOATHOUSE", "MARKET", "CHAPEL", "KITCHEN", "ROOFTOP", "STATION", "GARAGE")
THINGS = ("lantern", "rope", "knife", "suitcase", "umbrella", "camera", "letter", "guitar")


def folder_of(folder: Path, count: int, scenes: int = 3, seed: int = 0) -> Path:
    """`count` scripts of `scenes` scenes each, no two the same."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"script-{number:03}.fountain").write_text(text(number + 1000 * seed, scenes), encoding="utf-8")
    return folder


def text(number: int, scenes: int) -> str:
    """A script from templates."""
    parts = [f"Title: Film {number}\n"]
    for scene in range(scenes):
        place, thing = PLACES[(number + scene) % 8], THINGS[(number * 3 + scene) % 8]
        parts.append(
            f"INT. {place} {number} - {'DAY' if scene % 2 else 'NIGHT'}\n\n"
            f"MARA ({20 + scene % 50}) picks up a {thing} and hides it in take {scene} behind the door.\n\n"
            f"MARA\nWhere is the {THINGS[scene % 8]} from {number}?\n\nTOM\nGone with the truck.\n"
        )
    return "\n".join(parts)


def asking(server: Loopback, folder: Path) -> Path:
    """Settings by which every production asks the server's model "mine"."""
    import yaml

    folder.mkdir(parents=True, exist_ok=True)
    rows = folder / "models.yaml"
    rows.write_text(yaml.safe_dump({"models": {"onprem/mine": model(server, "mine")}}), encoding="utf-8")
    settings = folder / "settings.toml"
    settings.write_text(
        f'[models]\nfile = "{rows}"\n[models.pin]\nbreakdown = "onprem/mine"\ncast = "builtin/rules"\n', "utf-8"
    )
    return settings


class Driver:
    """`pa batch …` as a process."""

    def __init__(self, words: Sequence[str], url: str = "", environment: Mapping[str, str] | None = None) -> None:
        self._words = [sys.executable, "-m", "assistant", "batch", *words]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
        if url:
            environment["PA_STORE_URL"] = url
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            self._words, stdout=pipe, stderr=pipe, text=True, env=environment, cwd=ROOT, start_new_session=True
        )

    def kill(self) -> None:
        """SIGKILL, to the driver alone."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self, seconds: float = 400) -> tuple[int, str, str]:
        """Wait for its end: status, stdout, stderr."""
        out, err = self.process.communicate(timeout=seconds)
        return self.process.returncode, out, err


def until(what: "threading.Event | object", seconds: float = 240.0, pause: float = 0.02) -> bool:
    """Wait until a function returns something true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if callable(what) and what():
            return True
        time.sleep(pause)
    return False


def found(out: Path) -> Opened:
    """The batch in a folder."""
    return looked_up(out)
