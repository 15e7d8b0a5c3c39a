"""Is it the schedule or the continuity that is asked, and for which days? Read beside the grammar of the script."""

import re
from dataclasses import dataclass
from functools import cache

from assistant.knowledge.builtin.language import LANGUAGES, load_yaml

_NUMBERS = re.compile(r"(?<![\w#-])#?(\d+[a-z]{0,2})\b")
_ISO = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b")


@dataclass(frozen=True)
class Shooting:
    """One language's words for the shoot, compiled. An intent is (name, what it needs, pattern)."""

    intents: tuple[tuple[str, str, re.Pattern[str]], ...]
    words: re.Pattern[str]
    weekdays: re.Pattern[str]
    names: tuple[str, ...]  # of the weekdays
    dates: re.Pattern[str]
    months: tuple[str, ...]
    day: re.Pattern[str]
    story: re.Pattern[str]
    near: dict[str, str]
    states: dict[str, re.Pattern[str]]  # kind of state → the words that ask for it


@cache
def shooting(language: str) -> Shooting:
    """The words of a language that has them, else English."""
    raw = load_yaml("shooting.yaml")[language if language in LANGUAGES else "en"]
    months = "|".join(raw["months"])
    dates = rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of| de)? ({months})\b|\b({months}) (\d{{1,2}})(?:st|nd|rd|th)?\b"
    return Shooting(
        tuple((name, needs, re.compile(pattern)) for name, needs, pattern in raw["intents"]),
        re.compile(raw["words"]),
        re.compile(rf"\b({'|'.join(raw['weekdays'])})s?\b"),
        tuple(raw["weekdays"]),
        re.compile(dates),
        tuple(raw["months"]),
        re.compile(raw["day"]),
        re.compile(raw["story"]),
        {raw["today"]: "+0", raw["tomorrow"]: "+1"},
        {kind: re.compile(pattern) for kind, pattern in raw["states"].items()},
    )


def days_in(text: str, words: Shooting) -> list[str]:
    """The shooting days a question names: "3" by number, "2026-12-01", "12-01", "w1" for Tuesday, "+1" tomorrow."""
    found = [match.group(1) for match in _ISO.finditer(text)]
    for match in words.dates.finditer(text):
        day, month = match.group(1) or match.group(4), match.group(2) or match.group(3)
        found.append(f"{words.months.index(month) + 1:02d}-{int(day):02d}")
    found += [match.group(1) for match in words.day.finditer(text)]
    if not found:
        found += [f"w{words.names.index(match.group(1))}" for match in words.weekdays.finditer(text)]
    if not found:
        found += [sign for word, sign in words.near.items() if re.search(rf"\b{word}\b", text)]
    return list(dict.fromkeys(found))


def story_days_in(text: str, words: Shooting) -> list[str]:
    """The script days a question names: "2", "d2", "n1"."""
    return list(dict.fromkeys(match.group(1).upper() for match in words.story.finditer(text)))


def bare_scenes(text: str) -> list[str]:
    """Scene numbers without the word, as in "between 14 and 15"."""
    return list(dict.fromkeys(match.group(1) for match in _NUMBERS.finditer(text)))
