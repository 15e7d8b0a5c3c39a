"""Lives: who is dead, how old people are, what they have learned, and names that are no longer theirs."""

import re
from collections import Counter
from collections.abc import Mapping

from assistant.continuity.findings import Findings
from assistant.continuity.people import Sentence, Speech, Story
from assistant.domain.breakdown import Quote
from assistant.domain.characters import Character

_CONTENT = re.compile(r"[^\W\d_]{4,}")
_NAME = re.compile(r"(?<![\w'’.-])([A-ZÁÉÍÓÚÑ][a-záéíóúñü]{2,})(?![\w-])")
_CALLED = re.compile(r",\s+([A-ZÁÉÍÓÚÑ][a-záéíóúñü]{3,})(?:[.!?]\s*$|,\s)|^([A-ZÁÉÍÓÚÑ][a-záéíóúñü]{4,})\?\s")
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
            for trait in _traits(sentence, rest[1]) if rest else ():
                found.state("look", person.name, trait, sentence.quote)
            return


def _traits(sentence: Sentence, text: str) -> list[str]:
    parts = [part.strip(" ,.") for part in text.split(",")]
    verb = sentence.words.regex("trait_ends", case=True)
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
    words = sentence.words
    unreal = words.pattern("not_really")
    for match in words.pattern("dies").finditer(text):
        if unreal.search(text[: match.start()][-24:]) or unreal.search(text[match.end() :][:10]):
            continue
        before = [(end, name) for _, end, name in sentence.mentions if end <= match.start()]
        if (
            before
            and _close(text[before[-1][0] : match.start()])
            and text[before[-1][0] : before[-1][0] + 1] not in "'’"
        ):
            return before[-1][1]
    for match in (*words.pattern("kills").finditer(text), *words.pattern("buries").finditer(text)):
        after = [name for start, _, name in story.names.spans(text) if 0 <= start - match.end() <= 2]
        if after and not unreal.search(text[: match.start()][-24:]):
            return after[0]
    shroud = words.regex("shroud").search(text)
    covered = [
        name for start, end, name in story.names.spans(text) if shroud and shroud.start() <= start <= shroud.end()
    ]
    return covered[0] if covered else ""


def _close(between: str) -> bool:
    """Whether what dies may be the person just named: a few words, or a list after a comma."""
    return len(between) < 24 or (len(between) < 48 and between.rstrip().endswith(","))


def _lives(story: Story, sentence: Sentence, name: str) -> bool:
    """Whether somebody does something with their own will in a sentence."""
    if sentence.words.pattern("ghost").search(sentence.text):
        return False
    for start, end, who in story.names.spans(sentence.text):
        if who == name and sentence.words.regex("acts_of", case=True).match(sentence.text[end:]):
            return not sentence.words.regex("object_of").search(sentence.text[:start])
    return False


def _learned(story: Story, found: Findings) -> None:
    """ "Nora learns that the bridge is closed", and she said so before."""
    for sentence in story.sentences:
        for match in sentence.words.regex("learning", case=True).finditer(sentence.text):
            who = sentence.actor(match.start())
            fact = {word.lower() for word in _CONTENT.findall(match[1])} - set(sentence.words.list("common"))
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
        if not story.words.regex("asks_name").search(asked.line.text) or asked.scene.ordinal != answer.scene.ordinal:
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
                story.words.has("not_names", name)
                or name.lower() in known
                or name.lower() in small
                or counts[name] > _MOST
                or match.start()
            ):
                continue
            if not sentence.words.regex("acts_now", case=True).match(sentence.text[match.end() :]):
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
        name = match[1] or match[2]
        if story.words.has("not_names", name) or name.lower() in known or name.lower() in small or counts[name] > 1:
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
            small.update(re.findall(r"\b[a-záéíóúñü]{3,}\b", line.text))
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
