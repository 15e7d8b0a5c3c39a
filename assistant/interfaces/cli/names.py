"""The trade's names as people type them."""

import difflib
from collections.abc import Iterable

from assistant.domain.categories import FACTS, Category
from assistant.errors import NotFound


def spelled(name: str, known: Iterable[str]) -> str:
    """ "Did you mean /scene?", or nothing where nothing is near."""
    near = difflib.get_close_matches(name.casefold(), {item.casefold(): item for item in known}, n=1, cutoff=0.5)
    return f"Did you mean {near[0]}?" if near else ""


def category_named(name: str) -> Category:
    """A category by key or label, any case ("props", "Makeup/Hair"). Raises NotFound with the nearest."""
    known = {category.value: category for category in Category}
    known |= {facts.label.casefold(): category for category, facts in FACTS.items()}
    wanted = name.strip().casefold()
    for key in (wanted, wanted.replace(" ", "_").replace("-", "_")):
        if key in known:
            return known[key]
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.4)
    hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(category.value for category in Category)}."
    raise NotFound(f"There is no category {name!r}.", hint)
