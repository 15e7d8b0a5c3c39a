"""What a worker is told, and what a batch does to each script."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

TASKS = ("breakdown", "synopsis", "continuity", "schedule")
Work = Callable[["Job", str], str]


@dataclass(frozen=True, slots=True)
class Job:
    """Where a batch is kept and how broad one process may work; small enough to be sent to another machine."""

    batch: str
    folder: str
    store_url: str = ""
    lanes: int = 1  # scripts at once in a process
    width: int = 8  # questions at once in a process
    owner: str = ""
    lease: float = 60.0


class Ended(NamedTuple):
    """A script came back from a worker; how it ended stands in the store. "lost" = the worker died."""

    key: str
    how: str


class Executor(Protocol):
    """Where scripts are worked on. Losing a worker loses no script: its key comes back as "lost"."""

    name: str
    note: str  # what there is to say of the whole

    def map(self, work: Work, job: Job, keys: Iterable[str]) -> Iterator[Ended | None]:
        """Do all keys and give each back as it ends; None about twice a second, so that the caller can look around."""
        ...

    def stop(self) -> None:
        """Begin nothing more and end soon; questions that are on their way are still answered and kept."""
        ...

    def close(self) -> None:
        """Give all processes back."""
        ...


def executor(options: dict[str, Any], workers: int, folder: Path) -> Executor:
    """The engine of a batch in `folder`: "local", a scheduler's "dask://host:port", or "bedrock-batch".

    Raises SettingsError.
    """
    from assistant.errors import SettingsError
    from assistant.settings import load_settings

    engine = options["engine"]
    if engine in {"local", "bedrock-batch"}:
        from assistant.batch.local import LocalPool
        from assistant.wiring import wired

        settings = load_settings(None, settings_flags(options, 1))
        local = LocalPool(workers, wired(settings, folder))
        if engine == "local":
            return local
        from assistant.batch.bedrock import BedrockBatch

        return BedrockBatch(local, settings.bedrock_batch)
    if engine.startswith("dask://"):
        from assistant.batch.cluster import DaskCluster

        return DaskCluster(engine)
    raise SettingsError(f"There is no engine {engine!r}.", "Use local, dask://HOST:PORT, or bedrock-batch.")


def settings_flags(options: dict[str, Any], width: int) -> dict[str, Any]:
    """A batch's options as the settings of each of its productions."""
    flags: dict[str, Any] = {section: dict(values) for section, values in options.get("settings", {}).items()}
    flags.setdefault("models", {})["concurrency"] = max(1, min(width, 256))
    if options.get("precision"):
        flags.setdefault("production", {})["precision"] = options["precision"]
    return flags
