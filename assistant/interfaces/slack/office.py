"""The productions one Slack workspace works on, and what is kept between requests."""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError, SettingsError
from assistant.interfaces.slack.leaks import Leaks
from assistant.settings import DATA_FOLDER, SlackSection
from assistant.store.slack import AccessLog, Jobs, News, Note, Notes

if TYPE_CHECKING:
    from assistant.app import App
    from assistant.store.batches import Batches
    from assistant.workflows.talk import Talk

TALKS = 2  # questions worked on at once, a production


class Production:
    """One open production as Slack sees it."""

    def __init__(self, app: "App") -> None:
        self.app = app
        self._free: list[Talk] = []
        self._turns = threading.BoundedSemaphore(TALKS)
        self._lock = threading.Lock()
        self._leaks: tuple[object, Leaks] | None = None
        self._batches: dict[Path, Batches] = {}

    @property
    def id(self) -> str:
        """The id that `pa init` gave it."""
        return self.app.settings.production.id

    @property
    def title(self) -> str:
        """What people call it."""
        return self.app.settings.production.title or self.app.folder.stem

    @property
    def rules(self) -> SlackSection:
        """Its [slack] table."""
        return self.app.settings.slack

    @property
    def embargoed(self) -> bool:
        """Does it answer in direct messages only?"""
        return self.app.settings.production.data_class == "embargoed"

    @cached_property
    def news(self) -> News:
        """Its events on their way out."""
        return News(self.app.store.engine, self.id, self.app.store.stamp)

    @cached_property
    def notes(self) -> Notes:
        """What stands behind buttons about it; kept with its own facts and nowhere else."""
        return Notes(self.app.store.engine, self.app.store.stamp, self.id)

    def batches(self) -> "Iterator[tuple[Path, Batches]]":
        """The folders whose batches its channels hear of, with what is kept of those that there are."""
        from assistant.batch.work import kept_in

        url = self.app.settings.store.url
        for name in self.rules.batches:
            folder = (self.app.folder / name).resolve()
            if folder not in self._batches:
                if not url and not (folder / DATA_FOLDER).is_dir():
                    continue
                self._batches[folder] = kept_in(folder, url)
            yield folder, self._batches[folder]

    @contextmanager
    def talk(self, who: str) -> "Iterator[Talk]":
        """A conversation for the length of a question; what was read for the last one is used again."""
        with self._turns:
            with self._lock:
                kept = self._free.pop() if self._free else self.app.talk(who)
            kept.desk = replace(kept.desk, who=who)
            kept.desk.knowledge.catch_up()
            try:
                yield kept
            finally:
                with self._lock:
                    self._free.append(kept)

    def leaks(self) -> Leaks:
        """What must not be said in a channel: every draft and paper of this production, as it is now."""
        store = self.app.store
        key = ([draft.seq for draft in store.drafts()], [item.id for item in self.app.sources.all()])
        with self._lock:
            if self._leaks is None or self._leaks[0] != key:
                papers = [item.text for item in self.app.knowledge.passages() if item.kind != "script"]
                scripts = [store.screenplay(seq) for seq in key[0]]
                scenes = tuple(scene for script in scripts for scene in script.scenes)
                whole = replace(scripts[-1], scenes=scenes) if scripts else None
                self._leaks = (key, Leaks(whole, papers))
            return self._leaks[1]


@dataclass(frozen=True)
class Office:
    """All productions served, and the one whose store keeps the queue."""

    productions: Sequence[Production]

    @classmethod
    def open(cls, folders: Sequence[Path]) -> "Office":
        """Open the productions. Raises SettingsError where two of them claim one channel."""
        from assistant.app import App

        office = cls([Production(App.open(folder)) for folder in folders])
        claimed: dict[str, str] = {}
        for item in office.productions:
            for channel in item.rules.channels:
                if channel in claimed:
                    raise SettingsError(
                        f"Channel {channel} belongs to {claimed[channel]} and to {item.title}.",
                        "Take it out of one [slack] channels list.",
                    )
                claimed[channel] = item.title
        return office

    @property
    def _home(self) -> Any:
        return self.productions[0].app.store

    @cached_property
    def name(self) -> str:
        """The same for all processes that serve these productions, and for no others."""
        return hashlib.sha256(" ".join(sorted(item.id for item in self.productions)).encode()).hexdigest()[:12]

    @property
    def api_url(self) -> str:
        """Where Slack's Web API answers."""
        return self.productions[0].rules.api_url

    @cached_property
    def jobs(self) -> Jobs:
        """The queue of all processes that serve these very productions."""
        return Jobs(self._home.engine, self._home.stamp, self.name)

    @cached_property
    def notes(self) -> Notes:
        """What is kept of people, whatever production they ask."""
        return Notes(self._home.engine, self._home.stamp, self.name)

    @cached_property
    def log(self) -> AccessLog:
        """Who wanted what, and whether it was given."""
        return AccessLog(self._home.engine, self._home.stamp)

    def of(self, channel: str) -> Production | None:
        """The production a channel speaks of."""
        return next((item for item in self.productions if channel in item.rules.channels), None)

    def named(self, identity: str) -> Production | None:
        """The production of this id."""
        return next((item for item in self.productions if item.id == identity), None)

    def note(self, identity: str, kind: str) -> tuple[Production, Note] | None:
        """A note behind a button, and the production it is of."""
        for item in self.productions:
            found = item.notes.find(identity, kind)
            if found:
                return item, found
        return None

    def warm(self) -> None:
        """Build what threads share before there are threads."""
        for item in self.productions:
            _ = (item.app.store, item.app.sources, item.app.runs, item.app.router, item.app.llm, item.news, item.notes)
            _ = (item.app.knowledge, item.app.boards, self.jobs, self.notes, self.log)
            try:
                with item.talk("warm"):
                    item.leaks()
            except AssistantError:  # an empty production is served all the same
                continue
