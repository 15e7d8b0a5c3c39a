"""Under load and on bad lines: acked at once, answered once, in order; forged and stale requests go nowhere."""

import hashlib
import hmac
import json
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from assistant.interfaces.slack import desk, door, wire
from assistant.interfaces.slack.intake import request_of
from assistant.interfaces.slack.serve import Pace, Server
from assistant.store import schema
from tests.assistant.interfaces.slack.conftest import ANA, CHANNEL, REV, SECRETS, Room, bench, production, served
from tests.conftest import ROOT
from tests.slack_loopback import payloads
from tests.slack_loopback.server import LoopbackSlack

pytest.importorskip("slack_bolt", reason="the slack extra is not installed")

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


def test_two_hundred_mentions_at_once_are_each_answered_once_and_in_order(room: Room) -> None:
    expected: dict[str, list[str]] = defaultdict(list)
    for n in range(200):
        thread = f"17000000{n % 20:02d}.000001"
        body = payloads.mention(CHANNEL, ANA, f"Who is in scene {n % 2 + 1}?", thread)
        expected[thread].append(str(n % 2 + 1))
        room.slack.push("events_api", body)
        if n % 10 == 0:
            room.slack.push("events_api", body, retry=1)
    room.idle()
    answers: dict[str, list[str]] = defaultdict(list)
    for body in room.slack.of("chat.stopStream"):
        answers[room.slack.streams[body["ts"]]].append(json.dumps(body.get("chunks") or body["markdown_text"]))
    assert sum(len(rows) for rows in answers.values()) == 200
    one, two = answers["1700000000.000001"][0], answers["1700000001.000001"][0]
    assert one != two
    for thread, rows in answers.items():
        assert rows == [one if label == "1" else two for label in expected[thread]]


def test_retry_after_is_kept_to(room: Room) -> None:
    room.slack.limited["chat.startStream"] = 1
    room.slack.push("events_api", payloads.mention(CHANNEL, ANA, "Who is in scene 1?"))
    room.idle()
    assert len(room.slack.of("chat.startStream")) == 1 and not room.slack.limited["chat.startStream"]


def test_a_dropped_socket_comes_back(room: Room) -> None:
    before = room.slack.opened
    room.slack.drop()
    room.wait(lambda: room.slack.opened > before and room.slack.connected(), 30)
    room.slack.push("events_api", payloads.mention(CHANNEL, ANA, "Who is in scene 1?"))
    room.idle()
    assert room.slack.of("chat.stopStream")


def test_stop_drops_what_waits_in_its_thread_and_nothing_else(room: Room) -> None:
    jobs, engine, table = room.bench.office.jobs, room.bench.office.productions[0].app.store.engine, schema.slack_job
    thread = f"{room.bench.office.name} T0LOOPBACK:{CHANNEL}:5.5"
    held = {"event": "held", "thread": thread, "body": {}, "state": "running", "owner": "other"}
    with engine.begin() as db:  # what another process works on
        db.execute(insert(table).values({**held, "lease": time.time() + 60, "tries": 1, "created": ""}))
    asked = payloads.mention(CHANNEL, ANA, "Who is in scene 1?", "5.5")
    room.slack.push("events_api", asked)
    room.wait(lambda: jobs.count("waiting"))
    room.slack.push("events_api", payloads.mention(CHANNEL, ANA, "stop", "5.5"))
    room.wait(lambda: jobs.count("stopped"))
    assert jobs.count("stopping") == 1
    with engine.begin() as db:
        db.execute(update(table).where(table.c.event == "held").values(state="done"))
    room.idle()
    assert not room.slack.of("chat.startStream")


def test_two_processes_share_the_work_and_answer_once(room: Room) -> None:
    other = Server(bench(room.slack, [room.folder]), Pace(poll=0.1, news=600))
    other.start()
    try:
        for n in range(20):
            room.slack.push("events_api", payloads.mention(CHANNEL, ANA, "Who is in scene 1?", f"6.{n % 5}"))
        room.idle()
    finally:
        other.close()
    assert len(room.slack.of("chat.startStream")) == len(room.slack.of("chat.stopStream")) == 20


class _Http:
    """The app behind a web server, and a client that signs as Slack does."""

    def __init__(self, server: Server, port: int) -> None:
        self.server = server
        self.port = port

    def send(self, body: bytes, kind: str, secret: str = SECRET, age: int = 0) -> int:
        stamp = str(int(time.time()) - age)
        mark = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mark}", "Content-Type": kind}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/slack/events", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@pytest.fixture
def http(loopback: LoopbackSlack, tmp_path: Path) -> Iterator[_Http]:
    production(tmp_path / "pier", loopback)
    made = bench(loopback, [tmp_path / "pier"])
    server = Server(made, Pace(poll=0.1, news=600))
    server.start()
    web = wire.listen(door.wsgi(door.bolt(made.slack, SECRET, server.take)), 0)
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    yield _Http(server, web.server_port)
    web.shutdown()
    web.server_close()
    server.close()


