"""From words to a query: intent by pattern, then scenes, times, sets, names; what is left is the thing asked for."""

import re
from dataclasses import dataclass, field

from assistant.domain.breakdown import CastMember
from assistant.knowledge.bm25 import tokens
from assistant.knowledge.builtin.language import Asking, asking, english, fold, language_of, spanish
from assistant.knowledge.builtin.query import Query
from assistant.knowledge.builtin.shooting import bare_scenes, days_in, shooting, story_days_in
from assistant.knowledge.builtin.things import known_thing
from assistant.knowledge.tables import Tables

MAX_LETTERS = 2000
_SCENES = {"list_scenes": "list_scenes", "count_scenes": "count_scenes", "count_pages": "count_pages"}
_SLOTS = ("scenes", "cast", "things", "sets", "category", "int_ext", "time", "days", "without_cast", "without_things")


@dataclass
class _Reading:
    """A question while it is taken apart; `left` has blanks where something was recognised."""

    words: Asking
    tables: Tables
    text: str
    left: str = ""
    query: Query = field(default_factory=Query)

    def take(self, start: int, end: int, mark: str = "·") -> None:
        self.left = self.left[:start] + mark * (end - start) + self.left[end:]


def understand(question: str, tables: Tables, last: Query | None = None, language: str = "") -> Query:
    """What is asked. `last` is the query before it, for "and at night?"; the language is the question's own."""
    spoken = language or language_of(question, last.language if last else tables.language)
    words = asking(spoken)
    text = fold(question[:MAX_LETTERS])
    reading = _Reading(words, tables, text, text)
    reading.query.text, reading.query.language = question.strip(), words.language
    reading.query.intent = next((name for name, pattern in words.intents if pattern.search(text)), "passage")
    _scenes(reading)
    _sets(reading, whole=True)
    _cast(reading)
    _shoot(reading)
    _sets(reading, whole=False)
    _filters(reading)
    _category(reading)
    _things(reading)
    reading.query.speaking = bool(words.speaking.search(text))
    return _settled(_followed(reading, last))


def _settled(query: Query) -> Query:
    """Patterns alone can not tell "props in scene 2" from "scenes with props"; what was recognised can."""
    if query.intent == "list_scenes" and query.scenes:
        wanted = "list_things" if query.category else "is_in" if query.subjects else "scene_info"
        return query.model_copy(
            update={"intent": "list_scenes" if len(query.scenes) > 1 and not query.category else wanted}
        )
    if query.intent in ("is_in", "scene_info") and query.category and not query.subjects:
        return query.model_copy(update={"intent": "list_things"})
    return query


def _scenes(reading: _Reading) -> None:
    for found in reading.words.scene.finditer(reading.text):
        labels = _listed(found.group(1), reading)
        reading.query.scenes += [label for label in labels if label not in reading.query.scenes]
        reading.take(found.start(), found.end())


def _listed(text: str, reading: _Reading) -> list[str]:
    bounds = re.findall(r"#?\d+[a-z]{0,2}|[a-z]{1,2}\d+", text)
    if len(bounds) == 2 and reading.words.to.search(re.sub(r"#?\d+[a-z]{0,2}|[a-z]{1,2}\d+", "", text) or " "):
        between = re.sub(r"#?\d+[a-z]{0,2}|[a-z]{1,2}\d+", " ", text).strip()
        if reading.words.to.fullmatch(between):
            return _range(bounds[0], bounds[1], reading.tables) or bounds
    return [_as_written(label, reading.tables) for label in bounds]


def _as_written(label: str, tables: Tables) -> str:
    scene = tables.named(label)
    return scene.label if scene else label


def _range(first: str, last: str, tables: Tables) -> list[str]:
    ends = tables.named(first), tables.named(last)
    if ends[0] is None or ends[1] is None:
        return []
    low, high = ends[0].ordinal, ends[1].ordinal
    return [scene.label for scene in tables.script.scenes if low <= scene.ordinal <= high]


