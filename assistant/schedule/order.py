"""The order inside a day: exact dynamic programming over which strips are done and which was last."""

from collections.abc import Sequence
from typing import Any

from assistant.domain.schedule import Problem, Strip
from assistant.schedule.board import BANDS, location_index, move_prices, precedences
from assistant.schedule.kernel import COMPILED, array, compiled, zeros

EDGE = ("DAWN", "DUSK")
MOST = 14 if COMPILED else 9  # strips: beyond that, groups of one location and set are ordered as blocks
DARK = frozenset({"NIGHT", "EVENING"})
# In falling order: a company move, an exterior after an interior, another set, another light; together they outweigh
# waiting minutes.
RELIGHT, DAY_AGAIN, SET_CHANGE, OUTSIDE_LATE, MOVE = 1_000, 500, 10_000, 100_000, 10_000_000


@compiled
def cheapest(table: Any, best: Any, back: Any, out: Any) -> None:
    """Fills `out` with the cheapest order, and 1 behind it when there is one.

    `table` is: strips n, performers p, n first prices, n × n step prices, n minutes, n masks of what comes earlier, n
    places (−1: any), p masks of the strips a performer is in.
    """
    n = table[0]
    full = (1 << n) - 1
    for s in range((1 << n) * n):
        best[s] = 1 << 60
    for done in range(full):
        for i in range(n):
            if allowed(table, done, i):
                relax(table, best, back, done, i)
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
def allowed(table: Any, done: int, i: int) -> bool:
    """May strip i follow once these are done?"""
    n, size = table[0], 0
    earlier, place = 2 + n * n + 2 * n, 2 + n * n + 3 * n
    if (done >> i) & 1 or table[earlier + i] & ~done:
        return False
    for j in range(n):
        size += (done >> j) & 1
    for j in range(n):
        if table[place + j] == size and j != i:
            return False
    return bool(table[place + i] < 0 or table[place + i] == size)


@compiled
def relax(table: Any, best: Any, back: Any, done: int, i: int) -> None:
    """Strip i next, after every possible last one; cast that came before and comes after waits."""
    n, wait = table[0], 0
    for p in range(table[1]):
        mask = table[2 + n * n + 4 * n + p]
        if not (mask >> i) & 1 and mask & done and mask & ~done:
            wait += table[2 + n * n + n + i]
    goal = (done | (1 << i)) * n + i
    if done == 0:
        best[goal] = table[2 + i] + wait
    for last in range(n):
        if (done >> last) & 1:
            price = best[done * n + last] + table[2 + n + last * n + i] + wait
            if price < best[goal]:
                best[goal] = price
                back[goal] = last


def light_of(strip: Strip) -> str:
    """What light a strip waits for: dawn and dusk only where the sky is seen, else its call."""
    return str(strip.time_of_day) if strip.exterior and strip.time_of_day in EDGE else strip.band + "E" * strip.exterior


def skylight(strips: Sequence[Strip]) -> dict[str, int]:
    """When each light comes on this day: dusk before dark; dawn first, or last where the day is a night."""
    night = any(strip.band == "N" for strip in strips) and not any(strip.band == "D" for strip in strips)
    return {"DAWN": 4 if night else 0, "DE": 1, "DUSK": 2, "NE": 3}


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

    def by_hand(self, strip: Strip) -> tuple[int, str, bool, str, bool, int]:
        """Daylight first, a location at a time, exteriors before interiors, a set at a time, day before night."""
        band, dark = BANDS[strip.band] if self.light else 0, strip.time_of_day in DARK
        return (band, strip.location, not strip.exterior, strip.set, dark, strip.scene)

    def blocks(self, strips: list[Strip]) -> list[int] | None:
        """Exact over strips while there are few, over blocks of one set and light when there are many."""
        groups = [[strip] for strip in strips]
        for looks in (True, False):
            groups = self._merged(strips, looks) if len(groups) > MOST else groups
        if len(groups) > MOST:
            return None
        order = (self.light and self._solve(groups, skylight(strips))) or self._solve(groups, {})
        return [strip.scene for i in order for strip in groups[i]] if order else None

    def _merged(self, strips: Sequence[Strip], looks: bool) -> list[list[Strip]]:
        """Strips of one set that can follow each other, with `looks` those lit for day and for night apart."""
        bound = {scene for pair in self.before for scene in pair}
        merged: dict[tuple[str, ...], list[Strip]] = {}
        for strip in strips:
            key = (strip.location, strip.set, light_of(strip), str(looks and strip.time_of_day in DARK))
            merged.setdefault((str(strip.scene),) if strip.scene in bound else key, []).append(strip)
        return list(merged.values())

    def _solve(self, groups: list[list[Strip]], sky: dict[str, int]) -> list[int] | None:
        n = len(groups)
        masks = self._masks(groups)
        table = [n, len(masks), *([0] * n)]
        table += [self._step(a[-1], b[0]) for a in groups for b in groups]
        table += [sum(strip.minutes for strip in group) for group in groups]
        table += [self._earlier(groups, i, sky) for i in range(n)]
        table += [self.pinned.get(group[0].scene, -1) for group in groups]
        out, room = zeros(n + 1), (1 << n) * n
        cheapest(array(table + masks), zeros(room), zeros(room), out)
        return [int(i) for i in out[:n]] if out[n] else None

    def _step(self, one: Strip, other: Strip) -> int:
        a, b = self.places[one.location], self.places[other.location]
        price = MOVE * self.prices[a * len(self.places) + b] + (MOVE if a != b else 0)
        backward = OUTSIDE_LATE if other.exterior and not one.exterior else 0
        dark, then = one.time_of_day in DARK, other.time_of_day in DARK
        relight = RELIGHT + DAY_AGAIN * dark if dark != then else 0
        return price + backward + relight + (SET_CHANGE if one.set != other.set or one.int_ext != other.int_ext else 0)

    def _earlier(self, groups: list[list[Strip]], i: int, sky: dict[str, int]) -> int:
        mine, mask = {strip.scene for strip in groups[i]}, 0
        for j, group in enumerate(groups):
            ordered = any((strip.scene, scene) in self.before for strip in group for scene in mine)
            light = self.light and groups[i][0].band == "N" and group[0].band == "D"
            mine_at, its = sky.get(light_of(groups[i][0])), sky.get(light_of(group[0]))
            under_sky = mine_at is not None and its is not None and its < mine_at
            if i != j and (ordered or light or under_sky):
                mask |= 1 << j
        return mask

    def _masks(self, groups: list[list[Strip]]) -> list[int]:
        found: dict[str, int] = {}
        for i, group in enumerate(groups):
            for ident in {c for strip in group for c in strip.cast}:
                found[ident] = found.get(ident, 0) | (1 << i)
        return [mask for mask in found.values() if mask & (mask - 1)]
