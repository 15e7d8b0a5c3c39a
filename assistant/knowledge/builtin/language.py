"""The words of asking, per language, loaded once from the files beside this one."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "es")
_LETTERS = re.compile(r"[^\w#'&-]+|(?<!\w)'|'(?!\w)", re.UNICODE)


@dataclass(frozen=True)
class Asking:
    """One language's grammar of questions, compiled."""

    language: str
    signs: frozenset[str]
    intents: tuple[tuple[str, re.Pattern[str]], ...]
    follow: re.Pattern[str]
    pronouns: dict[str, re.Pattern[str]]
    speaking: re.Pattern[str]
    times: dict[str, re.Pattern[str]]
    places: dict[str, re.Pattern[str]]
    scene: re.Pattern[str]
    to: re.Pattern[str]
    without: re.Pattern[str]
    either: re.Pattern[str]
    both: re.Pattern[str]
    inside: frozenset[str]
    frame: frozenset[str]
    categories: dict[str, re.Pattern[str]]


@cache
def asking(language: str) -> Asking:
    """The grammar of a language that has one, else English."""
    chosen = language if language in LANGUAGES else "en"
    raw = load_yaml(f"{chosen}.yaml")
    return Asking(
        chosen,
        frozenset(raw["signs"]),
        tuple((name, re.compile(pattern)) for name, pattern in raw["intents"]),
        re.compile(raw["follow"]),
        {name: re.compile(pattern) for name, pattern in raw["pronouns"].items()},
        re.compile(raw["speaking"]),
        {name: re.compile(pattern) for name, pattern in raw["times"].items()},
        {name: re.compile(pattern) for name, pattern in raw["places"].items()},
        re.compile(raw["scene"]),
        re.compile(rf"\s*{raw['to']}\s*"),
        re.compile(raw["without"]),
        re.compile(raw["or"]),
        re.compile(raw["and"]),
        frozenset(raw["in"]),
        frozenset(raw["frame"].split()),
        {name: re.compile(rf"\b(?:{pattern})\b") for name, pattern in raw["categories"].items()},
    )


@cache
def kinds() -> dict[str, tuple[str, ...]]:
    """What a word may also be called in the script."""
    return {name: tuple(others) for name, others in load_yaml("kinds.yaml")["kinds"].items()}


@cache
def english() -> dict[str, str]:
    """Spanish words for things, in English."""
    words: dict[str, str] = load_yaml("kinds.yaml")["es_en"]
    return words


@cache
def spanish() -> dict[str, str]:
    """English words for things, in Spanish."""
    return {there: here for here, there in reversed(english().items())}


@cache
def phrases(language: str) -> dict[str, str]:
    """The built-in model's sentences."""
    said: dict[str, dict[str, str]] = load_yaml("say.yaml")
    return said.get(language, said["en"])


def say(language: str, key: str, **values: Any) -> str:
    """One sentence, its first letter as a sentence has it."""
    text = phrases(language)[key].format(**values)
    return text if key == "quote" else text[:1].upper() + text[1:]


def fold(text: str) -> str:
    """Lower case, without accents and without punctuation except what scene numbers and names need."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(_LETTERS.sub(" ", bare.replace("’", "'").replace("¿", " ").replace("¡", " ")).split())


def language_of(question: str, default: str = "en") -> str:
    """English or Spanish, by the small words; the conversation's language when nothing tells."""
    words = fold(question).split()
    counts = {language: sum(word in asking(language).signs for word in words) for language in LANGUAGES}
    if "¿" in question or "¡" in question:
        counts["es"] += 2
    if counts["en"] == counts["es"]:
        return default if default in LANGUAGES else "en"
    return max(counts, key=lambda language: counts[language])


def load_yaml(name: str) -> Any:
    """A file of words beside this one."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), loader)  # one of the two safe loaders
