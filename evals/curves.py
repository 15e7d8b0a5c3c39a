"""Figures that score a router: share of the gap closed, calls to the strong model, area under the hull."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """Quality against the share of questions sent to the strong model, in per cent."""

    strong: Floats
    quality: Floats
    weak_alone: float
    strong_alone: float

    @property
    def apgr(self) -> float:
        """Average share of the gap between weak and strong that is closed; 0.5 = sending at random."""
        width = self.strong[-1] - self.strong[0]
        area = float(np.trapezoid(self.quality, self.strong))
        return float((area - self.weak_alone * width) / ((self.strong_alone - self.weak_alone) * width))

    def cpt(self, share: float) -> float:
        """Per cent of questions the strong model has to answer to close `share` of the gap."""
        wanted = self.weak_alone + share * (self.strong_alone - self.weak_alone)
        order = np.argsort(self.quality, kind="stable")
        return float(np.interp(wanted, self.quality[order], self.strong[order]))


def curve(score: Floats, weak: Floats, strong: Floats, bins: int = 10) -> Curve:
    """Send the highest scores to the strong model, at thresholds that cut the scores into equal parts."""
    thresholds = np.unique(np.quantile(score, np.linspace(0, 1, bins + 1)))[::-1]
    sent = [score >= threshold for threshold in thresholds]
    return Curve(
        np.array([100 * picked.mean() for picked in sent]),
        np.array([np.where(picked, strong, weak).mean() for picked in sent]),
        float(weak.mean()),
        float(strong.mean()),
    )


def hull(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points (cost, quality) that no mix of others beats, from the cheapest to the best."""
    kept: list[tuple[float, float]] = []
    for cost, quality in sorted(points, key=lambda p: (p[0], -p[1])):
        if kept and quality <= kept[-1][1]:
            continue
        while len(kept) > 1 and _turns_up(kept[-2], kept[-1], (cost, quality)):
            kept.pop()
        kept.append((cost, quality))
    return kept


def aiq(points: Sequence[tuple[float, float]], lowest: float, highest: float) -> float:
    """Mean quality over costs from `lowest` to `highest` along the hull, flat beyond its ends."""
    if highest <= lowest:
        return max(quality for _, quality in points)
    costs, qualities = (np.array(side) for side in zip(*hull(points), strict=True))
    grid = np.unique(np.concatenate([[lowest, highest], costs[(costs > lowest) & (costs < highest)]]))
    return float(np.trapezoid(np.interp(grid, costs, qualities), grid) / (highest - lowest))


def cost_for(points: Sequence[tuple[float, float]], quality: float) -> float | None:
    """The cost at which the hull reaches a quality; None when it never does."""
    costs, qualities = (np.array(side) for side in zip(*hull(points), strict=True))
    return float(np.interp(quality, qualities, costs)) if quality <= qualities[-1] else None


def arena(accuracy: float, usd_per_1k: float, beta: float = 0.1) -> float:
    """RouterArena's score of accuracy and cost."""
    cheap = (np.log2(200) - np.log2(usd_per_1k)) / (np.log2(200) - np.log2(0.0044))
    return float((1 + beta) * accuracy * cheap / (beta * accuracy + cheap))


def _turns_up(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    return (b[1] - a[1]) * (c[0] - b[0]) <= (c[1] - b[1]) * (b[0] - a[0])
