"""A new FDX file for a script that came as Fountain, PDF or text: numbers, lengths, omissions, revisions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from assistant.domain.screenplay import SILENT_KINDS, Line, LineKind, Scene, Screenplay, pages
from assistant.domain.xmltext import DECLARATION, legal
from assistant.exports.book import Book
from assistant.exports.final_draft import revision_colours

_TYPES: dict[LineKind, str] = {
    "heading": "Scene Heading",
    "action": "Action",
    "character": "Character",
    "parenthetical": "Parenthetical",
    "dialogue": "Dialogue",
    "lyrics": "Singing",
    "transition": "Transition",
    "shot": "Shot",
    "centered": "Action",
    "general": "General",
}
_SAID: frozenset[LineKind] = SILENT_KINDS | {"parenthetical", "dialogue", "lyrics"}
_SIZES = {"letter": ("11.00", "8.50"), "a4": ("11.69", "8.27")}  # inches
_OMITTED = "OMITTED"


def written(book: Book) -> tuple[bytes, dict[tuple[int, int], tuple[int, int]]]:
    """The file without tags, and for each line, by scene and position, its paragraph's number and its offset there.

    What FDX has no word for, a writer's section, synopsis or note, becomes a script note, which is never printed.
    """
    script = book.screenplay
    writer = _Writer(script, _revisions(script))
    writer.lines(None, list(enumerate(script.preamble)))
    for sheet in book.sheets:
        writer.scene(sheet.scene, sheet.synopsis)
    root = Element("FinalDraft", DocumentType="Script", Template="No", Version="5")
    root.append(writer.content)
    root.append(_title_page(script))
    height, width = _SIZES[script.page_size]
    SubElement(SubElement(root, "PageLayout"), "PageSize", Height=height, Width=width)
    SubElement(root, "SceneNumberOptions", ShowNumbersOnLeft="Yes", ShowNumbersOnRight="Yes")
    if writer.sets:
        root.append(_revision_sets(writer.sets))
    _lay_out(root)
    text = tostring(root, encoding="unicode").replace("\r", "&#13;")
    return f"{DECLARATION}\n{text}\n".encode(), writer.numbered()


@dataclass(slots=True)
class _Writer:
    """Collects paragraphs, and remembers where each line went."""

    script: Screenplay
    sets: list[str]
    content: Element = field(default_factory=lambda: Element("Content"))
    starts: dict[tuple[int, int], tuple[Element, int]] = field(default_factory=dict)
    silent: set[int] = field(default_factory=set)
    last: Element | None = None
    new_page: bool = False

    def numbered(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Where the lines went, with paragraphs counted as a reader does: all but those of a scene's summary."""
        counted = [node for node in self.content.iter("Paragraph") if id(node) not in self.silent]
        numbers = {id(node): number for number, node in enumerate(counted, 1)}
        return {place: (numbers[id(node)], offset) for place, (node, offset) in self.starts.items()}

    def scene(self, scene: Scene, synopsis: str) -> None:
        """The heading with what is known of the scene, then its lines."""
        heading = self._paragraph(self.content, scene.lines[0], (scene.ordinal, 0))
        if scene.number:
            heading.set("Number", legal(scene.number))
        told = Element("SceneProperties", Title="")
        if scene.page is not None:
            told.set("Page", str(scene.page))
        if scene.eighths:
            told.set("Length", pages(scene.eighths))
        if synopsis:
            summary = SubElement(SubElement(told, "Summary"), "Paragraph")
            self.silent.add(id(summary))
            SubElement(summary, "Text").text = legal(synopsis)
        heading.insert(0, told)
        if scene.omitted:
            self._omit(scene, heading)
        else:
            self.lines(scene, list(enumerate(scene.lines))[1:])

    def _omit(self, scene: Scene, heading: Element) -> None:
        """The number stays and the page says that the scene is out; what it was is kept inside, unprinted."""
        kept = list(scene.lines[1:])
        if scene.heading.set:
            kept.insert(0, scene.lines[0])
            heading[-1].text = _OMITTED
        inside = SubElement(heading, "OmittedScene")
        for line in kept:
            self._paragraph(inside, line, None)

    def lines(self, scene: Scene | None, lines: Sequence[tuple[int, Line]]) -> None:
        """Paragraphs, speeches side by side, and notes."""
        at = 0
        while at < len(lines):
            position, line = lines[at]
            middle = _speech_end(lines, at)
            end = _speech_end(lines, middle) if middle < len(lines) and lines[middle][1].dual else middle
            if end > middle > at:
                self._dual(scene, lines[at:end])
                at = end
                continue
            before = lines[at - 1][1] if at else None
            if before and self.last is not None and self._continues(before, line):
                self._append(line, _place(scene, position))
            else:
                self._one(scene, position, line)
            at += 1

    def _one(self, scene: Scene | None, position: int, line: Line) -> None:
        if line.kind == "page_break":
            self.new_page = True
        elif line.kind in SILENT_KINDS:
            self._note(line)
        else:
            self.last = self._paragraph(self.content, line, _place(scene, position))

    def _continues(self, before: Line, line: Line) -> bool:
        """An action broken by hand is one paragraph of several lines."""
        typed = self.script.format in ("fountain", "text")
        same = line.kind == before.kind == "action" and line.revision == before.revision
        return typed and same and line.number == before.number + 1

    def _append(self, line: Line, place: tuple[int, int] | None) -> None:
        run = self.last[-1] if self.last is not None else None
        if self.last is None or run is None:
            return
        if place:
            self.starts[place] = (self.last, len(run.text or "") + 1)
        run.text = f"{run.text or ''}\n{legal(line.text)}"

    def _dual(self, scene: Scene | None, lines: Sequence[tuple[int, Line]]) -> None:
        outer = self.last = SubElement(self.content, "Paragraph", Type="General")
        both = SubElement(outer, "DualDialogue")
        for position, line in lines:
            if line.kind not in SILENT_KINDS:
                self._paragraph(both, line, _place(scene, position))
        for _, line in lines:
            if line.kind in SILENT_KINDS and line.kind != "page_break":
                self._note(line)

    def _note(self, line: Line) -> None:
        """A note hangs on the paragraph before it."""
        if self.last is None:
            self.last = SubElement(self.content, "Paragraph", Type="General")
        note = SubElement(self.last, "ScriptNote", Author="", Color="#000000000000", Name=line.kind.title(), Type="")
        SubElement(SubElement(note, "Paragraph"), "Text").text = legal(line.text)

    def _paragraph(self, parent: Element, line: Line, place: tuple[int, int] | None) -> Element:
        node = SubElement(parent, "Paragraph", Type=_TYPES.get(line.kind, "Action"))
        if line.kind == "centered":
            node.set("Alignment", "Center")
        if self.new_page:
            node.set("StartsNewPage", "Yes")
            self.new_page = False
        run = SubElement(node, "Text")
        if line.revision:
            run.set("RevisionID", str(self.sets.index(line.revision) + 1))
        run.text = legal(line.text)
        if place:
            self.starts[place] = (node, 0)
        if line.kind == "heading" and parent is self.content:
            self.last = node
        return node


