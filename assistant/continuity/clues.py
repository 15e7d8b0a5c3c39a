"""What a scene's heading, titles and first words say about the day it plays on."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from assistant.domain.breakdown import Quote
from assistant.domain.continuity import DayTurn
from assistant.domain.screenplay import Line, Scene

LEXICON = Path(__file__).parent / "lexicon"
_FIRST = 3  # paragraphs of a scene in which a title or "The next morning" may stand
_LAST = 2  # and of the scene before
_OPENING = 60  # characters of a paragraph
_DATE = re.compile(
    r"\b((?:jan|febr?|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?) (\d{1,2})(?:st|nd|rd|th)?\b"
    r"|\b(\d{1,2})(?:st|nd|rd|th)? (?:of )?((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")


@dataclass(frozen=True, slots=True)
class Clue:
    """The words that turn a day, each with its quote; `mark` tells one flashback from the next."""

    outside: Quote | None = None
    present: Quote | None = None
    montage: Quote | None = None
    same: Quote | None = None
    next: Quote | None = None
    sunrise: Quote | None = None
    dated: Quote | None = None
    date: str = ""
    count: str = ""  # "DAY 3", as some writers number the days of the story
    weekday: str = ""
    year: str = ""
    mark: str = ""
    inherits: bool = False
    begins: bool = False  # a line opens a flashback for the scenes after this one
    ends: bool = False
    turn: DayTurn | None = None  # a model's, where the scene itself states nothing


@lru_cache(maxsize=1)
def words() -> Mapping[str, re.Pattern[str]]:
    """The words that turn a day, by what they do."""
    rows = yaml.safe_load((LEXICON / "days.yaml").read_text(encoding="utf-8"))
    return {name: re.compile(text, re.IGNORECASE) for name, text in rows.items()}


def clues(scene: Scene, before: Scene | None) -> Clue:
    """Everything the scene says about its day. Titles at the end of the scene before count too."""
    known = words()
    heading = Quote(scene.ordinal, scene.lines[0].number, scene.heading.text)
    titles = [*_titles_before(scene, before), *_titles(scene)]
    opening = [*titles, *_openings(scene)]
    says = [(scene.heading.text, heading), *opening]
    outside = _first(known["outside"], [(scene.heading.text, heading)]) or _first(known["outside_title"], says)
    dated = [(text, quote) for text, quote in [(scene.heading.text, heading), *titles] if _date(text)]
    days = [(text, quote) for text, quote in [(scene.heading.text, heading), *titles] if known["weekday"].search(text)]
    counts = [
        (text, quote) for text, quote in [(scene.heading.text, heading), *titles] if known["counted"].search(text)
    ]
    years = [match[0] for text, _ in says[: len(titles) + 1] if (match := _YEAR.search(text))]
    whole = [line.text.strip() for line in scene.lines if line.kind in {"action", "general", "transition", "shot"}]
    present = _first(known["present"], [(scene.heading.text, heading), *titles])
    return Clue(
        outside=None if present and not _ahead(outside, present) else outside,
        present=present,
        montage=_first(known["montage"], [(scene.heading.text, heading)]),
        same=_first(known["same"], says),
        next=_first(known["next"], says),
        sunrise=_first(known["sunrise"], _openings(scene)),
        dated=next((quote for told in (dated, days, counts) for _, quote in told), None),
        date=_date(dated[0][0]) if dated else "",
        count=_found(known["counted"], counts[0][0]) if counts else "",
        weekday=_found(known["weekday"], days[0][0]) if days else "",
        year=years[0] if years else "",
        mark=_mark(scene, years),
        inherits=scene.heading.inherits,
        begins=any(known["begins"].search(text) for text in whole[-1:]),
        ends=any(known["ends"].search(text) for text in whole[-1:]),
    )


def telling_lines(scene: Scene) -> list[str]:
    """The lines of a scene that may tell of time: its first and last paragraphs, titles, and all with a word of it."""
    shown = _paragraphs(scene)
    ends = {line.number for line in (*shown[:_FIRST], *shown[-_LAST:])}
    told = words()["tells"]
    spoken = {"dialogue", "lyrics", "parenthetical"}
    return [
        line.text.strip()
        for line in scene.lines[1:]
        if line.number in ends or (line.kind in spoken or line in shown) and told.search(line.text)
    ]


def _ahead(outside: Quote | None, present: Quote) -> bool:
    """ "BACK TO SCENE" closes a flashback; a title in a scene headed FLASHBACK does not."""
    return outside is not None and outside.line < present.line


def _mark(scene: Scene, years: list[str]) -> str:
    found = words()["outside"].search(scene.heading.text)
    return f"{found[0].casefold() if found else ''} {' '.join(years)}".strip()


def _titles(scene: Scene) -> Iterator[tuple[str, Quote]]:
    for line in _paragraphs(scene)[:_FIRST]:
        yield from _title(scene, line)


def _titles_before(scene: Scene, before: Scene | None) -> Iterator[tuple[str, Quote]]:
    """A title on black at the end of the scene before; with a sentence of its own it belongs to that scene."""
    if before is not None:
        for line in _paragraphs(before)[_FIRST:][-_LAST:]:
            yield from _title(before, line)


def _title(scene: Scene, line: Line) -> Iterator[tuple[str, Quote]]:
    found = words()["title"].search(line.text)
    capitals = line.text.isupper() and len(line.text) < _OPENING
    if found or capitals or line.kind in {"centered", "shot"}:
        text = line.text[found.end() if found else 0 :] or line.text
        yield text, Quote(scene.ordinal, line.number, line.text.strip())


def _openings(scene: Scene) -> Iterator[tuple[str, Quote]]:
    """The first words of the first paragraph: "The next morning. Rain." """
    for line in _paragraphs(scene)[:1]:
        start = re.split(r"(?<=[.:!?])\s", line.text.strip(), maxsplit=1)[0][:_OPENING]
        if len(start.split()) <= 7:
            yield start, Quote(scene.ordinal, line.number, start)


def _paragraphs(scene: Scene) -> list[Line]:
    kinds = {"action", "general", "centered", "shot", "transition"}
    return [line for line in scene.lines[1:] if line.kind in kinds and line.text.strip()]


def _first(pattern: re.Pattern[str], said: Iterable[tuple[str, Quote]]) -> Quote | None:
    return next((quote for text, quote in said if pattern.search(text)), None)


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1].casefold() if match else ""


def _date(text: str) -> str:
    match = _DATE.search(text)
    if not match:
        return ""
    month, day = (match[1], match[2]) if match[1] else (match[4], match[3])
    return f"{month[:3].casefold()} {int(day)}"
