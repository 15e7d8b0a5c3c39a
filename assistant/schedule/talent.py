"""Talent scheduling: the order of scenes that pays actors for the fewest idle days between their first and last."""

import random
import time
from dataclasses import dataclass
from typing import Any

from assistant.schedule.kernel import COMPILED, array, compiled, zeros

EXACT = 22 if COMPILED else 12  # scenes after merging that the dynamic programme takes on


@dataclass(frozen=True, slots=True)
class Instance:
    """`needs[a][s]`: is actor a in scene s; a wage a day for each actor, a length in days for each scene."""

    needs: tuple[tuple[int, ...], ...]
    wages: tuple[int, ...]
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An order of all scenes, its cost, and the least any order can cost as far as it is proved."""

    order: tuple[int, ...]
    cost: int
    bound: int
    how: str

    @property
    def proved(self) -> bool:
        return self.cost == self.bound


def cost_of(instance: Instance, order: tuple[int, ...] | list[int]) -> int:
    """What an order costs: every actor from first to last scene. Shares nothing with the solvers."""
    total = 0
    for needed, wage in zip(instance.needs, instance.wages, strict=True):
        mine = [i for i, scene in enumerate(order) if needed[scene]]
        if mine:
            total += wage * sum(instance.days[scene] for scene in order[mine[0] : mine[-1] + 1])
    return total


@dataclass(frozen=True, slots=True)
class Core:
    """The instance with scenes of the same cast merged: a cast mask and a length for each, and what is paid anyway."""

    groups: tuple[tuple[int, ...], ...]
    masks: tuple[int, ...]
    days: tuple[int, ...]
    wages: tuple[int, ...]
    base: int  # wages for the days worked; what an order adds is hold


def core_of(instance: Instance) -> Core:
    """Merging is exact: some best order keeps scenes of one cast together. Actors of one merged scene never wait."""
    groups: dict[int, list[int]] = {}
    for scene in range(len(instance.days)):
        mask = sum(1 << a for a, row in enumerate(instance.needs) if row[scene])
        groups.setdefault(mask, []).append(scene)
    busy = [a for a in range(len(instance.wages)) if sum(mask >> a & 1 for mask in groups) > 1]
    masks = [sum(1 << i for i, a in enumerate(busy) if mask >> a & 1) for mask in groups]
    base = sum(
        wage * sum(d for d, need in zip(instance.days, row, strict=True) if need)
        for row, wage in zip(instance.needs, instance.wages, strict=True)
    )
    return Core(
        groups=tuple(tuple(group) for group in groups.values()),
        masks=tuple(masks),
        days=tuple(sum(instance.days[s] for s in group) for group in groups.values()),
        wages=tuple(instance.wages[a] for a in busy),
        base=base,
    )


def solve_talent(instance: Instance, seconds: float = 10.0, workers: int = 2, seed: int = 0) -> Answer:
    """A good order at once by local search; proved by dynamic programming when small, by CP-SAT when larger."""
    deadline = time.perf_counter() + seconds
    core = core_of(instance)
    n = len(core.masks)
    if n <= EXACT:
        order, hold = exact(core)
        return _answer(instance, core, order, core.base + hold, "dynamic programming over sets of scenes")
    order, hold = improve(core, min(seconds / 4, 2.0), seed)
    if hold == 0:
        return _answer(instance, core, order, core.base, "nobody waits")
    from assistant.schedule.triples import prove

    order, bound = prove(core, order, deadline - time.perf_counter(), workers)
    return _answer(instance, core, order, core.base + bound, "CP-SAT on which of three scenes lies in the middle")


def _answer(instance: Instance, core: Core, order: list[int], bound: int, how: str) -> Answer:
    full = tuple(scene for group in order for scene in core.groups[group])
    return Answer(full, cost_of(instance, full), bound, how)


def exact(core: Core) -> tuple[list[int], int]:
    """The best order of a core and its hold cost, by dynamic programming over all sets of scenes shot."""
    n = len(core.masks)
    room = 1 << n
    table = zeros(2 * room)
    spent = fill(array([n, len(core.wages), *core.masks, *core.days, *core.wages]), table)
    order, state = [], room - 1
    while state:
        last = int(table[room + state])
        order.append(last)
        state &= ~(1 << last)
    return order[::-1], int(spent)


@compiled
def fill(core: Any, table: Any) -> int:
    """`core`: scenes, actors, masks, days, wages. Fills `table` with the least hold cost of every set of scenes shot,
    and behind these with the scene that was last."""
    n, actors = core[0], core[1]
    masks, wages = 2, 2 + 2 * n
    full = (1 << n) - 1
    for state in range(1, full + 1):
        table[state] = 1 << 60
    for state in range(full):
        done, todo = 0, 0
        for s in range(n):
            if (state >> s) & 1:
                done |= core[masks + s]
            else:
                todo |= core[masks + s]
        open_cast, price = done & todo, 0
        for a in range(actors):
            if (open_cast >> a) & 1:
                price += core[wages + a]
        for s in range(n):
            if not (state >> s) & 1:
                step(core, table, state, s, open_cast, price)
    return int(table[full])


@compiled
def step(core: Any, table: Any, state: int, s: int, open_cast: int, price: int) -> None:
    """Scene s next: everyone open and not in it is held while it is shot."""
    n, inside = core[0], open_cast & core[2 + s]
    for a in range(core[1]):
        if (inside >> a) & 1:
            price -= core[2 + 2 * n + a]
    after = state | (1 << s)
    total = table[state] + price * core[2 + n + s]
    if total < table[after]:
        table[after] = total
        table[(1 << n) + after] = s


@compiled
def hold_of(core: Any, order: Any, suffix: Any) -> int:
    """The hold cost of an order."""
    n, actors = core[0], core[1]
    suffix[n] = 0
    for i in range(n - 1, -1, -1):
        suffix[i] = suffix[i + 1] | core[2 + order[i]]
    done, total = 0, 0
    for i in range(n):
        s = order[i]
        held = done & suffix[i + 1] & ~core[2 + s]
        for a in range(actors):
            if (held >> a) & 1:
                total += core[2 + 2 * n + a] * core[2 + n + s]
        done |= core[2 + s]
    return total


def improve(core: Core, seconds: float, seed: int) -> tuple[list[int], int]:
    """Iterated local search: blocks of up to four scenes moved and turned round, then a kick, until time is up."""
    n, rng, deadline = len(core.masks), random.Random(seed), time.perf_counter() + seconds
    table = array([n, len(core.wages), *core.masks, *core.days, *core.wages])
    order, suffix, trial = array(list(range(n))), array([0] * (n + 1)), array([0] * n)
    best, cost = list(range(n)), descend(table, order, trial, suffix)
    best = [int(s) for s in order]
    while time.perf_counter() < deadline:
        kicked = list(best)
        for _ in range(3):
            a, b = rng.randrange(n), rng.randrange(n)
            kicked[a], kicked[b] = kicked[b], kicked[a]
        order = array(kicked)
        found = descend(table, order, trial, suffix)
        if found <= cost:
            best, cost = [int(s) for s in order], found
    return best, int(cost)


@compiled
def descend(core: Any, order: Any, trial: Any, suffix: Any) -> int:
    """Take improving block moves until there is none."""
    n = core[0]
    cost, better = hold_of(core, order, suffix), True
    while better:
        better = False
        for size in range(1, 5):
            for start in range(n - size + 1):
                for goal in range(n - size + 1):
                    for turned in range(2):
                        place(order, trial, start, size, goal, turned)
                        found = hold_of(core, trial, suffix)
                        if found < cost:
                            cost, better = found, True
                            for i in range(n):
                                order[i] = trial[i]
    return int(cost)


@compiled
def place(order: Any, trial: Any, start: int, size: int, goal: int, turned: int) -> None:
    """Copy `order` with the block of `size` from `start` moved to `goal`, and turned round when asked."""
    k = 0
    for i in range(len(order)):
        if i < start or i >= start + size:
            if k == goal:
                k += size
            trial[k] = order[i]
            k += 1
    for j in range(size):
        trial[goal + j] = order[start + size - 1 - j] if turned else order[start + j]
