"""Animals with a name: introduced in capitals beside what they are ("a wet terrier, BISCUIT")."""

import re
from collections.abc import Iterable

from assistant.breakdown.vocabulary import has, vocabulary
from assistant.domain.categories import Category

_NAME = r"(?P<name>[A-ZÀ-ÖØ-Þ]{3,})\b(?!\s+[A-ZÀ-ÖØ-Þ]{2,})"
_LINK = r"(?:,\s+|,?\s+(?:called|named|llamad[oa])\s+)"


def named_animals(lines: Iterable[str], language: str) -> tuple[str, ...]:
    """The animals' names, as they are introduced, in the order of the script."""
    if not has(language):
        return ()
    words = vocabulary(language)
    kinds = sorted((name for name, entry in words.entries.items() if entry.category is Category.ANIMALS), key=len)
    introduced = re.compile(rf"\b(?:{'|'.join(map(re.escape, reversed(kinds)))}){_LINK}{_NAME}")
    return tuple(dict.fromkeys(match["name"] for line in lines for match in introduced.finditer(line)))
