"""Setting up: the manifest asks for what is used and nothing more, and the doctor says what is not right."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from assistant.interfaces.cli.main import cli
from assistant.interfaces.slack import doctor
from assistant.interfaces.slack.commands import COMMANDS
from assistant.interfaces.slack.intake import THREADS
from tests.assistant.interfaces.slack.conftest import CHANNEL, production
from tests.conftest import ROOT
from tests.slack_loopback.rules import COMMAND, EVENTS, METHODS, PAYLOAD
from tests.slack_loopback.server import MANIFEST, LoopbackSlack

pytest.importorskip("slack_bolt", reason="the slack extra is not installed")

MADE: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
FIELDS = {  # of Slack's own schema of manifests, those we may use; the number is the most letters
    "display_information": {"name": 35, "description": 140, "background_color": 7},
    "features.app_home": dict.fromkeys(("home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled")),
    "features.bot_user": {"display_name": 80, "always_online": None},
    "features.assistant_view": {"assistant_description": 300},
    "oauth_config.scopes": {"bot": None},
    "settings": dict.fromkeys(
        ("event_subscriptions", "interactivity", "org_deploy_enabled", "socket_mode_enabled", "token_rotation_enabled")
    ),
    "settings.event_subscriptions": {"bot_events": None},
    "settings.interactivity": {"is_enabled": None},
}
COMMAND_FIELDS = {"command": 32, "description": 2000, "usage_hint": 1000, "should_escape": None}
SOURCES = [path.read_text(encoding="utf-8") for path in (ROOT / "assistant/interfaces/slack").glob("*.py")]
OF_THE_SDK = {  # what the library's own helpers call
    "chat_stream": ("chat.startStream", "chat.appendStream", "chat.stopStream"),
    "files_upload_v2": ("files.getUploadURLExternal", "files.completeUploadExternal"),
    "SocketModeHandler": ("apps.connections.open",),
}


def test_the_manifest_has_slacks_fields_within_slacks_sizes() -> None:
    assert set(MADE) == {"display_information", "features", "oauth_config", "settings"}
    assert set(MADE["features"]) == {"app_home", "bot_user", "assistant_view", "slash_commands"}
    for path, fields in FIELDS.items():
        table = MADE
        for name in path.split("."):
            table = table[name]
        _within(table, fields)
    (command,) = MADE["features"]["slash_commands"]
    _within(command, COMMAND_FIELDS)
    assert command["command"] == "/pa" and MADE["settings"]["socket_mode_enabled"] is True
    assert {word.strip().partition(" ")[0] for word in command["usage_hint"].split("|")} <= set(COMMANDS)


def _within(table: dict[str, Any], fields: dict[str, Any]) -> None:
    assert set(table) <= set(fields)
    for name, value in table.items():
        assert not isinstance(value, str) or 0 < len(value) <= fields[name], name


def test_every_method_that_is_called_has_its_scope_and_no_scope_is_idle() -> None:
    called = {name for text in SOURCES for name in re.findall(r'"([a-z]+(?:\.[a-zA-Z]+)+)"', text) if name in METHODS}
    for helper, methods in OF_THE_SDK.items():
        assert any(helper in text for text in SOURCES)
        called |= set(methods)
    assert called == set(METHODS)
    events = MADE["settings"]["event_subscriptions"]["bot_events"]
    assert set(events) == {*THREADS, "app_mention", "message.im"} == set(EVENTS)
    needed = {scope for name in called for scope in METHODS[name] if name != "apps.connections.open"}
    needed |= {EVENTS[name] for name in events} | {PAYLOAD, COMMAND}
    granted = MADE["oauth_config"]["scopes"]["bot"]
    assert set(granted) == needed == doctor.SCOPES and len(granted) == len(needed)
    guide = (ROOT / "docs/slack.md").read_text(encoding="utf-8")
    assert not [scope for scope in granted if f"`{scope}`" not in guide]


@pytest.fixture
def folder(loopback: LoopbackSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in {"BOT_TOKEN": "xoxb-loopback", "APP_TOKEN": "xapp-loopback", "SIGNING_SECRET": "s"}.items():
        monkeypatch.setenv(f"SLACK_{name}", value)
    production(tmp_path / "pier", loopback, f'events = {{ {CHANNEL} = ["draft"] }}')
    return tmp_path / "pier"


def _doctor(folder: Path, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["slack", "doctor", "-P", str(folder), *more])
    assert "xoxb" not in done.output and "xapp" not in done.output
    return done.exit_code, done.output


def test_the_doctor_says_one_line_a_check(folder: Path) -> None:
    code, told = _doctor(folder)
    lines = told.strip().splitlines()
    assert code == 0 and all(line.startswith("ok ") for line in lines), told
    for words in ("sign-in", "Loopback as pa", "12, all used", "Socket Mode", "#office speaks of The Pier"):
        assert words in told
    assert json.loads(_doctor(folder, "--json")[1])["schema"] == "pa.slack.doctor/1"


def test_the_doctor_names_what_is_wrong_and_leaves_with_12(
    folder: Path, loopback: LoopbackSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    loopback.scopes.remove("files:write")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xoxb-not-an-app-token")
    loopback.channels[CHANNEL]["is_member"] = False
    code, told = _doctor(folder)
    assert code == 12
    for words in ("lacks files:write", "not_allowed_token_type", "Not invited: /invite @pa there."):
        assert words in told
    loopback.scopes += ["files:write", "channels:history"]
    del loopback.channels[CHANNEL]
    code, told = _doctor(folder)
    assert code == 12 and "more than is used: channels:history" in told and "channel_not_found" in told
    loopback.errors["auth.test"] = "invalid_auth"
    assert "Slack refused auth.test: invalid_auth." in _doctor(folder)[1]


@pytest.mark.parametrize("way", [[], ["--http", "0"]])
def test_serving_with_a_wrong_token_ends_with_a_sentence(
    folder: Path, loopback: LoopbackSlack, monkeypatch: pytest.MonkeyPatch, way: list[str]
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxp-somebody-elses")
    done = CliRunner().invoke(cli, ["slack", "serve", "-P", str(folder), *way])
    assert done.exit_code == 12 and "Slack refused auth.test: invalid_auth." in done.output
    assert "Serving" not in done.output and not loopback.connected()


def test_the_doctor_says_which_token_is_not_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.delenv(name)
    code, told = _doctor(folder)
    assert code == 12 and "bad   SLACK_BOT_TOKEN" in told and "Bot User OAuth Token" in told
