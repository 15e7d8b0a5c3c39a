"""Action lines as words with their places, so that names and capitals are found without guessing at letters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.screenplay.slugwords import fold

_WORD = re.compile(
    r"#\s?\d+|(?<!\w)(?:[LDCJMNST]|QU|[ldcjmnst]|[Qq]u)['’](?=[^\W_]{2})|[^\W_]+(?:['’‘-][^\W_]+)*", re.UNICODE
)
_POSSESSIVE = ("'S", "'")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: as written, folded without a possessive, and where it stands."""

    text: str
    key: str
    start: int
    end: int
    possessive: bool = False

    @property
    def capital(self) -> bool:
        """Written in capitals throughout ("RAY", "McCLANE" too)."""
        base = self.text[:-2] if self.possessive else self.text
        letters = [letter for letter in base if letter.isalpha()]
        return bool(letters) and (
            base.isupper() or (base.startswith(("Mc", "Mac")) and base[3:].isupper() and len(base) > 4)
        )

    @property
    def named(self) -> bool:
        """Begins with a capital, or with a letter or digit that has none."""
        return not self.text[0].islower()


def split(text: str) -> list[Word]:
    """The words of a line, in order."""
    return [_word(found) for found in _WORD.finditer(text)]


def keys(name: str) -> tuple[str, ...]:
    """A name as the keys its words have in a line."""
    return tuple(word.key for word in split(name))


def _word(found: re.Match[str]) -> Word:
    text = found[0]
    key = fold(text).replace(" ", "").removesuffix("'")
    possessive = len(key) > 2 and key.endswith("'S")
    return Word(text, key[:-2] if possessive else key, found.start(), found.end(), possessive)


def same(words: Sequence[Word], start: int, name: Sequence[str]) -> bool:
    """Whether the words from `start` on are this name."""
    return len(words) - start >= len(name) and all(words[start + place].key == key for place, key in enumerate(name))
