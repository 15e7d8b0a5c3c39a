"""Puts a breakdown into an FDX file as production tags: definitions, tags, and marks on the words that prove them."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from assistant.domain.categories import Category
from assistant.domain.screenplay import SILENT_KINDS, Line, Scene
from assistant.domain.xmltext import legal
from assistant.exports.book import Book, Sheet
from assistant.exports.evidence import span
from assistant.exports.fdx_places import Edit, Node, Places, markup, paragraphs
from assistant.exports.fdx_runs import Runs, numbers_of
from assistant.exports.final_draft import tag_categories
from assistant.exports.needs import Need, key_of, needs

Where = Callable[[Scene, int], tuple[int, int] | None]
"""The paragraph's number, and where in it the scene's line at this position begins."""

_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "urn:pa:fdx-tags")


def in_place(scene: Scene, position: int) -> tuple[int, int] | None:
    """Where a line stands in the file that it was read from."""
    return scene.lines[position].number, 0


def tagged(data: bytes, book: Book, where: Where = in_place) -> bytes:
    """The file with every element that nobody rejected as a tag; what is tagged already stays as it is.

    An implied element, and one whose words are not found, gets a definition and no mark in the text.
    """
    places = Places(data)
    runs = {number: Runs.of(node) for number, node in enumerate(paragraphs(places.root), 1)}
    tags = _Tags.of(places.root, runs)
    for sheet in book.sheets:
        for need in needs(sheet):
            _tag(tags, runs, sheet, need, where)
    return places.edited([edit for paragraph in runs.values() for edit in paragraph.edits()] + tags.edits(places))


def _tag(tags: "_Tags", runs: dict[int, Runs], sheet: Sheet, need: Need, where: Where) -> None:
    definition = tags.definition(need.category, legal(need.name))
    found = _line(sheet.scene, need)
    place = where(sheet.scene, found[0]) if found else None
    if not (found and need.element and place and place[0] in runs):
        return
    paragraph, line = runs[place[0]], found[1]
    if any(tags.meaning.get(number) == definition for number in paragraph.numbers()):
        return
    start, end, _ = span(line.text, need.element, 0)
    letters = paragraph.find(line, start, end, place[1])
    if letters:
        paragraph.mark(letters, tags.number(definition))


def _line(scene: Scene, need: Need) -> tuple[int, Line] | None:
    """The line that an element quotes, and its position; None for one that is implied or quotes nothing."""
    element = need.element
    if element is None or element.implied:
        return None
    lines = [
        (position, line)
        for position, line in enumerate(scene.lines)
        if line.number == element.evidence.line and line.kind not in SILENT_KINDS
    ]
    told = [(position, line) for position, line in lines if element.evidence.text in line.text]
    return next(iter(told or lines), None)


@dataclass(slots=True)
class _Tags:
    """The file's tag data as it is, and what is to be added to it."""

    data: Node | None
    categories: list[tuple[str, str]] = field(default_factory=list)  # id, name
    definitions: dict[tuple[str, str], str] = field(default_factory=dict)
    meaning: dict[str, str] = field(default_factory=dict)  # tag number → definition
    used: set[str] = field(default_factory=set)
    new: dict[str, list[Element]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Node, runs: dict[int, Runs]) -> "_Tags":
        tags = cls(root.first("TagData"))
        tags._read_categories()
        for node in tags._listed("TagDefinitions", "TagDefinition"):
            told = node.attributes
            category = tags._category_of(told.get("CatId", ""))
            tags.definitions.setdefault((category, key_of(told.get("Label", ""))), told.get("Id", ""))
        for node in tags._listed("Tags", "Tag"):
            meant = node.first("DefId")
            tags.meaning[node.attributes.get("Number", "")] = meant.text.strip() if meant else ""
        tags.used = set(tags.meaning)
        for paragraph in runs.values():
            tags.used.update(number for run in paragraph.nodes for number in numbers_of(run))
        return tags

    def definition(self, category: Category, label: str) -> str:
        """The id of an element's definition; one is made where the file has none."""
        belongs = self._category(category)
        known = self.definitions.get((belongs, key_of(label)))
        if known is None:
            known = str(uuid.uuid5(_IDS, f"{belongs}|{key_of(label)}"))
            self.definitions[belongs, key_of(label)] = known
            count = str(len(self.definitions))
            self._add("TagDefinitions", "TagDefinition", CatId=belongs, Id=known, Label=label, Number=count)
        return known

    def number(self, definition: str) -> str:
        """A new tag's number."""
        number = str(_after(self.used))
        self.used.add(number)
        self.meaning[number] = definition
        SubElement(self._add("Tags", "Tag", Number=number), "DefId").text = definition
        return number

    def edits(self, places: Places) -> list[Edit]:
        """What has to be written so that the file has what is new."""
        if not (self.new.get("TagDefinitions") or self.new.get("Tags")):
            return []
        lists = ("TagCategories", "TagDefinitions", "Tags")
        if self.data is None or self.data.empty:
            whole = Element("TagData", self.data.attributes if self.data else {})
            for name in lists:
                SubElement(whole, name).extend(self.new.get(name, []))
            start, end = (self.data.start, self.data.end) if self.data else (places.root.close, places.root.close)
            return [(start, end, _block(whole, "\n  ") + ("" if self.data else "\n"))]
        return [edit for name in lists if self.new.get(name) for edit in self._grown(places, self.data, name)]

    def _grown(self, places: Places, data: Node, name: str) -> Iterator[Edit]:
        there = data.first(name)
        if there and not there.empty:
            indent = places.indent(there.close)
            lines = [f"  {markup(item)}{indent}" if indent else markup(item) for item in self.new[name]]
            yield there.close, there.close, "".join(lines)
            return
        whole = Element(there.tag if there else name, there.attributes if there else {})
        whole.extend(self.new[name])
        place = (there.start, there.end) if there else (data.close, data.close)
        yield (*place, _block(whole, "\n    ") + ("" if there else "\n  "))

    def _read_categories(self) -> None:
        for node in self._listed("TagCategories", "TagCategory"):
            self.categories.append((node.attributes.get("Id", ""), node.attributes.get("Name", "")))
        if not self.categories:
            for category in tag_categories():
                if category is not Category.WEAPONS:
                    self._add_category(category)

    def _category(self, category: Category) -> str:
        """The id of a category in this file: found by its name, else by its id; added where it is in neither."""
        ours = tag_categories()[category]
        by_name = (id for id, name in self.categories if key_of(name) == key_of(ours.name))
        by_id = (id for id, _ in self.categories if id == ours.id)
        return next(by_name, None) or next(by_id, None) or self._add_category(category)

    def _category_of(self, reference: str) -> str:
        """The category that a definition names by its id, or by its number as some programs do."""
        numbers = {
            node.attributes.get("Number", ""): node.attributes.get("Id", "")
            for node in self._listed("TagCategories", "TagCategory")
        }
        known = {id for id, _ in self.categories}
        return reference if reference in known else numbers.get(reference, reference)

    def _add_category(self, category: Category) -> str:
        ours = tag_categories()[category]
        taken = {node.attributes.get("Number", "") for node in self._listed("TagCategories", "TagCategory")}
        taken |= {item.get("Number", "") for item in self.new.get("TagCategories", [])}
        number = str(ours.number if str(ours.number) not in taken else _after(taken))
        style = {"Style": ours.style} if ours.style else {}
        told = {"Color": ours.colour, "Id": ours.id, "Name": ours.name, "Number": number}
        self._add("TagCategories", "TagCategory", **told, **style)
        self.categories.append((ours.id, ours.name))
        return ours.id

    def _listed(self, group: str, name: str) -> Iterator[Node]:
        there = self.data.first(group) if self.data else None
        return there.all(name) if there else iter(())

    def _add(self, group: str, name: str, **attributes: str) -> Element:
        item = Element(name, attributes)
        self.new.setdefault(group, []).append(item)
        return item


def _after(taken: set[str]) -> int:
    return max((int(number) for number in taken if number.isdecimal()), default=0) + 1


def _block(element: Element, indent: str) -> str:
    """An element over several lines, as these files are laid out."""
    from xml.etree.ElementTree import indent as lay_out

    depth = (len(indent) - 1) // 2
    lay_out(element, "  ", depth)
    return markup(element).rstrip() if depth > 1 else f"  {markup(element).rstrip()}"
