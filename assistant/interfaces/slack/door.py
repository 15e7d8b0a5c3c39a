"""The only door to Slack's libraries: the calls made there, and the requests that come from there."""

import logging
import time
from collections.abc import Callable, Sequence
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import httpx

from assistant.errors import NotFound, SettingsError
from assistant.interfaces.slack.blocks import cut, sections

Body = dict[str, Any]
Take = Callable[[Body], Body | None]  # one request's body → what is answered at once
TIMEOUT = 20
REWRITE = 1.0  # seconds between two rewritings of an answer that can not be streamed
FALLBACK = 2900  # letters of a message's plain text, shown where blocks are not
READS = frozenset({"users.info", "conversations.info", "usergroups.users.list"})  # these take no JSON


class SlackRefused(SettingsError):
    """Slack did not do what it was asked."""


def need_bolt() -> None:
    """Raise SettingsError where Slack's libraries are not installed."""
    try:
        import slack_bolt  # noqa: F401
    except ImportError:
        raise SettingsError(
            "The Slack part is not installed.", "Install it: pip install 'production-assistant[slack]'."
        ) from None


class Stream:
    """One answer as it is written; where a workspace has no streaming it is a message that is rewritten as it grows."""

    def __init__(self, slack: "Slack", place: tuple[str, str], to: tuple[str, str]) -> None:
        self._slack = slack
        self._place = place
        team, user = to
        self._stream = slack.web.chat_stream(
            channel=place[0], thread_ts=place[1], recipient_team_id=team, recipient_user_id=user
        )
        self._said = ""
        self._works = True
        self._message = ""  # without streaming: the message that holds the answer
        self._shown = 0.0

    def say(self, text: str) -> None:
        """Add a piece of Markdown."""
        self._said += text
        if not self._streamed(lambda: self._stream.append(markdown_text=text)):
            self._rewrite([], time.monotonic())

    def end(self, blocks: list[Body]) -> None:
        """Finish with what belongs below the answer."""
        if not self._streamed(lambda: self._stream.stop(blocks=blocks)):
            self._shown = 0.0
            self._rewrite(blocks, time.monotonic())

    def _streamed(self, call: Callable[[], Any]) -> bool:
        if self._works:
            try:
                call()
            except _slips():
                self._works, self._message = False, self._stream.ts or ""
        return self._works

    def _rewrite(self, blocks: list[Body], now: float) -> None:
        if self._shown and now - self._shown < REWRITE:
            return
        self._shown = now
        shown = [*sections(self._said.strip().split("\n")), *blocks]
        body: Body = {"channel": self._place[0], "text": cut(self._said, FALLBACK), "blocks": shown}
        if self._message:
            self._slack.call("chat.update", ts=self._message, **body)
        else:
            self._message = self._slack.post(self._place[0], self._place[1], body["text"], shown)


