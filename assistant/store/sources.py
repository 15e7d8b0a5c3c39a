"""The papers of a production and their passages, as the index beside the store sees them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from assistant.domain.citations import Passage, SourceKind
from assistant.errors import NotFound
from assistant.store import schema
from assistant.store.codec import dump, load


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was handed over. `indexed` is False until all of it can be found."""

    id: str
    file: str
    kind: SourceKind
    draft: int | None
    added: str
    superseded: bool
    indexed: bool
    passages: int


class Sources:
    """Which files a production has, and which of them are wholly indexed."""

    def __init__(self, engine: Engine, production: str, stamp: Callable[[], str]) -> None:
        self._engine = engine
        self._production = production
        self._stamp = stamp

    def add(self, sha256: str, file: str, kind: SourceKind, draft: int | None = None) -> None:
        """Note a source; a newer draft of the script supersedes the older ones, a newer paper the one of its name.

        The same bytes under another kind are taken in anew.
        """
        table = schema.source
        row = {"production": self._production, "id": sha256, "file": file, "kind": kind, "draft": draft}
        row |= {"indexed_with": "", "added": self._stamp(), "superseded": False}
        try:
            with self._engine.begin() as db:
                db.execute(insert(table).values(row))
        except IntegrityError:
            self._rekind(sha256, kind)
            return
        older = table.c.kind == "script"
        if kind != "script":
            older = (table.c.kind != "script") & (table.c.file == file)
        with self._engine.begin() as db:
            db.execute(
                update(table)
                .where(table.c.production == self._production, table.c.id != sha256, older)
                .values(superseded=True)
            )

    def all(self) -> list[Source]:
        """Every source, in the order they came in."""
        table, chunk = schema.source, schema.chunk
        counted = (
            select(chunk.c.source, func.count().label("passages"))
            .where(chunk.c.production == self._production)
            .group_by(chunk.c.source)
            .subquery()
        )
        query = (
            select(table, counted.c.passages)
            .outerjoin(counted, counted.c.source == table.c.id)
            .where(table.c.production == self._production)
            .order_by(table.c.added, table.c.file)
        )
        with self._engine.connect() as db:
            return [_source(row) for row in db.execute(query).mappings()]

    def named(self, name: str) -> Source:
        """The newest source of this file name, or with an id that begins so. Raises NotFound with what there is."""
        found = [item for item in self.all() if item.file == name or (len(name) >= 6 and item.id.startswith(name))]
        if not found:
            known = ", ".join(dict.fromkeys(item.file for item in self.all()))
            raise NotFound(f"There is no source {name}.", f"There are: {known}." if known else "Add one: `pa ingest`.")
        return found[-1]

    def behind(self, fingerprint: str) -> list[str]:
        """Ids of sources whose passages are stored and not indexed with this fingerprint."""
        table, chunk = schema.source, schema.chunk
        stored = select(chunk.c.source).where(chunk.c.production == self._production).distinct()
        query = select(table.c.id).where(
            table.c.production == self._production, table.c.indexed_with != fingerprint, table.c.id.in_(stored)
        )
        with self._engine.connect() as db:
            return sorted(db.scalars(query).all())

    def _rekind(self, sha256: str, kind: SourceKind) -> None:
        table = schema.source
        with self._engine.begin() as db:
            db.execute(
                update(table)
                .where(table.c.production == self._production, table.c.id == sha256, table.c.kind != kind)
                .values(kind=kind, indexed_with="")
            )

    def indexed_with(self, source: str) -> str:
        """The fingerprint a source is indexed with; "" while it is not, or not wholly."""
        table = schema.source
        query = select(table.c.indexed_with).where(table.c.production == self._production, table.c.id == source)
        with self._engine.connect() as db:
            return db.scalar(query) or ""

    def mark_indexed(self, source: str, fingerprint: str) -> None:
        """Say that all of a source is in the index."""
        table = schema.source
        with self._engine.begin() as db:
            db.execute(
                update(table)
                .where(table.c.production == self._production, table.c.id == source)
                .values(indexed_with=fingerprint)
            )

    def unmark_others(self, fingerprint: str) -> None:
        """Forget that anything is indexed with another fingerprint."""
        table = schema.source
        others = table.c.indexed_with.not_in(("", fingerprint))
        with self._engine.begin() as db:
            db.execute(update(table).where(table.c.production == self._production, others).values(indexed_with=""))

    def served(self, fingerprint: str, older_drafts: bool) -> list[str]:
        """Ids of the sources a search may return from."""
        table = schema.source
        query = select(table.c.id).where(table.c.production == self._production, table.c.indexed_with == fingerprint)
        if not older_drafts:
            query = query.where(table.c.superseded.is_(False))
        with self._engine.connect() as db:
            return sorted(db.scalars(query).all())

    def replace_passages(self, source: str, passages: Sequence[Passage]) -> None:
        """Put these passages in place of what the source had, in one transaction."""
        table = schema.chunk
        rows = [
            {"production": self._production, "id": item.id, "source": source, "body": dump(item)} for item in passages
        ]
        with self._engine.begin() as db:
            db.execute(delete(table).where(table.c.production == self._production, table.c.source == source))
            if rows:
                db.execute(insert(table), rows)

    def passages(self, sources: Sequence[str]) -> list[Passage]:
        """All passages of the given sources, in the order of their lines."""
        table = schema.chunk
        query = select(table.c.body).where(table.c.production == self._production, table.c.source.in_(list(sources)))
        with self._engine.connect() as db:
            found = [load(Passage, body) for body in db.scalars(query).all()]
        return sorted(found, key=lambda item: (item.source, item.line_from, item.line_to))

    def remove(self, source: str) -> None:
        """Forget a source and its passages. Nothing is left in the file."""
        with self._engine.begin() as db:
            for table, column in ((schema.chunk, schema.chunk.c.source), (schema.source, schema.source.c.id)):
                db.execute(delete(table).where(table.c.production == self._production, column == source))
        if self._engine.dialect.name == "sqlite":  # deleted rows stay readable in free pages until they are rewritten
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
                db.execute(text("VACUUM"))
                db.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _source(row: Any) -> Source:
    return Source(
        row["id"],
        row["file"],
        row["kind"],
        row["draft"],
        row["added"],
        row["superseded"],
        bool(row["indexed_with"]),
        row["passages"] or 0,
    )
