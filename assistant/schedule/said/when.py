"""Dates, weekdays, scene numbers and units in a sentence, each put behind one mark so that forms stay short."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from assistant.domain.said import days_between
from assistant.schedule.said.known import Known
from assistant.schedule.said.units import phrases, spoken, units_in

MONTHS = (
    ("january", "jan", "enero", "ene"),
    ("february", "feb", "febrero"),
    ("march", "mar", "marzo"),
    ("april", "apr", "abril", "abr"),
    ("may", "mayo"),
    ("june", "jun", "junio"),
    ("july", "jul", "julio"),
    ("august", "aug", "agosto", "ago"),
    ("september", "sept", "sep", "septiembre", "setiembre"),
    ("october", "oct", "octubre"),
    ("november", "nov", "noviembre"),
    ("december", "dec", "diciembre", "dic"),
)
WEEKDAYS = (
    ("mondays", "monday", "lunes"),
    ("tuesdays", "tuesday", "martes"),
    ("wednesdays", "wednesday", "miércoles", "miercoles"),
    ("thursdays", "thursday", "jueves"),
    ("fridays", "friday", "viernes"),
    ("saturdays", "saturday", "sábados", "sábado", "sabados", "sabado"),
    ("sundays", "sunday", "domingos", "domingo"),
)
GROUPS = {
    "weekends": (5, 6),
    "weekend": (5, 6),
    "fines de semana": (5, 6),
    "fin de semana": (5, 6),
    "weekdays": (0, 1, 2, 3, 4),
    "entre semana": (0, 1, 2, 3, 4),
}
DATES, WEEK, SCENES, UNITS = "\ue100", "\ue200", "\ue300", "\ue400"  # the first mark of 256 of each kind

_MONTH = {name: at for at, names in enumerate(MONTHS, start=1) for name in names}
_DAY = {name: at for at, names in enumerate(WEEKDAYS) for name in names}
_M = "|".join(sorted(_MONTH, key=len, reverse=True))
_W = "|".join(sorted([*_DAY, *GROUPS], key=len, reverse=True))
_NAMED = rf"(?:(?:{'|'.join(sorted(_DAY, key=len, reverse=True))}),?\s+)?"  # "Friday, 5 March": its weekday
_N = rf"{_NAMED}(?:the |el )?(\d{{1,2}})(?:st|nd|rd|th|º)?"
_TO = r"\s*(?:-|–|—|\bto\b|\bthrough\b|\buntil\b|\btill\b|\bal?\b|\bhasta(?: el)?\b)\s*"
_OF = r"\s*(?:of |de )?\s*"
_Y = r"(?:,?\s*(?:de |del )?(\d{4}))?"
_ISO = r"(\d{4})-(\d{2})-(\d{2})"
_MOMENT = rf"{_NAMED}(?:{_ISO}|{_N}{_OF}({_M})\b\.?{_Y}|\b({_M})\b\.?\s*{_N}(?!\s*[-–]\s*\d){_Y})"
_GROUPS_OF_MOMENT = 9

_OPEN = re.compile(
    r"(?P<side>until|till|up to|through|by|hasta(?: el)?|before|antes del?|after|después del?|despues del?"
    r"|from|a partir del?|desde(?: el)?|since|(?:the |in the )?week of|(?:la )?semana del)"
    rf"\s+(?:the )?{_MOMENT}(?:\s+on(?:wards?)?)?"
)
_BETWEEN = re.compile(rf"(?:between|entre(?: el)?)\s+(?:the )?{_N}\s+(?:and|y)(?: el)?\s+{_N}{_OF}({_M})\b\.?{_Y}")
_SPAN = re.compile(rf"(?:from |del? |el )?{_MOMENT}(?:{_TO}|\s*\.\.\s*)(?:the |el )?{_MOMENT}")
_SHORT = re.compile(rf"(?:from |del? |el )?(?:the )?{_N}{_TO}{_N}{_OF}({_M})\b\.?{_Y}")
_MONTH_FIRST = re.compile(rf"(?:from )?\b({_M})\b\.?\s*{_N}{_TO}{_N}(?!\s*(?:{_M})\b){_Y}")
_LIST = re.compile(rf"((?:{_N}\s*(?:,|and|y|&|or|ni|nor)\s*(?:and |y )?)+{_N}){_OF}({_M})\b\.?{_Y}")
_MORE = rf"(?:\s*(?:,|and|y|&|or|o|ni|nor)\s*(?:and |y )?{_N})+"
_MONTH_LIST = re.compile(rf"\b({_M})\b\.?\s*({_N}{_MORE})(?!\s*(?:of |de )?(?:{_M})\b)(?!\w){_Y}")
_DAY_LIST = re.compile(rf"({_N}){_OF}({_M})\b({_MORE})(?=\s*(?:$|[.,;]))")
_ONE = re.compile(rf"(?:el |the )?{_MOMENT}")
_WHOLE = re.compile(rf"(?:in|en|during|all of|all|durante|todo) ({_M})\b\.?{_Y}")
_WEEK_SPAN = re.compile(rf"(?:from |de )?({'|'.join(_DAY)})(?:{_TO})({'|'.join(_DAY)})\b")
_WEEK_ONE = re.compile(rf"\b(?:the |los |las |el |an? )?({_W})\b")
_LABEL = r"#?\d+[a-z]{0,3}"
_SCENE = re.compile(
    rf"(?:the )?(?:scenes?|sc|scs|escenas?|esc)\b\.?\s*(?:nos?\.? |numbers? )?"
    rf"({_LABEL}(?:\s*(?:,\s*(?:and|y|&)(?!\w)|,|and|y|&|to|-|–)\s*"
    rf"(?:scenes? )?{_LABEL}\b(?!\s*(?:of |de )?(?:{_M})\b))*)(?![\w/])"
)
_LISTED = re.compile(  # "2nd unit: 7, 12A and 23"
    r"([\ue400-\ue4ff](?: \w+)?(?:\s*[:–-])?\s+)"
    rf"(?={_LABEL}(?:(?:,\s*(?:and|y)\s|\s*,\s*|\s*&\s*|\s(?:and|y|to)\s){_LABEL})*$)"
)
_ARTICLE = re.compile(r"\b(?:la|las|the|before|after)\s+(\d+[a-z]{0,2})(?![\w/])(?!\s*(?:de|of|st|nd|rd|th)\b)")
_ALONE = re.compile(r"(?<![\w.])(\d+[a-z]{1,2})(?!\w)")


@dataclass(slots=True)
class Marked:
    """A sentence with its dates, weekdays, scenes and units behind marks."""

    text: str
    known: Known
    dates: list[tuple[date, ...]] = field(default_factory=list)
    weekdays: list[tuple[int, ...]] = field(default_factory=list)
    scenes: list[tuple[str, ...]] = field(default_factory=list)
    units: list[str] = field(default_factory=list)  # in the words of the sentence
    wrong: list[str] = field(default_factory=list)

    def read_when(self, marks: str) -> tuple[tuple[date, ...], tuple[int, ...]]:
        """The dates and weekdays behind the marks of a phrase."""
        days = {day for mark in marks if DATES <= mark < WEEK for day in self.dates[ord(mark) - ord(DATES)]}
        week = {day for mark in marks if WEEK <= mark < SCENES for day in self.weekdays[ord(mark) - ord(WEEK)]}
        return tuple(sorted(days)), tuple(sorted(week))

    def read_scenes(self, phrase: str) -> tuple[str, ...]:
        """The scene numbers behind the marks of a phrase."""
        found = (self.scenes[ord(mark) - ord(SCENES)] for mark in phrase if SCENES <= mark < "\ue400")
        return tuple(dict.fromkeys(label for labels in found for label in labels))

    def in_words(self, phrase: str) -> str:
        """A phrase with its units in the words of the sentence again."""
        return "".join(self.units[ord(mark) - ord(UNITS)] if UNITS <= mark < "\ue500" else mark for mark in phrase)

    def read_units(self, phrase: str) -> tuple[str, ...] | str:
        """The units that a phrase names; else why it names none."""
        return units_in(self.in_words(phrase).strip(), self.known)


def mark(sentence: str, known: Known) -> Marked:
    """The sentence in small letters with marks. What can be no date, and scenes nobody wrote, are in `wrong`."""
    clean = re.sub(r"[\ue000-\uf8ff]", " ", " ".join(sentence.casefold().split()))
    marked = Marked(clean, known)
    marked.text = phrases(known.units).sub(lambda m: _unit(marked, m[0]), marked.text)  # "2nd" is no scene's number
    marked.text = _LISTED.sub(r"\1scenes ", marked.text)
    _scenes(marked, known)
    dater = _Dater(marked, known)
    for pattern, reader in dater.readers():
        marked.text = pattern.sub(_into(dater, reader), marked.text)
    marked.text = _WEEK_SPAN.sub(lambda m: _week(marked, _range(_DAY[m[1]], _DAY[m[2]])), marked.text)
    marked.text = _WEEK_ONE.sub(lambda m: _week(marked, GROUPS.get(m[1]) or (_DAY[m[1]],)), marked.text)
    return marked


def _scenes(marked: Marked, known: Known) -> None:
    labels = {strip.label.casefold(): strip.label for strip in known.strips}
    order = [strip.label for strip in known.strips]

    def put(match: re.Match[str]) -> str:
        found = tuple(_labels(match[1], labels, order, marked.wrong))
        if not found or len(marked.scenes) > 200:
            return match[0]
        marked.scenes.append(found)
        return chr(ord(SCENES) + len(marked.scenes) - 1)

    marked.text = _SCENE.sub(put, marked.text)
    if marked.scenes:  # "scene 4 before the 6"
        marked.text = _ARTICLE.sub(lambda m: m[0].replace(m[1], put(m)) if m[1] in labels else m[0], marked.text)
    marked.text = _ALONE.sub(lambda m: put(m) if m[1] in labels else m[0], marked.text)


def _unit(marked: Marked, words: str) -> str:
    if not spoken(words) or len(marked.units) > 200:
        return words
    marked.units.append(words)
    return chr(ord(UNITS) + len(marked.units) - 1)


def _labels(written: str, labels: dict[str, str], order: Sequence[str], wrong: list[str]) -> Iterator[str]:
    last, span = "", False
    for piece in re.findall(rf"{_LABEL}|\bto\b|-|–", written):
        if piece in {"to", "-", "–"}:
            span = True
            continue
        label = labels.get(piece) or labels.get(piece.removeprefix("#")) or labels.get(f"#{piece}")
        if label is None:
            wrong.append(f"there is no scene {piece.upper()}")
            continue
        at = order.index(label)
        yield from order[order.index(last) + 1 : at] if span and last else ()
        yield label
        last, span = label, False


def _week(marked: Marked, days: Sequence[int]) -> str:
    marked.weekdays.append(tuple(days))
    return chr(ord(WEEK) + min(len(marked.weekdays), 256) - 1)


def _range(first: int, last: int) -> tuple[int, ...]:
    return tuple((first + n) % 7 for n in range((last - first) % 7 + 1))


def _into(dater: "_Dater", reader: Callable[[re.Match[str]], tuple[date, ...]]) -> Callable[[re.Match[str]], str]:
    def put(match: re.Match[str]) -> str:
        try:
            found = reader(match)
        except ValueError:
            dater.marked.wrong.append(f"“{match[0].strip()}” is no date")
            return match[0]
        if found and not any(dater.known.near(day) for day in found):
            dater.marked.wrong.append(f"{found[0].isoformat()} lies far outside the calendar")
        if len(dater.marked.dates) > 200:
            return match[0]
        dater.marked.dates.append(found)
        return chr(ord(DATES) + len(dater.marked.dates) - 1)

    return put


@dataclass(slots=True)
class _Dater:
    """Reads each way of writing dates; a year that is not written is the one nearest to the calendar."""

    marked: Marked
    known: Known

    def readers(self) -> list[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[date, ...]]]]:
        return [
            (_SPAN, self.span),
            (_BETWEEN, self.short),
            (_SHORT, self.short),
            (_MONTH_FIRST, self.month_first),
            (_OPEN, self.open),
            (_LIST, self.several),
            (_MONTH_LIST, self.several),
            (_DAY_LIST, self.several),
            (_ONE, self.one),
            (_WHOLE, self.whole),
        ]

    def day(self, day: str, month: str, year: str | None) -> date:
        number = _MONTH[month]
        if year:
            return date(int(year), number, int(day))
        years = range(self.known.first.year - 1, self.known.last.year + 2)
        options = []
        for candidate in years:
            try:
                options.append(date(candidate, number, int(day)))
            except ValueError:
                continue
        if not options:
            raise ValueError(day)
        return min(options, key=self._far)

    def _far(self, day: date) -> tuple[int, int]:
        first, last = self.known.first, self.known.last
        out = max((first - day).days, (day - last).days, 0)
        return out, -day.toordinal()

    def moment(self, groups: Sequence[str | None]) -> date:
        """One date from the nine groups of _MOMENT."""
        y, m, d, day, month, year, month2, day2, year2 = groups
        if y and m and d:
            return date(int(y), int(m), int(d))
        return self.day(day or day2 or "", month or month2 or "", year or year2)

    def one(self, match: re.Match[str]) -> tuple[date, ...]:
        found = self.moment(match.groups())
        named = next((_DAY[word] for word in re.findall(r"[^\W\d_]+", match[0]) if word in _DAY), found.weekday())
        if named != found.weekday():
            self.marked.wrong.append(f"{found.isoformat()} is a {found:%A}")
        return (found,)

    def span(self, match: re.Match[str]) -> tuple[date, ...]:
        groups = match.groups()
        head, tail = list(groups[:_GROUPS_OF_MOMENT]), groups[_GROUPS_OF_MOMENT:]
        last = self.moment(tail)
        first = self.moment(head)
        if first > last and not (head[0] or head[5] or head[8]):
            first = first.replace(year=last.year)
            first = first if first <= last else first.replace(year=last.year - 1)
        return _run(first, last)

    def short(self, match: re.Match[str]) -> tuple[date, ...]:
        one, other, month, year = match.groups()
        last = self.day(other, month, year)
        return _run(last.replace(day=int(one)), last)

    def month_first(self, match: re.Match[str]) -> tuple[date, ...]:
        month, one, other, year = match.groups()
        last = self.day(other, month, year)
        return _run(last.replace(day=int(one)), last)

    def open(self, match: re.Match[str]) -> tuple[date, ...]:
        day, side = self.moment(match.groups()[1:]), match["side"]
        first, last = self.known.first, self.known.last + timedelta(days=120)
        if "week" in side or "semana" in side:
            monday = day - timedelta(days=day.weekday())
            return _run(monday, monday + timedelta(days=6))
        if side.startswith(("before", "antes")):
            return _run(min(first, day - timedelta(days=1)), day - timedelta(days=1))
        if side.startswith(("after", "desp")):
            return _run(day + timedelta(days=1), max(last, day + timedelta(days=1)))
        if side.startswith(("from", "a partir", "desde", "since")):
            return _run(day, max(last, day))
        return _run(min(first, day), day)

    def several(self, match: re.Match[str]) -> tuple[date, ...]:
        month = next(group for group in match.groups() if group in _MONTH)
        year = next((group for group in match.groups() if group and re.fullmatch(r"\d{4}", group)), None)
        days = re.findall(r"\d{1,2}", match[0].removesuffix(year or ""))
        return tuple(sorted(self.day(day, month, year) for day in days))

    def whole(self, match: re.Match[str]) -> tuple[date, ...]:
        first = self.day("1", match[1], match[2])
        following = (first + timedelta(days=31)).replace(day=1)
        return _run(first, following - timedelta(days=1))


def _run(first: date, last: date) -> tuple[date, ...]:
    if last < first or (last - first).days > 1000:
        raise ValueError("a span that ends before it begins")
    return days_between(first, last)
