"""How long a company move takes where nobody has said: from coordinates, as the crow flies, by road."""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

from assistant.domain.schedule import Location

EARTH = 6371.0  # km
DETOUR = 1.3  # roads are longer than the straight line
SPEED = 45.0  # km an hour, a unit move with its trucks


def kilometres(one: Location, other: Location) -> float | None:
    """The great circle between two places; None where one of them has no coordinates."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    north, south = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    half = math.sin((south - north) / 2) ** 2 + math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


def estimated(places: Sequence[Location], told: Sequence[tuple[str, str, int]]) -> Iterator[tuple[str, str, int]]:
    """Minutes between every two places with coordinates, but for those that were told."""
    known = {frozenset((one, other)) for one, other, _ in told}
    for one, other in combinations(places, 2):
        far = kilometres(one, other)
        if far is not None and frozenset((one.id, other.id)) not in known:
            yield one.id, other.id, math.ceil(far * DETOUR / SPEED * 60)
