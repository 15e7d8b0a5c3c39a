"""Statements that run with every call, turned into a database's own words once instead of each time."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.sql import ClauseElement


class Spoken:
    """A statement whose values are plain numbers and strings under its own names."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._words: dict[str, str] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Execute it; drivers that take no names go the usual way."""
        dialect = connection.dialect
        if (dialect.name, dialect.driver) not in {("sqlite", "pysqlite"), ("postgresql", "psycopg")}:
            return connection.execute(self._statement, dict(values))
        words = self._words.get(dialect.name)
        if words is None:
            words = self._words[dialect.name] = _in_words_of(dialect, self._statement)
        return connection.exec_driver_sql(words, dict(values))


def _in_words_of(dialect: Any, statement: Executable) -> str:
    named = type(dialect)(paramstyle="named") if dialect.name == "sqlite" else dialect
    assert isinstance(statement, ClauseElement)
    return str(statement.compile(dialect=named))
