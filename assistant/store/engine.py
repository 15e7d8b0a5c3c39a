"""One way to open a database: SQLite that survives a kill and a second process, or PostgreSQL by URL."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import SettingsError
from assistant.store.batch_schema import item
from assistant.store.migrate import migrate

metadata = item.metadata  # of all tables: those of batches are added to it by their own module


def open_engine(url: str, folder: Path) -> Engine:
    """An engine for `url`, or for `production.db` in `folder` when the URL is empty; it is migrated first.

    Raises SettingsError when the database can not be reached.
    """
    engine = create_engine(url or f"sqlite:///{folder / 'production.db'}", pool_pre_ping=bool(url))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _pragmas)
    try:
        migrate(engine, folder)
        metadata.create_all(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise SettingsError(f"The store can not be opened: {cause}.", "Check [store] url, or `pa doctor`.") from None
    return engine


def _pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "busy_timeout=30000", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
