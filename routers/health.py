"""Which deployments are fit to be called now: a circuit as a value, a limit that adapts, the clock passed in."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from routers.errors import Cooling, ProviderFault

Key = tuple[str, str]  # (model id, region)

TRIP = 3  # faults in a row that open a circuit
FIRST_COOLING = 15.0
LONGEST_COOLING = 600.0
FIRST_THROTTLE = 1.0
LONGEST_THROTTLE = 60.0
QUOTA_COOLING = 3600.0


@dataclass(frozen=True, slots=True)
class Circuit:
    """Open until a moment; a fault after it has closed again opens it for twice as long."""

    faults: int = 0
    throttles: int = 0
    open_until: float = 0.0
    why: str = ""

    def is_open(self, now: float) -> bool:
        """May this deployment not be called now?"""
        return now < self.open_until


CLOSED = Circuit()


def after_success(circuit: Circuit) -> Circuit:
    """One good answer closes it, unless it waits for a stated moment."""
    return replace(circuit, faults=0, throttles=0, why="")


def after_fault(circuit: Circuit, fault: ProviderFault, now: float) -> Circuit:
    """The circuit after one more fault; never closes earlier than it would have."""
    opened = _OPENED[fault.recovery.cooling](circuit, fault, now)
    return replace(opened, open_until=max(opened.open_until, circuit.open_until))


def _leave(circuit: Circuit, _fault: ProviderFault, _now: float) -> Circuit:
    return circuit


def _trip(circuit: Circuit, fault: ProviderFault, now: float) -> Circuit:
    faults = circuit.faults + 1
    if fault.retry_after is not None:
        return replace(circuit, faults=faults, open_until=now + fault.retry_after, why=fault.kind)
    if faults < TRIP:
        return replace(circuit, faults=faults)
    cooling = min(FIRST_COOLING * 2.0 ** (faults - TRIP), LONGEST_COOLING)
    return replace(circuit, faults=faults, open_until=now + cooling, why=f"{faults} faults in a row, last {fault.kind}")


def _throttle(circuit: Circuit, fault: ProviderFault, now: float) -> Circuit:
    wait = min(FIRST_THROTTLE * 2.0**circuit.throttles, LONGEST_THROTTLE)
    wait = fault.retry_after if fault.retry_after is not None else wait
    return replace(circuit, throttles=circuit.throttles + 1, open_until=now + wait, why=fault.kind)


def _quota(circuit: Circuit, fault: ProviderFault, now: float) -> Circuit:
    return replace(circuit, open_until=now + max(fault.retry_after or 0.0, QUOTA_COOLING), why="quota used up")


def _disable(circuit: Circuit, fault: ProviderFault, _now: float) -> Circuit:
    return replace(circuit, open_until=float("inf"), why=fault.kind.replace("_", " "))


_OPENED: Mapping[Cooling, Callable[[Circuit, ProviderFault, float], Circuit]] = {
    "none": _leave,
    "circuit": _trip,
    "throttle": _throttle,
    "quota": _quota,
    "disable_model": _disable,
    "disable_provider": _leave,  # kept per provider, see Health
}


@dataclass(slots=True)
class Limit:
    """How many calls may run at once: halved by a throttle, one more after each full round of good answers."""

    now: float = 32.0
    most: float = 64.0
    least: float = 1.0
    running: int = 0

    def widen(self) -> None:
        """After a good answer."""
        self.now = min(self.most, self.now + 1 / self.now)

    def narrow(self) -> None:
        """After a throttle."""
        self.now = max(self.least, self.now / 2)


@dataclass(slots=True)
class Health:
    """All circuits and limits of one process; safe to share between threads."""

    circuits: dict[Key, Circuit] = field(default_factory=dict)
    providers_off: dict[str, str] = field(default_factory=dict)
    limits: dict[Key, Limit] = field(default_factory=dict)
    first_limit: float = 32.0
    _lock: threading.Condition = field(default_factory=threading.Condition, repr=False)

    def open_since(self, key: Key, now: float) -> Circuit | None:
        """The circuit if it is open."""
        circuit = self.circuits.get(key)
        return circuit if circuit is not None and now < circuit.open_until else None

    def note_success(self, key: Key) -> None:
        """A deployment answered."""
        with self._lock:
            if key in self.circuits:
                self.circuits[key] = after_success(self.circuits[key])
            self._limit(key).widen()

    def note_fault(self, key: Key, provider: str, fault: ProviderFault, now: float) -> None:
        """A deployment failed."""
        with self._lock:
            self.circuits[key] = after_fault(self.circuits.get(key, CLOSED), fault, now)
            if fault.recovery.cooling == "throttle":
                self._limit(key).narrow()
            if fault.recovery.cooling == "disable_provider":
                self.providers_off[provider] = fault.kind.replace("_", " ")

    def enable(self, provider: str) -> None:
        """A person has mended what switched a provider, or its models, off."""
        with self._lock:
            self.providers_off.pop(provider, None)
            for key in [k for k, c in self.circuits.items() if c.open_until == float("inf")]:
                del self.circuits[key]

    @contextmanager
    def slot(self, key: Key, timeout: float) -> Iterator[bool]:
        """A place among the running calls; False when none came free in time."""
        with self._lock:
            limit = self._limit(key)
            got = self._lock.wait_for(lambda: limit.running < max(1, int(limit.now)), timeout)
            limit.running += got
        try:
            yield got
        finally:
            if got:
                with self._lock:
                    limit.running -= 1
                    self._lock.notify()

    def _limit(self, key: Key) -> Limit:
        if key not in self.limits:
            self.limits[key] = Limit(now=self.first_limit, most=max(64.0, self.first_limit))
        return self.limits[key]
