"""Reads the common forms of sentences about a shoot without a model; what it can not read it says, with the reason."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from assistant.domain.said import SaidRule, SaidSubject
from assistant.domain.schedule import MAIN
from assistant.schedule.said.ground import NUMBERS, PAGES, figures
from assistant.schedule.said.known import Known, Target
from assistant.schedule.said.shape import SaidRules, UnreadShape, sentences, shape_of, wrong
from assistant.schedule.said.when import Marked, mark

FORMS = Path(__file__).parent / "forms.yaml"
_NUMBER = rf"(?P<n>\d[\d.,]*(?: \d/8| 1/2)?|\d/8|{'|'.join(NUMBERS)})"
_AND = "(?:,|and|or|nor|y|o|ni|&)*"
_WHEN = f"[\ue100-\ue2ff](?:\\s*{_AND}\\s*(?:on |the |in |el |los |in the )?[\ue100-\ue2ff])*"
_MARKS = re.compile("[\ue100-\ue3ff]")
_PARTS = {
    "<who>": r"(?P<who>\S.*?)",
    "<other>": r"(?P<other>\S.*)",
    " <when>": "<when>",
    "<when>": f"\\s*(?P<when>{_WHEN})",
    "<week>": f"(?P<when>[\ue200-\ue2ff](?:\\s*{_AND}\\s*(?:on |the )?[\ue200-\ue2ff])*)",
    "<n>": _NUMBER,
    "<unit>": "(?P<unit>[\ue400-\ue4ff]|(?:the |la )?[^\\W\\d_][\\w.-]* units?(?!\\w)|la unidad [\\w.-]+(?!\\w))",
    "<unit-mark>": "(?P<unit>[\ue400-\ue4ff])",
}
_JOINT = re.compile(r"\s*(?:,|;|\b(?:and|but|also|y|pero|e)\b)(?:\s*(?:,|\b(?:and|but|also|y|pero|e)\b))*\s*")
_REASON = re.compile(
    r"(?:because|since|as|so|it'?s|it is|he|she|they|we|that'?s|for|please|thanks?|nothing else"
    r"|no (?:discussion|exceptions?)|(?:and )?(?:on )?no other (?:day|date)s?"
    r"|por favor|porque|ya que|pues|es|tiene|tienen|gracias|nada más|sin falta)\b.*"
)
_RULE_WORDS = re.compile(
    r"\b(?:only|never|not|nights?|before|after|last|first|must|may|can|too|also|either|drop|pages?|daylight"
    r"|sólo|solo|nunca|noche|antes|después|final|tampoco|también|puede[n]?)\b|n't\b"
)
_THEM = frozenset({"he", "she", "him", "her", "they", "them", "él", "ella", "ellos", "ellas"})
_CONNECTED = re.compile(r"^(?:\s|,|;|\b(?:and|but|also|y|pero|e)\b)+")
SCENE_KINDS = frozenset({"order", "first", "last", "lock"})
CAST_KINDS = frozenset({"wage", "age", "keep"})


class Form(NamedTuple):
    """One way of saying one kind of rule."""

    kind: Any
    pattern: re.Pattern[str]
    more: Mapping[str, Any]


class _Miss(Exception):
    """A form fits but what it names does not."""


def read(text: str, known: Known) -> SaidRules:
    """The rules of a text, and every sentence that none was read from."""
    output = SaidRules()
    spoken_of = ""
    for sentence in sentences(text):
        reader = _Reader(sentence, known, spoken_of)
        try:
            output.rules += [shape_of(rule) for rule in reader.rules()]
        except _Miss as miss:
            output.unread.append(UnreadShape(quote=sentence, why=str(miss)))
        if reader.rest:
            output.unread.append(UnreadShape(quote=reader.rest, why="it was taken for a remark"))
        spoken_of = known.spoken_of(sentence) or spoken_of
    return output


@cache
def forms() -> tuple[tuple[Form, ...], tuple[Form, ...]]:
    """Whole sentences, and predicates, as compiled once."""
    told = yaml.safe_load(FORMS.read_text(encoding="utf-8"))
    return tuple(_forms(told["sentences"])), tuple(_forms(told["predicates"]))


def _forms(rows: list[dict[str, Any]]) -> Iterator[Form]:
    for row in rows:
        pattern = row["form"]
        for name, part in _PARTS.items():
            pattern = pattern.replace(name, part)
        yield Form(row["kind"], re.compile(pattern), {k: v for k, v in row.items() if k not in ("kind", "form")})


class _Reader:
    """One sentence."""

    def __init__(self, sentence: str, known: Known, spoken_of: str = "") -> None:
        self._quote = sentence
        self._known = known
        self._spoken_of = spoken_of  # whom "she" is
        self._marked: Marked = mark(sentence.strip(".!?-–—*•# \t"), known)
        self._why = ""
        self._whys: list[str] = []
        self.rest = ""  # what stands behind a rule and is none

    def rules(self) -> list[SaidRule]:
        if self._marked.wrong:
            raise _Miss("; ".join(dict.fromkeys(self._marked.wrong)))
        text = self._marked.text.strip(" ,")
        found = self._clause(text) or self._with_remark(text)
        if found is None:
            told = [why for why in (self._why, *self._whys) if why]
            if self._marked.units and (self._marked.dates or self._marked.weekdays):
                told = ["dates can not be said with a unit: its own stand under [[schedule.units]], a scene's apart"]
            raise _Miss(told[0] if told else "it is in no form that is known here")
        for rule in found:
            if problems := wrong(rule, self._known):
                raise _Miss("; ".join(problems))
        return found

    def _clause(self, text: str, depth: int = 0) -> list[SaidRule] | None:
        """A sentence's rules: as one form, as a subject with predicates, or as two clauses."""
        return self._whole(text) or self._subject(text) or self._two(text, depth)

    def _with_remark(self, text: str) -> list[SaidRule] | None:
        """A rule with a remark or a reason behind it, and perhaps an address before it."""
        for joint in re.finditer(
            r"\s*[,:(]\s*|\s+and\s+(?=(?:on )?no other)|\s+(?=(?:because|since|porque|ya que)\b)|\s+[-–—]\s+", text
        ):
            head, tail = text[: joint.start()], text[joint.end() :].strip(" )")
            if not _MARKS.search(tail) and not _RULE_WORDS.search(tail) and (found := self._clause(head)):
                self.rest = "" if _REASON.match(tail) else self._marked.in_words(tail)
                return found
            if (
                not _MARKS.search(head)
                and not _RULE_WORDS.search(head)
                and ":" in joint[0]
                and (found := self._clause(tail))
            ):
                self.rest = self._marked.in_words(head)
                return found
        return None

    def _whole(self, text: str) -> list[SaidRule] | None:
        for form in forms()[0]:
            match = form.pattern.fullmatch(text)
            if match and (rule := self._try(form, match, match.groupdict().get("who"))):
                return [rule]
        self._whys, self._why = [*self._whys, self._why], ""  # what a predicate misses tells more
        return None

    def _two(self, text: str, depth: int) -> list[SaidRule] | None:
        if depth > 3:
            return None
        for joint in _JOINT.finditer(text):
            left, right = text[: joint.start()].strip(), text[joint.end() :].strip()
            if not left or not right:
                continue
            first = self._clause(left, depth + 1)
            second = self._clause(right, depth + 1) if first else None
            if first and second:
                return first + second
        return None

    def _subject(self, text: str) -> list[SaidRule] | None:
        """ "the bridge" + "only at night" + "not on weekends"."""
        for at in [match.end() for match in re.finditer(r"[:,]?\s+", text)]:
            who = text[:at].strip(" :,–-")
            rules = self._predicates(who, text[at:]) if who else None
            if rules:
                return rules
        return None

    def _predicates(self, who: str, text: str) -> list[SaidRule] | None:
        rules: list[SaidRule] = []
        rest = text
        while rest:
            best: tuple[int, SaidRule] | None = None
            for form in forms()[1]:
                match = form.pattern.match(rest)
                if not match or not match[0].strip() or not _whole(rest, match.end()) or not _needed(form, match[0]):
                    continue
                if (best is None or match.end() > best[0]) and (rule := self._try(form, match, who)):
                    best = match.end(), rule
            if best is None:
                return None
            rules.append(best[1])
            rest = _CONNECTED.sub("", rest[best[0] :])
        return rules

    def _try(self, form: Form, match: re.Match[str], who: str | None) -> SaidRule | None:
        try:
            return self._rule(form, match.groupdict(), who)
        except _Miss as miss:
            self._why = self._why or str(miss)
            return None

    def _rule(self, form: Form, said: Mapping[str, str | None], who: str | None) -> SaidRule | None:
        dates, weekdays = self._marked.read_when(said.get("when") or "")
        kind, number = form.kind, _number(said.get("n"), form.kind)
        if form.more.get("weeks"):
            weekdays, number = tuple(range(min(7, number or 0))), None
        if kind == "only" and form.more.get("company") and len(weekdays) < 3 and "only" not in self._marked.text:
            kind = "work"
        target = self._target(who, kind, form)
        rule = SaidRule(
            kind, self._quote, target.subject, target.names, dates, weekdays, form.more.get("band"), number=number
        )
        if kind == "unit":
            return replace(rule, others=self._units(said.get("unit") or "", bool(form.more.get("also"))))
        if kind == "order":
            return self._ordered(rule, said.get("other") or "", bool(form.more.get("turned")))
        return rule

    def _ordered(self, rule: SaidRule, other: str, turned: bool) -> SaidRule:
        late = self._known.scenes_of(self._find(other))
        early = rule.names
        if turned:
            early, late = late, early
        number = rule.number
        return SaidRule("order", rule.quote, "scene", early, others=late, number=number)

    def _units(self, written: str, also: bool) -> tuple[str, ...]:
        """The units that may shoot; where one may as well, that is beside the main unit."""
        found, there = self._marked.read_units(written), self._known.units
        if isinstance(found, str):
            raise _Miss(found)
        if not also or len(found) > 1:
            return found
        if found == (MAIN,) and len(there) > 2:
            raise _Miss("it does not say beside which unit")
        return there if found == (MAIN,) else (MAIN, *found)

    def _target(self, who: str | None, kind: str, form: Form) -> Target:
        if who is None or form.more.get("company"):
            return Target("company", ())
        target = self._find(who)
        if kind in SCENE_KINDS:
            return Target("scene", self._known.scenes_of(target))
        if kind == "unit" and target.subject == "cast":
            raise _Miss("only scenes, sets and locations are given to a unit")
        if kind == "unit" and target.subject == "element":
            return Target("scene", self._known.scenes_of(target))
        if kind in CAST_KINDS and target.subject != "cast":
            raise _Miss(f"{who!r} is nobody of the cast")
        return target

    def _find(self, phrase: str) -> Target:
        if phrase.strip() in _THEM and self._spoken_of:
            return Target("cast", (self._spoken_of,))
        scenes = self._marked.read_scenes(phrase)
        if scenes:
            rest = re.sub("[\ue300-\ue3ff]|\\b(?:shoot|film|and|y|the|only|rodar|las?)\\b|[,&]", " ", phrase).strip()
            if rest:
                raise _Miss(f"{_plain(self._marked.in_words(rest))!r} was not understood")
            return Target("scene", scenes)
        if _MARKS.search(phrase):
            raise _Miss("its date was not understood")
        words = self._marked.in_words(phrase)
        found = self._known.find(words)
        if isinstance(found, str):
            raise _Miss(_plain(found) if words == phrase else "of a unit only its scenes can be said")
        subjects: tuple[SaidSubject, ...] = ("company",)
        if found.subject in subjects:
            raise _Miss("it does not say what it speaks of")
        return found


def _needed(form: Form, text: str) -> bool:
    need = form.more.get("needs")
    return not need or re.search(str(need), text) is not None


def _whole(text: str, end: int) -> bool:
    """Does a match end where a word ends?"""
    return end >= len(text) or not (text[end - 1].isalnum() and text[end].isalnum())


def _number(written: str | None, kind: str) -> int | None:
    """Money, years or days as a whole number; pages in eighths."""
    if not written:
        return None
    figure = max(figures(written), default=0.0)
    return round(figure * 8) if kind in PAGES else round(figure)


def _plain(text: str) -> str:
    return re.sub("[\ue000-\uf8ff]", "…", text).strip()
