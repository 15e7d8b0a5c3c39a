"""One script of a batch: its production opened, its tasks done, its files written."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant.app import NANO, App, as_screenplay
from assistant.batch.gate import Gate
from assistant.batch.job import Job, settings_flags
from assistant.errors import BadInput, NotFound
from assistant.settings import PRODUCTION_FILE
from assistant.store.batches import Batch, Item
from assistant.workflows.state import Event
from routers.health import Health

if TYPE_CHECKING:
    from assistant.exports.book import Book
    from assistant.knowledge import Embedder

SEARCH_SECONDS = 5.0  # for a board


class Lent(NamedTuple):
    """What a process lends to each production it opens."""

    embedder: "Embedder"
    gate: Gate
    health: Health


class Maker:
    """Opens and works on one production."""

    def __init__(self, batch: Batch, item: Item, job: Job, lent: Lent) -> None:
        self._batch = batch
        self._item = item
        self._job = job
        self._lent = lent
        self._known: int | None = None  # what was spent when it was made

    def open(self, cap: int | None = None) -> App:
        """The production, made if it is new. `cap` is what it may spend, in nano-dollars."""
        flags = settings_flags(self._batch.options, self._job.width)
        if self._job.store_url:
            flags.setdefault("store", {})["url"] = self._job.store_url
        if cap is not None:
            flags.setdefault("budget", {})["production_usd"] = Decimal(cap) / NANO
        folder = self._folder
        title = folder.name if self._batch.options.get("series") else Path(self._item.file).stem
        fakes: dict[str, Any] = {"embedder": self._lent.embedder, "gate": self._lent.gate}
        app = App.init(folder, title, flags, self.identity, **fakes)
        app.router.health = self._lent.health
        return app

    @property
    def identity(self) -> str:
        """The production's name in its store."""
        return hashlib.sha256(f"{self._batch.folder}|{self._item.folder}".encode()).hexdigest()[:32]

    @property
    def _folder(self) -> Path:
        return Path(self._batch.folder) / self._item.folder

    def spent(self) -> int:
        """All that the production has spent and holds reserved, in nano-dollars."""
        if self._known is not None:
            return self._known
        if not (self._folder / PRODUCTION_FILE).is_file():
            return 0
        app = self.open()
        try:
            return spent(app)
        finally:
            app.close()

    def look(self) -> None:
        """Read the script before anything is made for it: one that can not be read leaves nothing. Raises BadInput."""
        file = Path(self._item.file)
        if not file.is_file():
            raise BadInput(f"{file.name} is not there any more.", "Put it back, or leave it out.")
        if self._batch.options.get("series") or not (self._folder / PRODUCTION_FILE).is_file():
            as_screenplay(file)

    def make(self, cap: int | None, show: Callable[[Event], None]) -> dict[str, Any]:
        """Do the tasks and write the files. Raises what a user can act on."""
        self.look()
        self._known = None
        app = self.open(cap)
        try:
            facts = self._make(app, Path(self._item.file), show)
            self._known = spent(app)
            return facts
        finally:
            app.close()

    def _make(self, app: App, file: Path, show: Callable[[Event], None]) -> dict[str, Any]:
        from assistant.exports import export

        tasks = self._batch.options["tasks"]
        book = app.breakdown(file, show, "synopsis" in tasks)
        draft = app.store.draft_by_sha(book.screenplay.sha256)
        seq = draft.seq if draft else 1
        facts = _facts(book, seq)
        if "continuity" in tasks:
            facts["conflicts"] = len(app.supervisor("batch", show).run(seq).conflicts)
            book = app.book(seq)
        if "schedule" in tasks:
            self._lent.gate.look()
            show(Event("schedule", 0, 0))
            facts["days"] = _board(app, seq)
        formats = self._batch.options["formats"]
        self._lent.gate.look()
        if formats:
            place = app.folder / "breakdown"
            place = place / file.stem if self._batch.options.get("series") else place
            facts["files"] = [path.relative_to(app.folder).as_posix() for path in export(book, formats, place)]
        return facts


def spent(app: App) -> int:
    """All that a production has spent and holds reserved, in nano-dollars."""
    return sum(row["settled"] + row["reserved"] for row in app.router.ledger.costs(app.store.production))


def _facts(book: "Book", seq: int) -> dict[str, Any]:
    script, run = book.screenplay, book.run
    return {
        "title": script.title,
        "draft": seq,
        "scenes": sum(not scene.omitted for scene in script.scenes),
        "eighths": sum(scene.eighths for scene in script.scenes),
        "elements": sum(len(sheet.elements) for sheet in book.sheets),
        "cast": len(book.breakdown.cast),
        "models": list(run.models),
        "attempts": run.attempts,
        "rejected": run.rejected,
        "problems": len(run.problems),
    }


def _board(app: App, seq: int) -> int:
    """Shooting days of this draft's board, drafted unless there is one."""
    board = None
    with suppress(NotFound):
        board = app.boards.kept.board()
    if board is None or board.draft != seq:
        board = app.boards.draft(SEARCH_SECONDS, fresh=False, place_new=True)
    return len(board.schedule.shooting)
