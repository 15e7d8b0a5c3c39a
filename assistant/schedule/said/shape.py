"""The shape in which a model says what rules a text holds, and the checks that such an answer has to stand."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from assistant.domain.quotes import fold
from assistant.domain.said import SaidKind, SaidRule, SaidSubject, Unread, days_between, spans
from assistant.domain.schedule import Band
from assistant.schedule.said.ground import guessed
from assistant.schedule.said.known import Known
from assistant.schedule.said.units import missing, unheld

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
MOST_RULES = 200
MOST_WORDS = 3  # of a sentence that no quote holds, before that is said
LONGEST_WHY = 200  # characters
_ENDS = re.compile(r"(?<=[.!?])\s+|[;\n]+")
_SHORT_FORM = re.compile(r"(?:^|[\s(])(?:sc|scs|esc|no|nos|mr|mrs|ms|dr|st|max)\.$")
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|hola|buenas|buenos días|good (?:morning|evening)|thanks|thank you|gracias|saludos|best"
    r"|regards|cheers|notes?|notas?|rules?|reglas?)(?: \w+){0,2}"
)
_MONTH_FORM = re.compile(r"(?:^|\s)(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.$")


class SaidShape(BaseModel):
    """One rule. `dates` are "2026-03-03" or "2026-03-03..2026-03-07"; names as they stand in the lists given."""

    quote: str
    kind: SaidKind
    subject: SaidSubject = "company"
    names: list[str] = Field(default_factory=list)
    dates: list[str] = Field(default_factory=list)
    weekdays: list[Weekday] = Field(default_factory=list)
    band: Band | None = None
    others: list[str] = Field(default_factory=list)
    number: int | None = None


class UnreadShape(BaseModel):
    """A sentence that no rule could be read from."""

    quote: str
    why: str = ""


class SaidRules(BaseModel):
    """What a text says of the shoot."""

    rules: list[SaidShape] = Field(default_factory=list, max_length=MOST_RULES)
    unread: list[UnreadShape] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """Rules read from a text, and its sentences that are in none of them."""

    rules: tuple[SaidRule, ...]
    unread: tuple[Unread, ...]
    cut: tuple[Unread, ...] = ()  # claimed, and not true of the text or the production


def sentences(text: str) -> list[str]:
    """The text's sentences without greetings; an abbreviation's full stop ends none."""
    found: list[str] = []
    for piece in _ENDS.split(text):
        if found and piece.strip() and _goes_on(found[-1].casefold(), piece.strip()):
            found[-1] = f"{found[-1]} {piece.strip()}"
        elif any(char.isalnum() for char in piece) and not _GREETING.fullmatch(piece.casefold().strip(" ,.:!-#*")):
            found.append(piece.strip())
    return found


def _goes_on(before: str, piece: str) -> bool:
    """Is the full stop before this piece one of an abbreviation? After a month only a number goes on."""
    return bool(_SHORT_FORM.search(before) or (_MONTH_FORM.search(before) and piece[0].isdigit()))


@dataclass(frozen=True, slots=True)
class Sifted:
    """An answer's rules that stand, and what was cut, each with the reason."""

    rules: tuple[SaidRule, ...]
    cut: tuple[Unread, ...]

    @property
    def trusted(self) -> bool:
        """Does at least half of what was claimed stand?"""
        return 2 * len(self.cut) <= len(self.rules) + len(self.cut)

    @property
    def problems(self) -> tuple[str, ...]:
        """Why the answer is turned down; () where it is trusted."""
        return () if self.trusted else tuple(f"{item.quote!r}: {item.why}" for item in self.cut)


def sift(output: SaidRules, text: str, known: Known) -> Sifted:
    """Keep of an answer what the text says, what names things that there are, and what gives dates it holds."""
    rules: list[SaidRule] = []
    cut: list[Unread] = []
    whole = plain(text)
    for item in output.rules:
        try:
            rule = rule_of(item)
        except ValueError as error:
            cut.append(Unread(item.quote, str(error)))
            continue
        problems = [] if _inside(plain(item.quote), whole) else ["the text does not say it"]
        if problems := problems or [*wrong(rule, known), *guessed(rule), *_guessed_units(rule, known)]:
            cut.append(Unread(rule.quote, "; ".join(problems)))
        else:
            rules.append(rule)
    return Sifted(tuple(dict.fromkeys(rules)), tuple(dict.fromkeys(cut)))


def reading_of(sifted: Sifted, output: SaidRules, text: str) -> Reading:
    """The rules, and every sentence or long part of one that gave none, whether or not the model said so."""
    quoted = [plain(rule.quote) for rule in sifted.rules]
    whys = {plain(item.quote): item.why for item in output.unread} | {plain(c.quote): c.why for c in sifted.cut}
    told: list[Unread] = []
    for sentence in sentences(text):
        whole = plain(sentence)
        if left := _left(whole, quoted):
            why = next((why for quote, why in whys.items() if quote in whole or whole in quote), "")
            told.append(Unread(sentence, _clean(why) or f"no rule was read from {left}"))
    for item in output.unread:  # a part of a sentence that gave a rule
        if any(_inside(plain(item.quote), quote) for quote in quoted):
            told.append(Unread(item.quote, _clean(item.why) or "no rule was read from it"))
    return Reading(sifted.rules, tuple(told), sifted.cut)


