"""What a sentence about the shoot may name, found by what people call it: cast, places, elements, scenes."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.domain.breakdown import CastMember
from assistant.domain.said import SaidSubject
from assistant.domain.schedule import MAIN, Problem, Strip
from assistant.domain.screenplay import Screenplay

NEAR = timedelta(days=180)  # how far outside the calendar a date may lie
_WORD = re.compile(r"[^\W_]+")
_LEAD = re.compile(
    r"(?:the )?(?:lead|leading (?:actor|actress|man|lady)|star|protagonist|la protagonista|el protagonista)"
)
_NUMBERED = re.compile(
    r"(?:cast |board |role |personaje )?(?:id |no\.? |number |member |#)(\d+)|(?:cast|personaje) (\d+)"
)
_HEAD = re.compile(
    r"^(?:(?:shoot|film|do|keep|leave|rodar|filmar|dejar)\b\s*)?"
    r"(?:(?:all|every|everything|todas?|todos?|todo)\b\s*)?(?:of\b\s*)?(?:the |las? |los? |el )?"
    r"(?:(?:scenes?|strips?|escenas?)\s+)?(?:(?:at|in|on|with|of|en|con|de|del)\s+)?"
    r"(?:the |las? |los? |el )?"
)
_TAIL = re.compile(r"(?:\s+(?:scenes?|strips?|set|location|sequence|both|all|each|also))+$")
_SIDE = re.compile(r"\b((?:ext|int)erior(?:e?s)?)\b(?: (?:scenes?|of|at|in|on|de|en)\b)?")
_LINK = re.compile(r"\s*(?:,|&|\band\b|\by\b)\s*")


@dataclass(frozen=True, slots=True)
class Target:
    """What a phrase names."""

    subject: SaidSubject
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Everything of one production that a rule may speak of, and the dates of its calendar."""

    cast: tuple[CastMember, ...]
    strips: tuple[Strip, ...]
    elements: Mapping[str, str]  # id → name
    actions: Mapping[str, str]  # scene number → what its action lines say
    first: date
    last: date
    units: tuple[str, ...] = (MAIN,)  # the main one first

    def near(self, day: date) -> bool:
        """Does the date lie in or near the calendar?"""
        return self.first - NEAR <= day <= self.last + NEAR

    def names(self, subject: SaidSubject) -> dict[str, None]:
        """What of this kind there is, in order."""
        told: dict[SaidSubject, Iterable[str]] = {
            "cast": (member.name for member in self.cast),
            "location": (strip.location for strip in self.strips),
            "set": (strip.set for strip in self.strips),
            "element": self.elements,
            "scene": (strip.label for strip in self.strips),
        }
        return dict.fromkeys(told.get(subject, ()))

    def scenes_of(self, target: Target) -> tuple[str, ...]:
        """Numbers of the scenes that a target is in."""
        wanted = set(target.names)
        ids = {member.id for member in self.cast if member.name in wanted}
        tests: dict[SaidSubject, Callable[[Strip], bool]] = {
            "cast": lambda strip: bool(ids & set(strip.cast)),
            "location": lambda strip: strip.location in wanted,
            "set": lambda strip: strip.set in wanted,
            "element": lambda strip: bool(wanted & set(strip.elements)),
            "scene": lambda strip: strip.label in wanted,
            "company": lambda strip: True,
        }
        return tuple(strip.label for strip in self.strips if tests[target.subject](strip))

    def find(self, phrase: str) -> Target | str:
        """What a phrase names; else why it names nothing, in words."""
        whole = self._one(phrase)
        parts = [part for part in _LINK.split(phrase) if part.strip()]
        if isinstance(whole, Target) or len(parts) < 2:
            return whole
        found = [self._one(part) for part in parts]
        if lost := next((item for item in found if isinstance(item, str)), None):
            return lost
        targets = [item for item in found if isinstance(item, Target)]
        if len({item.subject for item in targets}) == 1:
            names = dict.fromkeys(name for item in targets for name in item.names)
            return Target(targets[0].subject, tuple(names))
        return Target("scene", self._together(targets))

    def spoken_of(self, sentence: str) -> str:
        """The one person of the cast whom a sentence names, else ""."""
        words = _WORD.findall(sentence.casefold())
        text = f" {' '.join(words)} "
        found = [m.name for m in self.cast if f" {' '.join(_WORD.findall(m.name.casefold()))} " in text]
        longest = [name for name in found if not any(name != other and name in other for other in found)]
        return longest[0] if len(longest) == 1 else ""

    def _together(self, targets: Iterable[Target]) -> tuple[str, ...]:
        wanted = {label for target in targets for label in self.scenes_of(target)}
        return tuple(strip.label for strip in self.strips if strip.label in wanted)

    def _one(self, phrase: str) -> Target | str:
        said = phrase.strip(" ,:'\"").casefold()
        side = _SIDE.search(said)
        if side:
            return self._inside_or_out(f"{said[: side.start()]} {said[side.end() :]}", side[1].startswith("int"))
        plain = _TAIL.sub("", _HEAD.sub("", said)).strip().removesuffix("'s")
        if role := self._by_number(said) or self._by_number(plain):
            return Target("cast", (role.name,))
        for wanted in dict.fromkeys((said, plain)):
            if found := self._exact(wanted):
                return found
        words = _words(plain)
        if not words:
            return "it does not say what it speaks of"
        return self._by_words(words, plain)

    def _inside_or_out(self, phrase: str, inside: bool) -> Target | str:
        """ "car deck exteriors": those of its scenes; "interiors": every one."""
        found = self._one(phrase) if _words(_HEAD.sub("", f"{phrase.strip()} ")) else Target("company", ())
        if isinstance(found, str):
            return found
        wanted = set(self.scenes_of(found))
        sides = {"INT", "INT/EXT"} if inside else {"EXT", "INT/EXT"}
        names = tuple(strip.label for strip in self.strips if strip.label in wanted and strip.int_ext in sides)
        return Target("scene", names) if names else f"there is no {'interior' if inside else 'exterior'} of it"

    def _by_number(self, said: str) -> CastMember | None:
        match = _NUMBERED.fullmatch(said)
        number = "1" if _LEAD.fullmatch(said) else (match[1] or match[2]) if match else ""
        return next((member for member in self.cast if member.id == number), None)

    def _exact(self, wanted: str) -> Target | None:
        for member in self.cast:
            if wanted in {member.name.casefold(), *(alias.casefold() for alias in member.aliases)}:
                return Target("cast", (member.name,))
        kinds: tuple[SaidSubject, ...] = ("location", "set")
        for kind in kinds:
            if found := tuple(name for name in self.names(kind) if name.casefold() == wanted):
                return Target(kind, found)
        things = tuple(id for id, name in self.elements.items() if name.casefold() == wanted)
        return Target("element", things) if things else None

    def _by_words(self, words: frozenset[str], plain: str) -> Target | str:
        cast = tuple(member.name for member in self.cast if words <= _words(member.name))
        if len(cast) == 1:
            return Target("cast", cast)
        kinds: tuple[SaidSubject, ...] = ("location", "set")
        for kind in kinds:
            if found := tuple(name for name in self.names(kind) if words <= _words(name)):
                return Target(kind, found)
        things = tuple(id for id, name in self.elements.items() if words <= _words(name) and _ends(name, plain))
        if things:
            return Target("element", things)
        titled = tuple(member.name for member in self.cast if _title(plain.removesuffix(member.name.casefold())))
        if len(titled) == 1:  # "constable Hughes"
            return Target("cast", titled)
        if cast:
            return f"{plain!r} may be {' or '.join(cast[:4])}"
        pattern = re.compile(rf"\b{re.escape(plain)}s?\b")
        said = tuple(label for label, text in self.actions.items() if pattern.search(text))
        if said:
            return Target("scene", said)
        return f"nothing in this production is called {plain!r}"


