"""Which scripts a batch is made of, where each goes, under which key, and what it may cost at most."""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.app import NANO, App, as_screenplay, file_sha
from assistant.batch.job import settings_flags
from assistant.errors import AssistantError, BadInput, NotFound
from assistant.settings import DATA_FOLDER, load_settings
from assistant.store.batches import Item

if TYPE_CHECKING:
    from routers.choice import Candidate

SUFFIXES = frozenset({".fountain", ".fdx", ".pdf", ".txt"})
SYNOPSIS_TOKENS = 400


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for. `options` are kept with the batch and tell every worker what to do."""

    target: Path
    out: Path
    options: dict[str, Any]
    budget: int | None = None

    @property
    def id(self) -> str:
        """The same for the same folder and the same tasks: a second run goes on with the first."""
        told = {name: self.options[name] for name in ("tasks", "precision", "series")}
        return hashlib.sha256(f"{self.out}|{json.dumps(told, sort_keys=True)}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a batch may cost at most, by what its models charge; unread = scripts that could not be read for it."""

    scripts: int
    scenes: int
    usd: float
    models: tuple[str, ...]
    unread: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        facts = {"scripts": self.scripts, "scenes": self.scenes, "usd": self.usd}
        return {**facts, "models": list(self.models), "unread": self.unread}


def scripts(target: Path, out: Path) -> list[Path]:
    """The scripts in a folder and the folders in it, or those that a manifest names, one a line. Raises NotFound."""
    if target.is_dir():
        found = sorted(path for path in _walk(target, out.resolve()) if path.suffix.lower() in SUFFIXES)
    elif target.is_file():
        found = _listed(target)
    else:
        raise NotFound(f"There is no {target}.", "Name a folder of scripts, or a list of them, one a line.")
    if not found:
        raise NotFound(f"No script in {target}.", f"Scripts end in {', '.join(sorted(SUFFIXES))}.")
    return found


def items(order: Order, found: Sequence[Path], means: str, known: Iterable[Item]) -> list[Item]:
    """Each script under its key and with a folder of its own, or a series' together; bytes seen twice are one."""
    series = order.target.resolve().stem if order.options["series"] else ""
    base = order.target if order.target.is_dir() else order.target.parent
    by_file = {item.file: item.folder for item in known}
    taken, made = set(by_file.values()), dict[str, Item]()
    for position, path in enumerate(found):
        file = str(path.resolve())
        folder = series or by_file.get(file) or _place(path, base, taken)
        taken.add(folder)
        item = _item(file, folder, position, means)
        made.setdefault(item.key, item)
    return list(made.values())


class Pricing:
    """Asks the router, without asking any model, what a batch's questions may cost."""

    def __init__(self, order: Order) -> None:
        self._tasks: Sequence[str] = order.options["tasks"]
        self._engine = order.options["engine"]
        flags = settings_flags(order.options, 8)
        flags.setdefault("production", {})["id"] = f"batch-{order.id}"
        self._app = App(order.out, load_settings(None, flags))
        (order.out / DATA_FOLDER).mkdir(parents=True, exist_ok=True)

    def means(self) -> str:
        """All that an answer depends on besides the script."""
        from assistant.workflows.tasks import standing

        told = [standing(self._app.llm)]
        told += [standing(self._app.llm, "synopsis")] if "synopsis" in self._tasks else []
        models = self._app.settings.models
        told += [repr(sorted(self._app.settings.glossary.items())), str(models.pin), repr(sorted(self._tasks))]
        return "|".join(told)

    def in_process(self) -> bool:
        """Are all questions answered by functions of the worker itself?"""
        return self._app.llm.in_process("breakdown")

    def estimate(self, wanted: Sequence[Item]) -> tuple[Estimate, dict[str, int]]:
        """The whole, and nano-dollars by script."""
        asked = [task for task in ("breakdown", "synopsis", "continuity") if task in (*self._tasks, "breakdown")]
        chosen = {task: self._app.llm.plan(task).chosen for task in asked}
        models = tuple(dict.fromkeys(pick.row.id for pick in chosen.values() if pick))
        if all(pick is None or pick.row.in_process for pick in chosen.values()):
            return Estimate(len(wanted), 0, 0.0, models), {item.key: 0 for item in wanted}
        needs: dict[str, int] = {}
        scenes = unread = amount = 0
        for item in wanted:
            try:
                sizes = [len(scene.text) for scene in as_screenplay(Path(item.file)).scenes if not scene.omitted]
            except AssistantError:
                unread += 1
                continue
            scenes += len(sizes)
            costs = {task: sum(self._cost(task, size) for size in sizes) for task in asked}
            needs[item.key] = sum(costs.values())
            amount += sum(cost // 2 if self._waits(task, chosen[task]) else cost for task, cost in costs.items())
        return Estimate(len(wanted), scenes, amount / NANO, models, unread), needs

    def _waits(self, task: str, chosen: "Candidate | None") -> bool:
        """Will most of a task's questions go into a job, at half the price?"""
        later = self._engine == "bedrock-batch" and task in {"breakdown", "synopsis"}
        return later and chosen is not None and chosen.row.provider == "bedrock"

    def close(self) -> None:
        """Give back what was opened."""
        self._app.close()

    def _cost(self, task: str, size: int) -> int:
        tokens = SYNOPSIS_TOKENS if task == "synopsis" else min(2048, 600 + size)
        chosen = self._app.llm.plan(task, 6000 + 2 * size, tokens).chosen
        return int(chosen.cost or 0) if chosen else 0


def _walk(folder: Path, out: Path) -> Iterable[Path]:
    for name, inner, files in os.walk(folder):
        here = Path(name)
        inner[:] = [one for one in inner if _wanted(here / one, out)]
        yield from (here / file for file in files if not file.startswith("."))


def _wanted(folder: Path, out: Path) -> bool:
    hidden = folder.name.startswith(".") or folder.name.endswith(".pa")
    return not hidden and folder.resolve() != out and not (folder / "production.toml").is_file()


def _listed(manifest: Path) -> list[Path]:
    try:
        lines = manifest.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise BadInput(f"{manifest.name} is not a list of scripts.", "Write one path a line, in UTF-8.") from None
    names = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return [manifest.parent / name for name in dict.fromkeys(names)]


def _place(path: Path, base: Path, taken: set[str]) -> str:
    """A folder named after the script; two of one name are told apart by their endings, then by numbers."""
    try:
        within = path.resolve().relative_to(base.resolve())
    except ValueError:
        within = Path(path.name)
    plain = within.with_suffix("").as_posix()
    choices = [plain, f"{plain}-{path.suffix.lstrip('.')}", *(f"{plain}-{n}" for n in range(2, 1000))]
    return next(choice for choice in choices if choice not in taken)


def _item(file: str, folder: str, position: int, means: str) -> Item:
    try:
        sha256 = file_sha(Path(file))
    except AssistantError as error:
        key = hashlib.sha256(f"{file}|{error.sentence}".encode()).hexdigest()
        why = f"{error.sentence} {error.hint}".strip()
        return Item(key, file, "", folder, position, "quarantined", error=why)
    return Item(hashlib.sha256(f"{sha256}|{means}".encode()).hexdigest(), file, sha256, folder, position)
