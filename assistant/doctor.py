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
    return [*checks, _store(app), _index(app), *_models(app)]


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
