"""Quality against cost as SVG: a point a model, its interval as a line, and the frontier no other model beats."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from evals.curves import hull

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 420, 240, 46, 34, 14, 120
CHEAPEST = 1e-7  # dollars at which what is free is drawn: the axis is logarithmic


def scatter(rows: Sequence[Mapping[str, Any]]) -> str:
    """Models as points; free ones stand at the left edge."""
    costs = [max(CHEAPEST, row["usd_per_sample"]) for row in rows]
    low, high = math.floor(math.log10(min(costs))), math.ceil(math.log10(max(costs)) + 1e-9)
    high = max(high, low + 2)
    lowest = min(row["low"] for row in rows)
    bottom = next(edge for edge in (0.8, 0.6, 0.4, 0.2, 0.0) if edge <= lowest)

    def x(cost: float) -> float:
        return LEFT + (math.log10(max(CHEAPEST, cost)) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return float(HEIGHT - BOTTOM - (value - bottom) / (1 - bottom) * (HEIGHT - BOTTOM - TOP))

    best = hull([(cost, row["value"]) for cost, row in zip(costs, rows, strict=True)])
    line = " ".join(f"{x(cost):.1f},{y(value):.1f}" for cost, value in best)
    points = "".join(_point(x(cost), y, row) for cost, row in zip(costs, rows, strict=True))
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="quality against cost">'
        f"{_axes(low, high, bottom, x, y)}<polyline class='front' points='{line}'/>{points}</svg>"
    )


def _point(at: float, y: Any, row: Mapping[str, Any]) -> str:
    middle, high, low = y(row["value"]), y(row["high"]), y(row["low"])
    return (
        f"<line class='whisker' x1='{at:.1f}' x2='{at:.1f}' y1='{high:.1f}' y2='{low:.1f}'/>"
        f"<circle cx='{at:.1f}' cy='{middle:.1f}' r='4'/>"
        f"<text x='{at + 8:.1f}' y='{middle + 4:.1f}'>{escape(row['model'])}</text>"
    )


def _axes(low: int, high: int, bottom: float, x: Any, y: Any) -> str:
    parts = []
    for power in range(low, high + 1, 1 if high - low < 5 else 2):
        label = "free" if 10**power <= CHEAPEST else f"${10.0**power:.{max(0, -power)}f}"
        parts.append(
            f"<text class='tick' x='{x(10.0**power):.1f}' y='{HEIGHT - 16}' text-anchor='middle'>{label}</text>"
        )
    steps = 4
    for step in range(steps + 1):
        value = bottom + (1 - bottom) * step / steps
        parts.append(
            f"<line class='grid' x1='{LEFT}' x2='{WIDTH - RIGHT}' y1='{y(value):.1f}' y2='{y(value):.1f}'/>"
            f"<text class='tick' x='{LEFT - 6}' y='{y(value) + 4:.1f}' text-anchor='end'>{value:.2f}</text>"
        )
    parts.append(
        f"<text class='tick' x='{(LEFT + WIDTH - RIGHT) / 2:.0f}' y='{HEIGHT - 2}' text-anchor='middle'>"
        "US dollars a sample</text>"
    )
    return "".join(parts)
