"""The vocabulary of slug lines in six languages, so that headings are read by table and not by guesswork."""

import re
import tomllib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

_TOKEN = re.compile(r"[A-Z]+(?:[-'][A-Z]+)*'?|\d+(?:ST|ND|RD|TH|ER|EME)?")
_CLOCK = re.compile(
    r"\b(\d{1,2})(?:[:.](\d{2})(?::\d{2})?)?\s*([AP])\.?\s?M\b\.?"  # 3:00 PM
    r"|\b(\d{1,2})(?:[:.H](\d{2})|\s*(?:H|HRS|HORAS|UHR|HEURES|HOURS|O'CLOCK)\b)(?:\s*(?:UHR|HRS|HOURS|H)\b)?"
    r"|\b([01]\d|2[0-3])([0-5]\d)\s*(?:HRS|HOURS|H)\b"
)
_HOURS = ((5, "NIGHT"), (7, "DAWN"), (12, "MORNING"), (17, "AFTERNOON"), (20, "EVENING"), (24, "NIGHT"))


def fold(text: str) -> str:
    """Upper case without accents and with plain apostrophes: what two spellings of a word share."""
    plain = text.replace("\u2019", "'").replace("\u2018", "'").replace("ß", "ss").replace("ẞ", "SS")
    if plain.isascii():
        return plain.upper()
    split = unicodedata.normalize("NFKD", plain.upper())
    return "".join(letter for letter in split if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True)
class When:
    """What a piece of a heading says about time: a normalised time, or that it is the scene before's."""

    time: str | None
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Words:
    """The tables, keyed by folded word."""

    times: dict[str, str]
    inherits: frozenset[str]
    helpers: frozenset[str]
    phrases: dict[str, str]
    languages: dict[str, frozenset[str]]
    interior: tuple[str, ...]
    exterior: tuple[str, ...]
    omitted: frozenset[str]
    fillers: frozenset[str]

    def when(self, piece: str) -> When | None:
        """What `piece` says of time if it speaks of nothing else, else None."""
        folded = self._plain(piece)
        clock = _CLOCK.search(folded)
        tokens = _TOKEN.findall(_CLOCK.sub(" ", folded))
        known = [token for token in tokens if token in self.times or token in self.inherits]
        if not (known or clock) or not all(self._may_stand(token) for token in tokens):
            return None
        if "PRESENT DAY" in folded or folded.startswith("TO THE "):
            return None
        times = [self.times[token] for token in known if token in self.times]
        time = times[0] if times else _by_clock(clock) if clock else None
        return When(time, self._shared(known))

    def last_time(self, piece: str) -> When | None:
        """The time its last word names, whatever the words before are ("QUIZ NIGHT")."""
        folded = self._plain(piece)
        tokens = _TOKEN.findall(folded)
        if len(tokens) > 1 and not folded.endswith("PRESENT DAY") and tokens[-1] in self.times:
            return When(self.times[tokens[-1]], self.languages.get(tokens[-1], frozenset()))
        return None

    def _plain(self, piece: str) -> str:
        folded = re.sub(r"[(\[][^)\]]*[)\]]?", " ", fold(piece)) if piece[:1] not in "([" else fold(piece)
        for phrase, word in self.phrases.items():
            if phrase in folded:
                folded = folded.replace(phrase, word)
        return folded

    def _may_stand(self, token: str) -> bool:
        return token in self.times or token in self.inherits or token in self.helpers or token[0].isdigit()

    def _shared(self, tokens: list[str]) -> frozenset[str]:
        shared: frozenset[str] | None = None
        for token in tokens:
            here = self.languages.get(token, frozenset())
            shared = here if shared is None else shared & here
        return shared or frozenset()


def _by_clock(clock: re.Match[str]) -> str | None:
    hour12, _, half, hour24, _, military, _ = clock.groups()
    hour = int(hour12 or hour24 or military)
    if half:
        hour = hour % 12 + (12 if half == "P" else 0)
    return next((name for limit, name in _HOURS if hour < limit), None)


@lru_cache(maxsize=1)
def words() -> Words:
    """The tables, read once from the file that ships beside this module."""
    raw = tomllib.loads(resources.files(__package__).joinpath("data/headings.toml").read_text("utf-8"))
    languages: dict[str, set[str]] = defaultdict(set)
    times: dict[str, str] = {}
    for time, spoken in raw["times"].items():
        for language, names in spoken.items():
            for name in names:
                times[name] = time
                languages[name].add(language)
    for language, names in [*raw["inherits"].items(), *_spelled(raw)]:
        for name in names:
            languages[name].add(language)
    return Words(
        times=times,
        inherits=frozenset(name for names in raw["inherits"].values() for name in names),
        helpers=frozenset(raw["helpers"]["words"].split()),
        phrases=raw["phrases"],
        languages={name: frozenset(spoken) for name, spoken in languages.items()},
        interior=tuple(name for names in raw["interior"]["words"].values() for name in names),
        exterior=tuple(name for names in raw["exterior"]["words"].values() for name in names),
        omitted=frozenset(raw["omitted"]["words"].split()),
        fillers=frozenset(raw["omitted"]["fillers"].split()),
    )


def _spelled(raw: dict[str, dict[str, dict[str, list[str]]]]) -> list[tuple[str, list[str]]]:
    return [*raw["interior"]["words"].items(), *raw["exterior"]["words"].items()]
