"""One request at work: where it came from, what it may, and the only ways in which anything is said or handed back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.interfaces.slack.blocks import Block, cut, safe, sections
from assistant.interfaces.slack.door import Slack, SlackRefused
from assistant.interfaces.slack.guard import Access, Guard
from assistant.interfaces.slack.intake import Request
from assistant.interfaces.slack.office import Office, Production

ROWS = 15  # of a list, in a message; a phone shows about as many
PLAIN = 2000  # letters of a message's plain text, shown where blocks are not


class Stopped(Exception):
    """Somebody said stop."""


@dataclass(frozen=True)
class Bench:
    """What every request is worked on with."""

    office: Office
    slack: Slack
    guard: Guard
    search: float = 10.0  # seconds that a board is searched for


@dataclass(frozen=True)
class Task:
    """A request that was let in."""

    bench: Bench
    request: Request
    access: Access
    stopped: Callable[[], bool]

    @property
    def production(self) -> Production:
        """The only production this request may see."""
        return self.access.production

    @property
    def who(self) -> str:
        """What decisions are signed with."""
        return self.bench.guard.name(self.request.place.user)

    def pause(self, _event: Any = None) -> None:
        """A point where a stop takes hold. Raises Stopped."""
        if self.stopped():
            raise Stopped

    def may(self, text: str) -> bool:
        """May this be said here? Not where the material's own words may not."""
        return self.access.aloud or not self.production.leaks().finds(text)

    def say(self, text: str) -> None:
        """Answer with words of ours: in the thread, or to the one who gave the command."""
        self.show([safe(line) for line in text.split("\n")])

    def rows(self, head: str, rows: Sequence[str], where: str) -> None:
        """Answer with a list: its first rows, and where the others are."""
        shown = [f"• {safe(row)}" for row in rows[:ROWS]]
        more = [f"… {len(rows) - ROWS} more {where}"] if len(rows) > ROWS else []
        self.show([f"*{safe(head)}*", *shown, *more])

    def show(self, lines: Sequence[str], below: Sequence[Block] = ()) -> None:
        """Answer with lines that are safe to show here, and with what belongs below them."""
        place, plain = self.request.place, cut("\n".join(lines), PLAIN).strip() or "–"  # no message is empty
        shown = [*sections(lines), *below]
        if self.request.kind == "command" or not place.thread:
            self.bench.slack.whisper(place.channel, place.user, plain, place.thread, shown)
        else:
            self.bench.slack.post(place.channel, place.thread, plain, shown)

    def status(self, words: str) -> None:
        """What the assistant is at, shown while it works; where that can not be shown nothing is lost."""
        place = self.request.place
        if place.direct and place.thread:
            self.aside("assistant.threads.setStatus", channel_id=place.channel, thread_ts=place.thread, status=words)

    def aside(self, method: str, **values: Any) -> None:
        """A call that may fail without harm."""
        try:
            self.bench.slack.call(method, **values)
        except SlackRefused:
            return

    def hand(self, make: Callable[[Path], Sequence[Path]], words: str) -> None:
        """Hand over files: here, or in a direct message where script text may not be shown."""
        place, slack = self.request.place, self.bench.slack
        with TemporaryDirectory(prefix="pa-") as folder:
            files = [path for path in make(Path(folder)) if path.stat().st_size]
            self.pause()
            if self.access.aloud and (place.thread or place.direct):
                slack.upload(place.channel, place.thread, files, safe(words))
                return
            slack.upload(slack.dm(place.user), "", files, safe(words))
            self.say("The files are in your direct messages with me: they quote the script.")
