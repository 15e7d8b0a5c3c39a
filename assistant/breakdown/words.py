"""Words as the rules see them: tokens with their place, singulars, sentences, and whether a quote names a thing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_LETTER = r"(?:[^\W_]|[\u0300-\u036f\u0900-\u0dff\u200c\u200d])"  # with the vowel signs of Indic scripts
_TOKEN = re.compile(rf"{_LETTER}+(?:[-'’.]{_LETTER}+)*")
_ABBREVIATED = "".join(
    rf"(?<!\b{short}\.)" for short in ("mr", "mrs", "ms", "dr", "st", "sr", "sra", "int", "ext", "no")
)
_SENTENCE_END = re.compile(rf"(?<=[.!?…]){_ABBREVIATED}[\"”’')\]]*\s+|\s+(?:--+|[–—])\s+|\n", re.IGNORECASE)
_ES = re.compile(r"(?:ss|x|zz|ch|sh|[^ho]o)es$")
_ADJECTIVE = re.compile(r"(?:[aeiou]\w*[^aeiou](?:al|ic|ive|ous|ful|less|able|ible|ary|ish|ed))$")
_IRREGULAR = {
    "axes": "axe",
    "buses": "bus",
    "calves": "calf",
    "canvases": "canvas",
    "children": "child",
    "feet": "foot",
    "gases": "gas",
    "geese": "goose",
    "glasses": "glass",
    "halves": "half",
    "knives": "knife",
    "leaves": "leaf",
    "lenses": "lens",
    "loaves": "loaf",
    "mice": "mouse",
    "oxen": "ox",
    "passersby": "passerby",
    "passers-by": "passer-by",
    "scarves": "scarf",
    "shelves": "shelf",
    "teeth": "tooth",
    "thieves": "thief",
    "wives": "wife",
    "wolves": "wolf",
}
_KEEP = ("ss", "us", "is", "ous")
_QUOTE_LENGTH = 110


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a line. `lower` has straight apostrophes and no possessive 's; `owner` says that it had one."""

    text: str
    lower: str
    start: int
    end: int
    owner: bool

    @property
    def upper(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


def tokens(text: str) -> list[Token]:
    """The words of a line in order."""
    found = []
    for match in _TOKEN.finditer(text):
        lower = match.group().lower().replace("’", "'")
        owner = lower.endswith("'s")
        found.append(Token(match.group(), lower[:-2] if owner else lower, match.start(), match.end(), owner))
    return found


_ALREADY_ONE = frozenset(
    {"atlas", "canvas", "chaos", "compass", "iris", "lens", "means", "news", "series", "species", "thermos", "trellis"}
)


@lru_cache(maxsize=20_000)
def singular(word: str, language: str = "en") -> str:
    """The word without its plural ending: "boxes" → "box", "men" → "man", "luces" → "luz"."""
    if language != "en":
        return _singular_es(word) if len(word) > 3 and word.endswith("s") else word
    if word in _IRREGULAR or word in _ALREADY_ONE:
        return _IRREGULAR.get(word, word)
    if word.endswith(("men", "children")):
        return word[:-3] + "man" if word.endswith("men") and word not in {"specimen", "omen", "abdomen"} else word[:-3]
    return _singular_en(word) if len(word) > 3 and word.endswith("s") else word


def _singular_en(word: str) -> str:
    if word.endswith(_KEEP):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if _ES.search(word) and word != "canoes":
        return word[:-2]
    return word[:-1]


def _singular_es(word: str) -> str:
    for plural, single in (("ces", "z"), ("ones", "ón"), ("uses", "ús")):
        if word.endswith(plural):
            return word.removesuffix(plural) + single
    if word.endswith("es") and word[-3] in "rlndj":
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=20_000)
def adjectival(word: str) -> bool:
    """Whether an English word looks like an adjective or participle: "operational", "dusty" is in the lexicon."""
    return len(word) > 5 and _ADJECTIVE.search(word) is not None


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of a line."""
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def quote_around(text: str, start: int, end: int) -> str:
    """The sentence in which a span stands, cut at words when it is long; always a verbatim part of `text`."""
    left, right = next(((a, b) for a, b in sentences(text) if a <= start < b), (start, end))
    right = max(right, end)
    if right - left > _QUOTE_LENGTH:
        spare = max(0, _QUOTE_LENGTH - (end - start)) // 2
        left = _word_start(text, max(left, start - spare), left)
        right = _word_end(text, min(right, end + spare), right)
    return text[left:right].strip()


def _word_start(text: str, at: int, floor: int) -> int:
    while at > floor and not text[at - 1].isspace():
        at -= 1
    return at


def _word_end(text: str, at: int, ceiling: int) -> int:
    while at < ceiling and not text[at].isspace():
        at += 1
    return at


def head(name: str, language: str = "en") -> str:
    """The noun a name is about: "black sedan" → "sedan", "bottle of wine" → "bottle"; the first word in Spanish."""
    words = name.split()
    if not words:
        return ""
    if language in {"es", "pt", "fr", "it"}:
        return words[0]
    for link in ("of", "with", "in", "from", "on"):
        if link in words[1:]:
            return words[words.index(link) - 1]
    return words[-1]


def same_stem(one: str, other: str) -> bool:
    """Whether two words are forms of one: "explosion" and "explodes", "key" and "keys"."""
    if one == other or singular(one) == singular(other):
        return True
    need = max(4, min(len(one), len(other)) - 3)
    return len(one) >= need and len(other) >= need and one[:need] == other[:need]


def named_in(name: str, text: str, language: str = "en") -> bool:
    """Whether the head noun of a name (or its last word) stands in the text in some form."""
    low = name.lower().replace("’", "'")
    wanted = {w.strip(".,#") for w in (head(low, language), low.split()[-1] if low.split() else "")} - {""}
    present = {piece for token in tokens(text) for piece in (token.lower, *token.lower.split("-"))}
    return any(same_stem(want, have) for want in wanted for have in present)
