"""Slug lines: telling them from action, and taking them apart into INT/EXT, set and time of day, in six languages."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.domain.screenplay import Heading, IntExt
from assistant.screenplay.slugwords import Words, fold, words

_NUMBER = re.compile(
    r"^\s*(?:(?:SCENE|SCÈNE|SEQ|SEQUENCE|SÉQUENCE|SECUENCIA|ESCENA|CENA|SZENE|BILD|SCENA)\s+)?"
    r"(?P<number>#?[A-Z]{0,2}\d+(?:[.\-]\d+)*[A-Z]{0,2}#?)\s*[.):/–—-]*\s+(?=\S)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:BEGIN\s+)?(?:FLASH\s?BACKS?|INTERCUT(?:TING)?|MONTAGE|DREAM(?:\s+SEQUENCE)?|INSERT|TEASER|RÊVE|SUEÑO|SOGNO|TRAUM|RÜCKBLENDE)"
    r"\s*[:–—-]+\s*(?=(?:INT|EXT|I/E)[\s./-])",
    re.IGNORECASE,
)
LONGEST = 250  # characters; anything longer is a paragraph
_HASHES = re.compile(r"\s*#(?P<number>[\w.-]+)#\s*$")
_STRONG = re.compile(r"\s*[–—―]+\s*|\s*-{2,}\s*|\s+-\s*|\s*-\s+")
_WEAK = re.compile(r"^(?P<set>.*?)[.,/;:|(\[-]\s*(?P<tail>[^.,/;:|(\[\]-]+)[)\]]?[.\s]*$", re.DOTALL)
_DOTTED = re.compile(r"(?<![A-Z]\.[A-Z])(?<!\b[A-Z])(?<!\b[A-Z]{2})(?<!\bMRS)(?<!\bSTA)(?<!\bSTE)(?<!\bSRA)\.\s*(?=\w)")


@dataclass(frozen=True, slots=True)
class _Opening:
    """How a slug line starts: what it says of inside and outside, and the text after it."""

    int_ext: IntExt
    rest: str
    languages: frozenset[str] = field(default_factory=frozenset)


def is_heading(text: str) -> bool:
    """Whether this line starts like a slug line; the reader still looks at the blank lines around it."""
    if len(text) > LONGEST:
        return False
    line = _unnumbered(text)
    if not line or line[0] not in "IiEeAaÉéÍí" and not _may_close(line):
        return False
    return _opening(line) is not None or _closing(line) is not None


def parse_heading(text: str) -> Heading:
    """The parts of a slug line. A forced heading ("THE LOST CABIN - NIGHT") has no INT/EXT and is taken apart too."""
    line = " ".join(text.split())
    if len(line) > LONGEST:
        return Heading(text=line, int_ext=None, set=line.upper(), time_of_day=None)
    return _parse(line)


@lru_cache(maxsize=4096)
def _parse(text: str) -> Heading:
    line = _LABEL.sub("", _unnumbered(text))
    opening = _opening(line) or _closing(line)
    rest, int_ext = (opening.rest, opening.int_ext) if opening else (line, None)
    rest, second = _second_opening(rest)
    if int_ext and second and second != int_ext:
        int_ext = "INT/EXT"
    pieces = _pieces(rest)
    place, time, inherits, written, spoken = _time(pieces, bool(int_ext))
    return Heading(
        text=text,
        int_ext=int_ext,
        set=_set(place),
        time_of_day=time,
        time_written=written,
        inherits=inherits,
        language=_language(opening.languages if opening else frozenset(), spoken),
    )


def scene_number(text: str) -> str | None:
    """The scene number written before (or, in hashes, after) a slug line: "12A. INT. CABIN - DAY" → "12A"."""
    line = text.strip()
    if len(line) > LONGEST or _unnumbered(line) == line:
        return None
    found = _NUMBER.match(line) or _HASHES.search(line)
    return found["number"].strip("#") if found else None


def _pieces(rest: str) -> list[str]:
    """The rest of a heading cut at its dashes, and after a time that comes first ("GIORNO. PIAZZA")."""
    pieces = [piece for piece in (part.strip(" .,;:/") for part in _STRONG.split(rest)) if piece]
    first = re.match(r"([^.,/(]+)[.,/]\s*(\S.*)", pieces[0]) if pieces else None
    if first and words().when(first[1]) and not words().when(first[2]):
        pieces[:1] = [first[1].strip(), first[2]]
    return pieces


def _unnumbered(text: str) -> str:
    """The line without the scene number before it, nor the same number after it."""
    line = _HASHES.sub("", text.strip())
    found = _NUMBER.match(line)
    if not found or not any(letter.isalpha() for letter in line[found.end() :]):
        return line
    rest = line[found.end() :].strip()
    if _opening(rest) is None and _closing(rest) is None:
        return line
    number = found["number"].strip("#")
    return re.sub(rf"\s+#?{re.escape(number)}#?\.?$", "", rest)


@lru_cache(maxsize=1)
def _openings() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The two patterns a slug line opens with: abbreviations, which any case may have, and words written out."""
    inside, outside = (
        "|".join(sorted({_accented(word) for word in group}, key=len, reverse=True))
        for group in (words().interior, words().exterior)
    )
    short = r"(?:INT|EXT|EST|I(?=\.?\s?[/-]\s?E\b)|E(?=\.?\s?[/-]\s?I\b))"
    second = r"(?:\.?\s?[/&+-]\s?\.?\s?(?P<second>INT|EXT|I|E)\b|\.\s?(?P<dotted>INT|EXT)\b)?"
    abbreviation = rf"^(?P<first>{short}){second}(?P<mark>\.|(?=[\s:,/–—-]))[\s.:,/–—-]*"
    second = rf"(?:\s?[/&+-]\s?(?P<second>{inside}|{outside}))?"
    word = rf"^(?P<first>{inside}|{outside}){second}(?P<mark>[.:,/–—-]|(?=\s))[\s.:,/–—-]*"
    return re.compile(abbreviation, re.IGNORECASE), re.compile(word, re.IGNORECASE)


