"""Where a quote stands in a scene, forgiving spaces, capitals and typographic marks, never words."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain.breakdown import Quote
from assistant.domain.screenplay import SILENT_KINDS, Line, Scene

_SAME = {
    **dict.fromkeys("‘’‚‛`´ʼ", "'"),
    **dict.fromkeys("“”„‟«»", '"'),
    **dict.fromkeys("–—―−‐‑", "-"),
    "…": "...",
    "\u00ad": "",
    "\u200b": "",
}
_WRAPPING = "\"'.,;: "


@dataclass(frozen=True)
class Folded:
    """A scene's text made comparable; `places` leads each character back to its line and offset."""

    text: str
    places: list[tuple[Line, int]]


def fold(text: str) -> str:
    """A quote made comparable: one space for any run, no capitals, plain quotation marks and dashes."""
    return "".join(char for char, _ in _folded(text)).strip()


def _folded(text: str) -> Iterator[tuple[str, int]]:
    space, last = True, ""
    for at, char in enumerate(text):
        if char.isspace():
            if not space:
                yield " ", at
            space = True
            continue
        for plain in _SAME.get(char, char).casefold():
            if plain == "-" == last:
                continue  # "--" is a dash
            yield plain, at
            last, space = plain, False
        last = last if not char.isspace() else ""


def folded(scene: Scene) -> Folded:
    """What is seen and heard in the scene, its lines joined by one space."""
    text: list[str] = []
    places: list[tuple[Line, int]] = []
    for line in scene.lines:
        if line.kind in SILENT_KINDS:
            continue
        for char, at in (*_folded(line.text), (" ", len(line.text))):
            if char != " " or (text and text[-1] != " "):
                text.append(char)
                places.append((line, at))
    return Folded("".join(text), places)


def locate(wanted: Quote, scene: Folded, need: str = "") -> Quote | None:
    """The scene's own words for a quote, or None. Of several lines, the one with `need` counts, else the longest."""
    for text in (fold(wanted.text), fold(wanted.text).strip(_WRAPPING)):
        spans = list(_spans(text, scene.text))
        if spans:
            start = min(spans, key=lambda at: (scene.places[at][0].number != wanted.line, at))
            return _verbatim(scene, start, start + len(text), need, wanted.scene)
    return None


def _spans(text: str, whole: str) -> Iterator[int]:
    """Starts of whole-word occurrences."""
    at = whole.find(text) if any(char.isalnum() for char in text) else -1
    while at >= 0:
        end = at + len(text)
        if not (_inside(whole, at) or _inside(whole, end)):
            yield at
        at = whole.find(text, at + 1)


def _inside(whole: str, at: int) -> bool:
    return 0 < at < len(whole) and whole[at - 1].isalnum() and whole[at].isalnum()


def _dash_end(text: str, end: int) -> int:
    """The end of a dash written with two hyphens, of which the folded text has one."""
    while 0 < end < len(text) and text[end] == text[end - 1] == "-":
        end += 1
    return min(end, len(text))


def _verbatim(scene: Folded, start: int, end: int, need: str, ordinal: int) -> Quote:
    pieces: dict[int, tuple[Line, int, int]] = {}
    for line, at in scene.places[start:end]:
        first = pieces.get(id(line), (line, at, at))[1]
        pieces[id(line)] = (line, first, _dash_end(line.text, at + 1))
    texts = [(line.number, line.text[a:b].strip()) for line, a, b in pieces.values()]
    texts = [(number, text) for number, text in texts if text]
    named = [piece for piece in texts if need and need in fold(piece[1])]
    number, text = max(named or texts, key=lambda piece: len(piece[1]))
    return Quote(ordinal, number, text)
