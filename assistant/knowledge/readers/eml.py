"""Mails as papers: who wrote when about what, then the text. Attachments are named, not read."""

import email
import email.policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

from assistant.errors import BadInput

HEADERS = ("From", "To", "Cc", "Date", "Subject")
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "table", "blockquote"})


def read_eml(data: bytes, name: str) -> list[str]:
    """Heads, then the body's lines. Raises BadInput where there is no mail."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not (message["From"] or message["Subject"]):
        raise BadInput(f"{name} is no mail.", "Save the message as .eml from the mail program.")
    lines = [f"{head}: {' '.join(str(message[head]).split())}" for head in HEADERS if message[head]]
    body = message.get_body(preferencelist=("plain", "html"))
    if body is not None:
        text = _decoded(body)
        lines += ["", *(_plain(text) if body.get_content_type() == "text/html" else text).splitlines()]
    attached = [part.get_filename() or "unnamed" for part in message.iter_attachments()]
    return lines + ([f"Attachments (not read): {', '.join(attached)}"] if attached else [])


def _decoded(body: Any) -> str:
    try:
        return str(body.get_content())
    except (LookupError, UnicodeError, KeyError):  # a charset nobody knows
        raw = body.get_payload(decode=True)
        return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")
        if tag in _BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(" ".join(data.split()) + " " if data.strip() else "")


def _plain(html: str) -> str:
    reader = _Text()
    reader.feed(html)
    return "".join(reader.parts)
