"""The exact model of talent scheduling: of any three scenes one lies in the middle, and someone may wait for it."""

from itertools import combinations, permutations
from typing import Any

from assistant.schedule.cpsat import engine, solver_for
from assistant.schedule.talent import Core


def prove(core: Core, order: list[int], seconds: float, workers: int) -> tuple[list[int], int]:
    """The best order found and a lower bound on the hold cost, starting from a known order."""
    if seconds <= 0:
        return order, 0
    cp = engine()
    model = cp.CpModel()
    n = len(core.masks)
    before = _order(model, n)
    hold = _holds(model, core, before)
    price = sum(core.wages[a] * core.days[s] * x for (a, s), x in hold.items())
    place = {s: i for i, s in enumerate(order)}
    for (a, b), x in before.items():
        if a < b:
            model.add_hint(x, int(place[a] < place[b]))
    model.minimize(price)
    solver = solver_for(seconds, workers)
    status = solver.solve(model)
    if status not in (cp.OPTIMAL, cp.FEASIBLE):
        return order, max(0, int(solver.best_objective_bound))
    ranks = {a: sum(solver.boolean_value(before[b, a]) for b in range(n) if b != a) for a in range(n)}
    return sorted(range(n), key=ranks.__getitem__), max(0, round(solver.best_objective_bound))


def _order(model: Any, n: int) -> dict[tuple[int, int], Any]:
    """One literal for each pair: a comes before b."""
    before: dict[tuple[int, int], Any] = {}
    for a, b in combinations(range(n), 2):
        before[a, b] = model.new_bool_var(f"{a}<{b}")
        before[b, a] = before[a, b].negated()
    if n > 1:  # an order read backwards costs the same
        model.add_bool_or([before[0, 1]])
    for a, b, c in combinations(range(n), 3):
        model.add_bool_or([before[a, b].negated(), before[b, c].negated(), before[a, c]])
        model.add_bool_or([before[a, b], before[b, c], before[a, c].negated()])
    return before


def _holds(model: Any, core: Core, before: dict[tuple[int, int], Any]) -> dict[tuple[int, int], Any]:
    """hold[a, s]: actor a waits while scene s is shot, because s lies between two of his scenes."""
    n, hold = len(core.masks), {}
    for a in range(len(core.wages)):
        for s in range(n):
            if not core.masks[s] >> a & 1:
                hold[a, s] = model.new_bool_var(f"hold{a},{s}")
    for trio in combinations(range(n), 3):
        middle = {}
        for x, y, z in permutations(trio):
            if x < z:
                middle[y] = model.new_bool_var(f"{y} in {trio}")
                for one, other in ((x, z), (z, x)):
                    model.add_bool_or([before[one, y].negated(), before[y, other].negated(), middle[y]])
                both = core.masks[x] & core.masks[z] & ~core.masks[y]
                for a in range(len(core.wages)):
                    if both >> a & 1:
                        model.add_implication(middle[y], hold[a, y])
        model.add_exactly_one(middle.values())
    return hold
