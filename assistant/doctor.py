"""What has to be true on this machine and in this production for a run to go well."""

import importlib.metadata
import importlib.util
import platform
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.app import App

BAD_RELEASES = {"litellm": {"1.82.7", "1.82.8"}}
NEEDED = ("litellm", "langgraph", "chromadb", "boto3", "pypdfium2", "openpyxl", "wordllama", "sqlalchemy")


@dataclass(frozen=True)
class Check:
    """One finding. `bad` means runs will fail; `warn` that something is missing that may not be needed."""

    name: str
    state: Literal["ok", "warn", "bad"]
    found: str
    hint: str = ""


def examine(app: "App | None") -> list[Check]:
    """All checks, of the machine and, if one is given, of the production. Never raises for what it finds."""
    checks = [_python(), *(_package(name) for name in NEEDED), _planted_file(), _embedding()]
    if app is None:
        return [*checks, Check("production", "warn", "none here", "Make one with `pa init`.")]
    return [*checks, *_shared(app), _index(app), *_models(app)]


def _shared(app: "App") -> list[Check]:
    """The databases; what follows from the store is looked at only when it can be opened."""
    first = _store(app)
    if first.state == "bad":
        return [first]
    vectors = [_vectors(app)] if app.settings.store.chroma_url else []
    circuits = [_circuits(app)] if app.settings.store.url else []
    return [first, _revision(app), _checkpoints(app), *vectors, *circuits]


def _circuits(app: "App") -> Check:
    """Which deployments does some process on this database keep away from just now?"""
    import time

    health, now = app.router.health, time.monotonic()
    rows = app.router.registry.rows.values()
    keys = [(row.id, region.name) for row in rows for region in row.regions]
    shut = [f"{model} in {region}" for model, region in keys if health.open_since((model, region), now)]
    shut += [f"provider {name}" for name in health.providers_off]
    if shut:
        hint = "They are asked again by themselves; a provider that is off waits for its keys to be mended."
        return Check("circuits", "warn", f"open: {', '.join(shut)}", hint)
    return Check("circuits", "ok", "all closed")


def _revision(app: "App") -> Check:
    from assistant.store.migrate import HEAD, revision

    now = revision(app.store.engine)
    if now == HEAD:
        return Check("migrations", "ok", f"revision {now}")
    return Check("migrations", "bad", f"revision {now or 'none'}, wanted {HEAD}", "Open it with a newer version.")


def _checkpoints(app: "App") -> Check:
    """Can an unfinished run be kept where the facts are?"""
    from sqlalchemy.exc import SQLAlchemyError

    from assistant.workflows.run import checkpoints

    where = app.store.engine.dialect.name
    try:
        with checkpoints(app.store.engine, app.data):
            return Check("checkpoints", "ok", where)
    except ModuleNotFoundError as error:
        hint = "Install the extra: pip install 'production-assistant[postgres]'."
        return Check("checkpoints", "bad", f"{error.name} is not installed", hint)
    except (SQLAlchemyError, OSError) as error:
        return Check("checkpoints", "bad", f"{where}: {type(error).__name__}", "Check [store] url and its rights.")


def _vectors(app: "App") -> Check:
    """Does the Chroma server answer?"""
    from urllib.parse import urlsplit

    import httpx

    url = app.settings.store.chroma_url
    place = f"{urlsplit(url).hostname}:{urlsplit(url).port or 8000}"
    try:
        httpx.get(f"{url.rstrip('/')}/api/v2/heartbeat", timeout=5).raise_for_status()
    except httpx.HTTPError as error:
        hint = "Start one: `chroma run --path FOLDER`, or correct [store] chroma_url."
        return Check("Chroma server", "bad", f"{place}: {type(error).__name__}", hint)
    return Check("Chroma server", "ok", place)


def _python() -> Check:
    state: Literal["ok", "bad"] = "ok" if sys.version_info >= (3, 11) else "bad"
    found = f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return Check("Python", state, found, "" if state == "ok" else "Python 3.11 or newer is needed.")


def _package(name: str) -> Check:
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Check(name, "bad", "not installed", "Install the locked set: `make demo`.")
    if version in BAD_RELEASES.get(name, set()):
        return Check(
            name, "bad", f"{version} is a malicious release", "Remove it, change every credential on this machine."
        )
    return Check(name, "ok", version)


def _planted_file() -> Check:
    """The malicious releases left a file that runs at every start of Python."""
    found = [str(path) for folder in sys.path if folder for path in Path(folder).glob("litellm_init.pth")]
    if found:
        return Check("planted files", "bad", found[0], "Delete it and change every credential on this machine.")
    return Check("planted files", "ok", "none")


def _embedding() -> Check:
    from assistant.knowledge.embed import weights_are_pinned

    if weights_are_pinned():
        return Check("embedding weights", "ok", "as pinned")
    return Check("embedding weights", "bad", "missing or changed", "Install the locked set again: `make demo`.")


def _store(app: "App") -> Check:
    try:
        drafts = app.store.drafts()
    except AssistantError as error:
        return Check("store", "bad", error.sentence, error.hint)
    where = app.store.engine.dialect.name
    return Check("store", "ok", f"{where}, {len(drafts)} drafts")


def _index(app: "App") -> Check:
    try:
        drafts = app.store.drafts()
        count = app.knowledge.count()
    except AssistantError as error:
        return Check("index", "bad", error.sentence, error.hint)
    waiting = [d.file for d in drafts if app.sources.indexed_with(d.sha256) != app.knowledge.fingerprint]
    if waiting:
        return Check(
            "index", "warn", f"{count} passages; not indexed: {', '.join(waiting)}", "Run `pa ingest` on them."
        )
    return Check("index", "ok", f"{count} passages")


def _models(app: "App") -> list[Check]:
    try:
        plan = app.llm.plan("breakdown")
    except AssistantError as error:
        return [Check("models", "bad", error.sentence, error.hint)]
    eligible, chosen = plan.eligible, plan.chosen.row.id if plan.chosen else "nobody"
    return [Check("models", "ok", f"{len(eligible)} of {len(plan.candidates)} eligible; breakdown goes to {chosen}")]