def known_of(problem: Problem, script: Screenplay, cast: Iterable[CastMember]) -> Known:
    """What may be named in this production's rules."""
    labels = {strip.scene: strip.label for strip in problem.strips}
    actions = {
        labels[scene.ordinal]: "\n".join(line.text for line in scene.lines if line.kind == "action").casefold()
        for scene in script.scenes
        if scene.ordinal in labels
    }
    working = {performer.id for performer in problem.cast}
    return Known(
        cast=tuple(member for member in cast if member.id in working),
        strips=problem.strips,
        elements={thing.id: thing.name for thing in problem.elements},
        actions=actions,
        first=problem.days[0].date,
        last=problem.days[-1].date,
        units=problem.units,
    )


def _title(before: str) -> bool:
    """Is what stands before a name a word or two, as in "constable Hughes"?"""
    alone = before.endswith(" ") and len(before.split()) <= 2 and before.replace(" ", "").isalpha()
    return alone and not _LINK.search(before)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in _WORD.findall(text.casefold()))


def _ends(name: str, plain: str) -> bool:
    """Is the phrase the head of the name? A fire extinguisher is no fire."""
    head = _WORD.findall(name.casefold())
    last = _WORD.findall(plain)
    return bool(head and last) and head[-1].removesuffix("s") == last[-1].removesuffix("s")