def _left(whole: str, quoted: Sequence[str]) -> str:
    """ "it" for a sentence in no quote, "a part of it" where the quotes leave more than a few words out, else ""."""
    rest = whole
    for quote in sorted(quoted, key=len, reverse=True):
        if whole in quote:
            return ""
        rest = rest.replace(quote, "|")
    if "|" not in rest:
        return "it"
    return "a part of it" if any(len(part.split()) > MOST_WORDS for part in rest.split("|")) else ""


def plain(text: str) -> str:
    """Text made comparable, without the marks around it."""
    return fold(text).strip(" .,;:-\"'")


def _inside(quote: str, whole: str) -> bool:
    return bool(quote) and re.search(rf"(?<!\w){re.escape(quote)}(?!\w)", whole) is not None


def _clean(why: str) -> str:
    """A model's reason in one short line."""
    return " ".join("".join(char for char in why if char.isprintable() or char == " ").split())[:LONGEST_WHY]


def rule_of(item: SaidShape) -> SaidRule:
    """The rule of an answer. Raises ValueError for what is no date."""
    return SaidRule(
        kind=item.kind,
        quote=" ".join(item.quote.split()),
        subject=item.subject,
        names=tuple(dict.fromkeys(item.names)),
        dates=tuple(sorted({day for written in item.dates for day in _days(written)})),
        weekdays=tuple(sorted({DAYS.index(day) for day in item.weekdays})),
        band=item.band,
        others=tuple(dict.fromkeys(item.others)),
        number=item.number,
    )


def shape_of(rule: SaidRule) -> SaidShape:
    """The inverse of `rule_of`."""
    written = [a.isoformat() if a == b else f"{a.isoformat()}..{b.isoformat()}" for a, b in spans(rule.dates)]
    told: dict[str, Any] = {"weekdays": [DAYS[day] for day in rule.weekdays], "dates": written}
    told |= {"names": list(rule.names), "others": list(rule.others), "number": rule.number, "band": rule.band}
    return SaidShape(quote=rule.quote, kind=rule.kind, subject=rule.subject, **told)


def wrong(rule: SaidRule, known: Known) -> list[str]:
    """What a rule lacks or names that is not there."""
    found = [f"there is no {rule.subject} {name!r}" for name in _lost(rule.names, rule.subject, known)]
    found += [f"there is no scene {name!r}" for name in _lost(rule.later, "scene", known)]
    found += missing(rule, known) if rule.kind == "unit" else []
    if not all(known.near(day) for day in (rule.dates[:1] + rule.dates[-1:])):
        found.append(f"{rule.dates[0].isoformat()} lies far outside the calendar")
    if need := _NEEDS[rule.kind](rule):
        found.append(need)
    return found


def _guessed_units(rule: SaidRule, known: Known) -> list[str]:
    return unheld(rule, known) if rule.kind == "unit" else []


def _lost(names: Sequence[str], subject: SaidSubject, known: Known) -> list[str]:
    there = known.names(subject)
    return [name for name in names if name not in there]


def _dated(rule: SaidRule) -> str:
    if not rule.dates and not rule.weekdays:
        return "it names no date and no weekday"
    if rule.kind == "only" and rule.subject == "company" and rule.dates:
        return "dates on which alone the company shoots can not be given; give the first day and days off"
    return "" if rule.names or rule.subject == "company" else "it does not say what it speaks of"


def _half(rule: SaidRule) -> str:
    return _dated(rule) if rule.subject == "company" else "half a day can be said of the company alone"


def _scenes(rule: SaidRule) -> str:
    if rule.subject != "scene" or not rule.names:
        return "it names no scenes"
    if rule.kind == "order" and (not rule.others or set(rule.names) & set(rule.others)):
        return "an order needs scenes that come earlier and others that come later"
    if rule.kind == "lock" and len(rule.dates) != 1:
        return "a lock needs one date"
    return ""


def _unit(rule: SaidRule) -> str:
    if rule.subject not in ("scene", "set", "location") or not rule.names:
        return "it names no scenes and no set"
    if rule.dates or rule.weekdays:
        return "dates can not be said with a unit; say them apart"
    return "" if rule.others else "it names no unit"


def _cast(rule: SaidRule) -> str:
    if rule.subject != "cast" or not rule.names:
        return "it names nobody of the cast"
    if rule.kind == "age" and not 0 <= (rule.number if rule.number is not None else -1) <= 110:
        return "it gives no age"
    return "it gives no amount" if rule.kind == "wage" and (rule.number or 0) <= 0 else ""


def _banded(rule: SaidRule) -> str:
    return (
        "" if rule.band and rule.names and rule.subject != "company" else "it does not say what is shot by which call"
    )


def _amount(rule: SaidRule) -> str:
    return "" if 0 < (rule.number or 0) < 1000 else "it gives no number"


_NEEDS: dict[SaidKind, Callable[[SaidRule], str]] = {
    "never": _dated,
    "only": _dated,
    "band": _banded,
    "order": _scenes,
    "first": _scenes,
    "last": _scenes,
    "lock": _scenes,
    "wage": _cast,
    "age": _cast,
    "keep": _cast,
    "most_pages": _amount,
    "aim_pages": _amount,
    "half": _half,
    "length": _amount,
    "start": lambda rule: "" if len(rule.dates) == 1 else "a start is one date",
    "work": lambda rule: "" if rule.weekdays else "it names no weekday",
    "unit": _unit,
}


def _days(written: str) -> tuple[date, ...]:
    first, _, last = written.partition("..")
    start = date.fromisoformat(first.strip())
    end = date.fromisoformat(last.strip()) if last else start
    if end < start or (end - start).days > 1000:
        raise ValueError(f"{written} ends before it begins")
    return days_between(start, end)
