"""The trade's words for one language, read once from the data files beside this module."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from assistant.breakdown.words import singular
from assistant.domain.categories import Category

_FOLDER = Path(__file__).parent / "lexicon"
_SHORT = {"background": "background_actors", "either": "set_dressing"}
_PHRASE = re.compile(r'"[^"]+"|\S+')
LANGUAGES = ("en", "es")
LONGEST = 4  # words of the longest entry that is looked up


@dataclass(frozen=True, slots=True)
class Entry:
    """One word. `shifts`: dressing until a hand takes it; `doubtful`: counts only where it stands like a noun."""

    category: Category
    doubtful: bool = False
    shifts: bool = False


@dataclass(frozen=True, slots=True)
class Sense:
    """One reading of a word, chosen when `near` stands in its sentence and `unless` does not; None = no element."""

    category: Category | None
    near: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sentence that says what a scene needs without naming it plainly."""

    category: Category
    name: str
    match: re.Pattern[str]
    unless: re.Pattern[str] | None
    implied: bool


@dataclass(frozen=True)
class Vocabulary:
    """Everything the rules know of a language."""

    language: str
    entries: Mapping[str, Entry]
    starts: frozenset[str]  # first words of entries of several words
    plural_only: frozenset[str]
    senses: Mapping[str, tuple[Sense, ...]]
    patterns: Mapping[str, tuple[Pattern, ...]]
    idioms: Mapping[str, tuple[str, ...]]  # by first word
    grammar: Mapping[str, frozenset[str]]
    numbers: Mapping[str, int]
    comparisons: frozenset[tuple[str, str]]
    adjectives_follow: bool = False

    def __getitem__(self, group: str) -> frozenset[str]:
        return self.grammar[group]

    def singular(self, word: str) -> str:
        """The singular of one word, by this language."""
        return singular(word, self.language)


def has(language: str) -> bool:
    """Whether there is a lexicon of this language."""
    return language in LANGUAGES


@lru_cache(maxsize=len(LANGUAGES))
def vocabulary(language: str) -> Vocabulary:
    """The lexicon of a language that `has` one."""
    words, acts = _read(language), _read(f"{language}_patterns")
    grammar = {**words["grammar"], **{key: words[key] for key in ("handled", "handled_surely", "not_things")}}
    entries = _entries(words["nouns"])
    return Vocabulary(
        language=language,
        entries=entries,
        starts=frozenset(name.split()[0] for name in entries if " " in name),
        plural_only=frozenset(_commas(words["plural_only"])),
        senses={word: tuple(_sense(row) for row in rows) for word, rows in acts["senses"].items()},
        patterns=_patterns(acts["patterns"]),
        idioms=_by_first_word(_commas(acts["idioms"])),
        grammar={key: _spaces(text) for key, text in grammar.items() if isinstance(text, str)},
        numbers=grammar["numbers"],
        comparisons=frozenset((one, two) for one, two in map(str.split, _commas(grammar["comparisons"]))),
        adjectives_follow=bool(grammar.get("adjectives_follow")),
    )


def _read(name: str) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=loader)
    return data


def _commas(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _spaces(text: str) -> frozenset[str]:
    return frozenset(part.strip('"') for part in _PHRASE.findall(text))


def _entries(nouns: Mapping[str, str]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for key, text in nouns.items():
        category = Category(_SHORT.get(key, key))
        for name in _commas(text):
            found.setdefault(name.rstrip("*"), Entry(category, name.endswith("*"), key == "either"))
    return found


def _pattern_or_none(text: str | None, flags: int = re.IGNORECASE) -> re.Pattern[str] | None:
    return re.compile(text, flags) if text else None


def _sense(row: Mapping[str, Any]) -> Sense:
    key = row.get("is", "none")
    category = None if key == "none" else Category(_SHORT.get(key, key))
    near, unless = _pattern_or_none(row.get("near")), _pattern_or_none(row.get("unless"))
    return Sense(category, near, unless, row.get("name", ""))


def _patterns(rows: list[dict[str, Any]]) -> dict[str, tuple[Pattern, ...]]:
    index: dict[str, list[Pattern]] = {}
    for row in rows:
        words = row["wake"].split()
        match = row.get("match") or rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)"
        category = Category(_SHORT.get(row["is"], row["is"]))
        match = match.replace("[A-Z]", "(?-i:[A-Z])")
        unless = _pattern_or_none(row.get("unless"))
        pattern = Pattern(category, row["name"], re.compile(match, re.IGNORECASE), unless, row.get("implied", False))
        for word in words:
            index.setdefault(word, []).append(pattern)
    return {word: tuple(found) for word, found in index.items()}


def _by_first_word(phrases: list[str]) -> dict[str, tuple[str, ...]]:
    index: dict[str, list[str]] = {}
    for phrase in phrases:
        index.setdefault(re.split(r"[ -]", phrase)[0], []).append(phrase)
    return {word: tuple(sorted(found, key=len, reverse=True)) for word, found in index.items()}
