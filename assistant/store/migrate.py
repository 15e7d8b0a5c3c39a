"""Brings a database to the shape this version works with, whoever opens it first, and back."""

import logging
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, MetaData, String, Table, insert, inspect, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from assistant.errors import SettingsError
from assistant.store.batch_schema import item
from assistant.store.locks import only_one
from routers.tables import metadata as router

HEAD = "0006"
HERE = Path(__file__).parent / "migrations"
_VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


def revision(engine: Engine) -> str:
    """The revision a database is at; "" for one that is empty, or older than revisions."""
    with engine.connect() as db:
        try:
            return str(db.scalar(select(_VERSION.c.version_num)) or "")
        except (OperationalError, ProgrammingError) as error:
            if error.connection_invalidated or "alembic_version" not in str(error.orig):
                raise
            return ""


def migrate(engine: Engine, folder: Path, target: str = HEAD, *others: Path) -> None:
    """Take a database up or down to a revision ("base" = nothing left), one process at a time.

    `others` are more folders of revisions. What is there already is adopted as it is.
    """
    if revision(engine) == target:
        return
    with only_one(engine, "migrations", folder / "migrate.lock"):
        if revision(engine) == target:
            return
        if target == HEAD and not inspect(engine).get_table_names():
            _make(engine)
        else:
            _go(engine, target, others)


def _make(engine: Engine) -> None:
    """An empty database gets the newest shape at once, which is what all revisions come to."""
    with engine.begin() as db:
        item.metadata.create_all(db)
        router.create_all(db)
        _VERSION.create(db)
        db.execute(insert(_VERSION).values(version_num=HEAD))


def _go(engine: Engine, target: str, others: tuple[Path, ...]) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    logging.getLogger("alembic").setLevel(logging.WARNING)  # its steps are not for people who open a store
    places = [str(HERE / "versions"), *map(str, others)]
    script = ScriptDirectory(str(HERE), version_locations=places)
    now = revision(engine)
    down = target == "base" or _is_behind(script, target, now)

    def steps(current: Any, _context: Any) -> Any:
        chosen = script._downgrade_revs if down else script._upgrade_revs
        return chosen(target, current)

    try:
        with engine.begin() as db, EnvironmentContext(Config(), script, fn=steps) as env:
            env.configure(connection=db)
            env.run_migrations()
    except CommandError:
        hint = "Install the version of this program that made it, or a newer one."
        raise SettingsError(f"The store is of revision {now}, which this version does not know.", hint) from None


def _is_behind(script: Any, target: str, now: str) -> bool:
    order = [one.revision for one in script.walk_revisions()]  # newest first
    return now in order and target in order and order.index(target) > order.index(now)
