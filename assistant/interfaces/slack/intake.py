"""From Slack's payloads to jobs: what is it, whose is it, and which thread must it keep its place in?"""

import json
import re
from dataclasses import dataclass
from typing import Any

from assistant.interfaces.slack.guard import Place

Body = dict[str, Any]
_MENTION = re.compile(r"<@[UW][A-Z0-9]+(\|[^>]*)?>")
STOP = frozenset({"stop", "stop.", "stop!", "halt", "cancel", "para", "alto"})
WINDOWS = frozenset({"quote", "quotes", "read", "lines", "edit", "reject"})  # clicks that open a window
THREADS = {"assistant_thread_started": "opened", "assistant_thread_context_changed": "looked"}
LONGEST = 4000  # letters of a message that are read


@dataclass(frozen=True, slots=True)
class Request:
    """One thing somebody did in Slack. `event` is the same when Slack sends it again."""

    event: str
    kind: str  # ask | command | click | form | opened | looked
    place: Place
    text: str = ""
    files: tuple[Body, ...] = ()
    action: str = ""
    value: str = ""
    trigger: str = ""
    message: str = ""  # timestamp of the message that was clicked on
    fields: Body | None = None
    beside: str = ""  # the channel that is looked at beside the assistant

    @property
    def order(self) -> str:
        """What this must keep its place in."""
        return self.place.order

    @property
    def stops(self) -> bool:
        """Is it a plain "stop"?"""
        return self.kind in ("ask", "command") and self.text.casefold() in STOP

    @property
    def at_once(self) -> bool:
        """Must it be done now: a window that only opens within seconds, or a stop?"""
        return self.stops or (self.kind == "click" and self.action.partition(":")[0] in WINDOWS)


def request_of(body: Body) -> Request | None:
    """The request in a payload; None for what is not for us."""
    if body.get("type") == "event_callback":
        return _event(body, body.get("event") or {})
    if "command" in body:
        return _command(body)
    if body.get("type") == "block_actions":
        return _click(body)
    if body.get("type") == "view_submission":
        return _form(body)
    return None


def private(request: Request, value: str) -> str:
    """What a window carries, so that its form finds the way back."""
    place = request.place
    return json.dumps([place.team, place.channel, place.thread, value, request.message])


def as_job(request: Request) -> Body:
    """Plain JSON for the queue."""
    place = request.place
    made: Body = {
        name: getattr(request, name) for name in ("event", "kind", "text", "action", "value", "message", "beside")
    }
    made |= {"files": list(request.files), "fields": request.fields, "trigger": request.trigger}
    return made | {"place": [place.team, place.channel, place.thread, place.user]}


def from_job(body: Body) -> Request:
    """The inverse of `as_job`."""
    given = {**body, "place": Place(*body["place"]), "files": tuple(body["files"])}
    return Request(**given)


def _event(body: Body, event: Body) -> Request | None:
    kind, team = event.get("type"), str(body.get("team_id") or "")
    if kind in THREADS:
        thread = event.get("assistant_thread") or {}
        at = Place(team, str(thread.get("channel_id")), str(thread.get("thread_ts")), str(thread.get("user_id")))
        beside = str((thread.get("context") or {}).get("channel_id") or "")
        return Request(f"event {body.get('event_id')}", THREADS[kind], at, beside=beside)
    direct = kind == "message" and event.get("channel_type") == "im"
    if not (direct or kind == "app_mention") or event.get("bot_id") or not event.get("user"):
        return None
    if event.get("subtype") not in (None, "file_share", "thread_broadcast") or event.get("edited"):
        return None
    channel, ts = str(event.get("channel")), str(event.get("ts"))
    if kind == "app_mention" and channel.startswith("D"):
        return None  # it comes as a direct message as well
    at = Place(team, channel, str(event.get("thread_ts") or ts), str(event["user"]))
    text = _MENTION.sub(" ", str(event.get("text") or ""))
    files = tuple(_file(item) for item in event.get("files") or [] if isinstance(item, dict))
    return Request(f"message {channel} {ts}", "ask", at, plain(text), files)


def _file(item: Body) -> Body:
    return {"name": str(item.get("name") or "script"), "url": str(item.get("url_private_download") or "")}


def _command(body: Body) -> Request:
    at = Place(str(body.get("team_id")), str(body.get("channel_id")), "", str(body.get("user_id")))
    return Request(f"command {body.get('trigger_id')}", "command", at, plain(str(body.get("text") or "")))


def _click(body: Body) -> Request | None:
    actions = body.get("actions") or [{}]
    action, holder = actions[0], body.get("container") or {}
    message = body.get("message") or {}
    channel = str((body.get("channel") or {}).get("id") or holder.get("channel_id") or "")
    ts = str(message.get("ts") or holder.get("message_ts") or "")
    thread = str(message.get("thread_ts") or holder.get("thread_ts") or ts)
    at = Place(_team(body), channel, thread, str((body.get("user") or {}).get("id")))
    name, value = str(action.get("action_id") or ""), str(action.get("value") or "")
    event = f"click {body.get('trigger_id')}"
    return Request(event, "click", at, action=name, value=value, trigger=str(body.get("trigger_id")), message=ts)


def _form(body: Body) -> Request:
    view = body.get("view") or {}
    team, channel, thread, value, message = json.loads(view.get("private_metadata") or '["", "", "", "", ""]')
    at = Place(team if team == _team(body) else "", channel, thread, str((body.get("user") or {}).get("id")))
    states = (view.get("state") or {}).get("values") or {}
    fields = {name: _typed(next(iter(inner.values()), {})) for name, inner in states.items()}
    event = f"form {view.get('id')} {view.get('hash')}"
    return Request(event, "form", at, action=str(view.get("callback_id")), value=value, message=message, fields=fields)


def _typed(field: Body) -> str:
    chosen = field.get("selected_option") or {}
    return str(field.get("value") or chosen.get("value") or "")


def _team(body: Body) -> str:
    return str((body.get("team") or {}).get("id") or (body.get("user") or {}).get("team_id") or "")


def plain(text: str) -> str:
    """What the person typed: Slack's escapes undone, one line, not without end."""
    back = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return " ".join(back[:LONGEST].split())
