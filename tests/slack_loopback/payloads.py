"""What Slack sends, as its documentation shows it."""

import itertools
import json
from typing import Any

from tests.slack_loopback.server import APP, BOT, TEAM

Body = dict[str, Any]
_number = itertools.count(1)


def event(inner: Body) -> Body:
    n = next(_number)
    head = {"token": "x", "team_id": TEAM, "api_app_id": APP, "type": "event_callback", "event_id": f"Ev{n:08d}"}
    return {**head, "event": inner, "event_time": 1700000000 + n, "authorizations": [{"team_id": TEAM, "user_id": BOT}]}


def mention(channel: str, user: str, text: str, thread: str = "", files: list[Body] | None = None) -> Body:
    ts = f"17100{next(_number):05d}.000200"
    inner: Body = {"type": "app_mention", "user": user, "text": f"<@{BOT}> {text}", "ts": ts, "channel": channel}
    inner |= {"team": TEAM, "event_ts": ts}
    if thread:
        inner["thread_ts"] = thread
    return event(inner | ({"files": files} if files else {}))


def message(user: str, text: str, thread: str = "", files: list[Body] | None = None) -> Body:
    ts = f"17200{next(_number):05d}.000200"
    inner: Body = {"type": "message", "channel_type": "im", "user": user, "text": text, "ts": ts, "team": TEAM}
    inner |= {"channel": f"D{user[1:]}", "event_ts": ts}
    if thread:
        inner["thread_ts"] = thread
    return event(inner | ({"files": files, "subtype": "file_share"} if files else {}))


def file(url: str, name: str) -> Body:
    return {"id": f"F{next(_number)}", "name": name, "url_private_download": url, "mimetype": "text/plain"}


def opened(user: str, beside: str = "") -> Body:
    return _pane("assistant_thread_started", user, f"17300{next(_number):05d}.0001", beside)


def looked(user: str, thread: str, beside: str) -> Body:
    return _pane("assistant_thread_context_changed", user, thread, beside)


def _pane(kind: str, user: str, thread: str, beside: str) -> Body:
    context = {"channel_id": beside, "team_id": TEAM, "enterprise_id": None} if beside else {}
    pane = {"user_id": user, "channel_id": f"D{user[1:]}", "thread_ts": thread, "context": context}
    return event({"type": kind, "assistant_thread": pane, "event_ts": f"17301{next(_number):05d}.0001"})


def command(channel: str, user: str, text: str) -> Body:
    n = next(_number)
    head = {"token": "x", "team_id": TEAM, "team_domain": "loopback", "channel_id": channel, "channel_name": "office"}
    rest = {"user_id": user, "user_name": "someone", "command": "/pa", "text": text, "api_app_id": APP}
    return {**head, **rest, "response_url": "http://127.0.0.1:1/none", "trigger_id": f"{n}.1.cmd"}


def click(channel: str, user: str, button: Body, ts: str, thread: str) -> Body:
    n = next(_number)
    action = {**button, "block_id": "b", "action_ts": "1.0"}
    if button.get("type") == "feedback_buttons":
        action = {
            "type": "feedback_buttons",
            "action_id": button["action_id"],
            "value": button["positive_button"]["value"],
        }
    return {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "loopback"},
        "user": {"id": user, "team_id": TEAM},
        "api_app_id": APP,
        "container": {"type": "message", "message_ts": ts, "channel_id": channel, "thread_ts": thread},
        "channel": {"id": channel, "name": "office"},
        "message": {"ts": ts, "thread_ts": thread, "user": BOT, "type": "message"},
        "trigger_id": f"{n}.2.click",
        "actions": [action],
    }


def form(user: str, view: Body, values: dict[str, str]) -> Body:
    state = {
        name: {"value": {"type": "plain_text_input", "value": value}}
        if name != "category"
        else {"value": {"type": "static_select", "selected_option": {"value": value}}}
        for name, value in values.items()
    }
    n = next(_number)
    sent = {**view, "id": f"V{n}", "hash": f"{n}.h", "state": {"values": state}, "team_id": TEAM}
    return {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM}, "view": sent}


def buttons(blocks: Any) -> list[Body]:
    """Every button in some blocks."""
    rows = json.loads(blocks) if isinstance(blocks, str) else blocks or []
    return [item for row in rows if row["type"] in ("actions", "context_actions") for item in row["elements"]]
