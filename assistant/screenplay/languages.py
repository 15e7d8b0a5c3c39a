"""Which language a script is written in: by its letters, then its slug lines, then its small words."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

from assistant.domain.screenplay import SILENT_KINDS, Line

_SCRIPTS = {
    "MALAYALAM": "ml",
    "TAMIL": "ta",
    "TELUGU": "te",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "KANNADA": "kn",
    "CYRILLIC": "ru",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "HANGUL": "ko",
    "ARABIC": "ar",
    "HEBREW": "he",
    "GREEK": "el",
    "THAI": "th",
}
_SAMPLE = 20_000  # letters are enough to tell
_WORD = re.compile(r"[^\W\d_]+")


def guess(headings: Sequence[str | None], lines: Sequence[Line]) -> str:
    """The language of a script whose headings speak `headings`; English where nothing tells."""
    text = _sample(lines)
    foreign = _by_letters(text)
    if foreign:
        return foreign
    told = Counter(language for language in headings if language)
    if told:
        language, count = told.most_common(1)[0]
        if count * 5 >= told.total() * 3:
            return language
    return _by_small_words(text)


def _sample(lines: Sequence[Line]) -> str:
    spoken = (line.text for line in lines if line.kind in {"action", "dialogue", "lyrics"})
    text, total = [], 0
    for piece in spoken:
        text.append(piece)
        total += len(piece)
        if total > _SAMPLE:
            break
    return "\n".join(text) or "\n".join(line.text for line in lines if line.kind not in SILENT_KINDS)[:_SAMPLE]


def _by_letters(text: str) -> str | None:
    """The language of a script that is not Latin, if most letters are of it."""
    if text.isascii():
        return None
    letters = [letter for letter in text if letter.isalpha()]
    others = Counter(unicodedata.name(letter, "").split(" ")[0] for letter in letters if not letter.isascii())
    known = Counter({name: count for name, count in others.items() if name in _SCRIPTS})
    if known.total() * 2 <= len(letters):
        return None
    if known["HIRAGANA"] + known["KATAKANA"]:
        return "ja"
    return _SCRIPTS[known.most_common(1)[0][0]]


def _by_small_words(text: str) -> str:
    seen = Counter(word.lower() for word in _WORD.findall(text))
    scores = {language: sum(seen[word] for word in small) for language, small in _small_words().items()}
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] else "en"


@lru_cache(maxsize=1)
def _small_words() -> dict[str, frozenset[str]]:
    raw = tomllib.loads(resources.files(__package__).joinpath("data/stopwords.toml").read_text("utf-8"))
    return {language: frozenset(words.split()) for language, words in raw.items()}
