"""An office: a loopback Slack, a production with a script, and a server between them."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.app import App
from assistant.interfaces.slack import door
from assistant.interfaces.slack.guard import Guard
from assistant.interfaces.slack.office import Office
from assistant.interfaces.slack.serve import Pace, Server
from assistant.interfaces.slack.task import Bench
from tests.slack_loopback.server import LoopbackSlack

SCRIPT = """Title: The Pier

EXT. PIER - NIGHT #1#

MARA (40) lights a lantern under the broken crane and waits.

MARA
Who is standing there in the fog?

INT. BOATHOUSE - DAY #2#

Mara ties a long wet rope to the old boat. JONAS watches her.

JONAS
You were never going to tell me about the money.
"""
SECRETS = ("under the broken crane", "standing there in the fog", "never going to tell me", "long wet rope")
CHANNEL, ANA, REV, ADM, GUEST = "C0OFFICE", "U0ANA", "U0REV", "U0ADM", "U0GUEST"


@dataclass
class Room:
    """What a test holds in its hands."""

    slack: LoopbackSlack
    folder: Path
    server: Server
    bench: Bench

    def wait(self, what: Callable[[], Any], seconds: float = 60.0) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = what()
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(f"it did not come: {[name for name, _ in self.slack.calls][-12:]}")

    def log(self) -> list[dict[str, Any]]:
        office = self.bench.office
        return office.log.all([item.id for item in office.productions])

    def idle(self, seconds: float = 240.0) -> None:
        self.wait(lambda: not self.slack.unacked())
        self.wait(lambda: not self.bench.office.jobs.count("waiting", "running", "stopping"), seconds)


def production(
    folder: Path,
    slack: LoopbackSlack,
    extra: str = "",
    data_class: str = "confidential",
    channel: str = CHANNEL,
    title: str = "The Pier",
    script_text: str = SCRIPT,
    more: Sequence[str] = (),
) -> App:
    made = App.init(folder, title)
    target = folder / "production.toml"
    text = target.read_text().replace('data_class = "confidential"', f'data_class = "{data_class}"')
    table = (
        f'\n[slack]\nchannels = {[channel, *more]}\nviewers = ["S0VIEW", "{GUEST}"]\nreviewers = ["{REV}"]\n'
        f'admins = ["{ADM}"]\napi_url = "{slack.api_url}"\n{extra}\n'
    )
    target.write_text(text + table)
    script = folder / "pier.fountain"
    script.write_text(script_text)
    made = App.open(folder)
    made.ingest(script)
    made.breakdown()
    return made


def people(slack: LoopbackSlack) -> None:
    slack.users |= {user: {} for user in (ANA, REV, ADM)}
    slack.users |= {GUEST: {"is_restricted": True, "is_ultra_restricted": True}}
    slack.groups["S0VIEW"] = [ANA]
    slack.channels |= {CHANNEL: {"name": "office"}, "C0OTHER": {"name": "other"}}


def bench(slack: LoopbackSlack, folders: list[Path]) -> Bench:
    office = Office.open(folders)
    wire = door.Slack("xoxb-loopback", slack.api_url)
    return Bench(office, wire, Guard(office, wire), search=0.5)


@pytest.fixture
def loopback() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as slack:
        people(slack)
        yield slack
        assert not slack.faults


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """One server for all tests of a module: they share its production, and nothing that was said."""
    folder = tmp_path_factory.mktemp("office") / "pier"
    with LoopbackSlack() as slack:
        people(slack)
        production(folder, slack)
        with served(slack, [folder]) as made:
            yield made


@pytest.fixture
def room(standing: Room) -> Iterator[Room]:
    standing.idle()
    standing.slack.calls.clear()
    standing.slack.uploads.clear()
    yield standing
    standing.idle()
    assert not standing.slack.faults


class served:
    """A server on Socket Mode for the length of a block."""

    def __init__(self, slack: LoopbackSlack, folders: list[Path]) -> None:
        self._slack = slack
        made = bench(slack, folders)
        server = Server(made, Pace(poll=0.1, news=600))
        self._connection = door.socket(door.bolt(made.slack, "", server.take), made.slack, "xapp-loopback")
        self._room = Room(slack, folders[0], server, made)

    def __enter__(self) -> Room:
        self._room.server.start()
        self._connection.connect()
        self._room.wait(self._slack.connected)
        return self._room

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._room.server.close()
