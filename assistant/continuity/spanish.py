"""What Spanish sentences tell of clothes, hair and wounds. Marks follow their noun: "un abrigo rojo"."""

import re
from collections.abc import Iterator

from assistant.continuity.people import Sentence
from assistant.continuity.told import Garment, Wound
from assistant.continuity.words import Lexicon

_NEAR = 45  # characters between a wound and the part of the body it is on
_TIGHT = 16  # the same where no side is told
_MARKS = 3  # words that may follow a noun as its marks
_KNOWN = frozenset({"el", "la", "los", "las", "su", "sus"})
_WORD = re.compile(r"\s+([a-záéíóúüñ]+)")


def garments_es(sentence: Sentence) -> Iterator[Garment]:
    """Each garment of a sentence with whoever wears it."""
    text, words = sentence.text, sentence.words
    for match in words.pattern("garments").finditer(text):
        determined = words.regex("determiner_before").search(text[: match.start()])
        start = determined.start() if determined else match.start()
        before = text[:start]
        deed = _deed(words, before)
        owner = sentence.owner(start)
        listed = bool(re.search(r"(?:,|–|-|\.|:)\s*$", before)) and len(before) < 60
        definite = determined is not None and determined[1].lower() in _KNOWN
        if not owner or not (deed or (listed and not definite)):
            continue
        end, marks = marks_es(words, text, match.end())
        colour = next((_lemma(mark) for mark in marks if words.has("colours", mark)), "")
        stuff = next((mark for mark in marks if words.has("materials", mark)), "")
        head = words.within("garment_names").get(match[0].lower(), match[0].lower())
        slot = words.within("garments")[match[0].lower()]
        name = text[match.start() : end].lower()
        yield Garment(owner, slot, head, colour, stuff, name, deed or "worn", definite, sentence.quote)


def _deed(words: Lexicon, before: str) -> str:
    clause = re.split(r"[.;]|,\s+(?:y|luego)\b|\by\b", before)[-1]
    if words.pattern("takes_off").search(clause):
        return "off"
    if words.pattern("puts_on").search(clause):
        return "on"
    return "worn" if words.regex("worn").search(before) else ""


def marks_es(words: Lexicon, text: str, at: int) -> tuple[int, list[str]]:
    """Where a noun phrase ends, and the adjectives and the "de lana" that follow its noun."""
    marks: list[str] = []
    while len(marks) < _MARKS and (word := _WORD.match(text, at)):
        low = word[1]
        of = words.regex("of_what").match(text, at)
        if of and not words.has("stop", of[1].lower()) and not words.has("holders", of[1].lower()):
            marks.append(of[1].lower())
            at = of.end()
        elif words.has("stop", low) or low.endswith("mente") or words.has("event_words", low):
            break
        else:
            marks.append(low)
            at = word.end()
    return at, marks


def _lemma(word: str) -> str:
    """One form of a colour: "rojas" and "roja" are "rojo"."""
    plain = word.removesuffix("s") if word not in {"gris", "beis"} else word
    return plain[:-1] + "o" if plain.endswith("a") and plain not in {"rosa", "naranja", "crema", "malva"} else plain


def hair_es(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """Whose hair or make-up, and how it is."""
    text, words = sentence.text, sentence.words
    for match in words.pattern("hair").finditer(text):
        end, marks = marks_es(words, text, match.end())
        owner = sentence.owner(match.start(), match.end())
        if owner and marks:
            yield owner, f"{match[0].lower()}: {text[match.start() : end].lower()}"


def wounds_es(sentence: Sentence) -> Iterator[Wound]:
    """Each wound with the part of the body that stands nearest to it."""
    text, words = sentence.text, sentence.words
    bodies = list(words.regex("body").finditer(text))
    seen: set[str] = set()
    for match in words.regex("any_wound").finditer(text) if bodies else ():
        body = min(bodies, key=lambda item: _gap(item, match))
        place = " ".join(body[0].lower().split())
        side = (body["side"] or "").lower()[:4]
        owner = sentence.owner(body.start(), body.end())
        if owner and _gap(body, match) <= (_NEAR if side else _TIGHT) and place not in seen:
            seen.add(place)
            word = match[0].lower()
            part = words.within("bodies")[body["part"].lower()]
            old = words.pattern("wound_old").fullmatch(match[0]) is not None
            yield Wound(owner, part, side, word, old or _known(text, match.start()), sentence.quote, place)


def _known(text: str, at: int) -> bool:
    """ "la herida", "su corte": it was there before."""
    return re.search(r"\b(?:la|el|su|esa|aquella|vieja)\s+$", text[:at], re.IGNORECASE) is not None


def _gap(body: re.Match[str], wound: re.Match[str]) -> int:
    if wound.end() <= body.start():
        return body.start() - wound.end()
    return max(0, wound.start() - body.end())
