"""A Slack on this machine: Web API, Socket Mode and files, with the payloads that the real one sends."""

import asyncio
import itertools
import json
import threading
import time
import uuid
from collections import defaultdict
from typing import Any

import yaml
from aiohttp import WSMsgType, web

from tests.conftest import ROOT
from tests.slack_loopback.rules import METHODS, PAYLOAD, faults

MANIFEST = ROOT / "docs" / "slack-manifest.yaml"
TEAM, BOT, APP = "T0LOOPBACK", "U0BOT", "A0APP"
READS = {"users.info", "conversations.info", "usergroups.users.list"}  # the real one takes no JSON here
Body = dict[str, Any]


class LoopbackSlack:
    """Runs in a thread of its own; tests push requests in and look at what was called."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Body]] = []
        self.acks: dict[str, float] = {}  # envelope id → seconds
        self.files: dict[str, bytes] = {}  # what people dropped
        self.uploads: list[tuple[str, str, bytes]] = []  # channel, name, content
        self.tokens: list[str] = []
        self.users: dict[str, Body] = {BOT: {"is_bot": True}}
        self.channels: dict[str, Body] = {}
        self.groups: dict[str, list[str]] = {}
        self.limited: dict[str, int] = defaultdict(int)  # method → how many calls are still answered 429
        self.errors: dict[str, str] = {}  # method → the error it answers with
        self.dead: set[str] = set()  # methods at which the line goes dead
        self.streams: dict[str, str] = {}  # a streamed message → its thread
        self.scopes: list[str] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"]
        self.faults: list[str] = []  # calls that the real one would have refused for their form
        self.opened = 0
        self._sent: dict[str, float] = {}
        self._upload: dict[str, tuple[str, bytes]] = {}
        self._sockets: list[web.WebSocketResponse] = []
        self._number = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    # Life

    def __enter__(self) -> "LoopbackSlack":
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._begin())
        self._loop.run_forever()

    async def _begin(self) -> None:
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link", self._link)
        app.router.add_post("/upload/{id}", self._uploaded)
        app.router.add_get("/files/{id}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self._ready.set()

    # Web API

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if request.method == "GET":
            body = dict(request.query)
        elif request.content_type == "application/json":
            body = json.loads(await request.text() or "{}")
            if method in READS:
                return web.json_response({"ok": False, "error": "invalid_arguments"})
        else:
            body = {key: _json(str(value)) for key, value in (await request.post()).items()}
        self.tokens.append(request.headers.get("Authorization", ""))
        if self.limited[method] > 0:
            self.limited[method] -= 1
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})
        if method in self.dead and request.transport:
            request.transport.abort()
        self.calls.append((method, body))
        answer = self._refused(method, body, self.tokens[-1]) or self._answer(method, body)
        headers = {"x-oauth-scopes": ",".join(self.scopes)}
        return web.json_response({"ok": "error" not in answer, **answer}, headers=headers)

    def _refused(self, method: str, body: Body, token: str) -> Body:
        if method not in METHODS:
            return {"error": "unknown_method"}
        wanted = METHODS[method]
        if wanted == ("connections:write",):
            return {} if token.startswith("Bearer xapp-") else {"error": "not_allowed_token_type"}
        if not token.startswith("Bearer xoxb-"):
            return {"error": "invalid_auth"}
        if wanted and not set(wanted) & set(self.scopes):
            return {"error": "missing_scope", "needed": wanted[0], "provided": ",".join(self.scopes)}
        wrong = faults(method, body)
        self.faults += [f"{method}: {why}" for why in wrong]
        return {"error": "invalid_blocks"} if wrong else {}

    def _answer(self, method: str, body: Body) -> Body:
        if method in self.errors:
            return {"error": self.errors[method]}
        special = {
            "apps.connections.open": self._connection,
            "users.info": self._person,
            "conversations.info": self._channel,
            "files.getUploadURLExternal": self._upload_url,
            "files.completeUploadExternal": self._complete,
        }
        if method in special:
            return special[method](body)
        if method == "auth.test":
            return {"team": "Loopback", "team_id": TEAM, "user": "pa", "user_id": BOT, "bot_id": "B0BOT"}
        if method == "usergroups.users.list":
            return {"users": self.groups.get(body["usergroup"], [])}
        if method == "conversations.open":
            return {"channel": {"id": f"D{body['users'][1:]}"}}
        ts = f"17{next(self._number):08d}.000100"
        if method == "chat.startStream":
            self.streams[ts] = body["thread_ts"]
        return {"ts": ts, "channel": body.get("channel", "")}

    def _connection(self, _: Body) -> Body:
        self.opened += 1
        return {"url": f"ws://127.0.0.1:{self.port}/link"}

    def _person(self, body: Body) -> Body:
        facts = self.users.get(body["user"])
        if facts is None:
            return {"error": "user_not_found"}
        return {"user": {"id": body["user"], "team_id": TEAM, "real_name": "Someone", **facts}}

    def _channel(self, body: Body) -> Body:
        facts = self.channels.get(body["channel"])
        return {"channel": {"id": body["channel"], **facts}} if facts is not None else {"error": "channel_not_found"}

    def _upload_url(self, body: Body) -> Body:
        identity = f"F{next(self._number):08d}"
        self._upload[identity] = (str(body["filename"]), b"")
        return {"upload_url": f"http://127.0.0.1:{self.port}/upload/{identity}", "file_id": identity}

    def _complete(self, body: Body) -> Body:
        for item in body["files"]:
            name, content = self._upload[item["id"]]
            self.uploads.append((str(body.get("channel_id", "")), name, content))
        return {"files": [{"id": item["id"]} for item in body["files"]]}

    async def _uploaded(self, request: web.Request) -> web.Response:
        identity = request.match_info["id"]
        content = await request.read()
        self._upload[identity] = (self._upload[identity][0], content)
        return web.Response(text="OK")

    async def _download(self, request: web.Request) -> web.Response:
        if PAYLOAD not in self.scopes or not request.headers.get("Authorization", "").startswith("Bearer xoxb-"):
            return web.Response(status=302, headers={"Location": "/login"})
        content = self.files.get(request.match_info["id"])
        return web.Response(body=content) if content is not None else web.Response(status=404)

    # Socket Mode

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": APP}})
        self._sockets.append(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                answer = json.loads(message.data)
                identity = answer.get("envelope_id", "")
                if identity in self._sent:
                    self.acks.setdefault(identity, time.monotonic() - self._sent[identity])
        if socket in self._sockets:
            self._sockets.remove(socket)
        return socket

    def drop(self) -> None:
        """Cut every socket, as Slack does when it refreshes a connection."""

        async def close() -> None:
            for socket in list(self._sockets):
                await socket.close()

        asyncio.run_coroutine_threadsafe(close(), self._loop).result(10)

    def unacked(self) -> int:
        return len(self._sent) - len(self.acks)

    def connected(self) -> int:
        return len(self._sockets)

    def push(self, kind: str, payload: Body, retry: int = 0) -> str:
        """Send one envelope, over the open sockets in turn as Slack does; its id."""
        identity = str(uuid.uuid4())
        envelope = {"envelope_id": identity, "type": kind, "payload": payload, "accepts_response_payload": True}
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        self._sent[identity] = time.monotonic()
        line = self._sockets[len(self._sent) % len(self._sockets)]
        asyncio.run_coroutine_threadsafe(line.send_str(json.dumps(envelope)), self._loop).result(10)
        return identity

    # What people see

    def said(self, channel: str) -> str:
        """All that anybody in a channel can read, private messages aside."""
        open_to_all = {"chat.postMessage", "chat.startStream", "chat.appendStream", "chat.stopStream", "chat.update"}
        rows = [body for method, body in self.calls if method in open_to_all and body.get("channel") == channel]
        rows += [{"file": content.decode("latin-1"), "n": name} for at, name, content in self.uploads if at == channel]
        return json.dumps(rows, ensure_ascii=False)

    def of(self, method: str) -> list[Body]:
        return [body for name, body in list(self.calls) if name == method]


def _json(value: str) -> Any:
    try:
        return json.loads(value) if value[:1] in "[{" else value
    except ValueError:
        return value
