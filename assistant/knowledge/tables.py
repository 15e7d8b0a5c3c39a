"""Typed questions to one draft's tables: scenes, cast, elements. Whatever they return can be quoted."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.domain.breakdown import CastMember, Element
from assistant.domain.categories import Category
from assistant.domain.screenplay import Line, Scene, Screenplay, pages
from assistant.knowledge.bm25 import placed, tokens
from assistant.knowledge.cite import Row
from assistant.knowledge.plans import Plans

ON_STAGE = frozenset({"action", "shot", "general", "centered"})
SPOKEN = frozenset({"dialogue", "lyrics", "parenthetical"})
LONGEST_QUOTE = 160
_LISTED = re.compile(r"\s*[-*•–]\s+\S")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"”»')]*\s+")


@dataclass(frozen=True)
class Tables:
    """One draft as it is answered from: people's decisions are in, what they rejected is out."""

    script: Screenplay
    file: str
    cast: tuple[CastMember, ...] = ()
    elements: tuple[Element, ...] = ()
    papers: frozenset[str] = frozenset()  # stems of the other papers
    plans: Plans = Plans()  # the schedule and continuity, read when they are asked

    @property
    def language(self) -> str:
        """The script's language."""
        return self.script.language

    @cached_property
    def scenes(self) -> Mapping[int, Scene]:
        """Scenes by ordinal, omitted ones too."""
        return {scene.ordinal: scene for scene in self.script.scenes}

    @cached_property
    def active(self) -> tuple[Scene, ...]:
        """Scenes that will be shot, in script order."""
        return tuple(scene for scene in self.script.scenes if not scene.omitted)

    def named(self, label: str) -> Scene | None:
        """The scene with this number, "#7" or, where scenes have no numbers, the seventh as "7"."""
        wanted = label.casefold().strip()
        for scene in self.script.scenes:
            if (scene.number or "").casefold() == wanted or f"#{scene.ordinal}" == wanted:
                return scene
        numbered = any(scene.number for scene in self.script.scenes)
        return None if numbered or not wanted.isdecimal() else self.scenes.get(int(wanted))

    # Rows to quote

    def row(self, scene: Scene, line: Line, text: str = "") -> Row:
        """A line of the script, or a part of it."""
        return Row(self.script.sha256, self.file, scene.label, line.number, text or line.text)

    def heading(self, scene: Scene) -> Row:
        """A scene's slug line as it is written."""
        return self.row(scene, scene.lines[0], scene.heading.text)

    def fact(self, text: str, scene: str = "") -> Row:
        """A row of the tables that stands nowhere in the script: a count, a length, a total."""
        return Row(self.script.sha256, self.file, scene, 0, text)

    def length(self, scene: Scene) -> Row:
        """A scene's length."""
        return self.fact(f"scene {scene.label}: {scene.heading.text}, {pages(scene.eighths)} pages", scene.label)

    # Who and what is where

    def cues(self, member: CastMember) -> dict[int, list[Row]]:
        """A role's speeches, by scene."""
        names = {member.name.casefold(), *(alias.casefold() for alias in member.aliases)}
        found: dict[int, list[Row]] = {}
        for scene in self.active:
            for line in scene.lines:
                if line.kind == "character" and names & set(_speakers(line.text)):
                    found.setdefault(scene.ordinal, []).append(self.row(scene, line))
        return found

    def presence(self, member: CastMember) -> dict[int, Row]:
        """For each scene a role is in, the words that say so."""
        cued = self.cues(member)
        said = {
            item.scene: item for item in self.elements if item.category is Category.CAST and item.name == member.name
        }
        found = {}
        for ordinal in member.scenes:
            scene = self.scenes.get(ordinal)
            if scene is None or scene.omitted:
                continue
            names = [member.name, *member.aliases]
            decided = ordinal in said and said[ordinal].status == "accepted"
            if ordinal not in cued and not decided and self._only_listed(scene, names):
                continue
            seen = self._seen(scene, names)
            if ordinal in said and (quoted := self._quoted(said[ordinal])):
                found[ordinal] = quoted
            else:
                found[ordinal] = seen or (cued[ordinal][0] if ordinal in cued else self.heading(scene))
        return found

    def _only_listed(self, scene: Scene, names: Sequence[str]) -> bool:
        """Is a role named in nothing but lists: what stands on a board or in a note, and is not action?"""
        stems = [tokens(name, "xx") for name in names]
        lines = [line.text for line in scene.lines if line.kind in ON_STAGE]
        named = [text for text in lines if any(clause(text, words, "xx") for words in stems)]
        return bool(named) and all(_LISTED.match(text) for text in named)

    def _seen(self, scene: Scene, names: Sequence[str]) -> Row | None:
        for name in names:
            for line in scene.lines:
                if line.kind in ON_STAGE and (quote := clause(line.text, tokens(name, "xx"), "xx")):
                    return self.row(scene, line, quote)
        return None

    def _quoted(self, element: Element) -> Row | None:
        scene = self.scenes.get(element.scene)
        for line in scene.lines if scene else ():
            if line.number == element.evidence.line and scene:
                if line.kind == "heading":
                    return self.heading(scene)
                stems = tokens(element.name, self.language)
                return self.row(scene, line, clause(line.text, stems, self.language) or shorter(element.evidence.text))
        return None

    def with_element(self, matching: Iterable[Element]) -> dict[int, Row]:
        """Scene ordinal → the words that bear the first of these elements there."""
        found: dict[int, Row] = {}
        for element in matching:
            if element.scene not in found and (row := self._quoted(element)):
                found[element.scene] = row
        return dict(sorted(found.items()))

    def mentions(self, stems: Sequence[str], kinds: frozenset[str]) -> dict[int, Row]:
        """Scenes in whose lines of these kinds the words stand side by side, with the words around them."""
        found: dict[int, Row] = {}
        for scene in self.active:
            for line in scene.lines:
                if scene.ordinal not in found and line.kind in kinds:
                    quote = clause(line.text, stems, self.language)
                    if quote:
                        found[scene.ordinal] = self.row(scene, line, quote)
        return found

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every stem of the script and of the other papers."""
        lines = (line.text for scene in self.active for line in scene.lines)
        stems = frozenset(stem for text in (*lines, *self.sets) for stem in tokens(text, self.language))
        return stems | self.papers

    @cached_property
    def sets(self) -> Mapping[str, tuple[int, ...]]:
        """Each set's scenes, in the order the sets come up."""
        found: dict[str, list[int]] = {}
        for scene in self.active:
            if scene.set:
                found.setdefault(scene.set, []).append(scene.ordinal)
        return {name: tuple(ordinals) for name, ordinals in found.items()}

    @cached_property
    def by_category(self) -> Mapping[Category, tuple[Element, ...]]:
        """Elements by category, in script order."""
        found: dict[Category, list[Element]] = {}
        for element in self.elements:
            found.setdefault(element.category, []).append(element)
        return {category: tuple(items) for category, items in found.items()}


