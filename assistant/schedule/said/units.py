"""Which units a phrase means: by the names that production.toml gives them, by their ordinals, or all of them."""

import re
from functools import cache

from assistant.domain.said import SaidRule
from assistant.domain.schedule import MAIN
from assistant.schedule.said.known import Known

ORDINALS = (
    ("1st", "first", "main", "principal", "primera", "1ª", "1a", "1"),
    ("2nd", "second", "segunda", "2ª", "2a", "2"),
    ("3rd", "third", "tercera", "3ª", "3a", "3"),
    ("4th", "fourth", "cuarta", "4ª", "4a", "4"),
)
HINT = "define it under [[schedule.units]] in production.toml"
_EVERY = (
    r"(?:either|any|both|all)(?: one)?(?: of)?(?: the| our)?(?: two| three)? units?"
    r"|(?:cualquiera|ambas|todas|una|las dos|las tres)(?: de)?(?: las)?(?: dos| tres)? unidades"
    r"|cualquier unidad|una u otra unidad"
)
_TWO = re.compile(r"\b(?:either|both|two|ambas|dos|una u otra)\b")
_THREE = re.compile(r"\b(?:three|tres)\b")
_UNIT = re.compile(r"\b(?:units?|unidad(?:es)?)\b")
_JOINT = re.compile(r"\s*(?:,|\b(?:or|and/or|and|o|u|y)\b)\s*")
_WORD = re.compile(r"[\w.-]*\w")
_SMALL = frozenset({"the", "la", "las", "unit", "units", "unidad", "unidades"})
_HELD_ALL = re.compile(r"\b(?:either|any|both|all|two|units|cualquiera?|ambas|dos|todas|unidades|otra)\b")
_ALSO = re.compile(r"\b(?:can|may|could|also|too|as well|puede[n]?|podría[n]?|también)\b")


def units_in(phrase: str, known: Known) -> tuple[str, ...] | str:
    """The units of a phrase in small letters, in the order of the calendar; else why it names none."""
    if re.fullmatch(_EVERY, phrase):
        return _every(phrase, known)
    if (whole := _named(phrase, known)) in known.units:
        return (whole,)
    found = [_named(part, known) for part in _JOINT.split(phrase.replace("-unit", " unit"))]
    if lost := [unit for unit in found if unit not in known.units]:
        return lost[0]
    return tuple(unit for unit in known.units if unit in found)


@cache
def phrases(units: tuple[str, ...]) -> re.Pattern[str]:
    """How these units, and others by their ordinals, stand in a sentence; a match without the word unit is none."""
    numbers = [name for names in ORDINALS for name in names]
    names = sorted({_core(unit) for unit in units} | set(numbers), key=len, reverse=True)
    before, after = ("|".join(map(re.escape, some)) for some in ([n for n in names if not n.isdigit()], names))
    one = (
        rf"(?:(?:the |la )?(?:(?:units?|unidad(?:es)?) (?:{after})(?!\w)"
        rf"|(?:{before})(?:[ -](?:units?|unidad(?:es)?))?(?!\w)))"
    )
    return re.compile(rf"(?<![\w-])(?:(?:{_EVERY})(?!\w)|{one}(?:\s*\b(?:or|and/or|and|o|u|y)\s+{one})*)")


def spoken(phrase: str) -> bool:
    """Does a phrase that may name units speak of any?"""
    return _UNIT.search(phrase) is not None


def missing(rule: SaidRule, known: Known) -> list[str]:
    """The units of a rule that production.toml does not define."""
    lost = [unit for unit in rule.others if unit not in known.units]
    return [_undefined((lost or [""])[0], known)] if lost or (rule.others and len(known.units) < 2) else []


def unheld(rule: SaidRule, known: Known) -> list[str]:
    """Units of a rule of which its quote says nothing."""
    quote = rule.quote.casefold()
    named = [unit for unit in known.units if _held(unit, quote)]
    lost = [unit for unit in rule.others if unit in known.units and unit not in named]
    every = re.search(rf"\b(?:{_EVERY})\b", quote) or (not named and _HELD_ALL.search(quote))
    if every and set(rule.others) >= set(known.units):
        return []
    if len(lost) == 1 < len(rule.others) and _ALSO.search(quote) and (lost == [MAIN] or len(known.units) == 2):
        return []  # beside the one it names
    return [f"it says nothing of the {'main' if unit == MAIN else unit} unit" for unit in lost]


def _held(unit: str, quote: str) -> bool:
    core = _core(unit)
    names = {core, *(name for names in ORDINALS if core in names for name in names if not name.isdigit())}
    pattern = "|".join(map(re.escape, names))
    number = next((names[-1] for names in ORDINALS if core in names), re.escape(core))
    return re.search(rf"(?<!\w)(?:{pattern}|(?:unit|unidad) {number})(?!\w)", quote) is not None


def _every(phrase: str, known: Known) -> tuple[str, ...] | str:
    count = len(known.units)
    if count < 2:
        return _undefined("", known)
    wanted = 3 if _THREE.search(phrase) else 2 if _TWO.search(phrase) else count
    return known.units if wanted == count else f"there are {count} units; name those that may shoot it"


def _named(phrase: str, known: Known) -> str:
    """A unit; else why there is none."""
    wanted = _core(phrase)
    found = [unit for unit in known.units if _core(unit) == wanted]
    if not found:
        same = next((names for names in ORDINALS if wanted in names), ())
        found = [unit for unit in known.units if _core(unit) in same]
    if len(found) > 1:
        return f"{wanted!r} may be the unit {' or '.join(found)}"
    return found[0] if found else _undefined(wanted, known)


def _undefined(name: str, known: Known) -> str:
    if len(known.units) < 2:
        return f"there is no unit beside the main one; {HINT}"
    there = " and ".join("main" if unit == MAIN else unit for unit in known.units)
    return f"there is no unit called {name!r}, only {there}; {HINT}"


def _core(name: str) -> str:
    """A unit's name without "unit" and articles, in small letters."""
    words = _WORD.findall(name.casefold())
    return " ".join(word for word in words if word not in _SMALL) or name.casefold()
