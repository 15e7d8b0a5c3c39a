"""Asking in Slack, end to end over the wire: mentions, direct messages, commands, windows, feedback."""

import json
from pathlib import Path

import pytest

from tests.assistant.interfaces.slack.conftest import ADM, ANA, CHANNEL, REV, SECRETS, Room, production, served
from tests.slack_loopback import payloads
from tests.slack_loopback.server import LoopbackSlack

pytest.importorskip("slack_bolt", reason="the slack extra is not installed")


def _last_blocks(room: Room) -> list[payloads.Body]:
    return payloads.buttons(room.slack.of("chat.stopStream")[-1]["blocks"])


def test_a_mention_is_answered_in_its_thread_without_the_scripts_words(room: Room) -> None:
    room.slack.push("events_api", payloads.mention(CHANNEL, ANA, "What does Jonas say about the money?"))
    room.idle()
    room.wait(lambda: room.slack.of("chat.stopStream"))
    started = room.slack.of("chat.startStream")
    assert len(started) == 1 and started[0]["recipient_user_id"] == ANA
    assert not [words for words in SECRETS if words in room.slack.said(CHANNEL)]
    kinds = {item["action_id"].partition(":")[0] for item in _last_blocks(room)}
    assert {"quote", "feedback"} <= kinds


def test_a_quote_opens_for_the_one_who_asked_and_for_nobody_else(room: Room) -> None:
    room.slack.push("events_api", payloads.mention(CHANNEL, ANA, "What does Jonas say about the money?"))
    room.wait(lambda: room.slack.of("chat.stopStream"))
    room.idle()
    quote = next(item for item in _last_blocks(room) if item["action_id"].startswith("quote"))
    room.slack.push("interactive", payloads.click(CHANNEL, REV, quote, "1.0", "1.0"))
    room.wait(lambda: [b for b in room.slack.of("chat.postEphemeral") if b["user"] == REV])
    assert not room.slack.of("views.open")
    room.slack.push("interactive", payloads.click(CHANNEL, ANA, quote, "1.0", "1.0"))
    view = room.wait(lambda: room.slack.of("views.open"))[0]
    assert "never going to tell me" in json.dumps(view)


def test_a_direct_message_says_the_words_and_shows_status_and_title(room: Room) -> None:
    room.slack.push("events_api", payloads.opened(ANA))
    room.wait(lambda: room.slack.of("assistant.threads.setSuggestedPrompts"))
    room.slack.push("events_api", payloads.message(ANA, "What does Jonas say about the money?"))
    room.wait(lambda: room.slack.of("assistant.threads.setTitle"))
    assert room.slack.of("assistant.threads.setStatus")
    assert "never going to tell me" in room.slack.said(f"D{ANA[1:]}")


def test_a_word_on_an_answer_reaches_the_scorecards_once(room: Room) -> None:
    room.slack.push("events_api", payloads.message(ANA, "What does Jonas say about the money?"))
    room.wait(lambda: room.slack.of("chat.stopStream"))
    room.idle()
    word = next(item for item in _last_blocks(room) if item["type"] == "feedback_buttons")
    for _ in range(2):
        room.slack.push("interactive", payloads.click(f"D{ANA[1:]}", ANA, word, "1.0", "1.0"))
    ledger = room.bench.office.productions[0].app.router.ledger
    room.wait(lambda: [row for row in ledger.learned() if row.task == "chat"])
    room.idle()
    rows = [row for row in ledger.learned() if row.task == "chat"]
    assert [(row.good, row.trials, row.source) for row in rows] == [(1.0, 1.0, "review")]


def test_commands_answer_the_one_who_typed_them(room: Room) -> None:
    for text in ("help", "breakdown", "schedule", "dood", "callsheet 1", "continuity", "ask Who is Jonas?"):
        room.slack.push("slash_commands", payloads.command(CHANNEL, REV, text))
        room.idle()
    room.slack.push("slash_commands", payloads.command(CHANNEL, ADM, "costs"))
    room.idle()
    told = json.dumps([body for body in room.slack.of("chat.postEphemeral")])
    for words in ("use TITLE", "2 scenes", "shooting days", "hold", "script days", "breakdown with"):
        assert words in told, words
    assert not [words for words in SECRETS if words in room.slack.said(CHANNEL)]
    private = {name.rpartition(".")[2] for channel, name, _ in room.slack.uploads if channel == f"D{REV[1:]}"}
    assert {"pdf", "xlsx", "fdx", "uss"} <= private | {"uss"}
    assert not [name for channel, name, _ in room.slack.uploads if channel == CHANNEL]


GERMAN = """Title: Der Steg

EXT. STEG - NACHT #1#

Mara zündet eine Laterne an und wartet auf das Boot, das nicht kommt. Sie hat den Mantel ihres Vaters an.

MARA
Wer steht da im Nebel und sagt nichts?

INT. BOOTSHAUS - TAG #2#

Jonas sieht ihr zu. Er hat die Tasche mit dem Geld unter dem Tisch und sagt ihr nichts davon.

JONAS
Du wolltest mir nie etwas von dem Geld sagen.
"""


def test_what_was_not_read_for_continuity_is_said(loopback: LoopbackSlack, tmp_path: Path) -> None:
    production(tmp_path / "steg", loopback, script_text=GERMAN)
    with served(loopback, [tmp_path / "steg"]) as made:
        loopback.push("slash_commands", payloads.command(CHANNEL, REV, "continuity"))
        made.idle()
    told = json.dumps([body["blocks"] for body in loopback.of("chat.postEphemeral")])
    assert "the built-in rules do not read German" in told


def test_a_viewer_can_not_decide_nor_spend(room: Room) -> None:
    room.slack.push("slash_commands", payloads.command(CHANNEL, ANA, "review"))
    room.slack.push("slash_commands", payloads.command(CHANNEL, ANA, "costs"))
    room.idle()
    told = [body["text"] for body in room.slack.of("chat.postEphemeral")]
    assert told == ["That needs the role of a reviewer.", "That needs the role of an admin."]
