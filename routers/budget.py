"""Caps in dollars, kept by the database: a reservation fits under every cap or is not made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from sqlalchemy import Connection, bindparam, select, text
from sqlalchemy.dialects import postgresql, sqlite

from routers.errors import BudgetRefused
from routers.spoken import Spoken
from routers.tables import budgets
from routers.types import NANO

UNCAPPED = 2**62


@dataclass(frozen=True, slots=True)
class Caps:
    """Dollars; None = no cap. The day's cap is per production."""

    production_usd: Decimal | None = None
    run_usd: Decimal | None = None
    day_usd: Decimal | None = None

    @property
    def any(self) -> bool:
        """Is there a cap at all?"""
        return not (self.production_usd is None and self.run_usd is None and self.day_usd is None)

    def scopes(self, production: str, run: str | None, day: str) -> dict[str, int]:
        """Scope -> cap in nano-dollars, in the order in which rows are locked."""
        found = {f"day:{day}:{production}": nano(self.day_usd), f"production:{production}": nano(self.production_usd)}
        if run is not None:
            found[f"run:{production}:{run}"] = nano(self.run_usd)
        return found


def nano(usd: Decimal | None) -> int:
    """Dollars as nano-dollars, rounded down; no cap is a very large one."""
    return UNCAPPED if usd is None else int((usd * NANO).to_integral_value(ROUND_FLOOR))


def usd(amount: int) -> Decimal:
    """Nano-dollars as dollars, exactly."""
    return Decimal(amount).scaleb(-9)


# Written out, because building them anew for each call would cost more than running them. A call without a run
# names one of its two scopes twice.
_FITS = "(scope = :s{0} AND reserved + spent + :amount <= :l{0})"
_RESERVE = Spoken(
    text(
        "UPDATE router_budget SET reserved = reserved + :amount WHERE " + " OR ".join(_FITS.format(n) for n in range(3))
    )
)
_SETTLE = Spoken(
    text("UPDATE router_budget SET reserved = reserved - :was, spent = spent + :cost WHERE scope IN (:s0, :s1, :s2)")
)
_STATE = select(budgets).where(budgets.c.scope.in_(bindparam("scopes", expanding=True))).order_by(budgets.c.scope)


def ensure(connection: Connection, scopes: Sequence[str]) -> None:
    """Rows to count in; nothing has been spent where there is none."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    rows = [{"scope": scope, "reserved": 0, "spent": 0} for scope in scopes]
    connection.execute(insert(budgets).on_conflict_do_nothing(), rows)


def reserve(connection: Connection, caps: Mapping[str, int], amount: int) -> bool:
    """Set `amount` aside in every scope at once; False = it does not fit everywhere and has to be rolled back."""
    if connection.dialect.name == "postgresql":
        connection.execute(_STATE.with_for_update(), {"scopes": list(caps)})
    limits = {f"l{n}": caps[scope] for n, scope in enumerate(_three(caps))}
    done = _RESERVE.run(connection, _names(caps) | limits | {"amount": amount})
    return done.rowcount == len(caps)


def settle(connection: Connection, scopes: Sequence[str], reserved: int, cost: int) -> None:
    """Release what was reserved and book what it cost."""
    _SETTLE.run(connection, _names(scopes) | {"was": reserved, "cost": cost})


def left(connection: Connection, caps: Mapping[str, int]) -> int | None:
    """Nano-dollars under the tightest cap; None when nothing is capped."""
    capped = {scope: cap for scope, cap in caps.items() if cap < UNCAPPED}
    if not capped:
        return None
    used = {row.scope: row.reserved + row.spent for row in connection.execute(_STATE, {"scopes": list(capped)})}
    return max(0, min(int(cap - used.get(scope, 0)) for scope, cap in capped.items()))


def state(connection: Connection, scopes: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Scope -> (spent, reserved)."""
    found = connection.execute(_STATE, {"scopes": list(scopes)})
    return {row.scope: (int(row.spent), int(row.reserved)) for row in found}


def refusal(connection: Connection, caps: Mapping[str, int], amount: int) -> BudgetRefused:
    """Names the cap with least left."""
    used = {row.scope: row.reserved + row.spent for row in connection.execute(_STATE, {"scopes": list(caps)})}
    scope = min(caps, key=lambda s: caps[s] - used.get(s, 0))
    room = max(0, caps[scope] - used.get(scope, 0))
    return BudgetRefused(scope.split(":", 1)[0], usd(caps[scope]), usd(room), usd(amount))


def _three(scopes: Iterable[str]) -> tuple[str, str, str]:
    first, second, *run = scopes
    return first, second, run[0] if run else first


def _names(scopes: Iterable[str]) -> dict[str, str | int]:
    return {f"s{n}": scope for n, scope in enumerate(_three(scopes))}
