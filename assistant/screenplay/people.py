"""The vocabulary that tells people from things in capitals, and one person's names from another's."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class People:
    """Folded words, by what they say of a name."""

    roles: frozenset[str]
    noise: frozenset[str]
    articles: frozenset[str]
    titles: frozenset[str]
    women: frozenset[str]
    men: frozenset[str]
    apart: frozenset[str]
    voices: frozenset[str]
    everyone: frozenset[str]
    images: frozenset[str]
    linking: frozenset[str]
    of: frozenset[str]
    about: frozenset[str]
    again: frozenset[str]
    joiners: frozenset[str]
    nicknames: dict[str, frozenset[str]]

    def is_role(self, word: str) -> bool:
        """Whether a folded word says what somebody is: NURSE, NOZZLEMAN, KELLNERIN."""
        return word in self.roles or (len(word) > 5 and word.endswith(("MAN", "WOMAN")))

    def core(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """A name without its titles: MR SMITH → SMITH. A name that is only a title stays."""
        kept = tuple(word for word in words if word not in self.titles)
        return kept or words


@lru_cache(maxsize=1)
def people() -> People:
    """The tables, read once from the file that ships beside this module."""
    raw = tomllib.loads(resources.files(__package__).joinpath("data/people.toml").read_text("utf-8"))
    sets = {name: frozenset(listed.split()) for name, listed in raw["words"].items()}
    return People(
        roles=frozenset(word for listed in raw["roles"].values() for word in listed.split()),
        nicknames={name: frozenset(short.split()) for name, short in raw["nicknames"].items()},
        **sets,
    )
