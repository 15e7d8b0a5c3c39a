"""The composition root: the only place where stores, routers, indexes and workflows are put together."""

import hashlib
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.domain.screenplay import Screenplay
from assistant.errors import BadInput, SettingsError
from assistant.settings import (
    DATA_FOLDER,
    PRODUCTION_FILE,
    Settings,
    load_settings,
    named_production,
    production_template,
)
from assistant.store import Draft, Store, open_engine
from assistant.store.locks import only_one
from assistant.store.originals import Originals
from assistant.store.runs import Runs
from assistant.store.sources import Sources

if TYPE_CHECKING:
    from assistant.boards import Boards
    from assistant.exports.book import Book
    from assistant.knowledge import Embedder, Knowledge
    from assistant.llm import Gate, Llm
    from assistant.review import Desk
    from assistant.store.sources import Source
    from assistant.workflows.state import Context, Event
    from assistant.workflows.supervisor import Supervisor
    from assistant.workflows.talk import Talk
    from routers import Provider, Router
    from routers.discovery import Found

NANO = 1_000_000_000
UNCAPPED = 2**62  # the ledger's word for "no cap"
Progress = Callable[["Event"], None]


def _silent(event: "Event") -> None:
    """Show nothing."""


class App:
    """One open production. Everything is built on first use and handed down; nothing looks anything up by itself."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        providers: "Mapping[str, Provider] | None" = None,
        embedder: "Embedder | None" = None,
        gate: "Gate | None" = None,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.data = folder / DATA_FOLDER
        self._providers = providers
        self._embedder = embedder
        self._gate = gate

    @classmethod
    def open(cls, folder: Path, flags: Mapping[str, Any] | None = None, **fakes: Any) -> "App":
        """The production in `folder`. Raises NotFound or SettingsError."""
        folder = named_production(folder)
        app = cls(folder, load_settings(folder, flags), **fakes)
        if not app.settings.production.id:
            raise SettingsError(
                f"{PRODUCTION_FILE} has no [production] id.", "Put back the id that `pa init` wrote, or init anew."
            )
        app.data.mkdir(exist_ok=True)
        return app

    @classmethod
    def init(
        cls, folder: Path, title: str = "", flags: Mapping[str, Any] | None = None, id: str = "", **fakes: Any
    ) -> "App":
        """Make a production in `folder` unless there is one, and open it."""
        target = folder / PRODUCTION_FILE
        if not target.is_file():
            try:
                folder.mkdir(parents=True, exist_ok=True)
                temporary = folder / f".{PRODUCTION_FILE}.{uuid.uuid4().hex[:8]}"
                temporary.write_text(
                    production_template(title or folder.stem, id or uuid.uuid4().hex), encoding="utf-8"
                )
                temporary.replace(target)
            except OSError as error:
                raise SettingsError(
                    f"{folder} can not be written: {error.strerror}.", "Choose another folder: `pa init FOLDER`."
                ) from None
        return cls.open(folder, flags, **fakes)

    # What it is made of

    @cached_property
    def store(self) -> Store:
        store = Store(open_engine(self.settings.store.url, self.data), self.settings.production.id)
        store.open_production(self.settings.production.title)
        return store

    @cached_property
    def sources(self) -> Sources:
        return Sources(self.store.engine, self.store.production, self.store.stamp)

    @cached_property
    def runs(self) -> Runs:
        return Runs(self.store.engine, self.store.production, self.store.stamp)

    @cached_property
    def originals(self) -> Originals:
        return Originals(self.data / "files")

    @cached_property
    def knowledge(self) -> "Knowledge":
        from assistant.wiring import build_knowledge, embedder_for

        embedder = self._embedder or embedder_for(self.settings, self.llm)
        return build_knowledge(self.settings, self.data, self.store.production, self.sources, embedder)

    @cached_property
    def router(self) -> "Router":
        from assistant.wiring import build_router

        return build_router(self.settings, self.folder, self.store.engine, self._providers)

    @cached_property
    def llm(self) -> "Llm":
        from assistant.llm import Llm, Policy

        chosen = self.settings
        policy = Policy(
            production=self.store.production,
            data_class=chosen.production.data_class,
            precision=chosen.production.precision,
            regions=frozenset(chosen.models.regions) or None,
            on_prem_only=chosen.models.on_prem_only,
            pins=chosen.models.pin,
            forbid=frozenset(chosen.models.forbid),
        )
        return Llm(self.router, policy, self._gate or nullcontext)

    @cached_property
    def boards(self) -> "Boards":
        """Everything about this production's schedule."""
        from assistant.boards import Boards

        return Boards(self.store, self.settings.schedule, self.folder, self.data)

    # Models and money

    def write_models(self, layer: Mapping[str, Any]) -> Path:
        """Merge registry rows into this production's own file and return its path. Raises RegistryError."""
        from assistant.wiring import production_models, user_models
        from routers.upkeep import write_layer

        path = production_models(self.settings, self.folder)
        write_layer(path, layer, (user_models(),))
        return path

    def audit_models(self) -> list[str]:
        """What a person should look at in the registry: prices that moved, terms unknown or old, ends near."""
        from routers.provider import price_map
        from routers.upkeep import audit

        return audit(self.router.registry, price_map(), self.store.now().date())

    def sync_bedrock(self, region: str) -> "Found":
        """What this AWS account has on Bedrock in a Region. Raises SettingsError where it can not be asked."""
        from routers import ProviderFault
        from routers.bedrock import BedrockProvider
        from routers.discovery import sync
        from routers.provider import price_map

        control = self._providers["bedrock"] if self._providers else BedrockProvider()
        today = self.store.now().date()
        try:
            return sync(control, region, self.router.registry, price_map(), today)  # type: ignore[arg-type]
        except ProviderFault as fault:
            raise SettingsError(
                f"Bedrock in {region} can not be asked: {fault.sentence}.",
                "Set AWS_PROFILE or keys that may list Bedrock models, and check the Region's name.",
            ) from None

    def spent(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Spending by task and model, and the state of each cap, in dollars."""
        ledger, production = self.router.ledger, self.store.production
        rows = [{**row, "usd": row["settled"] / NANO} for row in ledger.costs(production)]
        limits = ledger.caps.scopes(production, None, self.store.now().date().isoformat())
        state = ledger.spent(production, None, self.store.now())
        caps = []
        for scope, limit in limits.items():
            used, reserved = state.get(scope, (0, 0))
            caps.append(
                {
                    "scope": scope.split(":", 1)[0],
                    "limit_usd": None if limit >= UNCAPPED else limit / NANO,
                    "spent_usd": used / NANO,
                    "reserved_usd": reserved / NANO,
                }
            )
        return rows, caps

    def context(self, progress: Progress = _silent) -> "Context":
        """Collaborators for one run of a workflow."""
        from assistant.workflows.state import Context

        return Context(
            self.store,
            self.sources,
            self.knowledge,
            self.llm,
            self.settings.glossary,
            self.settings.models.concurrency,
            progress,
        )

    # What it does

    def desk(self, who: str = "", draft: int | None = None) -> "Desk":
        """Where a person decides on a draft's proposals (the current draft's without a number)."""
        from filelock import FileLock

        from assistant.review import Desk, Scores
        from assistant.settings import user_name

        seq = draft or self.store.current_draft().seq
        lock = FileLock(self.data / "review.lock")
        scores = Scores(self.router.ledger.learned, self.router.learn)
        desk = Desk(self.store, seq, who or user_name(), scores, lambda: lock)
        desk.count()  # what a killed review did not come to
        return desk

    def ingest(self, file: Path, progress: Progress = _silent) -> Draft:
        """Read a script into the production and index it; bytes that are in already change nothing."""
        from assistant.workflows.ingest import build_ingest
        from assistant.workflows.run import run_graph

        sha256 = file_sha(file)
        with self._working(), self._checkpoints() as saver:
            self.originals.keep(file, sha256)
            run = self.runs.begin("ingest", sha256)
            started = time.monotonic()
            state = {"run": run.id, "file": str(file.resolve())}
            done = run_graph(build_ingest(), saver, self.context(progress), state)  # type: ignore[arg-type]
            self.runs.finish(run.id, done["draft"], {}, time.monotonic() - started)
        return next(draft for draft in self.store.drafts() if draft.seq == done["draft"])

    def add_paper(self, file: Path, kind: str = "", progress: Progress = _silent) -> "Source":
        """Take in a bible, call sheet, note, schedule or contract. Raises NotFound or BadInput."""
        from assistant.workflows.papers import build_papers, paper_of
        from assistant.workflows.run import run_graph

        sha256 = paper_of(file, kind).sha256  # nothing is begun for a file that can not be read
        with self._working(), self._checkpoints() as saver:
            run = self.runs.begin("paper", _hash(sha256, kind, uuid.uuid4().hex))
            state = {"run": run.id, "file": str(file.resolve()), "kind": kind}
            run_graph(build_papers(), saver, self.context(progress), state)  # type: ignore[arg-type]
        return next(source for source in self.sources.all() if source.id == sha256)

    def forget(self, name: str) -> "Source":
        """Take a paper out of all that is searched and answered from: by file name or the start of its id."""
        found = self.sources.named(name)
        with self._working():
            self.knowledge.forget(found.id)
        return found

    def talk(self, who: str = "", progress: Progress = _silent) -> "Talk":
        """A conversation with this production, going on where this person left it."""
        from assistant.settings import user_name
        from assistant.store.memory import Memory
        from assistant.workflows.plans import Planning
        from assistant.workflows.state import Event
        from assistant.workflows.talk import Desk, Talk

        self.knowledge.catch_up(lambda done, total: progress(Event("index", done, total)))
        memory = Memory(self.store.engine, self.store.production, self.store.stamp)
        plans = Planning(self.boards.plan, self.supervisor).of
        desk = Desk(self.store, self.sources, self.knowledge, self.llm, memory, who or user_name(), plans)
        return Talk(desk, self.settings.production.language)

    def supervisor(self, who: str = "", progress: Progress = _silent) -> "Supervisor":
        """Whoever reads this production for continuity, and keeps what people say of it."""
        from assistant.settings import user_name
        from assistant.workflows.supervisor import Supervisor

        ways = (lambda: self.context(progress)), self._working, self._checkpoints, self.data, self.add_paper
        return Supervisor(self.store, self.runs, who or user_name(), *ways)

    def breakdown(self, file: Path | None = None, progress: Progress = _silent, synopses: bool = False) -> "Book":
        """Break a script down (the current draft without one) and return it with all that is known of it.

        What was asked before for the same scene, prompt and model is not asked again; an unfinished run goes on.
        """
        if file is None:
            current = self.store.current_draft()
            sha256, start = current.sha256, {"file": current.file, "draft": current.seq}
        else:
            sha256, start = file_sha(file), {"file": str(file.resolve())}
            self.originals.keep(file, sha256)
        fingerprint = self._means(sha256, synopses)
        start["synopses"] = synopses
        known = self.runs.find("breakdown", fingerprint)
        if known and known.done and known.draft:
            return self.book(known.draft)
        with self._working():
            draft = self._run_breakdown(fingerprint, start, progress)
        return self.book(draft)

    def _means(self, sha256: str, synopses: bool) -> str:
        """Names all that a breakdown depends on."""
        from assistant.workflows.tasks import standing

        papers = sorted(item.id for item in self.sources.all() if item.kind != "script" and not item.superseded)
        told = [standing(self.llm, "synopsis")] if synopses else []
        return _hash(sha256, standing(self.llm), sorted(self.settings.glossary.items()), papers, told)

    def _run_breakdown(self, fingerprint: str, start: dict[str, Any], progress: Progress) -> int:
        from assistant.workflows import binding
        from assistant.workflows.breakdown import build_breakdown
        from assistant.workflows.run import run_graph

        run = self.runs.begin("breakdown", fingerprint)
        if run.done and run.draft:  # another process finished it while we waited
            return run.draft
        self.router.ledger.sweep(self.store.now(), run.id)  # what a killed process left open
        started = time.monotonic()
        with self._checkpoints() as saver:
            state = {"run": run.id, **start}
            done = run_graph(build_breakdown(), saver, self.context(progress), state)  # type: ignore[arg-type]
        account = binding.account(self.store, self.router.ledger.rows(self.store.production, run.id), done)
        self.runs.finish(run.id, done["draft"], account, time.monotonic() - started)
        return done["draft"]

    def book(self, seq: int | None = None) -> "Book":
        """A draft (the current one) with its breakdown, ready for any exporter."""
        from assistant.workflows.binding import book

        seq = seq or self.store.current_draft().seq
        found = book(self.store, self.runs, self.originals, seq)
        return replace(found, continuity=self.supervisor().known_sheet(seq))

    @contextmanager
    def _checkpoints(self) -> Iterator[Any]:
        from assistant.workflows.run import checkpoints

        with checkpoints(self.store.engine, self.data) as saver:
            yield saver

    @contextmanager
    def _working(self) -> Iterator[None]:
        """One run at a time on a production: a second process waits and then finds the work done."""
        with only_one(self.store.engine, f"run {self.store.production}", self.data / "run.lock"):
            yield

    def close(self) -> None:
        """Give back files and connections; for a process that opens one production after another."""
        if "knowledge" in self.__dict__:
            self.knowledge.close()
        if "store" in self.__dict__:
            self.store.engine.dispose()


def file_sha(file: Path) -> str:
    """Sha-256 of a file's bytes. Raises NotFound or BadInput, as reading the script would."""
    from assistant.screenplay import MAX_BYTES, parse

    try:
        if not file.is_file() or file.stat().st_size > MAX_BYTES:
            parse(file)
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(
            f"{file.name} can not be read: {error.strerror}.", "Check that the file may be opened."
        ) from None


def beside(file: Path) -> Path:
    """The production folder made for a script that lies in none."""
    return file.resolve().parent / f"{file.stem}.pa"


def as_screenplay(file: Path) -> Screenplay:
    """Read a script without storing anything."""
    from assistant.screenplay import parse

    return parse(file)


def _hash(*parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
