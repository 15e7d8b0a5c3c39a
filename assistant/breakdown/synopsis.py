"""One sentence on what happens in a scene: the writer's, a model's that rests on quotes, or the scene's own first."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from assistant.breakdown.people import named_spans
from assistant.breakdown.quotes import folded, locate
from assistant.breakdown.words import sentences
from assistant.domain.breakdown import Quote
from assistant.domain.screenplay import Scene

MOST_WORDS = 30
_LONGEST = 160  # characters of a sentence quoted in place of a synopsis


class SceneSynopsis(BaseModel):
    """A model's answer for one scene: the sentence, and the words of the scene on which it rests."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    synopsis: str = Field(min_length=1, max_length=300)
    quotes: tuple[str, ...] = Field(default=(), max_length=5)


def own_words(scene: Scene) -> SceneSynopsis:
    """The writer's synopsis, else the first sentence of the action, else of what is said, else the heading."""
    if scene.synopsis:
        return SceneSynopsis(synopsis=scene.synopsis[:300])
    for kinds in (("action",), ("dialogue", "lyrics", "general", "shot")):
        for line in scene.lines:
            if line.kind in kinds and any(letter.isalnum() for letter in line.text):
                text = _first_sentence(line.text)
                return SceneSynopsis(synopsis=text, quotes=(text,))
    return SceneSynopsis(synopsis=scene.heading.text[:300] or "–", quotes=(scene.heading.text,))


def faults(scene: Scene, answer: SceneSynopsis, elsewhere: Sequence[str]) -> tuple[str, ...]:
    """Why a synopsis can not be taken. `elsewhere` are characters of the script who are not in the scene."""
    found = []
    stage = folded(scene)
    if not answer.quotes or not all(locate(Quote(scene.ordinal, 0, quote), stage) for quote in answer.quotes):
        found.append("a quote of the synopsis does not stand in the scene")
    if named_spans(answer.synopsis, tuple(elsewhere)):
        found.append("the synopsis names somebody who is not in the scene")
    if len(answer.synopsis.split()) > MOST_WORDS or "\n" in answer.synopsis.strip():
        found.append(f"the synopsis is no single line of at most {MOST_WORDS} words")
    return tuple(found)


def _first_sentence(text: str) -> str:
    start, end = next(iter(sentences(text)), (0, len(text)))
    sentence = " ".join(text[start:end].split())
    if len(sentence) <= _LONGEST:
        return sentence
    return sentence[:_LONGEST].rsplit(" ", 1)[0] if " " in sentence[:_LONGEST] else sentence[:_LONGEST]
