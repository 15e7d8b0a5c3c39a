"""The order inside a day: exact dynamic programming over which strips are done and which was last."""

from typing import Any

from assistant.domain.schedule import Problem, Strip
from assistant.schedule.board import BANDS, location_index, move_prices, precedences
from assistant.schedule.kernel import COMPILED, array, compiled

MOST = 14 if COMPILED else 9  # strips: beyond that, groups of one location and set are ordered as blocks
SET_CHANGE, MOVE, WORST = 10_000, 10_000_000, 1 << 60


@compiled
def cheapest(table: Any, n: int, best: Any, back: Any, out: Any) -> None:
    """`table`: step prices n × n, first prices n, minutes n, earlier-masks n, place n (−1: any), then a cast mask table
    laid out as: performers p, then p masks of the strips they are in."""
    minutes, earlier, place = n * n + n, n * n + 2 * n, n * n + 3 * n
    people = table[n * n + 4 * n]
    masks = n * n + 4 * n + 1
    full = (1 << n) - 1
    for s in range((1 << n) * n):
        best[s] = 1 << 60
    for done in range(full):
        size = 0
        for i in range(n):
            size += (done >> i) & 1
        pinned = -1
        for i in range(n):
            if table[place + i] == size:
                pinned = i
        for i in range(n):
            if (done >> i) & 1 or table[earlier + i] & ~done or (pinned >= 0 and i != pinned):
                continue
            if table[place + i] >= 0 and table[place + i] != size:
                continue
            wait = 0
            for p in range(people):
                mask = table[masks + p]
                if not (mask >> i) & 1 and mask & done and mask & ~done:
                    wait += table[minutes + i]
            relax(table, n, best, back, done, i, wait)
    state, last = full, 0
    for i in range(n):
        if best[full * n + i] < best[full * n + last]:
            last = i
    out[n] = 1 if best[full * n + last] < 1 << 60 else 0
    for k in range(n - 1, -1, -1):
        out[k] = last
        before = back[state * n + last]
        state &= ~(1 << last)
        last = before


@compiled
def relax(table: Any, n: int, best: Any, back: Any, done: int, i: int, wait: int) -> None:
    """Strip i next, after every possible last one."""
    goal = (done | (1 << i)) * n + i
    if done == 0:
        best[goal] = table[n * n + i] + wait
        back[goal] = 0
        return
    for last in range(n):
        if (done >> last) & 1:
            price = best[done * n + last] + table[last * n + i] + wait
            if price < best[goal]:
                best[goal] = price
                back[goal] = last


class Orderer:
    """Orders the days of one problem; what depends on the problem alone is worked out once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.places = location_index(problem)
        self.prices = move_prices(problem)
        scenes = [strip.scene for strip in problem.strips]
        self.before = [(scenes[a], scenes[b]) for a, b, gap in precedences(problem) if gap == 0]
        self.pinned = {lock.scene: lock.place for lock in problem.locks if lock.place is not None}
        self.light = problem.rules.on("light_order")

    def order(self, strips: list[Strip]) -> list[int]:
        """The scenes of one day in shooting order."""
        strips = sorted(strips, key=self.by_hand)
        if len(strips) < 2:
            return [strip.scene for strip in strips]
        pinned = sorted((self.pinned[s.scene], s.scene) for s in strips if s.scene in self.pinned)
        if len(strips) <= MOST or not pinned:
            return self.blocks(strips) or [strip.scene for strip in strips]
        rest = [strip for strip in strips if strip.scene not in self.pinned]
        order = self.blocks(rest) or [strip.scene for strip in rest]
        for place, scene in pinned:
            order.insert(place, scene)
        return order

    def by_hand(self, strip: Strip) -> tuple[int, str, bool, str, int]:
        """Daylight first, a location at a time, exteriors before interiors, a set at a time."""
        return (BANDS[strip.band] if self.light else 0, strip.location, not strip.exterior, strip.set, strip.scene)

    def blocks(self, strips: list[Strip]) -> list[int] | None:
        """Exact over strips while there are few, over blocks of one set and light when there are many."""
        groups = [[strip] for strip in strips]
        if len(groups) > MOST:
            bound = {scene for pair in self.before for scene in pair}
            merged: dict[tuple[str, ...], list[Strip]] = {}
            for strip in strips:
                key = (str(strip.scene),) if strip.scene in bound else (strip.location, strip.set, strip.band)
                merged.setdefault(key, []).append(strip)
            groups = list(merged.values())
        if len(groups) > MOST:
            return None
        order = self._solve(groups)
        return [strip.scene for i in order for strip in groups[i]] if order else None

    def _solve(self, groups: list[list[Strip]]) -> list[int] | None:
        n = len(groups)
        table = [self._step(a[-1], b[0]) for a in groups for b in groups]
        table += [0] * n
        table += [sum(strip.minutes for strip in group) for group in groups]
        table += [self._earlier(groups, i) for i in range(n)]
        table += [self.pinned.get(group[0].scene, -1) for group in groups]
        masks = self._masks(groups)
        table += [len(masks), *masks]
        out = array([0] * (n + 1))
        best, back = array([0] * ((1 << n) * n)), array([0] * ((1 << n) * n))
        cheapest(array(table), n, best, back, out)
        return [int(i) for i in out[:n]] if out[n] else None

    def _step(self, one: Strip, other: Strip) -> int:
        a, b = self.places[one.location], self.places[other.location]
        price = MOVE * self.prices[a * len(self.places) + b] + (MOVE if a != b else 0)
        return price + (SET_CHANGE if one.set != other.set or one.int_ext != other.int_ext else 0)

    def _earlier(self, groups: list[list[Strip]], i: int) -> int:
        mine, mask = {strip.scene for strip in groups[i]}, 0
        for j, group in enumerate(groups):
            ordered = any((strip.scene, scene) in self.before for strip in group for scene in mine)
            light = self.light and groups[i][0].band == "N" and group[0].band == "D"
            if i != j and (ordered or light):
                mask |= 1 << j
        return mask

    def _masks(self, groups: list[list[Strip]]) -> list[int]:
        found: dict[str, int] = {}
        for i, group in enumerate(groups):
            for ident in {c for strip in group for c in strip.cast}:
                found[ident] = found.get(ident, 0) | (1 << i)
        return [mask for mask in found.values() if mask & (mask - 1)]
