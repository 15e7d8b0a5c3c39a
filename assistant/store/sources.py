"""The papers of a production and their passages, as the index beside the store sees them."""

from collections.abc import Callable, Sequence

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.domain.citations import Passage, SourceKind
from assistant.store import schema
from assistant.store.codec import dump, load


class Sources:
    """Which files a production has, and which of them are wholly indexed."""

    def __init__(self, engine: Engine, production: str, stamp: Callable[[], str]) -> None:
        self._engine = engine
        self._production = production
        self._stamp = stamp

    def add(self, sha256: str, file: str, kind: SourceKind, draft: int | None = None) -> None:
        """Note a source; a newer draft of the script supersedes the older ones."""
        table = schema.source
        row = {"production": self._production, "id": sha256, "file": file, "kind": kind, "draft": draft}
        row |= {"indexed_with": "", "added": self._stamp(), "superseded": False}
        try:
            with self._engine.begin() as db:
                db.execute(insert(table).values(row))
        except IntegrityError:
            return
        if kind == "script":
            with self._engine.begin() as db:
                db.execute(
                    update(table)
                    .where(table.c.production == self._production, table.c.kind == "script", table.c.id != sha256)
                    .values(superseded=True)
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
        """Forget a source and its passages."""
        with self._engine.begin() as db:
            for table, column in ((schema.chunk, schema.chunk.c.source), (schema.source, schema.source.c.id)):
                db.execute(delete(table).where(table.c.production == self._production, column == source))
