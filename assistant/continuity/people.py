"""Who a sentence is about: names as action lines write them, and the pronouns that stand for them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.continuity.words import Lexicon, lexicon, sentences
from assistant.domain.breakdown import Quote
from assistant.domain.characters import Character
from assistant.domain.continuity import SceneDay
from assistant.domain.screenplay import Line, Scene, Screenplay

SHOWN = frozenset({"action", "general", "shot", "centered"})
_FEMALE = frozenset({"she", "her", "hers", "herself", "ella"})
_EXTENSION = re.compile(r"\s*\(.*$|\s*\^$")
_TITLES = frozenset({"MR.", "MRS.", "MS.", "DR.", "MISS", "THE", "OLD", "YOUNG", "BIG", "LITTLE", "FIRST", "SECOND"})
_NEXT = 3
_BEHIND = re.compile(r"\s+de\s+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of action with who it is about. `mentions` are (start, end, name), pronouns included."""

    scene: Scene
    line: Line
    text: str
    subject: str
    mentions: tuple[tuple[int, int, str], ...]
    words: Lexicon = field(repr=False, compare=False)

    @property
    def quote(self) -> Quote:
        return Quote(self.scene.ordinal, self.line.number, self.text.strip())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for _, _, name in self.mentions))

    def owner(self, at: int, end: int = -1) -> str:
        """Whose is what stands at an offset: who follows it in "la mano de Carmen", else the nearest person before
        it, else the one the sentence is about."""
        for start, _, name in self.mentions if end > 0 else ():
            if _BEHIND.fullmatch(self.text[end:start]):
                return name
        before = [name for _, end, name in self.mentions if end <= at]
        return before[-1] if before else self.subject

    def actor(self, at: int) -> str:
        """Who does what stands at an offset: the nearest name or he/she before it."""
        before = [
            name for start, end, name in self.mentions if end <= at and not _owns(self.text[start:end], self.text, end)
        ]
        return before[-1] if before else self.subject


@dataclass(frozen=True, slots=True)
class Speech:
    """One speech of one person."""

    scene: Scene
    line: Line
    speaker: str
    voice: bool

    @property
    def quote(self) -> Quote:
        return Quote(self.scene.ordinal, self.line.number, self.line.text.strip())


@dataclass(frozen=True)
class Story:
    """A script taken apart for the rules: its sentences and speeches in order, and each scene's day."""

    script: Screenplay
    people: Sequence[Character]
    days: Mapping[int, SceneDay]
    sentences: tuple[Sentence, ...]
    speeches: tuple[Speech, ...]
    runs: Mapping[int, int]  # scene → the first scene of the continuous run it is in
    names: "Names" = field(repr=False)

    @property
    def words(self) -> Lexicon:
        """The lexicon of the script's language."""
        return lexicon(self.script.language)

    def main(self, scene: int) -> bool:
        """Whether a scene is in the line of the story."""
        return scene in self.days and not self.days[scene].outside

    def day(self, scene: int) -> str:
        return self.days[scene].label if scene in self.days else ""

    def number(self, scene: int) -> int:
        """The number of a scene's script day; D2 and N2 are one."""
        label = self.day(scene)
        return int(label[1:]) if label[1:].isdecimal() else 0


class Names:
    """Every way a name is written, and what each stands for."""

    def __init__(self, people: Sequence[Character], language: str) -> None:
        self.language = language
        spelled: dict[str, str] = {}
        for person in people:
            for name in (person.name, person.full_name or person.name):
                for written in (name, _capitals(name)):
                    spelled.setdefault(written, person.name)
        for part, name in _parts(people).items():
            spelled.setdefault(part, name)
            spelled.setdefault(_capitals(part), name)
        ways = sorted((way for way in spelled if len(way) > 1), key=len, reverse=True)
        self.spelled = spelled
        joined = "|".join(map(re.escape, ways))
        self.pattern = re.compile(rf"(?<![\w'’-])(?:{joined})(?!\w)") if ways else None

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """Where names stand in a text."""
        if self.pattern is None:
            return []
        return [(match.start(), match.end(), self.spelled[match[0]]) for match in self.pattern.finditer(text)]


def story(script: Screenplay, people: Sequence[Character], days: Sequence[SceneDay]) -> Story:
    """Take a script apart."""
    names = Names(people, script.language)
    genders = _genders(script, names)
    found: list[Sentence] = []
    spoken: list[Speech] = []
    for scene in script.scenes:
        if scene.omitted:
            continue
        _read(scene, names, genders, found, spoken)
    return Story(
        script, people, {day.scene: day for day in days}, tuple(found), tuple(spoken), _runs(script, days), names
    )