def _cast(reading: _Reading) -> None:
    """Names, longest first; one word of a name is enough where only one role has it."""
    for name, member in sorted(_callings(reading.tables).items(), key=lambda pair: -len(pair[0])):
        for found in re.finditer(rf"(?<![\w'-]){re.escape(name)}(?:'s)?(?![\w-])", reading.left):
            if member.name not in reading.query.cast + reading.query.without_cast:
                excluded = _excluded(reading, found.start())
                (reading.query.without_cast if excluded else reading.query.cast).append(member.name)
            reading.take(found.start(), found.end(), "•")


def _callings(tables: Tables) -> dict[str, CastMember]:
    whole: dict[str, CastMember] = {}
    parts: dict[str, list[CastMember]] = {}
    for member in tables.cast:
        for name in (member.name, *member.aliases):
            whole.setdefault(fold(name), member)
            for part in fold(name).split():
                if len(part) > 2 and not part.isdecimal():
                    parts.setdefault(part, []).append(member)
    common = {*asking("en").frame, *asking("es").frame, *asking("en").inside}
    single = {part: named[0] for part, named in parts.items() if len(named) == 1 and part not in common}
    return {**single, **whole}


def _excluded(reading: _Reading, at: int) -> bool:
    """Does the nearest "without" before this place reach it?"""
    before = reading.text[:at]
    found = list(reading.words.without.finditer(before))
    return bool(found) and len(before[found[-1].end() :].split()) <= 3


def _shoot(reading: _Reading) -> None:
    """Questions to the schedule and to continuity: an intent is taken when all it needs is there."""
    words, query = shooting(reading.words.language), reading.query
    for name, needs, pattern in words.intents:
        if not pattern.search(reading.text):
            continue
        if needs in ("day", "story"):
            query.days = (days_in if needs == "day" else story_days_in)(reading.text, words)
        if name == "must_match" and not query.scenes:
            query.scenes = [_as_written(label, reading.tables) for label in bare_scenes(reading.text)]
        there = {
            "": True,
            "cast": bool(query.cast) and not query.scenes,
            "day": bool(query.days) and not (name == "match_day" and query.scenes),
            "story": bool(query.days or query.scenes),
            "scenes": len(query.scenes) == 2,
            "scene": True,
            "named": bool(query.scenes),
        }
        if there[needs]:
            query.intent = name
            whole = name != "shoot_scene" or bool(query.scenes)
            reading.left = "" if whole else words.words.sub(lambda found: "·" * len(found.group()), reading.left)
            return
    kind = next((kind for kind, pattern in words.states.items() if pattern.search(reading.text)), None)
    if kind and query.intent != "knows" and (query.scenes or (query.cast and kind != "prop")):
        query.intent, query.state, reading.left = "state", kind, ""
        return
    query.days = days_in(reading.text, words) if reading.words.follow.search(reading.text) else []
    reading.left = "" if query.days else reading.left


def _sets(reading: _Reading, whole: bool) -> None:
    """Sets where a word of place leads to them: first as they are written, then by one word of their names."""
    if reading.query.sets:
        return
    parts: dict[str, set[str]] = {}
    for name in reading.tables.sets:
        for piece in [name, *re.split(r"\s+-\s+|\s*/\s*|,\s*", name)]:
            folded = fold(piece)
            words = [] if whole else [word for word in folded.split() if len(word) > 3 and not word.endswith("'s")]
            for part in [folded, *words] if not whole else [folded] if " " in folded else []:
                parts.setdefault(part, set()).add(name)
    for part in sorted(parts, key=len, reverse=True):
        if not part or part in reading.words.frame:
            continue
        for shown in (part, *_elsewhere(part, reading)):
            found = re.search(rf"(?<![\w'-]){re.escape(shown)}(?![\w-])", reading.left)
            if found and _led(reading, found.start()):
                reading.query.sets += [name for name in reading.tables.sets if name in parts[part]]
                reading.take(found.start(), found.end())
                return


def _elsewhere(part: str, reading: _Reading) -> list[str]:
    """The same place in the asker's language."""
    if reading.words.language == "es" and reading.tables.language == "en":
        return [word for word, there in english().items() if there == part]
    if reading.words.language == "en" and reading.tables.language == "es" and part in english():
        return [english()[part]]
    return []


