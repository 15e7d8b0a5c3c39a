"""The assistant's pane and its odd places: context, stop, other people's direct messages, lines that go dead."""

import json
from pathlib import Path

import pytest

from assistant.interfaces.slack.blocks import safe
from tests.assistant.interfaces.slack.conftest import ANA, CHANNEL, GUEST, REV, Room, production, served
from tests.slack_loopback import payloads
from tests.slack_loopback.server import LoopbackSlack

pytest.importorskip("slack_bolt", reason="the slack extra is not installed")

QUESTION = "What does Jonas say about the money?"
DM = f"D{REV[1:]}"


def test_a_pane_opens_with_prompts_of_the_production(room: Room) -> None:
    room.slack.push("events_api", payloads.opened(ANA))
    room.idle()
    (shown,) = room.slack.of("assistant.threads.setSuggestedPrompts")
    assert shown["title"] == "The Pier" and 0 < len(shown["prompts"]) <= 4


def test_a_guest_sees_no_prompts(room: Room) -> None:
    room.slack.push("events_api", payloads.opened(GUEST))
    room.idle()
    assert not room.slack.of("assistant.threads.setSuggestedPrompts")


def test_the_channel_looked_at_says_which_production_is_meant(loopback: LoopbackSlack, tmp_path: Path) -> None:
    production(tmp_path / "one", loopback)
    production(tmp_path / "two", loopback, channel="C0SECOND", title="The Other")
    loopback.channels["C0SECOND"] = {"name": "second"}
    with served(loopback, [tmp_path / "one", tmp_path / "two"]) as room:
        first, second = room.bench.office.productions
        began = payloads.opened(REV, "C0SECOND")
        loopback.push("events_api", began)
        room.idle()
        assert loopback.of("assistant.threads.setSuggestedPrompts")[0]["title"] == "The Other"
        thread = began["event"]["assistant_thread"]["thread_ts"]
        loopback.push("events_api", payloads.message(REV, QUESTION, thread))
        room.idle()
        loopback.push("events_api", payloads.looked(REV, thread, CHANNEL))
        loopback.push("events_api", payloads.message(REV, QUESTION, thread))
        room.idle()
        assert [row["production"] for row in room.log() if row["what"] == "ask"] == [second.id, first.id]
        loopback.push("events_api", payloads.looked(REV, thread, "C0NOTOURS"))
        loopback.push("events_api", payloads.message(REV, QUESTION, thread))
        room.idle()
        assert "Which production?" in loopback.of("chat.postMessage")[-1]["text"]


def test_a_command_among_other_people_is_answered_to_the_asker_alone(room: Room) -> None:
    room.slack.push("slash_commands", payloads.command("D0OTHERS", REV, f"ask {QUESTION}"))
    room.idle()
    assert "never going to tell me" in room.slack.said(DM)
    assert not [body for _, body in room.slack.calls if body.get("channel") == "D0OTHERS"]


def test_stop_as_a_command_is_for_ones_own_commands(room: Room) -> None:
    room.slack.push("slash_commands", payloads.command(CHANNEL, REV, "stop"))
    told = room.wait(lambda: room.slack.of("chat.postEphemeral"))
    assert [body["text"] for body in told] == ["Nothing runs here."]


def test_without_streaming_the_answer_is_a_message_that_is_written_over(room: Room) -> None:
    stream = room.bench.slack.stream(CHANNEL, "1.1", "T0LOOPBACK", ANA)
    stream.say("a" * 300)
    room.slack.errors["chat.appendStream"] = "message_not_in_streaming_state"
    try:
        stream.say("b" * 300)
        stream.say("c")
        stream.end([])
    finally:
        room.slack.errors.clear()
    begun = room.slack.of("chat.startStream")
    written = room.slack.of("chat.update")
    assert len(begun) == 1 and not room.slack.of("chat.postMessage") and not room.slack.of("chat.stopStream")
    assert written[-1]["text"] == f"{'a' * 300}{'b' * 300}c"
    assert {body["ts"] for body in written} == set(room.slack.streams) & {body["ts"] for body in written}


def test_a_line_that_goes_dead_costs_a_sentence_and_not_a_worker(room: Room) -> None:
    room.slack.dead.add("chat.postMessage")
    try:
        for _ in range(6):  # more than there are workers
            room.slack.push("events_api", payloads.message(REV, "help"))
        room.idle()
    finally:
        room.slack.dead.clear()
    room.slack.push("events_api", payloads.message(REV, "help"))
    room.idle()
    assert "use TITLE" in json.dumps(room.slack.of("chat.postMessage")[-1])


def test_a_text_of_a_model_can_not_make_a_link(room: Room) -> None:
    stream = room.bench.slack.stream(CHANNEL, "1.1", "T0LOOPBACK", ANA)
    stream.say(safe("see [here](https://evil.example/?q=words) or http://evil.example, <!channel> <https://x|y>"))
    stream.end([])
    said = room.slack.said(CHANNEL)
    assert "://" not in said and "](" not in said and "<" not in said