def _read(scene: Scene, names: Names, genders: Mapping[str, str], found: list[Sentence], spoken: list[Speech]) -> None:
    memory: dict[str, str] = {}
    subject, speaker, voice = "", "", False
    for line in scene.lines[1:]:
        if line.kind == "character":
            name = _EXTENSION.sub("", line.text).strip().lstrip("@")
            speaker = names.spelled.get(name, name)
            voice = re.search(r"\((?:V\.?O|O\.?S|O\.?C|ON PHONE|PHONE|RADIO|FILTERED)", line.text, re.I) is not None
            subject = _remember(memory, genders, speaker) if not voice else subject
        elif line.kind in {"dialogue", "lyrics"} and speaker:
            spoken.append(Speech(scene, line, speaker, voice))
        elif line.kind in SHOWN:
            for _, text in sentences(line.text):
                sentence = _sentence(scene, line, text, (names, genders, memory), subject)
                subject = sentence.subject
                found.append(sentence)


def _sentence(
    scene: Scene, line: Line, text: str, known: tuple[Names, Mapping[str, str], dict[str, str]], before: str
) -> Sentence:
    names, genders, memory = known
    words = lexicon(names.language)
    spans = names.spans(text)
    for match in words.regex("pronoun").finditer(text):
        gender = "f" if match[1].lower() in _FEMALE else "m"
        earlier = [name for _, end, name in spans if end <= match.start() and genders.get(name, gender) == gender]
        name = (
            earlier[-1] if earlier else memory.get(gender) or (before if genders.get(before, gender) == gender else "")
        )
        if name:
            spans.append((match.start(), match.end(), name))
    spans.sort()
    opened = words.regex("opens").match(text)
    first = next((name for start, _, name in spans if not opened or start >= opened.start(1)), "")
    subject = first or before
    for _, _, name in spans:
        _remember(memory, genders, name)
    if subject:
        _remember(memory, genders, subject)
    return Sentence(scene, line, text, subject, tuple(spans), words)


def _remember(memory: dict[str, str], genders: Mapping[str, str], name: str) -> str:
    gender = genders.get(name)
    for key in (gender,) if gender else ("m", "f"):
        if key:
            memory[key] = name
    return name


def _genders(script: Screenplay, names: Names) -> dict[str, str]:
    """Who is he and who is she, by the pronouns in sentences about one person alone, and in the next one."""
    votes: dict[str, Counter[str]] = {}
    for scene in script.scenes:
        for line in scene.lines[1:]:
            if line.kind not in SHOWN:
                continue
            only = ""
            for _, text in sentences(line.text):
                only = _vote(text, names, only, votes)
    return {who: count.most_common(1)[0][0] for who, count in votes.items() if _clear(count)}


def _vote(text: str, names: Names, only: str, votes: dict[str, Counter[str]]) -> str:
    """Count what one sentence says of who is he and who is she; who it was about, where that is one person."""
    spans = names.spans(text)
    named = {name for _, _, name in spans}
    words = lexicon(names.language)
    opened = words.regex("opens").match(text)
    if opened and only and (not spans or opened.end(1) <= spans[0][0]):
        votes.setdefault(only, Counter())["f" if opened[1].lower() in _FEMALE else "m"] += _NEXT
        return only
    who = next(iter(named)) if len(named) == 1 else ""
    said = [match[1].lower() for match in words.regex("pronoun").finditer(text)]
    pronouns = {word in _FEMALE for word in said}
    if "him" in said or len(pronouns) == 2:
        return ""  # somebody else is there too
    if who and pronouns:
        votes.setdefault(who, Counter())["f" if pronouns.pop() else "m"] += 1
    return who


def _clear(count: Counter[str]) -> bool:
    (_, most), *rest = count.most_common()
    return not rest or most >= 2 * rest[0][1]


def _parts(people: Sequence[Character]) -> dict[str, str]:
    """First and last names that one person alone has."""
    owners: dict[str, set[str]] = {}
    for person in people:
        for word in {word for name in (person.name, person.full_name or "") for word in name.split()}:
            if len(word) > 2 and word.isalpha() and word not in _TITLES:
                owners.setdefault(word, set()).add(person.name)
    whole = {person.name for person in people}
    return {word: next(iter(who)) for word, who in owners.items() if len(who) == 1 and word not in whole}


def _capitals(name: str) -> str:
    return re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)?", lambda word: word[0].capitalize(), name.lower())


def _owns(written: str, text: str, end: int) -> bool:
    return written.lower() in {"his", "her", "hers", "him"} or text[end : end + 2] in {"'s", "’s"}


def _runs(script: Screenplay, days: Sequence[SceneDay]) -> dict[int, int]:
    """Scenes that go on without a break: CONTINUOUS, SAME, MOMENTS LATER; a flashback is no part of the run."""
    labels = {day.scene: day.label for day in days}
    found: dict[int, int] = {}
    last: dict[bool, int] = {}
    for scene in script.scenes:
        label = labels.get(scene.ordinal, "")
        if not label:
            continue
        aside = label[0] in "XM"
        before = last.get(aside)
        joined = scene.heading.inherits and before is not None and _unbroken(scene)
        found[scene.ordinal] = found[before] if joined and before is not None else scene.ordinal
        last[aside] = scene.ordinal
    return found


def _unbroken(scene: Scene) -> bool:
    written = (scene.heading.time_written or "").upper()
    return written not in {"LATER", "MÁS TARDE", "PLUS TARD", "SPÄTER", "DOPO"}
