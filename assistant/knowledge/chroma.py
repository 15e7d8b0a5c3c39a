"""The only door to Chroma: one production's vectors, in its own tenant, database and folder."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from filelock import FileLock

from assistant.errors import SettingsError

COLLECTION = "passages"
BATCH = 2000


class Vectors:
    """Stores and ranks vectors by passage id. A cache: it can be rebuilt from the store at any time."""

    def __init__(self, folder: Path, production: str, fingerprint: str, url: str = "") -> None:
        self._folder = folder
        self._production = production
        self._fingerprint = fingerprint
        self._url = url
        self._opened: list[Any] = []

    def add(self, rows: Sequence[tuple[str, str, list[float]]]) -> None:
        """Add (passage id, source id, vector) rows; ids that are there are replaced."""
        with self._writing():
            for start in range(0, len(rows), BATCH):
                part = rows[start : start + BATCH]
                self._collection.upsert(
                    ids=[row[0] for row in part],
                    embeddings=[row[2] for row in part],
                    metadatas=[{"source": row[1]} for row in part],
                )

    def remove(self, source: str) -> None:
        """Forget all vectors of one source."""
        with self._writing():
            self._collection.delete(where={"source": source})

    def nearest(self, vector: list[float], limit: int, sources: Iterable[str] | None = None) -> list[str]:
        """Ids of the nearest passages, best first, within the given sources."""
        where = None if sources is None else {"source": {"$in": sorted(sources)}}
        answer = self._collection.query(query_embeddings=[vector], n_results=limit, where=where, include=["distances"])
        return list(answer["ids"][0])

    def count(self) -> int:
        """How many vectors there are."""
        return int(self._collection.count())

    def close(self) -> None:
        """Let go of the files; the next use opens them again."""
        for client in self._opened:
            if hasattr(client, "close"):
                client.close()
            else:  # an admin client can not be closed, and holds on to the files all the same
                client._release_system(client._identifier)
        self._opened.clear()
        self.__dict__.pop("_collection", None)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self._url:
            yield
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self._folder / "write.lock"):
            yield

    @cached_property
    def _collection(self) -> Any:
        client = self._client()
        self._opened.append(client)
        found = client.get_or_create_collection(
            COLLECTION, embedding_function=None, metadata={"fingerprint": self._fingerprint, "hnsw:space": "cosine"}
        )
        if (found.metadata or {}).get("fingerprint") != self._fingerprint:
            client.delete_collection(COLLECTION)
            found = client.create_collection(
                COLLECTION, embedding_function=None, metadata={"fingerprint": self._fingerprint, "hnsw:space": "cosine"}
            )
        return found

    def _client(self) -> Any:
        import httpx
        from chromadb.config import Settings

        chromadb = chroma_loaded()
        tenant, database = f"pa-{self._production}", f"pa-{self._production}"
        settings = self._settings(Settings)
        try:
            admin = chromadb.AdminClient(settings)
            self._opened.append(admin)
            self._ensure(admin, tenant, database)
            if self._url:
                return chromadb.HttpClient(
                    host=settings.chroma_server_host or "",
                    port=settings.chroma_server_http_port or 8000,
                    settings=settings,
                    tenant=tenant,
                    database=database,
                )
            return chromadb.PersistentClient(str(self._folder), settings=settings, tenant=tenant, database=database)
        except (ValueError, OSError, httpx.HTTPError) as error:
            raise SettingsError(f"Chroma can not be opened: {error}.", "Check [store] chroma_url.") from None

    def _settings(self, kind: Any) -> Any:
        if not self._url:
            self._folder.mkdir(parents=True, exist_ok=True)
            _with_log(self._folder / "chroma.sqlite3")
            return kind(is_persistent=True, persist_directory=str(self._folder), anonymized_telemetry=False)
        parts = urlsplit(self._url)
        return kind(
            chroma_api_impl="chromadb.api.fastapi.FastAPI",
            chroma_server_host=parts.hostname,
            chroma_server_http_port=parts.port or 8000,
            anonymized_telemetry=False,
        )

    @staticmethod
    def _ensure(admin: Any, tenant: str, database: str) -> None:
        from chromadb.errors import ChromaError

        try:
            admin.get_tenant(tenant)
        except (ChromaError, ValueError):
            admin.create_tenant(tenant)
        try:
            admin.get_database(database, tenant)
        except (ChromaError, ValueError):
            admin.create_database(database, tenant)


def _with_log(file: Path) -> None:
    """Have Chroma's new database keep a write-ahead log: it waits for the disk half as often.

    Another process may make it at the same moment; then it stays as that one has it.
    """
    if file.exists():
        return
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(file, timeout=0)) as made:
        made.execute("pragma synchronous=off")  # it is empty: nothing can be lost
        made.execute("pragma journal_mode=wal")


def chroma_loaded() -> Any:
    """The library, imported at first use."""
    import chromadb

    return chromadb