@pytest.mark.parametrize("port", ["taken", "70000"])
def test_a_port_that_can_not_be_had_is_one_sentence(
    loopback: LoopbackSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    production(tmp_path / "pier", loopback)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-loopback")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SECRET)
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1]) if port == "taken" else port
        command = [sys.executable, "-m", "assistant", "slack", "serve", "-P", str(tmp_path / "pier"), "--http", port]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 12 and done.stdout == ""
    assert f"Port {port} can not be used: " in done.stderr and "Choose another: --http PORT." in done.stderr
    assert "Traceback" not in done.stderr and "Serving" not in done.stderr


def test_what_is_long_over_is_let_go_at_the_start_and_again(loopback: LoopbackSlack, tmp_path: Path) -> None:
    production(tmp_path / "pier", loopback)
    made = bench(loopback, [tmp_path / "pier"])
    engine, table = made.office.productions[0].app.store.engine, schema.slack_job
    row = {"thread": f"{made.office.name} t", "body": {}, "state": "done", "owner": "", "lease": 0.0, "tries": 1}
    row["created"] = "2001-01-01T00:00:00+00:00"
    with engine.begin() as db:
        db.execute(insert(table).values({**row, "event": "old"}))
    server = Server(made, Pace(news=600, prune=0.1))
    server.start()
    try:
        assert made.office.jobs.count("done") == 0
        with engine.begin() as db:
            db.execute(insert(table).values({**row, "event": "older"}))
        room = Room(loopback, tmp_path, server, made)
        room.wait(lambda: made.office.jobs.count("done") == 0)
    finally:
        server.close()


def test_over_http_only_what_slack_signed_just_now_is_heard(http: _Http, loopback: LoopbackSlack) -> None:
    body = json.dumps(payloads.mention(CHANNEL, ANA, "Who is in scene 1?")).encode()
    form = urllib.parse.urlencode(payloads.command(CHANNEL, REV, "help")).encode()
    jobs = http.server.bench.office.jobs
    assert http.send(body, "application/json", secret="f" * 32) == 401
    assert http.send(body, "application/json", age=301) == 401
    assert http.send(form, "application/x-www-form-urlencoded", secret="f" * 32) == 401
    assert jobs.count("waiting", "running", "done") == 0
    assert http.send(body, "application/json") == 200
    assert http.send(body, "application/json") == 200  # sent again, as Slack does
    assert http.send(form, "application/x-www-form-urlencoded") == 200
    room = Room(loopback, Path(), http.server, http.server.bench)
    room.idle()
    quote = next(item for item in payloads.buttons(loopback.of("chat.stopStream")[0]["blocks"]) if "value" in item)
    payload = json.dumps(payloads.click(CHANNEL, ANA, quote, "1.0", "1.0"))
    clicked = urllib.parse.urlencode({"payload": payload}).encode()
    assert http.send(clicked, "application/x-www-form-urlencoded") == 200
    room.wait(lambda: loopback.of("views.open"))
    assert len(loopback.of("chat.startStream")) == 1
    assert "use TITLE" in loopback.of("chat.postEphemeral")[0]["text"]


def test_where_the_channel_may_hear_the_script_it_is_quoted(loopback: LoopbackSlack, tmp_path: Path) -> None:
    production(tmp_path / "pier", loopback, 'script_text = "channel"')
    with served(loopback, [tmp_path / "pier"]) as room:
        loopback.push("events_api", payloads.mention(CHANNEL, ANA, "What does Jonas say about the money?"))
        room.idle()
    assert [words for words in SECRETS if words in loopback.said(CHANNEL)]


def test_where_there_is_no_streaming_the_answer_is_one_message(room: Room) -> None:
    room.slack.errors["chat.startStream"] = "unknown_method"
    try:
        room.slack.push("events_api", payloads.message(ANA, "What does Jonas say about the money?"))
        room.idle()
    finally:
        room.slack.errors.clear()
    posted = [body for body in room.slack.of("chat.postMessage") if "never going to tell me" in body["text"]]
    assert len(posted) == 1 and payloads.buttons(posted[0]["blocks"])


def test_a_stop_takes_hold_between_two_steps_and_what_was_finished_is_kept(room: Room) -> None:
    room.slack.files["F9"] = b"INT. BARN - NIGHT\n\nA white horse stands in the rain.\n"
    dropped = payloads.file(f"http://127.0.0.1:{room.slack.port}/files/F9", "barn.fountain")
    request = request_of(payloads.mention(CHANNEL, REV, "", files=[dropped]))
    assert request is not None
    drafts = len(room.bench.office.productions[0].app.store.drafts())
    asked = iter([False, False, True])
    desk.serve(room.bench, request, lambda: next(asked, True))
    assert room.slack.of("chat.postEphemeral")[-1]["text"].startswith("Stopped.")
    desk.serve(room.bench, request, lambda: False)
    assert len(room.bench.office.productions[0].app.store.drafts()) == drafts + 1
    assert "proposals wait" in room.slack.said(CHANNEL)