def clause(text: str, stems: Sequence[str], language: str) -> str:
    """The sentence of a line in which these stems stand side by side, cut short where it is long; "" if none."""
    for sentence in _SENTENCE.split(text):
        words = placed(sentence, language)
        for at in range(len(words) - len(stems) + 1):
            if [word[0] for word in words[at : at + len(stems)]] == list(stems):
                return _around(sentence, words[at][1], words[at + len(stems) - 1][2])
    return ""


def shorter(text: str) -> str:
    """A quote that fits on a line, cut between words."""
    return _around(text, 0, 1)


def _around(text: str, first: int, last: int) -> str:
    text_length = len(text)
    if text_length <= LONGEST_QUOTE:
        return text.strip()
    start = max(0, min(first - 40, text_length - LONGEST_QUOTE))
    end = min(text_length, max(start + LONGEST_QUOTE, last))
    if start:
        start = text.rfind(" ", 0, start + 1) + 1
    if end < text_length:
        end = max(text.rfind(" ", 0, end), last)
    return text[start:end].strip()


def _speakers(cue: str) -> list[str]:
    name = cue.split("(", 1)[0].strip(" ^").casefold()
    return [name, *(part.strip() for part in re.split(r"\s+(?:and|y|&|/)\s+|\s*[/&]\s*", name))]
