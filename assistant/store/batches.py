"""Batches as kept: a script is claimed by one process at a time, and no more money is handed out than there is.

Every change is one statement that says what must still hold, so any number of schedulers may share the tables.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, and_, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from assistant.errors import NotFound
from assistant.store.batch_schema import batch as batches
from assistant.store.batch_schema import item as items

LEASE = 60.0  # seconds of silence after which a script goes to somebody else
TRIES = 3  # processes in a row that may die over a script
OPEN = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch. `options` are what every worker needs to know; amounts are nano-dollars."""

    id: str
    folder: str
    options: dict[str, Any]
    state: str
    budget: int | None
    granted: int
    created: str


@dataclass(frozen=True, slots=True)
class Item:
    """One script of a batch and how it stands."""

    key: str
    file: str
    sha256: str
    folder: str
    position: int = 0
    state: str = "waiting"
    owner: str = ""
    tries: int = 0
    done: int = 0
    total: int = 0
    stage: str = ""
    base: int | None = None
    granted: int = 0
    error: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    updated: str = ""
    lease: float = 0.0


class Batches:
    """All batches of one database."""

    def __init__(self, engine: Engine, stamp: Callable[[], str], clock: Callable[[], float] = time.time) -> None:
        self.engine = engine
        self._stamp = stamp
        self._clock = clock
        self.lease = LEASE

    # Batches

    def open(self, identity: str, folder: str, options: dict[str, Any], budget: int | None) -> Batch:
        """The batch of this id, made if it is new; a given budget or new options replace the ones it had."""
        row: dict[str, Any] = {"id": identity, "folder": folder, "options": options, "state": "open"}
        row |= {"budget": budget, "granted": 0, "created": self._stamp()}
        try:
            with self.engine.begin() as db:
                db.execute(insert(batches).values(row))
        except IntegrityError:
            values = {"options": options, "state": "open", "budget": budget}
            with self.engine.begin() as db:
                db.execute(update(batches).where(batches.c.id == identity).values(values))
        return self.get(identity)

    def get(self, identity: str) -> Batch:
        """A batch by its id or the start of it. Raises NotFound."""
        query = select(batches).where(batches.c.id.startswith(identity, autoescape=True))
        with self.engine.connect() as db:
            rows = db.execute(query.order_by(batches.c.created)).mappings().all()
        if not rows:
            raise NotFound(f"There is no batch {identity}.", "`pa batch status` lists what there is.")
        return Batch(**rows[-1])

    def all(self, folder: str) -> list[Batch]:
        """The batches that write into a folder, oldest first."""
        query = select(batches).where(batches.c.folder == folder).order_by(batches.c.created, batches.c.id)
        with self.engine.connect() as db:
            return [Batch(**row) for row in db.execute(query).mappings()]

    def cancel(self, identity: str) -> int:
        """Let nothing more begin; what runs stops soon. Returns how many scripts will not be done."""
        with self.engine.begin() as db:
            db.execute(update(batches).where(batches.c.id == identity).values(state="cancelled"))
            waiting = (items.c.batch == identity) & (items.c.state == "waiting")
            return db.execute(update(items).where(waiting).values(state="cancelled")).rowcount

    def reopen(self, identity: str) -> None:
        """Go on with what was cancelled or stopped."""
        with self.engine.begin() as db:
            db.execute(update(batches).where(batches.c.id == identity).values(state="open"))
        self.retry(identity, ("cancelled",))

    # Scripts

    def add(self, identity: str, found: Sequence[Item]) -> int:
        """Take scripts in; one whose key is there already stays as it is. Returns how many were new."""
        new = 0
        known = {one.key for one in self.items(identity)}
        for one in found:
            if one.key in known:
                continue
            row = {name: getattr(one, name) for name in Item.__slots__}
            row |= {"batch": identity, "updated": self._stamp()}
            try:
                with self.engine.begin() as db:
                    db.execute(insert(items).values(row))
                new += 1
            except IntegrityError:  # another scheduler was first
                continue
        return new

    def items(self, identity: str, *states: str) -> list[Item]:
        """A batch's scripts in order, all or those in these states."""
        query = select(items).where(items.c.batch == identity).order_by(items.c.position, items.c.file)
        if states:
            query = query.where(items.c.state.in_(states))
        with self.engine.connect() as db:
            return [_item(row) for row in db.execute(query).mappings()]

    def item(self, identity: str, key: str) -> Item:
        """One script as it stands."""
        query = select(items).where(items.c.batch == identity, items.c.key == key)
        with self.engine.connect() as db:
            return _item(db.execute(query).mappings().one())

    def free(self, identity: str) -> list[str]:
        """Keys of scripts that may be claimed now, in order; of several in one production the first."""
        query = select(items.c.folder, items.c.key).where(items.c.batch == identity, self._claimable())
        with self.engine.connect() as db:
            rows = db.execute(query.order_by(items.c.position, items.c.file)).all()
        first = {row.folder: row.key for row in reversed(rows)}
        return [row.key for row in rows if first[row.folder] == row.key]

    def claim(self, identity: str, key: str, owner: str) -> Item | None:
        """Make a script this owner's own; None where somebody else has it or it is over."""
        mine = and_(items.c.batch == identity, items.c.key == key, self._claimable())
        mine = and_(mine, select(batches.c.state).where(batches.c.id == identity).scalar_subquery() == "open")
        values = {"state": "running", "owner": owner, "lease": self._clock() + self.lease}
        values |= {"tries": items.c.tries + 1, "updated": self._stamp(), "error": ""}
        with self.engine.begin() as db:
            db.execute(select(batches.c.id).where(batches.c.id == identity).with_for_update())  # one claim at a time
            got = db.execute(update(items).where(mine).values(values)).rowcount
        return self.item(identity, key) if got else None

    def beat(self, identity: str, item: Item, stage: str, done: int, total: int) -> bool:
        """Say that its owner is at work; False where it is the owner's no more, or the batch was cancelled."""
        values: dict[str, Any] = {"lease": self._clock() + self.lease, "stage": stage, "done": done, "total": total}
        if done > item.done:  # it comes forward: whoever died over it was not killed by it
            values["tries"] = 1
        with self.engine.begin() as db:
            mine = db.execute(update(items).where(self._owned(identity, item)).values(values)).rowcount
            state = db.scalar(select(batches.c.state).where(batches.c.id == identity))
        return bool(mine) and state == "open"

    def release(self, identity: str, item: Item, died: bool = False) -> None:
        """Give a script back for somebody to take, as after a stop."""
        values: dict[str, Any] = {"state": "waiting", "owner": "", "lease": 0.0, "updated": self._stamp()}
        if not died:
            values["tries"] = func.max(items.c.tries - 1, 0) if self._lite else func.greatest(items.c.tries - 1, 0)
        with self.engine.begin() as db:
            db.execute(update(items).where(self._owned(identity, item)).values(values))

    def orphaned(self, identity: str, owner: str) -> int:
        """Give back at once what a process held that is known to be dead."""
        held = and_(items.c.batch == identity, items.c.owner == owner, items.c.state == "running")
        with self.engine.begin() as db:
            values = {"state": "waiting", "owner": "", "lease": 0.0}
            return db.execute(update(items).where(held).values(values)).rowcount

    def close(self, identity: str, item: Item, state: str, error: str, facts: dict[str, Any]) -> bool:
        """How a script ended; what it was granted and did not spend goes back to the batch."""
        values = {"state": state, "error": error, "facts": facts, "updated": self._stamp(), "owner": "", "lease": 0.0}
        spent = min(int(facts.get("spent", 0)), item.granted)
        with self.engine.begin() as db:
            closing = update(items).where(self._owned(identity, item)).values(**values, granted=spent)
            if db.execute(closing).rowcount == 0:
                return False
            back = batches.c.granted - (item.granted - spent)
            db.execute(update(batches).where(batches.c.id == identity).values(granted=back))
        return True

    def retry(self, identity: str, states: Sequence[str] = ("failed", "quarantined")) -> int:
        """Let what ended in these states be tried again."""
        where = and_(items.c.batch == identity, items.c.state.in_(states))
        with self.engine.begin() as db:
            values = {"state": "waiting", "tries": 0, "error": "", "owner": "", "lease": 0.0}
            return db.execute(update(items).where(where).values(values)).rowcount

    # Money

    def grant(self, identity: str, item: Item, amount: int, base: int) -> Item:
        """Hand a script up to `amount` more of the batch's budget; it gets what is left, or nothing."""
        for _ in range(50):
            now = self.get(identity)
            given = amount if now.budget is None else max(0, min(amount, now.budget - now.granted))
            if not given and item.base is not None:
                return item
            with self.engine.begin() as db:
                free = and_(batches.c.id == identity, batches.c.granted == now.granted)
                more = update(batches).where(free).values(granted=now.granted + given)
                if db.execute(more).rowcount == 0:  # somebody else was handed something meanwhile
                    continue
                first = func.coalesce(items.c.base, base)
                values = {"granted": items.c.granted + given, "base": first}
                if db.execute(update(items).where(self._owned(identity, item)).values(values)).rowcount == 0:
                    db.rollback()
                    return item
            return self.item(identity, item.key)
        return item

    @property
    def _lite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def _claimable(self) -> Any:
        """Waiting, or lost by a process that is silent; and nobody works on the same production."""
        now, other = self._clock(), items.alias()
        lost = and_(items.c.state == "running", items.c.lease < now)
        same = and_(other.c.batch == items.c.batch, other.c.folder == items.c.folder, other.c.key != items.c.key)
        busy = select(other.c.key).where(same, other.c.state == "running", other.c.lease >= now).correlate(items)
        return and_(or_(items.c.state == "waiting", lost), ~busy.exists())

    @staticmethod
    def _owned(identity: str, item: Item) -> Any:
        mine = and_(items.c.batch == identity, items.c.key == item.key, items.c.owner == item.owner)
        return and_(mine, items.c.state == "running")


def _item(row: Any) -> Item:
    return Item(**{name: row[name] for name in Item.__slots__})
