"""Quote or it did not happen: only claims whose words stand in the scene, and name what they claim, are kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.breakdown.people import SEEN_KINDS, named_spans, speakers
from assistant.breakdown.quotes import Folded, folded, locate
from assistant.breakdown.words import head, named_in, quote_around
from assistant.domain.breakdown import Element, Quote
from assistant.domain.categories import Category
from assistant.domain.screenplay import Line, Scene

_CATEGORIES = frozenset(str(category) for category in Category)
_LONGEST_NAME = 6  # words; beyond that it is a sentence, not an element


@dataclass(frozen=True, slots=True)
class Cut:
    """A claim that was not kept, and why in one sentence."""

    element: Element
    why: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What stands, each with the script's own words as evidence, and what was cut."""

    kept: tuple[Element, ...]
    cut: tuple[Cut, ...]


@dataclass(frozen=True)
class _Stage:
    """What a scene says about itself."""

    scene: Scene
    text: Folded
    cues: dict[str, Line]
    characters: tuple[str, ...]
    language: str


def verify(scene: Scene, elements: Iterable[Element], characters: Sequence[str] = (), language: str = "en") -> Verified:
    """Check each claim against the scene. `characters` are the names known in the whole script."""
    cues = {name: line for line in scene.lines if line.kind == "character" for name in speakers(line.text, ())}
    shared = {
        name: line
        for line in scene.lines
        if line.kind == "character"
        for name in speakers(line.text, tuple(characters))
    }
    stage = _Stage(scene, folded(scene), {**cues, **shared}, tuple(characters), language)
    kept: list[Element] = []
    cut: list[Cut] = []
    for element in elements:
        checked = _checked(element, stage)
        if isinstance(checked, Element):
            kept.append(checked)
        else:
            cut.append(Cut(element, checked))
    return Verified(tuple(kept), tuple(cut))


def _checked(element: Element, stage: _Stage) -> Element | str:
    """The element with the script's own words, or the reason why it can not stand."""
    if stage.scene.omitted:
        return "The scene is omitted."
    if element.category not in _CATEGORIES:
        return f"{element.category} is no category."
    if not any(char.isalnum() for char in element.name):
        return "It has no name."
    if len(element.name.split()) > _LONGEST_NAME and element.name.upper() not in stage.cues:
        return f"A name of more than {_LONGEST_NAME} words is a sentence, not an element."
    need = head(element.name.casefold(), stage.language)
    evidence = locate(replace(element.evidence, scene=stage.scene.ordinal), stage.text, need)
    if evidence is None:
        return "Its quote does not stand in the scene."
    found = replace(element, scene=stage.scene.ordinal, evidence=evidence)
    return _member(found, stage) if found.category is Category.CAST else _thing(found, stage)


def _thing(element: Element, stage: _Stage) -> Element | str:
    name = element.name.upper()
    several = f"{name}S" in element.evidence.text.upper()
    if element.category is Category.BACKGROUND and name in stage.cues and not several:
        return f"{name} speaks in the scene, so it is cast and not background."
    quote = element.evidence
    lines = [line for line in stage.scene.lines if line.number == quote.line and quote.text in line.text]
    if all(line.kind == "character" for line in lines):
        return "Its quote is a speaker's name, which is no evidence of a thing."
    if not element.implied and not named_in(element.name, element.evidence.text, stage.language):
        return "Its quote does not name it."
    return element


def _member(element: Element, stage: _Stage) -> Element | str:
    """Cast has a cue in the scene or a name in its action; a quote that says neither is replaced by one that does."""
    name = " ".join(element.name.upper().split())
    if name in stage.cues:
        line = stage.cues[name]
        cue = Quote(stage.scene.ordinal, line.number, line.text.strip())
        named = named_in(name, element.evidence.text)
        return replace(element, name=name, evidence=element.evidence if named else cue)
    shown = _shown(name, stage)
    if shown is None:
        return f"{name} has no cue in the scene and is not named in its action."
    named = named_in(name, element.evidence.text) and _seen(element.evidence.line, stage)
    return replace(element, name=name, evidence=element.evidence if named else shown)


def _seen(number: int, stage: _Stage) -> bool:
    return any(line.number == number and line.kind in SEEN_KINDS for line in stage.scene.lines)


def _shown(name: str, stage: _Stage) -> Quote | None:
    """The first action that names somebody, by a known name or, for one nobody knows, by its plain words."""
    known = name in stage.characters
    for line in stage.scene.lines:
        if line.kind not in SEEN_KINDS:
            continue
        spans = [
            span for found, span in named_spans(line.text, stage.characters if known else (name,)) if found == name
        ]
        if spans:
            return Quote(stage.scene.ordinal, line.number, quote_around(line.text, *spans[0]))
        at = line.text.upper().find(name)
        if not known and at >= 0:
            return Quote(stage.scene.ordinal, line.number, quote_around(line.text, at, at + len(name)))
    return None
