"""Every attempt as a row, also the failed, refused, abandoned and cached; money is reserved first and settled once."""

import itertools
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, create_engine, event, func, insert, literal_column, select, update

from routers import budget
from routers.budget import Caps
from routers.errors import BudgetRefused
from routers.patience import patiently
from routers.scorecards import Evidence
from routers.spoken import Spoken
from routers.tables import attempts, evidence, make_tables
from routers.types import Outcome

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of an attempt before it is made; the names are the ledger's columns."""

    call: str
    position: int
    production: str
    run: str | None
    task: str
    precision: str
    data_class: str
    policy: str
    reason: str
    prompt_id: str
    prompt_version: str
    prompt_sha: str
    request: str
    model: str
    provider: str
    region: str
    reaches: str
    price: str
    egress_kind: str = ""
    egress_chars: int = 0
    egress_rule: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """How an attempt ended."""

    outcome: Outcome
    cost: int = 0  # nano-dollars
    detail: str = ""
    raw_stop: str = ""
    model_served: str = ""
    request_id: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_estimated: bool = False
    latency_s: float = 0.0
    sent: bool = True  # False = nothing left the machine after all


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money set aside for one attempt."""

    id: str
    amount: int
    scopes: tuple[str, ...]


def open_engine(url: str) -> Engine:
    """An engine whose SQLite files bear several threads and processes; other databases as they come."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _pragmas)
    return engine


def new_id() -> str:
    """Sixteen hexadecimal digits."""
    return secrets.token_hex(8)