def _accented(word: str) -> str:
    """A pattern for a folded word with or without its accents."""
    return (
        word.replace("INTERIEUR", "INT[EÉ]RIEUR")
        .replace("EXTERIEUR", "EXT[EÉ]RIEUR")
        .replace("AUSSEN", "AU(?:SS|ß|ẞ)EN")
    )


def _opening(line: str) -> _Opening | None:
    short, long = _openings()
    found = short.match(line)
    if found:
        return None if _is_prose(line, found) else _opened(line, found, frozenset())
    found = long.match(line)
    if not found:
        return None
    first = found["first"]
    rest = line[found.end() :]
    if not (first.isupper() and _mostly_upper(rest)) and found["mark"] == "":
        pieces = _STRONG.split(rest)
        if len(pieces) < 2 or words().when(pieces[-1]) is None:
            return None  # "Interior of the car is dirty."
    if first.isupper() and found["mark"] == "" and not _has_time(rest):
        return None  # "INTERIOR DESIGN"
    return _opened(line, found, words().languages.get(fold(first), frozenset()))


def _opened(line: str, found: re.Match[str], languages: frozenset[str]) -> _Opening:
    groups = found.groupdict()
    second = groups.get("second") or groups.get("dotted")
    sides = {_side(side) for side in (found["first"], second) if side}
    int_ext: IntExt = "INT/EXT" if len(sides) == 2 else sides.pop()
    return _Opening(int_ext, line[found.end() :], languages)


def _side(word: str) -> IntExt:
    folded = fold(word)
    return "INT" if folded.startswith(("I",)) else "EXT"


def _is_prose(line: str, found: re.Match[str]) -> bool:
    """ "Est-ce que tu viens ?", "est un homme": the French and Spanish word, not an establishing shot."""
    first = found["first"]
    if first.upper() == "EST" and found["mark"] != ".":
        return not line.isupper() or line[found.end("first") :][:1] == "-"
    return found.end() == len(line) and found["mark"] != "."


