"""Are the dates and figures of a rule those of the words it is quoted from, or a guess?"""

import re
from datetime import timedelta

from assistant.domain.said import SaidRule, spans
from assistant.schedule.said.when import MONTHS

NUMBERS = {
    name: value
    for value, names in enumerate(
        ("one un una", "two dos", "three tres", "four cuatro", "five cinco", "six seis", "seven siete", "eight ocho")
        + ("nine nueve", "ten diez", "eleven once", "twelve doce"),
        start=1,
    )
    for name in names.split()
}
PAGES = frozenset({"most_pages", "aim_pages"})
_WORD = re.compile(r"[^\W\d_]+")
_AMOUNT = re.compile(r"(\d[\d.,]*)(?: (\d)/(\d))?(?!/)|(\d)/(\d)")
_MONTHS = frozenset(name for names in MONTHS for name in names)


def guessed(rule: SaidRule) -> list[str]:
    """What a rule says that its quote does not; a date is held by a day of the month that lies in it or beside it."""
    words = set(_WORD.findall(rule.quote.casefold()))
    days = {int(found) for found in re.findall(r"\d{1,2}(?!\d)", rule.quote)} | {
        NUMBERS[w] for w in words & set(NUMBERS)
    }
    found = []
    for first, last in spans(rule.dates):
        around = {(first + timedelta(days=n)).day for n in range(-1, min(31, (last - first).days) + 2)}
        if not (days & around if days else words & _MONTHS):
            found.append(f"it gives no such date as {first.isoformat()}")
    if rule.number is not None and not _figured(rule):
        found.append(f"it gives no such number as {rule.number}")
    return found


def _figured(rule: SaidRule) -> bool:
    told = figures(rule.quote)
    return rule.number in {round(figure * 8) if rule.kind in PAGES else round(figure) for figure in told}


def figures(text: str) -> set[float]:
    """Every number in a text: "1,500", "4 1/2", "5/8", "six"."""
    plain = text.casefold().replace("½", " 1/2").replace("¼", " 1/4").replace("  ", " ")
    found = {float(NUMBERS[word]) for word in _WORD.findall(plain) if word in NUMBERS}
    for match in _AMOUNT.finditer(plain):
        whole, top, bottom, alone, under = match.groups()
        part = int(top) / (int(bottom) or 1) if top else int(alone) / (int(under) or 1) if alone else 0.0
        found.add((amount(whole) if whole else 0.0) + part)
    return found


def amount(written: str) -> float:
    """ "1,500", "1.500", "4.5", "4,5"."""
    parts = [part for part in re.split(r"[.,]", written) if part]
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]):
        return float("".join(parts))
    return float(".".join(["".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0])