class Ledger:
    """The ledger and the budgets of one database."""

    def __init__(self, engine: Engine, caps: Caps | None = None) -> None:
        self.engine = engine
        self.caps = caps or Caps()
        self._known: set[str] = set()
        make_tables(engine)

    def reserve(self, entry: Entry, amount: int, at: datetime) -> Reservation:
        """Set the worst case aside and open a row, both or neither; raises BudgetRefused and notes that too."""
        day = at.date().isoformat()
        caps = self.caps.scopes(entry.production, entry.run, day)
        self._ensure(caps)
        values = _opening(entry, day, at) | {"reserved": amount, "worst": amount}
        again = itertools.count()
        refused = patiently(lambda: self._reserve(values, caps, amount, again=next(again) > 0))
        if refused:
            self.note(entry, Result("denied", detail=f"{refused.cap} budget", sent=False), at)
            raise refused
        return Reservation(values["id"], amount, tuple(caps))

    def _reserve(self, values: Row, caps: Mapping[str, int], amount: int, again: bool) -> BudgetRefused | None:
        """Open the row if the caps allow it. Tried again, it finds the row that it opened before the server went."""
        with self.engine.connect() as connection:
            if again and _is_there(connection, values["id"]):
                return None
            _OPEN.run(connection, values)
            if budget.reserve(connection, caps, amount):
                connection.commit()
                return None
            connection.rollback()
            return budget.refusal(connection, caps, amount)

    def settle(self, reservation: Reservation, result: Result) -> None:
        """Close the row and book its cost; a second settlement of one row changes nothing."""
        patiently(lambda: self._settle(reservation, result))

    def _settle(self, reservation: Reservation, result: Result) -> None:
        with self.engine.begin() as connection:
            closing = _closing(result) | {"key": reservation.id}
            if (_CLOSE if result.sent else _CLOSE_UNSENT).run(connection, closing).rowcount == 1:
                budget.settle(connection, reservation.scopes, reservation.amount, result.cost)

    def note(self, entry: Entry, result: Result, at: datetime) -> str:
        """A row for what cost nothing: an answer from the cache, a call that was not allowed."""
        values = _opening(entry, at.date().isoformat(), at)
        values |= {name.removeprefix("new_"): value for name, value in _closing(result).items()}
        if not result.sent:
            values |= {"egress_kind": "", "egress_chars": 0, "egress_rule": ""}
        again = itertools.count()
        patiently(lambda: self._note(values, again=next(again) > 0))
        return str(values["id"])

    def _note(self, values: Row, again: bool) -> None:
        with self.engine.begin() as connection:
            if not (again and _is_there(connection, values["id"])):
                _OPEN.run(connection, values)

    def left(self, production: str, run: str | None, at: datetime) -> int | None:
        """Nano-dollars under the tightest cap, without a look at the database when nothing is capped."""
        if not self.caps.any:
            return None
        scopes = self.caps.scopes(production, run, at.date().isoformat())
        return patiently(lambda: self._left(scopes))

    def _left(self, scopes: Mapping[str, int]) -> int | None:
        with self.engine.connect() as connection:
            return budget.left(connection, scopes)

    def refusal(self, production: str, run: str | None, at: datetime, amount: int) -> BudgetRefused:
        """Says which cap is tightest and what it has left."""
        with self.engine.connect() as connection:
            return budget.refusal(connection, self.caps.scopes(production, run, at.date().isoformat()), amount)

    def sweep(self, before: datetime, run: str | None = None) -> int:
        """Attempts a killed process left open are booked at their worst case; returns how many.

        With `run` only that run's: its caller knows that nobody else works on it, however new they are.
        """
        with self.engine.begin() as connection:
            left = select(attempts).where(attempts.c.outcome == "running", attempts.c.started < _stamp(before))
            stale = connection.execute(left if run is None else left.where(attempts.c.run == run)).all()
            for row in stale:
                scopes = tuple(self.caps.scopes(row.production, row.run, row.day))
                result = Result("unknown", row.reserved, "the process ended before the answer came")
                if _CLOSE.run(connection, _closing(result) | {"key": row.id}).rowcount == 1:
                    budget.settle(connection, scopes, row.reserved, row.reserved)
        return len(stale)

    def waiting(self, production: str, run: str) -> dict[str, Reservation]:
        """Attempts of a run whose end is not known yet, with what is reserved for each."""
        mine = (attempts.c.production == production) & (attempts.c.run == run) & (attempts.c.outcome == "running")
        found = {}
        for row in self._read(select(attempts).where(mine)):
            scopes = tuple(self.caps.scopes(production, run, row["day"]))
            found[row["id"]] = Reservation(row["id"], int(row["reserved"]), scopes)
        return found

    def rows(self, production: str, run: str | None = None, call: str | None = None) -> list[Row]:
        """Attempts, oldest first."""
        query = select(attempts).where(attempts.c.production == production)
        if run is not None:
            query = query.where(attempts.c.run == run)
        if call is not None:
            query = query.where(attempts.c.call == call)
        return self._read(query.order_by(attempts.c.started, attempts.c.call, attempts.c.position))

    def trace(self, key: str) -> list[Row]:
        """All attempts of the call that an attempt's, or a call's, id belongs to."""
        calls = select(attempts.c.call).where((attempts.c.id == key) | (attempts.c.call == key))
        return self._read(select(attempts).where(attempts.c.call.in_(calls)).order_by(attempts.c.position))

    def costs(self, production: str, by: Sequence[str] = ("task", "model")) -> list[Row]:
        """Calls, tokens and nano-dollars, summed by any columns."""
        columns = [attempts.c[name] for name in by]
        sums = [
            func.count().label("attempts"),
            func.sum(attempts.c.tokens_in).label("tokens_in"),
            func.sum(attempts.c.tokens_out).label("tokens_out"),
            func.sum(attempts.c.settled).label("settled"),
            func.sum(attempts.c.reserved).label("reserved"),
        ]
        where = attempts.c.production == production
        found = self._read(select(*columns, *sums).where(where).group_by(*columns).order_by(*columns))
        return [{k: int(v) if k in _SUMS else v for k, v in row.items()} for row in found]

    def egress(self, production: str) -> list[Row]:
        """What kind of text, and how much of it, went to whom, where and under which rule."""
        query = select(attempts).where(attempts.c.production == production, attempts.c.egress_kind != "")
        found = self._read(query.order_by(attempts.c.started, attempts.c.id))
        return [{name: row[name] for name in _EGRESS} for row in found]

    def spent(self, production: str, run: str | None, at: datetime) -> dict[str, tuple[int, int]]:
        """Scope -> (spent, reserved) in nano-dollars."""
        scopes = self.caps.scopes(production, run, at.date().isoformat())
        with self.engine.connect() as connection:
            return budget.state(connection, list(scopes))

    def learn(self, rows: Sequence[Evidence]) -> None:
        """Keep evidence, such as a person's accept or reject, for the scorecards."""
        if rows:
            with self.engine.begin() as connection:
                connection.execute(insert(evidence), [asdict(row) for row in rows])

    def learned(self) -> list[Evidence]:
        """All evidence kept here."""
        return [
            Evidence(**{name: value for name, value in row.items() if name != "id"})
            for row in self._read(select(evidence).order_by(evidence.c.id))
        ]

    def _ensure(self, caps: Mapping[str, int]) -> None:
        new = [scope for scope in caps if scope not in self._known]
        if new:
            patiently(lambda: self._make_scopes(new))
            self._known.update(new)

    def _make_scopes(self, scopes: Sequence[str]) -> None:
        with self.engine.begin() as connection:
            budget.ensure(connection, scopes)

    def _read(self, query: Any) -> list[Row]:
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


