"""A said rule in plain words, for the person who confirms it."""

from collections.abc import Callable, Sequence
from datetime import date

from assistant.domain.said import SaidRule, spans
from assistant.domain.schedule import MAIN
from assistant.domain.screenplay import pages

WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
CALLS = {"D": "by day", "N": "at night", "S": "in any call"}


def words_of(rule: SaidRule) -> str:
    """ "NORA LUND is not available on 3–7 Mar 2026"."""
    return _WORDS[rule.kind](rule)


def when(rule: SaidRule) -> str:
    """The rule's dates and weekdays as people write them."""
    parts = []
    for first, last in spans(rule.dates):
        parts.append(f"{first:%a} {_day(first)}" if first == last else _span(first, last))
    week = [WEEKDAYS[day] for day in rule.weekdays]
    return listed([*parts, *week])


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _span(first: date, last: date) -> str:
    """ "3–7 Mar 2027", "28 Feb – 3 Mar 2027"."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_day(last)}"
    start = f"{first.day} {first:%b}" if first.year == last.year else _day(first)
    return f"{start} – {_day(last)}"


def listed(items: Sequence[str], most: int = 8) -> str:
    """ "A, B and C"."""
    if len(items) > most:
        return f"{', '.join(items[:most])} and {len(items) - most} more"
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def who(rule: SaidRule) -> str:
    """What the rule speaks of, with its kind where the name alone does not say it."""
    if rule.subject == "company":
        return "the company"
    if rule.subject == "element":
        return listed([name.partition(":")[2] or name for name in rule.names])
    if rule.subject == "scene":
        return f"scene{'s' if len(rule.names) > 1 else ''} {listed(rule.names)}"
    return listed(rule.names)


def _never(rule: SaidRule) -> str:
    if rule.subject == "company":
        return f"nothing is shot on {when(rule)}"
    return f"{who(rule)}: never on {when(rule)}"


def _only(rule: SaidRule) -> str:
    return f"{who(rule)}: only on {when(rule)}" if rule.subject != "company" else f"shooting days are {when(rule)}"


def _order(rule: SaidRule) -> str:
    gap = f", at least {rule.number} shooting day{'s' if rule.number > 1 else ''} earlier" if rule.number else ""
    return f"{who(rule)} before scene{'s' if len(rule.others) > 1 else ''} {listed(rule.others)}{gap}"


def _most(rule: SaidRule) -> str:
    return f"no more than {_pages(rule)}{_on(rule)}" if _on(rule) else f"no day has more than {_pages(rule)}"


def _aim(rule: SaidRule) -> str:
    return f"about {_pages(rule)}{_on(rule)}" if _on(rule) else f"a day aims at {_pages(rule)}"


def _on(rule: SaidRule) -> str:
    return f" on {when(rule)}" if rule.dates or rule.weekdays else ""


def _unit(rule: SaidRule) -> str:
    return f"{who(rule)}: shot by the {' or '.join('main' if unit == MAIN else unit for unit in rule.others)} unit"


def _pages(rule: SaidRule) -> str:
    number = rule.number or 0
    return f"{pages(number)} page{'s' if number > 8 else ''}" if number >= 8 else f"{number}/8 of a page"


_WORDS: dict[str, Callable[[SaidRule], str]] = {
    "never": _never,
    "only": _only,
    "band": lambda rule: f"{who(rule)}: shot {CALLS[rule.band or 'S']}",
    "order": _order,
    "first": lambda rule: f"{who(rule)} before every other scene",
    "last": lambda rule: f"{who(rule)} after every other scene",
    "lock": lambda rule: f"{who(rule)} locked to {when(rule)}",
    "wage": lambda rule: f"{who(rule)}: {rule.number} a day",
    "age": lambda rule: f"{who(rule)}: {rule.number} years old",
    "keep": lambda rule: f"{who(rule)}: never dropped and picked up",
    "most_pages": _most,
    "aim_pages": _aim,
    "half": lambda rule: f"half a day{_on(rule)}",
    "start": lambda rule: f"the shoot begins on {when(rule)}",
    "length": lambda rule: f"the calendar has {rule.number} shooting days",
    "work": lambda rule: f"the company works on {when(rule)} too",
    "unit": _unit,
}
