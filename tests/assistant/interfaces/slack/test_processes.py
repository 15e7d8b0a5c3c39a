"""Two real processes serve one production: each mention is answered once, and one is killed during a review."""

import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.assistant.interfaces.slack.conftest import ANA, CHANNEL, REV, SECRETS, Room, bench, production, served
from tests.conftest import ROOT
from tests.postgres import own_database
from tests.slack_loopback import payloads
from tests.slack_loopback.server import LoopbackSlack

pytest.importorskip("slack_bolt", reason="the slack extra is not installed")

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-loopback", "SLACK_APP_TOKEN": "xapp-loopback"}


@contextmanager
def serving(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "assistant", "slack", "serve", "-P", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **TOKENS}, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=20)


@pytest.fixture
def postgres() -> Iterator[str]:
    """The address of a database of its own."""
    with own_database("slack") as url:
        yield url


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_processes_answer_once_in_order_and_the_one_that_is_left_goes_on(
    loopback: LoopbackSlack, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    folder = tmp_path / "pier"
    store = f'[store]\nurl = "{request.getfixturevalue("postgres")}"\n' if kind == "postgresql" else ""
    app = production(folder, loopback, store)
    room = Room(loopback, folder, None, bench(loopback, [folder]))  # type: ignore[arg-type]
    with serving(folder) as first, serving(folder) as second:
        room.wait(lambda: loopback.connected() == 2, 120)
        asked: dict[str, list[str]] = defaultdict(list)
        for n in range(12):
            scene, thread = str(n // 3 % 2 + 1), f"7.{n % 3}"
            asked[thread].append(scene)
            body = payloads.mention(CHANNEL, ANA, f"Who is in scene {scene}?", thread)
            loopback.push("events_api", body)
            loopback.push("events_api", body, retry=1)  # over the other's line
        room.wait(lambda: len(loopback.of("chat.stopStream")) >= 12 and not loopback.unacked(), 120)
        _answered_once_in_order(loopback, asked)

        card = payloads.mention(CHANNEL, REV, "review")
        loopback.push("events_api", card)
        room.wait(lambda: "proposals wait" in loopback.said(CHANNEL), 120)
        # else the click waits for the lease of what the killed one was at
        room.wait(lambda: not room.bench.office.jobs.count("waiting", "running"), 60)
        first.send_signal(signal.SIGKILL)
        first.wait(20)
        room.wait(lambda: loopback.connected() == 1, 60)
        waiting = len(app.desk().items())
        accept = next(item for item in _buttons(loopback) if item["action_id"] == "accept")
        loopback.push("interactive", payloads.click(CHANNEL, REV, accept, "1.1", card["event"]["ts"]))
        room.wait(lambda: loopback.of("chat.update"), 120)
        assert len(app.desk().items()) == waiting - 1

        second.terminate()
        _, log = second.communicate(timeout=60)
        assert second.returncode == 0 and not [words for words in SECRETS if words in log]
    assert len(loopback.of("chat.stopStream")) == 12


def _answered_once_in_order(slack: LoopbackSlack, asked: dict[str, list[str]]) -> None:
    said: dict[str, list[str]] = defaultdict(list)
    for body in slack.of("chat.stopStream"):
        said[slack.streams[body["ts"]]].append(json.dumps(body["chunks"]))
    one, two = said["7.0"][0], said["7.0"][1]
    assert one != two
    assert said == {thread: [one if scene == "1" else two for scene in scenes] for thread, scenes in asked.items()}


def _buttons(slack: LoopbackSlack) -> list[payloads.Body]:
    card = next(body for body in slack.of("chat.postMessage") if "Accept" in json.dumps(body.get("blocks", [])))
    return payloads.buttons(card["blocks"])


def test_two_productions_in_one_database_keep_their_buttons_apart(
    loopback: LoopbackSlack, tmp_path: Path, postgres: str
) -> None:
    store = f'[store]\nurl = "{postgres}"\n'
    production(tmp_path / "one", loopback, store)
    production(tmp_path / "two", loopback, store, channel="C0SECOND", title="The Other")
    loopback.channels["C0SECOND"] = {"name": "second"}
    with served(loopback, [tmp_path / "one", tmp_path / "two"]) as room:
        loopback.push("events_api", payloads.mention("C0SECOND", ANA, "What does Jonas say about the money?"))
        room.idle()
        quote = payloads.buttons(loopback.of("chat.stopStream")[0]["blocks"])[0]
        loopback.push("interactive", payloads.click(CHANNEL, ANA, quote, "1.0", "1.0"))  # of another production
        room.wait(lambda: len(room.log()) == 2)
        loopback.push("interactive", payloads.click("C0SECOND", ANA, quote, "1.0", "1.0"))
        view = room.wait(lambda: loopback.of("views.open"))
        assert len(view) == 1 and "never going to tell me" in json.dumps(view)
