"""Passage questions without a model: the sentence that has the question's words, quoted, or nothing."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.domain.answers import Citation, Claim
from assistant.domain.citations import Found, Passage
from assistant.knowledge.bm25 import tokens
from assistant.knowledge.builtin.language import asking, english, fold, say, spanish
from assistant.knowledge.builtin.query import Query

ENOUGH = 0.6  # of the weight of a question's words; what stays open must not be what was asked
OWN = 0.4  # of it in the quoted words themselves
RESTATED = 0.6
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
    r"|january|february|march|april|may|june|july|august|september|october|november|december"
    r"|o'clock|hour|later|before|after|when"
    r"|lunes|martes|miercoles|jueves|viernes|sabado|domingo|enero|febrero|marzo|abril|mayo|junio|julio|agosto"
    r"|septiembre|octubre|noviembre|diciembre|noche|manana|tarde|hoy|ayer)\b",
    re.I,
)
_CLOCK = re.compile(
    r"\b\d{1,2} \d{2}\b|\b\d{1,2} ?[ap] ?m\b|o'clock"
    r"|\b(?:noon|midnight|morning|evening|dawn|dusk|mediodia|medianoche)\b"
)
_NUMBERED = re.compile(r"\b(?:day|dia) \d+\b")  # which sheet is meant, not what stands on it
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        r"^(?:\w+ ){0,3}how (?:many|much|old|tall|long|far|fast)\b|\bwhat (?:number|age|price)\b"
        r"|\bcuant[oa]s?\b|\bque edad\b",
        _NUMBER,
    ),
    (
        r"^(?:\w+ ){0,2}(?:when|what date|which day|what day)\b"
        r"|\bcuando\b|\bque (?:dia|fecha)\b",
        _TIME,
    ),
    (r"^(?:\w+ ){0,2}what time\b|\ba que hora\b", _CLOCK),
)
Rarity = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence of a passage with what stands around it."""

    passage: Passage
    text: str
    line: int
    before: str
    after: tuple[str, int] = ("", 0)  # the next sentence and its line


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
            if worth is None or not _right_kind(unit, query, wanted):
                continue
            scored.append((worth - 0.01 * rank - 0.0002 * len(unit.text), _with_next(unit, weights, language)))
    return tuple(_claim(unit, query.language) for unit in _best(scored))


def _right_kind(unit: _Unit, query: Query, wanted: re.Pattern[str] | None) -> bool:
    """Does a "how many" find a number, a "when" a time, an age a name with a number right behind it?"""
    if query.intent == "age":
        words = "|".join(re.escape(word) for name in query.cast for word in fold(name).split())
        return bool(words) and bool(re.search(rf"\b(?:{words})\b\W{{1,6}}\d{{1,3}}\b", fold(unit.text)))
    return wanted is None or bool(wanted.search(fold(f"{unit.text} {unit.after[0]}")))


def _with_next(unit: _Unit, weights: Mapping[str, float], language: str) -> _Unit:
    """A sentence that only says the question again is answered by the one after it."""
    own = set(tokens(unit.text, language))
    share = sum(weight for stem, weight in weights.items() if stem in own) / sum(weights.values())
    says_it = " | " not in unit.text and (share >= RESTATED or unit.text.rstrip().endswith(":"))
    return unit if says_it and unit.after[0] else replace(unit, after=("", 0))


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
    for word in _NUMBERED.sub(" ", fold(query.text)).split():
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
        sentences, pairs = _sentences(line), _sentences(line, 2)
        following = _following(lines, numbers, at)
        for index, sentence in enumerate(sentences):
            after = (sentences[index + 1], number) if index + 1 < len(sentences) else following
            context = " ".join([before, *sentences[max(0, index - 2) : index]])
            yield _Unit(passage, sentence[:LONGEST], number, context, after)
            if index < len(pairs) and len(pairs[index]) <= LONGEST:
                yield _Unit(passage, pairs[index], number, context)


def _sentences(line: str, many: int = 1) -> list[str]:
    """The sentences of a line, or every `many` that follow each other, letter by letter as they stand there."""
    bare = line.strip(" |#")
    cuts = [0, *(found.end() for found in _SENTENCE.finditer(bare) if found.end() < len(bare)), len(bare)]
    return [bare[start:end].strip() for start, end in zip(cuts, cuts[many:], strict=False) if bare[start:end].strip()]


def _following(lines: Sequence[str], numbers: Sequence[int], at: int) -> tuple[str, int]:
    """The first sentence of the next line that is more than a name or a manner in brackets."""
    for line, number in list(zip(lines, numbers, strict=False))[at + 1 : at + 4]:
        bare = line.strip(" |#")
        if bare.endswith(","):  # "Best," of a letter
            continue
        if bare and not bare.startswith("(") and not (bare.isupper() and len(bare.split()) < 4):
            return _sentences(line)[0][:LONGEST], number
    return "", 0


def _claim(unit: _Unit, language: str) -> Claim:
    quote = unit.text.strip()
    passage = unit.passage
    scene = passage.label if passage.scene else ""
    cited = [Citation(passage.source, passage.file, scene, unit.line, quote)]
    shown = quote.replace(" | ", ": ", 1) if " | " in quote else quote
    text = say(language, "quote", place=cited[0].place, quote=shown)
    if unit.after[0]:
        cited.append(Citation(passage.source, passage.file, scene, unit.after[1], unit.after[0].strip()))
        text += f" … {say(language, 'quote', place=cited[1].place, quote=unit.after[0].strip())}"
    return Claim(text, tuple(cited))