def _led(reading: _Reading, at: int) -> bool:
    """Is a word like "in" in front, with at most an article and an adjective between?"""
    before = reading.text[:at].split()[-3:]
    return any(word in reading.words.inside for word in before) or "set" in before or "decorado" in before


def _filters(reading: _Reading) -> None:
    for time, pattern in reading.words.times.items():
        if found := pattern.search(reading.left):
            reading.query.time = time
            reading.take(found.start(), found.end())
            break
    for place, pattern in reading.words.places.items():
        if found := pattern.search(reading.left):
            reading.query.int_ext = place
            reading.take(found.start(), found.end())
            break


def _category(reading: _Reading) -> None:
    for name, pattern in reading.words.categories.items():
        if found := pattern.search(reading.left):
            reading.query.category = name
            reading.take(found.start(), found.end())
            return


def _things(reading: _Reading) -> None:
    """What is left over: each run of words between the marks, joined or parted by "and" and "or"."""
    query, words = reading.query, reading.words
    query.either = bool(words.either.search(reading.left)) and len(query.cast) != 1
    runs: list[tuple[int, str]] = []
    boundary = re.compile(rf"[·•]+|{words.both.pattern}|{words.either.pattern}|\bvs\b")
    start = 0
    for cut in [*boundary.finditer(reading.left), None]:
        end = cut.start() if cut else len(reading.left)
        runs.append((start, reading.left[start:end]))
        start = cut.end() if cut else end
    for at, run in runs:
        bare = (word.removesuffix("'s").strip("-'") for word in run.split())
        content = [word for word in bare if word and word not in words.frame]
        if content:
            _thing(reading, at, content)


def _thing(reading: _Reading, at: int, content: list[str]) -> None:
    query, tables = reading.query, reading.tables
    phrase = " ".join(_translated(word, reading) for word in content)
    if known_thing(phrase, tables):
        offset = reading.left.find(content[0], at)
        (query.without_things if _excluded(reading, max(at, offset)) else query.things).append(phrase)
        return
    query.residue += [word for word in content if not word.isdecimal()]
    for word, there in zip(content, phrase.split(), strict=False):
        stems = tokens(there, tables.language)
        if stems and not set(stems) <= tables.vocabulary and not word.isdecimal():
            query.unknown.append(word)


def _translated(word: str, reading: _Reading) -> str:
    asked, written = reading.words.language, reading.tables.language
    if asked == "es" and written == "en" and not set(tokens(word, "en")) <= reading.tables.vocabulary:
        return english().get(word, word)
    if asked == "en" and written == "es" and not set(tokens(word, "es")) <= reading.tables.vocabulary:
        return spanish().get(word, word)
    return word


def _followed(reading: _Reading, last: Query | None) -> Query:
    """The query, with what it leaves unsaid taken from the one before."""
    query, words = reading.query, reading.words
    if last is None or last.intent in ("passage", "call_sheet"):
        return query
    said = {slot: getattr(query, slot) for slot in _SLOTS if getattr(query, slot)}
    if words.follow.search(reading.text) and query.intent in ("passage", "list_things", "call_sheet", "is_in"):
        kept = last.model_copy(deep=True)
        if {"cast", "things"} & said.keys():
            kept.cast, kept.things = [], []
        if "days" in said and kept.intent == "shoot_scene":
            kept.intent, kept.scenes = "shoot_day", []
        unsaid = {"unknown": query.unknown, "residue": query.residue, "either": query.either}
        return kept.model_copy(
            update={**said, **unsaid, "text": query.text, "language": query.language, "follows": True}
        )
    if words.pronouns["those"].search(reading.text) and last.intent in _SCENES and not said.keys() & {"cast", "scenes"}:
        return last.model_copy(
            update={**said, "intent": _SCENES.get(query.intent, "count_scenes"), "text": query.text, "follows": True}
            | {"language": query.language, "unknown": query.unknown, "residue": query.residue}
        )
    for slot, source in (("cast", "cast"), ("thing", "things"), ("scene", "scenes"), ("set", "sets")):
        pattern = words.pronouns[slot]
        if pattern.search(reading.text) and not getattr(query, source) and getattr(last, source):
            query = query.model_copy(update={source: getattr(last, source), "follows": True})
    return query
