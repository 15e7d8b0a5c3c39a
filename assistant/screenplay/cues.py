"""Character cues: the name apart from how it is heard, so that JOE and JOE (CONT'D) are one man."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from assistant.domain.characters import Cue
from assistant.screenplay.slugwords import fold

_GROUP = re.compile(r"[(\[（]([^()\[\]（）]*)[)\]）]?")
_APART = re.compile(r"\s*(?:[,;]|\s[-–—]\s|(?<=\w\.)/|(?<=CONT'D)/|/(?=CONT))\s*")
_BARE = re.compile(r"[\s,–—-]+(CONT(?:INUED|['’]?D|\.)?|V\.\s?O\.?|O\.\s?S\.?|O\.\s?C\.?)$", re.IGNORECASE)
_JOINED = re.compile(r"\s+(?:AND|ET|UND)\s+|(?<=\w\w)\s+[YE]\s+(?=\w\w)|\s*[/&+]\s*|\s*,\s+")


@dataclass(frozen=True, slots=True)
class _Table:
    continued: frozenset[str]
    extensions: dict[str, str]


def speaker(cue: str) -> Cue:
    """The cue taken apart. Never raises: what is no known extension is kept as written, in capitals."""
    text = " ".join(cue.replace("’", "'").replace("‘", "'").split()).removeprefix("@").removesuffix("^")
    bare = _GROUP.sub(" ", text)
    inside = [part for group in _GROUP.findall(text) for part in _APART.split(group) if part]
    name = " ".join(bare.split()).strip(" :,;-–—").upper()
    while found := _BARE.search(name):
        inside.append(found[1])
        name = name[: found.start()].strip(" :,;-–—")
    extensions: list[str] = []
    continued = False
    for part in inside:
        more, said = _extension(part)
        continued = continued or more
        if said and said not in extensions:
            extensions.append(said)
    return Cue(name, tuple(extensions), continued, _names(name))


def _extension(part: str) -> tuple[bool, str | None]:
    """Whether this part says the speech goes on, and what it says besides."""
    table = _table()
    key = _key(part)
    if key in table.continued:
        return True, None
    head, _, tail = key.rpartition(" ")
    if head and tail in table.continued:
        return True, table.extensions.get(head, head)
    return False, table.extensions.get(key, " ".join(part.upper().split()) or None)


def _key(part: str) -> str:
    return " ".join(fold(part).replace(".", "").split())


def _names(name: str) -> tuple[str, ...]:
    parts = [part.strip() for part in _JOINED.split(name)]
    if len(parts) > 1 and all(any(letter.isalpha() for letter in part) for part in parts):
        return tuple(dict.fromkeys(parts))
    return (name,) if name else ()


@lru_cache(maxsize=1)
def _table() -> _Table:
    raw = tomllib.loads(resources.files(__package__).joinpath("data/cues.toml").read_text("utf-8"))
    extensions = {" ".join(said.split()): short for short, names in raw["extensions"].items() for said in names}
    return _Table(frozenset(raw["continued"].split()), extensions)
