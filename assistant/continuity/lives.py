"""Lives: who is dead, how old people are, what they have learned, and names that are no longer theirs."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from assistant.continuity.findings import Findings
from assistant.continuity.people import Sentence, Speech, Story
from assistant.continuity.words import alternation, lexicon
from assistant.domain.breakdown import Quote
from assistant.domain.characters import Character

_NOT_REALLY = re.compile(
    r"\b(?:not|n't|n’t|never|almost|nearly|as if|like|if|would|could|pretends?|plays|think|thinks|half|battery|asleep|"
    r"line|phone|dead end|silence|silent|to)\b",
    re.IGNORECASE,
)
_GHOST = re.compile(
    r"\b(?:ghost|body|corpse|grave|photo|photograph|portrait|painting|picture|video|recording|tape|memory|"
    r"remembers|dream|vision|statue|urn|coffin|casket|funeral|screen|television|tv)\b",
    re.IGNORECASE,
)
_ASKS_NAME = re.compile(r"\bwhat(?:'s|’s| is) your name\b|\bwho are you\b", re.IGNORECASE)
_CONTENT = re.compile(r"[^\W\d_]{4,}")
_NAME = re.compile(r"(?<![\w'’.-])([A-ZÁÉÍÓÚÑ][a-záéíóúñü]{2,})(?![\w-])")
_ACTS = re.compile(
    r"\s+(?:\w+ly\s+)?(?!(?:is|was|has|lies|remains|rests|hangs|bleeds|dies|does|floats|dangles|falls|slumps|collapses)\b)"
    r"[a-z]{2,}(?<!s)s\b"
)
_SHROUD = re.compile(r"\bcloses?\s+(.+?)['’]s\s+eyes\b.*\bsheet\b|\bsheet\s+over\s+(.+?)['’]s\s+(?:face|head)\b")
_CALLED = re.compile(r"(?:,\s+)([A-Z][a-z]{3,})[.!?]\s*$")
_MOST = 3  # lines a name that was left behind stands in


def lives(story: Story, found: Findings, renamed: Mapping[str, str]) -> None:
    """Deaths, knowledge and names. `renamed` leads a name of an earlier draft to the one it has now."""
    _deaths(story, found)
    _learned(story, found)
    _asked_names(story, found)
    _left_behind(story, found)
    _called(story, found)
    _former(story, found, renamed)
    for person in story.people:
        if person.introduced:
            _look(story, person, person.introduced, found)


def _look(story: Story, person: Character, introduced: Quote, found: Findings) -> None:
    """The age, and what follows a name in the sentence that introduces somebody."""
    for sentence in story.sentences:
        if sentence.line.number != introduced.line or sentence.scene.ordinal != introduced.scene:
            continue
        for _, end, who in story.names.spans(sentence.text):
            if who != person.name:
                continue
            if person.age and person.age in sentence.text:
                found.state("age", person.name, person.age, sentence.quote)
            rest = re.match(r"\s*(?:\([^)]*\))?,\s*((?:[^,.]+,?\s*){1,4})", sentence.text[end:])
            for trait in _traits(rest[1]) if rest else ():
                found.state("look", person.name, trait, sentence.quote)
            return


def _traits(text: str) -> list[str]:
    parts = [part.strip(" ,.") for part in text.split(",")]
    verb = re.compile(
        r"^(?:and\s+)?(?:is|are|was|has|he|she|who)\b|^\w+s\s+(?:the|a|an|his|her|up|down|out|in|into|on|at|to)\b"
    )
    kept: list[str] = []
    for part in parts:
        if not part or verb.search(part) or len(part.split()) > 7:
            break
        kept.append(part)
    return kept


def _deaths(story: Story, found: Findings) -> None:
    dead: dict[str, Sentence] = {}
    for sentence in story.sentences:
        if not story.main(sentence.scene.ordinal):
            continue
        for name, before in dead.items():
            if before.scene.ordinal < sentence.scene.ordinal and _lives(story, sentence, name):
                what = f"{name} dies in one scene and acts in the other."
                found.conflict("death", "high", name, what, (before.quote, sentence.quote))
        who = _dies(story, sentence)
        if who and who not in dead:
            dead[who] = sentence
    for speech in story.speeches:
        last = dead.get(speech.speaker)
        if last and last.scene.ordinal < speech.scene.ordinal and story.main(speech.scene.ordinal) and not speech.voice:
            what = f"{speech.speaker} dies in one scene and speaks in the other."
            if not any(item.kind == "death" and item.subject == speech.speaker for item in found.conflicts):
                found.conflict("death", "high", speech.speaker, what, (last.quote, speech.quote))


def _dies(story: Story, sentence: Sentence) -> str:
    text = sentence.text
    for match in _death().finditer(text):
        if _NOT_REALLY.search(text[: match.start()][-24:]) or _NOT_REALLY.search(text[match.end() :][:10]):
            continue
        before = [(end, name) for _, end, name in sentence.mentions if end <= match.start()]
        if before and match.start() - before[-1][0] < 24 and text[before[-1][0] : before[-1][0] + 1] not in "'’":
            return before[-1][1]
    for match in (*lexicon().pattern("kills").finditer(text), *lexicon().pattern("buries").finditer(text)):
        after = [name for start, _, name in story.names.spans(text) if 0 <= start - match.end() <= 2]
        if after and not _NOT_REALLY.search(text[: match.start()][-24:]):
            return after[0]
    shroud = _SHROUD.search(text)
    covered = [
        name for start, end, name in story.names.spans(text) if shroud and shroud.start() <= start <= shroud.end()
    ]
    return covered[0] if covered else ""


def _lives(story: Story, sentence: Sentence, name: str) -> bool:
    """Whether somebody does something with their own will in a sentence."""
    if _GHOST.search(sentence.text):
        return False
    for start, end, who in story.names.spans(sentence.text):
        if who == name and _ACTS.match(sentence.text[end:]):
            return not re.search(r"\b(?:of|about|for|with|to|from|at)\s+$", sentence.text[:start])
    return False


@lru_cache(maxsize=1)
def _death() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){alternation(lexicon().list('dies'))}(?![\w-])", re.IGNORECASE)


@lru_cache(maxsize=1)
def _learning() -> re.Pattern[str]:
    told = rf"{lexicon().any_of('learns')}\b(?:\s+\w+){{0,3}}?\s+that"
    return re.compile(rf"\b(?:{told}|finds out|learns)\s+(?!about\b|of\b|to\b)([^.;]+)")


def _learned(story: Story, found: Findings) -> None:
    """ "Nora learns that the bridge is closed", and she said so before."""
    for sentence in story.sentences:
        for match in _learning().finditer(sentence.text):
            who = sentence.actor(match.start())
            fact = {word.lower() for word in _CONTENT.findall(match[1])} - set(lexicon().list("common"))
            if not who or len(fact) < 2:
                continue
            found.state("knowledge", who, match[1].strip()[:80], sentence.quote)
            if not story.main(sentence.scene.ordinal):
                continue
            for speech in story.speeches:
                if (
                    speech.scene.ordinal < sentence.scene.ordinal
                    and speech.speaker == who
                    and story.main(speech.scene.ordinal)
                ):
                    said = {word.lower() for word in _CONTENT.findall(speech.line.text)}
                    if fact <= said and "?" not in speech.line.text:
                        what = f"{who} speaks of it before learning it."
                        found.conflict("knowledge", "medium", who, what, (speech.quote, sentence.quote))
                        return


def _asked_names(story: Story, found: Findings) -> None:
    """Somebody asks a name, is told it, and has said it in an earlier scene."""
    speeches = story.speeches
    for asked, answer in zip(speeches, speeches[1:], strict=False):
        if not _ASKS_NAME.search(asked.line.text) or asked.scene.ordinal != answer.scene.ordinal:
            continue
        told = [name for _, _, name in story.names.spans(answer.line.text) if name == answer.speaker]
        if not told or asked.speaker == answer.speaker:
            continue
        found.state("knowledge", asked.speaker, f"the name of {answer.speaker}", answer.quote)
        early = _called_before(story, asked, told[0])
        if early and story.main(asked.scene.ordinal):
            what = f"{asked.speaker} calls {told[0]} by name before being told it."
            found.conflict("knowledge", "high", asked.speaker, what, (early.quote, answer.quote))


def _called_before(story: Story, asked: Speech, name: str) -> Speech | None:
    for speech in story.speeches:
        if speech.scene.ordinal >= asked.scene.ordinal:
            return None
        if speech.speaker == asked.speaker and any(who == name for _, _, who in story.names.spans(speech.line.text)):
            return speech
    return None


def _left_behind(story: Story, found: Findings) -> None:
    """Somebody acts under a name that was never introduced: a character renamed everywhere but here."""
    counts, small = _name_counts(story)
    known = {word.lower() for way in story.names.spelled for word in way.split()}
    for sentence in story.sentences:
        for match in _NAME.finditer(sentence.text):
            name = match[1]
            if (
                lexicon().has("not_names", name)
                or name.lower() in known
                or name.lower() in small
                or counts[name] > _MOST
                or match.start()
            ):
                continue
            if not re.match(rf"\s+(?:\w+ly\s+)?{lexicon().any_of('acts_human')}\b", sentence.text[match.end() :]):
                continue
            other = _somebody(story, sentence, name)
            if other is not None:
                what = f"{name} acts here and is introduced nowhere: the old name of somebody?"
                found.conflict("name", "low", name, what, (other, sentence.quote))


def _called(story: Story, found: Findings) -> None:
    """Somebody is called by a name that stands nowhere else: "Thank you, Gwendolyn." to whoever that was."""
    counts, small = _name_counts(story)
    known = {word.lower() for way in story.names.spelled for word in way.split()}
    for speech in story.speeches:
        match = _CALLED.search(speech.line.text)
        if not match or speech.voice:
            continue
        name = match[1]
        if lexicon().has("not_names", name) or name.lower() in known or name.lower() in small or counts[name] > 1:
            continue
        others = [one for one in story.people if speech.scene.ordinal in one.scenes and one.name != speech.speaker]
        met = [one.introduced for one in others if one.introduced and one.introduced.scene <= speech.scene.ordinal]
        if met:
            what = f"{speech.speaker} calls somebody {name}, and nobody has that name."
            found.conflict("name", "low", name, what, (met[0], speech.quote))


def _somebody(story: Story, sentence: Sentence, name: str) -> Quote | None:
    """The introduction of somebody in the same scene, whom the name may have meant."""
    for person in story.people:
        if (
            sentence.scene.ordinal in person.scenes
            and person.introduced
            and person.introduced.scene <= sentence.scene.ordinal
        ):
            return person.introduced
    return None


def _name_counts(story: Story) -> tuple[Counter[str], set[str]]:
    counts: Counter[str] = Counter()
    small: set[str] = set()
    for scene in story.script.scenes:
        for line in scene.lines:
            counts.update(_NAME.findall(line.text))
            small.update(re.findall(r"\b[a-z]{3,}\b", line.text))
            if line.kind == "heading":
                small.update(word.lower() for word in re.findall(r"\w{3,}", line.text))
    return counts, small


def _former(story: Story, found: Findings, renamed: Mapping[str, str]) -> None:
    """A name of an earlier draft that is still said or written."""
    people = {person.name: person for person in story.people}
    lines = [(sentence.text, sentence.quote) for sentence in story.sentences]
    lines += [(speech.line.text, speech.quote) for speech in story.speeches]
    for old, new in renamed.items():
        person = people.get(new)
        quote = person and (person.introduced or (person.appearances[0] if person.appearances else None))
        pattern = re.compile(rf"(?<![\w'’-])(?:{re.escape(old)}|{re.escape(old.title())})(?!\w)")
        for text, place in sorted(lines, key=lambda item: item[1].line):
            if quote and pattern.search(text):
                what = f"{old} of the draft before is {new} now, and is still called {old} here."
                found.conflict("name", "high", new, what, (quote, place))
