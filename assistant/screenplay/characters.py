"""The people of a script: who speaks, who is only introduced, and in which scenes each of them is."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.domain.breakdown import Quote
from assistant.domain.characters import Character
from assistant.domain.screenplay import Line, Scene, Screenplay
from assistant.screenplay.cues import speaker
from assistant.screenplay.introductions import Introduction, introductions
from assistant.screenplay.people import people
from assistant.screenplay.wording import Word, keys, same, split

_SEEN = 2  # how often a name without an age has to act before it is believed

_Name = tuple[str, ...]


@dataclass(slots=True)
class _Person:
    """What is known of one name while the script is read."""

    name: str
    appearances: dict[int, Quote] = field(default_factory=dict)
    speeches: int = 0
    spoken: dict[int, None] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    introduced: Quote | None = None
    full_name: str | None = None
    age: str | None = None

    def character(self) -> Character:
        return Character(
            name=self.name,
            appearances=tuple(self.appearances[scene] for scene in sorted(self.appearances)),
            speeches=self.speeches,
            speech_scenes=tuple(self.spoken),
            voice_scenes=tuple(scene for scene in self.spoken if scene not in self.seen),
            introduced=self.introduced,
            full_name=self.full_name,
            age=self.age,
        )


@dataclass(frozen=True, slots=True)
class _ActionLine:
    scene: int
    line: Line
    words: list[Word]

    def quote(self, start: int, end: int) -> Quote:
        return Quote(self.scene, self.line.number, self.line.text[start:end])


def characters(screenplay: Screenplay) -> tuple[Character, ...]:
    """Everybody in the script: those who speak, most speeches first, then those who are only introduced."""
    cast = _Cast()
    shot = [scene for scene in screenplay.scenes if not scene.omitted]
    for scene in shot:
        cast.hear(scene)
    action = [
        _ActionLine(scene.ordinal, line, split(line.text))
        for scene in shot
        for line in scene.lines
        if line.kind in {"action", "shot", "centered"} and line.text
    ]
    acting = Acting(action, [scene.set for scene in shot])
    cast.meet(action, acting)
    starting = cast.index(acting, genitive=screenplay.language == "de")
    for line in action:
        cast.see(line, starting)
    found = [person.character() for person in cast.persons.values() if person.appearances]
    return tuple(sorted(found, key=lambda one: (-one.speeches, -len(one.scenes), one.scenes[0], one.name)))


class _Cast:
    """The persons found so far, by the folded words of their names."""

    def __init__(self) -> None:
        self.persons: dict[_Name, _Person] = {}

    def hear(self, scene: Scene) -> None:
        """Takes in the cues of a scene."""
        for line in scene.lines:
            if line.kind != "character":
                continue
            cue = speaker(line.text)
            for name in cue.names:
                key = keys(name)
                if not key or (len(key) == 1 and key[0] in people().everyone):
                    continue
                person = self.persons.setdefault(key, _Person(name))
                person.speeches += 1
                person.spoken[scene.ordinal] = None
                if not cue.voice:
                    person.seen.add(scene.ordinal)
                person.appearances.setdefault(scene.ordinal, Quote(scene.ordinal, line.number, line.text))

    def meet(self, action: Sequence[_ActionLine], acting: "Acting") -> None:
        """Takes in who is introduced in action, and what else introductions say of those who speak."""
        for line in action:
            for run in introductions(line.line.text, line.words):
                known = self._known(run)
                for name in known:
                    _introduce(self.persons[name], line, run)
                if not known and _is_person(run, acting):
                    _introduce(self.persons.setdefault(run.keys, _Person(run.text.upper())), line, run)

    def _known(self, run: Introduction) -> list[_Name]:
        """The speakers that a run of capitals names: by their name alone, or as part of the full name."""
        if run.keys in self.persons:
            return [run.keys]
        if any(word.possessive for word in run.words[:-1]) or _says_who_else(run):
            return []
        core = people().core
        return [
            name
            for name, person in self.persons.items()
            if person.speeches
            and len(name) < len(run.keys)
            and (_ends(run.keys, name) or _ends(core(run.keys), core(name)))
        ]

    def see(self, line: _ActionLine, starting: "_Index") -> None:
        """Marks whom an action line names, the longest name first."""
        place = 0
        while place < len(line.words):
            found = _named_at(line.words, place, starting)
            if found is None:
                place += 1
                continue
            name, length = found
            if _absent(line.words, place):
                place += length
                continue
            last = line.words[place + length - 1]
            person = self.persons[name]
            person.appearances.setdefault(line.scene, line.quote(line.words[place].start, last.end))
            person.seen.add(line.scene)
            place += length

    def index(self, acting: "Acting", *, genitive: bool) -> "_Index":
        """Every form a person is named by in action, under its first word, longest first.

        `genitive` takes German's too, which has no apostrophe ("Hannas Hut").
        """
        forms: dict[_Name, set[_Name]] = {name: {name} for name in self.persons}
        for by_full_name in (False, True):
            more: dict[_Name, set[_Name]] = defaultdict(set)
            for name, person in self.persons.items():
                for part in _parts(keys(person.full_name or "") if by_full_name else name, acting):
                    more[part].add(name)
            forms = dict(more) | forms  # a part of one's name is nearer than a part of another's full name
        starting: _Index = defaultdict(list)
        for form, names in sorted(forms.items(), key=lambda entry: -len(entry[0])):
            if len(names) == 1:
                name = next(iter(names))
                starting[form[0]].append((form, name))
                if genitive and len(form) == 1:
                    starting.setdefault(form[0] + "S", []).append(((form[0] + "S",), name))
        return starting


_Index = dict[str, list[tuple[_Name, _Name]]]


def _absent(words: Sequence[Word], place: int) -> bool:
    """Whether a name is only spoken or thought of: "a photo of Ned", "thinks about Ned"."""
    table = people()
    before = words[place - 1].key if place else ""
    return before in table.about or (before in table.of and place > 1 and words[place - 2].key in table.images)


def _named_at(words: Sequence[Word], place: int, starting: _Index) -> tuple[_Name, int] | None:
    if not words[place].named:
        return None
    for form, name in starting.get(words[place].key, ()):
        if same(words, place, form) and all(word.named for word in words[place : place + len(form)]):
            return name, len(form)
    return None


def _parts(whole: _Name, acting: "Acting") -> Iterator[_Name]:
    """Given name and family name, where the script uses them as names ("Jake" of JAKE MORRISON)."""
    table = people()
    if len(whole) < 2 or any(table.is_role(word) or word in table.apart or word[0] == "#" for word in whole):
        return
    for word in dict.fromkeys((whole[0], whole[-1])):
        used = word in acting.proper or acting.acts[word]
        if used and len(word) > 2 and word not in table.titles and word not in table.noise:
            yield (word,)


def _ends(whole: _Name, part: _Name) -> bool:
    return part in (whole[: len(part)], whole[-len(part) :])


def _introduce(person: _Person, line: _ActionLine, run: Introduction) -> None:
    if person.introduced is None:
        person.introduced = line.quote(run.words[0].start, run.words[0].start + len(run.text))
    if person.age is None:
        person.age = run.age
    longer = len(run.keys) > len(keys(person.name))
    if longer and person.full_name is None and people().noise.isdisjoint(run.keys):
        person.full_name = run.text.upper()


def _says_who_else(run: Introduction) -> bool:
    return not people().apart.isdisjoint(run.keys)


def _is_person(run: Introduction, acting: "Acting") -> bool:
    """Whether capitals that no cue knows are a person; anything doubtful is not."""
    table = people()
    head = run.head
    if not head or head in table.noise or run.keys[0] in table.again:
        return False
    if run.age or table.is_role(head):
        return run.age is not None or run.after_article or run.keys[-1] != head or acting.follows(run)
    return len(run.keys) <= 2 and not run.after_article and acting.is_name(run.keys)


class Acting:
    """How names behave in mixed case over the whole script: proper nouns take no article, and people do things."""

    def __init__(self, action: Sequence[_ActionLine], sets: Sequence[str]) -> None:
        self.proper: set[str] = set()
        self.acts: Counter[str] = Counter()
        self.places = {word.key for place in sets for word in split(place) if not word.possessive}
        self._verbs: set[int] = set()
        for line in action:
            self._watch(line)

    def is_name(self, name: _Name) -> bool:
        """Whether a name in capitals comes back as a proper noun that acts."""
        return self.places.isdisjoint(name) and any(
            key in self.proper and self.acts[key] >= _SEEN for key in (name[0], name[-1])
        )

    def follows(self, run: Introduction) -> bool:
        """Whether a verb follows these capitals ("WAITRESS brings")."""
        return id(run.words[-1]) in self._verbs

    def _watch(self, line: _ActionLine) -> None:
        for place, word in enumerate(line.words):
            following = line.words[place + 1] if place + 1 < len(line.words) else None
            verb = bool(
                following and following.text.islower() and following.text.endswith("s") and len(following.text) > 2
            )
            if verb:
                self._verbs.add(id(word))
            if not word.named or word.capital or not word.text[0].isalpha():
                continue
            before = line.words[place - 1] if place else None
            if before is not None and before.key in people().articles:
                continue
            if verb or word.possessive:
                self.acts[word.key] += 1
            if before is not None and _same_sentence(line.line.text[before.end : word.start]) and not before.named:
                self.proper.add(word.key)


def _same_sentence(between: str) -> bool:
    return between.strip() in {"", ","}
