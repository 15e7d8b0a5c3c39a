"""Who is in a scene: everyone with a cue, and everyone whose name the action puts there."""

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.breakdown.vocabulary import Vocabulary
from assistant.breakdown.words import Token, quote_around, tokens
from assistant.domain.breakdown import Element, Quote, SceneFacts
from assistant.domain.categories import Category
from assistant.domain.screenplay import Line, Scene

Span = tuple[int, int]
SEEN_KINDS = frozenset({"action", "parenthetical", "shot", "general", "centered"})
_EXTENSION = re.compile(r"\([^)]*\)?|\^|^@")
_JOINED = re.compile(r"\s*(?:/|&|,|\bAND\b|\bY\b)\s*")
_TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "dr", "doctor", "detective", "officer", "agent", "captain", "sergeant", "professor"}
    | {"father", "sister", "uncle", "aunt", "the"}
)
_NOBODY = frozenset({"ALL", "BOTH", "EVERYONE", "EVERYBODY", "TODOS", "TODAS", "AMBOS", "TOUS", "ALLE"})
_SHORTEST_PART = 4


def cue_name(text: str) -> str:
    """The role a cue names, without (O.S.), (CONT'D) and the dual dialogue mark."""
    return " ".join(_EXTENSION.sub(" ", text).upper().replace("’", "'").split())


def speakers(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The roles of one cue; "JAKE AND MINA" is two where both are known."""
    name = cue_name(text)
    parts = tuple(part for part in _JOINED.split(name) if part)
    if name not in known and len(parts) > 1 and all(part in known for part in parts):
        return parts
    return (name,) if name not in _NOBODY and any(letter.isalpha() for letter in name) else ()


@lru_cache(maxsize=64)
def _names(characters: tuple[str, ...]) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    """A pattern for every way action lines write the names, and what each way stands for."""
    spelled: dict[str, str] = {}
    for name in characters:
        for written in (name.upper(), _title(name)):
            spelled.setdefault(written, name)
    for part, name in _unique_parts(characters).items():
        for written in (part.upper(), part.title()):
            spelled.setdefault(written, name)
    ways = sorted((way for way in spelled if way), key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w'’-])(?:{'|'.join(map(re.escape, ways))})(?!\w)") if ways else None
    return pattern, spelled


def _title(name: str) -> str:
    return re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)?", lambda word: word.group().capitalize(), name.lower())


def _unique_parts(characters: tuple[str, ...]) -> dict[str, str]:
    """First or last names that only one role has: "MINA TUCKER" is also Mina."""
    owners: dict[str, set[str]] = {}
    for name in characters:
        words = name.split()
        for word in words if len(words) > 1 else ():
            if word.isalpha() and len(word) >= _SHORTEST_PART and word.lower() not in _TITLES:
                owners.setdefault(word, set()).add(name)
    whole = {word for name in characters if len(name.split()) == 1 for word in (name,)}
    return {word: next(iter(names)) for word, names in owners.items() if len(names) == 1 and word not in whole}


def cast(scene: Scene, facts: SceneFacts, words: Vocabulary | None) -> Iterator[Element]:
    """One element a role, by its cue or the first line that shows it."""
    found: dict[str, Element] = {}
    for line in scene.lines:
        if line.kind == "character":
            for name in speakers(line.text, facts.characters):
                found.setdefault(name, _member(scene, line, name, line.text.strip()))
        elif line.kind in SEEN_KINDS and line.kind != "parenthetical":
            for name, span in shown(line.text, facts.characters, words):
                found.setdefault(name, _member(scene, line, name, quote_around(line.text, *span)))
    yield from found.values()


def _member(scene: Scene, line: Line, name: str, quote: str) -> Element:
    return Element(scene.ordinal, Category.CAST, name, Quote(scene.ordinal, line.number, quote))


def named_spans(text: str, characters: tuple[str, ...]) -> list[tuple[str, Span]]:
    """Every place where a known name is written as a name (capitals or initial capitals)."""
    pattern, spelled = _names(characters)
    if pattern is None:
        return []
    return [(spelled[match.group()], match.span()) for match in pattern.finditer(text)]


def shown(text: str, characters: tuple[str, ...], words: Vocabulary | None) -> Iterator[tuple[str, Span]]:
    """Names that the line puts into the scene; a letter from someone does not."""
    spans = named_spans(text, characters)
    if not spans:
        return
    line_tokens = tokens(text)
    for name, span in spans:
        if words is None or (not is_thing(name, words) and not _only_told(line_tokens, span, words)):
            yield name, span


def is_thing(name: str, words: Vocabulary) -> bool:
    """A machine that speaks once ("PRINTER") is cast where it has a cue and a prop elsewhere."""
    entry = words.entries.get(name.lower())
    return entry is not None and entry.category is not Category.BACKGROUND and not entry.doubtful


def _only_told(line: list[Token], span: Span, words: Vocabulary) -> bool:
    inside = [i for i, token in enumerate(line) if span[0] <= token.start < span[1]]
    if not inside:
        return False
    first, last = inside[0], inside[-1]
    following = line[last + 1].lower if last + 1 < len(line) else ""
    owns = line[last].owner
    if owns and following in words["presence_not"]:
        return True
    if not owns and following in words["reported"]:
        return True
    if first and line[first - 1].lower in words["recalled"]:
        return True
    return _after_told(line, first, words)


def _after_told(line: list[Token], first: int, words: Vocabulary) -> bool:
    """ "the folder from Mr. Han", "a photo of Mina"."""
    if first < 2 or line[first - 1].lower not in words["relations"]:
        return False
    return words.singular(line[first - 2].lower) in words["told_of"]