def _place(scene: Scene | None, position: int) -> tuple[int, int] | None:
    return (scene.ordinal, position) if scene else None


def _speech_end(lines: Sequence[tuple[int, Line]], start: int) -> int:
    """Where the speech of the cue at `start` ends; `start` itself if there is no cue."""
    if lines[start][1].kind != "character":
        return start
    end = start + 1
    while end < len(lines) and lines[end][1].kind in _SAID:
        end += 1
    return end


def _revisions(script: Screenplay) -> list[str]:
    """The revision sets in order: those the script lists, then those that only lines name."""
    every = [*script.preamble, *(line for scene in script.scenes for line in scene.lines)]
    return list(dict.fromkeys([*script.revisions, *(line.revision for line in every if line.revision)]))


def _revision_sets(names: Sequence[str]) -> Element:
    sets = Element("Revisions", ActiveSet=str(len(names)), RevisionMode="No", ShowAllSets="No")
    for number, name in enumerate(names, 1):
        ink, page = revision_colours(name)
        told = {"Color": ink, "ID": str(number), "Mark": "*", "Name": legal(name), "PageColor": page}
        SubElement(sets, "Revision", told)
    return sets


def _title_page(script: Screenplay) -> Element:
    page = Element("TitlePage")
    content = SubElement(page, "Content")
    for value in _title_lines(script):
        SubElement(SubElement(content, "Paragraph", Alignment="Center", Type="General"), "Text").text = legal(value)
    return page


def _title_lines(script: Screenplay) -> Iterator[str]:
    if script.title:
        yield script.title
    for label, value in script.title_page:
        if label.casefold() != "title":
            yield from (line.strip() for line in value.split("\n") if line.strip())


def _lay_out(root: Element) -> None:
    """Line breaks between elements; a run's own text is not touched."""
    indent(root, "  ")
    for run in root.iter("Text"):
        run.text = run.text or ""