class Slack:
    """What the assistant asks of Slack. Raises SlackRefused with Slack's own word for why, and nothing else of it."""

    def __init__(self, token: str, api_url: str) -> None:
        from slack_sdk import WebClient
        from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

        self.token = token
        self.api_url = api_url
        self.web = WebClient(token, base_url=api_url, timeout=TIMEOUT, logger=_quiet())
        self.web.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=5))

    def call(self, method: str, **values: Any) -> Body:
        """Any method of the Web API, by its name."""
        return dict(self._called(method, values).data)

    def granted(self) -> tuple[Body, set[str]]:
        """Who the bot token is, and the scopes that Slack says it has."""
        answer = self._called("auth.test", {})
        scopes = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), "")
        return dict(answer.data), {scope.strip() for scope in scopes.split(",")} - {""}

    def opens_socket(self, app_token: str) -> None:
        """Ask for a Socket Mode address and leave it unused. Raises SlackRefused where the app token is not right."""
        self._called("apps.connections.open", {}, app_token)

    def _called(self, method: str, values: Body, token: str = "") -> Any:
        given: Body = {"headers": {"Authorization": f"Bearer {token}"}} if token else {}
        given |= {"http_verb": "GET", "params": values} if method in READS else {"json": values}
        try:
            return self.web.api_call(method, **given)
        except _slips() as error:
            answer = getattr(error, "response", None)
            why = answer.get("error", "no answer") if answer is not None else "no answer"
            raise SlackRefused(f"Slack refused {method}: {why}.", "See docs/slack.md, or `pa slack doctor`.") from None

    def post(self, channel: str, thread: str, text: str, blocks: list[Body] | None = None) -> str:
        """A message in a thread; its timestamp."""
        body: Body = {"channel": channel, "text": text, "unfurl_links": False, "unfurl_media": False}
        if thread:
            body["thread_ts"] = thread
        if blocks:
            body["blocks"] = blocks
        return str(self.call("chat.postMessage", **body)["ts"])

    def whisper(self, channel: str, user: str, text: str, thread: str = "", blocks: list[Body] | None = None) -> None:
        """A message that one person sees; in a direct message it is an ordinary one."""
        if channel.startswith("D"):
            self.post(channel, thread, text, blocks)
            return
        body: Body = {"channel": channel, "user": user, "text": text}
        if thread:
            body["thread_ts"] = thread
        if blocks:
            body["blocks"] = blocks
        self.call("chat.postEphemeral", **body)

    def stream(self, channel: str, thread: str, team: str, user: str) -> Stream:
        """Begin an answer that is written as it comes."""
        return Stream(self, (channel, thread), (team, user))

    def upload(self, channel: str, thread: str, files: Sequence[Any], words: str) -> None:
        """Hand over files in a thread."""
        rows = [{"file": str(path), "filename": path.name, "title": path.name} for path in files]
        try:
            self.web.files_upload_v2(
                file_uploads=rows, channel=channel, thread_ts=thread or None, initial_comment=words
            )
        except _slips():
            raise SlackRefused("Slack did not take the files.", "Is files:write granted? `pa slack doctor`.") from None

    def dm(self, user: str) -> str:
        """The direct message with a person."""
        return str(self.call("conversations.open", users=user)["channel"]["id"])

    def fetch(self, url: str, limit: int) -> bytes:
        """A file that somebody dropped. The token goes to Slack's own hosts and nowhere else."""
        if not own_host(url, self.api_url):
            raise NotFound("That file does not lie in Slack.", "Drop the file itself, not a link to it.")
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            with httpx.stream("GET", url, headers=headers, timeout=TIMEOUT, follow_redirects=False) as answer:
                if answer.status_code != 200:
                    raise SlackRefused("Slack did not hand the file over.", "Is files:read granted?")
                return _bounded(answer.iter_bytes(), limit)
        except httpx.HTTPError:
            raise SlackRefused("Slack did not hand the file over.", "Drop it again.") from None


def _slips() -> tuple[type[Exception], ...]:
    """What the libraries raise where Slack refuses, or does not answer."""
    from slack_sdk.errors import SlackClientError

    return SlackClientError, OSError, HTTPException


def own_host(url: str, api_url: str) -> bool:
    """Is this address Slack's, so that it may see the token?"""
    parts, api = urlsplit(url), urlsplit(api_url)
    if (parts.scheme, parts.netloc) == (api.scheme, api.netloc):
        return True
    host = parts.hostname or ""
    return parts.scheme == "https" and host.endswith((".slack.com", ".slack-gov.com", ".slack-files.com"))


def bolt(slack: Slack, secret: str, take: Take) -> Any:
    """A Bolt app: Bolt checks signatures and speaks the protocol; every request goes to `take` and is acked."""
    from slack_bolt import App, BoltRequest, BoltResponse

    app = App(
        client=slack.web,
        token=slack.token,
        signing_secret=secret or None,
        request_verification_enabled=bool(secret),
        token_verification_enabled=False,
        logger=_quiet(),
    )

    def intake(req: BoltRequest, next: Callable[[], None]) -> BoltResponse:
        answer = take(req.body)
        return BoltResponse(status=200, body=answer if answer is not None else "")

    app.use(intake)
    return app


def socket(app: Any, slack: Slack, app_token: str) -> Any:
    """The Socket Mode connection of an app; it reconnects by itself. One hand takes requests in, so they keep order."""
    from slack_bolt.adapter.socket_mode import SocketModeHandler

    return SocketModeHandler(app, app_token, web_client=slack.web, logger=_quiet(), ping_interval=5, concurrency=1)


def wsgi(app: Any) -> Any:
    """The same app as WSGI, to stand behind any server; requests without a right signature are refused."""
    from slack_bolt.adapter.wsgi import SlackRequestHandler

    return SlackRequestHandler(app, path="/slack/events")


def _quiet() -> logging.Logger:
    """A log that stays silent: the lines of Slack's libraries carry what people and scripts say."""
    logging.getLogger("httpx").setLevel(logging.WARNING)  # its addresses carry file names
    log = logging.getLogger("assistant.slack.wire")
    log.setLevel(logging.CRITICAL)
    return log


def _bounded(parts: Any, limit: int) -> bytes:
    kept = bytearray()
    for part in parts:
        kept += part
        if len(kept) > limit:
            raise NotFound("That file is too large.", "A script up to 64 MB can be read.")
    return bytes(kept)