def _mostly_upper(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return sum(letter.isupper() for letter in letters) * 2 > len(letters)


def _has_time(rest: str) -> bool:
    pieces = re.split(r"[.,/(]|\s[-–—]+\s|[–—]", rest)
    return any(words().when(piece) for piece in pieces if piece.strip()) or words().last_time(rest) is not None


_CLOSING = re.compile(
    r"^(?P<set>.*\S)[\s.,/(–—-]+(?P<first>INT|EXT|INNEN|AU(?:SS|ß|ẞ)EN|INTERNO|ESTERNO|INTERIOR|EXTERIOR)"
    r"(?:\s?[/&-]\s?(?P<second>INT|EXT|INNEN|AU(?:SS|ß|ẞ)EN))?[\s.,/)–—-]+(?P<tail>.+?)\)?$"
)


def _may_close(line: str) -> bool:
    return _CLOSING.match(line) is not None


def _closing(line: str) -> _Opening | None:
    """The German way, set first: "WOHNUNG HANNA - INNEN/TAG"."""
    found = _CLOSING.match(line)
    if not found or not _mostly_upper(found["set"]) or words().when(found["tail"]) is None:
        return None
    second = found["second"]
    sides = {_side(side) for side in (found["first"], second) if side}
    int_ext: IntExt = "INT/EXT" if len(sides) == 2 else sides.pop()
    languages = words().languages.get(fold(found["first"]), frozenset())
    return _Opening(int_ext, f"{found['set']} - {found['tail']}", languages)


def _second_opening(rest: str) -> tuple[str, IntExt | None]:
    """ "CAR / EXT. STREET": the other side of a heading that names both, taken out of the set."""
    found = re.search(r"(?<=[\s/-])(INT|EXT)\.\s*(?=\S)", rest, re.IGNORECASE)
    if not found:
        return rest, None
    return rest[: found.start()] + rest[found.end() :], _side(found[1])


_Time = tuple[list[str], str | None, bool, str | None, frozenset[str]]


def _time(pieces: list[str], known_side: bool) -> _Time:
    """Splits the pieces into those of the set and the time they are followed (or, in French, preceded) by."""
    table = words()
    for place in range(len(pieces) - 1, -1, -1):
        alone = len(pieces) == 1
        when = table.when(pieces[place]) if place or not alone or known_side else None
        if when and place:
            return _found(table, pieces, place)
        if when:
            return pieces[1:], when.time, when.time is None, pieces[0], when.languages
        peeled = _peel(table, pieces[place])
        if peeled:
            head, tail = peeled
            said = table.when(tail)
            rest = (
                pieces[:place] + [head] + pieces[place + 1 :]
                if _is_place(pieces[place + 1 :])
                else pieces[:place] + [head]
            )
            return (
                rest,
                said.time if said else None,
                bool(said and not said.time),
                tail,
                said.languages if said else frozenset(),
            )
    return _last_resort(table, pieces)


def _found(table: Words, pieces: list[str], place: int) -> _Time:
    """The time stands in `pieces[place]`; an earlier piece may say it better ("DAY - LATER")."""
    first = place
    while first > 1 and table.when(pieces[first - 1]):
        first -= 1
    said = [when for when in (table.when(piece) for piece in pieces[first : place + 1]) if when]
    time = next((when.time for when in said if when.time), None)
    after = pieces[place + 1 :]
    written = " - ".join(pieces[first:]) if not _is_place(after) else " - ".join(pieces[first : place + 1])
    spoken = frozenset.intersection(*(when.languages for when in said)) or said[0].languages
    return pieces[:first] + (after if _is_place(after) else []), time, time is None, written, spoken


_ASIDES = re.compile(
    r"\d{2,4}|FLASH|DREAM|MONTAGE|ESTABLISH|RAIN|SNOW|PRESENT|PAST|YEAR|AGO|INTERCUT|TRAVEL|MOVING|STOCK|POV|V\.?O|DRIVING"
)


def _is_place(pieces: list[str]) -> bool:
    """Whether what follows the time belongs to the set ("INT. DAY - KITCHEN") and is no remark ("- FLASHBACK")."""
    return bool(pieces) and not any(_ASIDES.search(fold(piece)) for piece in pieces)


def _peel(table: Words, piece: str) -> tuple[str, str] | None:
    """Takes a time off the end where the separator is weak: "CABIN.DAY", "CASA, NOCHE", "HOUSE (NIGHT)"."""
    found = _WEAK.match(piece)
    while found:
        if found["set"].strip() and table.when(found["tail"]):
            return _peel_again(table, found["set"].strip(" .,;/("), piece[found.end("set") :].strip(" .,;/:()[]-"))
        inner = found["set"]
        if not piece.rstrip().endswith((")", "]")):
            return None
        found = _WEAK.match(inner)
        if found and table.when(found["tail"]) and found["set"].strip():
            return found["set"].strip(" .,;/("), piece[found.end("set") :].strip(" .,;/:")
    return None


def _peel_again(table: Words, head: str, tail: str) -> tuple[str, str]:
    found = _WEAK.match(head)
    if found and found["set"].strip() and table.when(found["tail"]):
        return found["set"].strip(" .,;/("), head[found.end("set") :].strip(" .,;/:(") + ", " + tail
    return head, tail


def _last_resort(table: Words, pieces: list[str]) -> _Time:
    """No separator says where the time is: a last word that names one is believed ("INT HOUSE DAY")."""
    if not pieces:
        return [], None, False, None, frozenset()
    said = table.last_time(pieces[-1])
    if said is None or len(pieces[-1].split()) > 5:
        return pieces, None, False, None, frozenset()
    head, _, tail = pieces[-1].rpartition(" ")
    return [*pieces[:-1], head], said.time, False, tail, said.languages


def _set(pieces: list[str]) -> str:
    parts = [part.strip(" .,;:") for piece in pieces for part in _DOTTED.split(piece.upper())]
    return " - ".join(part for part in parts if part)


def _language(opened: frozenset[str], timed: frozenset[str]) -> str | None:
    shared = opened & timed if opened and timed else opened or timed
    return next(iter(shared)) if len(shared) == 1 else None
