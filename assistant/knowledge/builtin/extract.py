"""Passage questions without a model: the sentence that has the question's words, quoted, or nothing."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.answers import Citation, Claim
from assistant.domain.citations import Found, Passage
from assistant.knowledge.bm25 import tokens
from assistant.knowledge.builtin.language import asking, english, fold, say, spanish
from assistant.knowledge.builtin.query import Query

ENOUGH = 0.7  # of the weight of a question's words; what stays open must not be what was asked
OWN = 0.5  # of it in the quoted words themselves
NEAR = 0.9  # a word in the lines just before, or in the heading, is worth this
LONGEST = 400
TIE = 0.06
SHOWN = 3
UNKNOWN = 9.0  # the weight of a word that stands nowhere
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”»')]*\s+")
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty|hundred|thousand"
    r"|once|twice|un[ao]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|docena|veinte|cien|mil)\b",
    re.I,
)
_TIME = re.compile(
    r"\d|\b(?:morning|noon|midnight|evening|night|dawn|dusk|today|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|january|february|march|april|may|june|july|august|september|october|november|december|o'clock|hour|later|before|after|when"
    r"|lunes|martes|miercoles|jueves|viernes|sabado|domingo|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre"
    r"|noviembre|diciembre|noche|manana|tarde|hoy|ayer)\b",
    re.I,
)
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        r"^(?:\w+ ){0,3}how (?:many|much|old|tall|long|far|fast)\b|\bcuant[oa]s?\b|\bque edad\b|\bwhat (?:number|age|price)\b",
        _NUMBER,
    ),
    (
        r"^(?:\w+ ){0,2}(?:when|what time|what date|which day|what day)\b|\bcuando\b|\ba que hora\b|\bque (?:dia|fecha)\b",
        _TIME,
    ),
)
Rarity = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence of a passage with what stands around it."""

    passage: Passage
    text: str
    line: int
    before: str


def extracted(query: Query, passages: Sequence[Found], rarity: Rarity, language: str) -> tuple[Claim, ...]:
    """The best sentence, or two that follow each other, as a claim; none where none has enough of the question."""
    weights = _weights(query, rarity, language)
    if not weights:
        return ()
    wanted = next((pattern for sign, pattern in _KINDS if re.search(sign, fold(query.text))), None)
    scored: list[tuple[float, _Unit]] = []
    for rank, found in enumerate(passages):
        for unit in _units(found.passage):
            worth = _worth(unit, weights, language)
            if worth is None or (wanted and not wanted.search(fold(unit.text))):
                continue
            scored.append((worth - 0.01 * rank - 0.0002 * len(unit.text), unit))
    return tuple(_claim(unit, query.language) for unit in _best(scored))


def _best(scored: Sequence[tuple[float, _Unit]]) -> list[_Unit]:
    """The best one, and those as good as it that stand elsewhere."""
    chosen: list[_Unit] = []
    ranked = sorted(scored, key=lambda pair: -pair[0])
    for score, unit in ranked:
        if score < ranked[0][0] - TIE or len(chosen) == SHOWN:
            break
        if all((unit.passage.source, unit.line) != (other.passage.source, other.line) for other in chosen):
            chosen.append(unit)
    return chosen


def content(query: Query, language: str) -> list[str]:
    """The stems of a question's words that carry its meaning, in the material's language."""
    words = asking(query.language)
    stems: list[str] = []
    for word in fold(query.text).split():
        bare = word.removesuffix("'s").strip("'-#")
        if bare and bare not in words.frame:
            stems += tokens(_translated(bare, query.language, language), language)
    return list(dict.fromkeys(stems))


def _translated(word: str, asked: str, written: str) -> str:
    if asked == written:
        return word
    words = english() if asked == "es" else spanish()
    return words.get(word, word)


def _weights(query: Query, rarity: Rarity, language: str) -> Mapping[str, float]:
    return {stem: rarity(stem) or UNKNOWN for stem in content(query, language)}


def _worth(unit: _Unit, weights: Mapping[str, float], language: str) -> float | None:
    """The share of the question's weight that a sentence has; None where that is not enough."""
    total = sum(weights.values())
    own = set(tokens(unit.text, language))
    near = set(tokens(f"{unit.before} {unit.passage.label}", language)) - own
    mine = sum(weight for stem, weight in weights.items() if stem in own)
    around = sum(weight for stem, weight in weights.items() if stem in near)
    if mine < OWN * total or mine + NEAR * around < ENOUGH * total:
        return None
    return (mine + NEAR * around) / total


def _units(passage: Passage) -> Iterator[_Unit]:
    """Every sentence, and every two that follow each other in a line."""
    lines = passage.text.split("\n")
    numbers = passage.numbers or (passage.line_from,) * len(lines)
    heading = lines[0] if passage.kind == "script" else ""
    for at, (line, number) in enumerate(zip(lines, numbers, strict=False)):
        if at == 0 and heading:
            continue
        before = " ".join([heading, *lines[max(0, at - 2) : at]])
        sentences = [part for part in _SENTENCE.split(line.strip(" |#")) if part.strip()]
        for index, sentence in enumerate(sentences):
            context = " ".join([before, *sentences[max(0, index - 2) : index]])
            yield _Unit(passage, sentence[:LONGEST], number, context)
            pair = " ".join(sentences[index : index + 2])
            if index + 1 < len(sentences) and len(pair) <= LONGEST:
                yield _Unit(passage, pair, number, context)


def _claim(unit: _Unit, language: str) -> Claim:
    quote = unit.text.strip()
    passage = unit.passage
    cited = Citation(passage.source, passage.file, passage.label if passage.scene else "", unit.line, quote)
    return Claim(
        say(language, "quote", place=cited.place, quote=quote.replace(" | ", ": ", 1) if " | " in quote else quote),
        (cited,),
    )