_SUMS = frozenset({"attempts", "tokens_in", "tokens_out", "settled", "reserved"})
_EGRESS = ("id", "started", "task", "model", "provider", "region", "reaches", "outcome") + (
    "egress_kind",
    "egress_chars",
    "egress_rule",
)
_CLOSED = ("outcome", "detail", "raw_stop", "model_served", "request_id", "latency_s", "settled", "reserved") + (
    "tokens_in",
    "tokens_out",
    "tokens_estimated",
)
_OPEN = Spoken(insert(attempts).values({column.name: bindparam(column.name) for column in attempts.c}))
_RUNNING = (attempts.c.id == bindparam("key")) & (attempts.c.outcome == literal_column("'running'"))
_CLOSING: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _CLOSED}
_NOTHING_LEFT: dict[str, Any] = {name: literal_column("''") for name in ("egress_kind", "egress_rule")}
_CLOSE = Spoken(update(attempts).where(_RUNNING).values(_CLOSING))
_CLOSE_UNSENT = Spoken(
    update(attempts).where(_RUNNING).values(_CLOSING | _NOTHING_LEFT | {"egress_chars": literal_column("0")})
)


def _is_there(connection: Connection, key: str) -> bool:
    return connection.execute(select(attempts.c.id).where(attempts.c.id == key)).first() is not None


def _opening(entry: Entry, day: str, at: datetime) -> Row:
    """A whole row: what is known, and how it stands until the attempt has ended."""
    known = {name: getattr(entry, name) for name in entry.__slots__}
    return known | _OPEN_STATE | {"id": new_id(), "day": day, "started": _stamp(at), "worst": 0}


def _closing(result: Result) -> Row:
    return {
        "new_outcome": result.outcome,
        "new_detail": result.detail,
        "new_raw_stop": result.raw_stop[:60],
        "new_model_served": result.model_served[:200],
        "new_request_id": result.request_id[:200],
        "new_tokens_in": result.tokens_in,
        "new_tokens_out": result.tokens_out,
        "new_tokens_estimated": result.tokens_estimated,
        "new_latency_s": result.latency_s,
        "new_settled": result.cost,
        "new_reserved": 0,
    }


_OPEN_STATE: Row = {name.removeprefix("new_"): value for name, value in _closing(Result("running")).items()}


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "busy_timeout=30000", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
