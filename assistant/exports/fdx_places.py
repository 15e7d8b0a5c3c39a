"""An FDX file with the place of every element in its bytes, so that tags are put in and nothing else is touched."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

from assistant.domain.xmltext import decode_xml
from assistant.errors import BadInput

_START = re.compile(rb"""<([^\s/>]+)(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*(/?)>""")
_INDENT = re.compile(rb"\n([ \t]*)$")
_HINT = "Hand over the file as the program it comes from saved it."

Edit = tuple[int, int, str]
"""Start, end, and the text that takes their place."""


@dataclass(slots=True)
class Node:
    """An element: its tag as written, its local name, and where its start tag, its inside and its end tag lie."""

    tag: str
    name: str
    attributes: dict[str, str]
    start: int
    inside: int
    close: int = 0
    end: int = 0
    children: list["Node"] = field(default_factory=list)
    text: str = ""  # kept for text runs and references only

    @property
    def empty(self) -> bool:
        """Whether it is one tag, <Tags/>."""
        return self.close == self.end

    def all(self, name: str) -> Iterator["Node"]:
        """The direct children of this name."""
        return (child for child in self.children if child.name == name)

    def first(self, *path: str) -> "Node | None":
        """The first element down this path."""
        node: Node | None = self
        for name in path:
            node = next(node.all(name), None) if node else None
        return node


class Places:
    """A parsed file that can be edited in place."""

    def __init__(self, data: bytes) -> None:
        self._written = decode_xml(data)
        self._data = self._written.text.encode()
        self.root = _Reader(self._data).root

    def edited(self, edits: Sequence[Edit]) -> bytes:
        """The file with these edits, in its own encoding; edits at one place stand in the order given."""
        parts: list[bytes] = []
        at = 0
        for start, end, text in sorted(edits, key=lambda edit: edit[0]):
            parts += [self._data[at:start], text.encode()]
            at = end
        return self._written.encoded(b"".join([*parts, self._data[at:]]).decode())

    def indent(self, place: int) -> str:
        """The line break and spaces before the tag at this place, where it begins a line."""
        found = _INDENT.search(self._data, max(0, place - 200), place)
        return f"\n{found[1].decode()}" if found else ""


def markup(element: ElementTree.Element) -> str:
    """An element as it is written into a file; a carriage return stays one."""
    return ElementTree.tostring(element, encoding="unicode").replace("\r", "&#13;")


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._open: list[Node] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self.root = Node("", "", {}, 0, 0)
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            raise BadInput(f"This file is not well-formed XML ({error}).", _HINT) from error

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        start = self._parser.CurrentByteIndex
        written = _START.match(self._data, start)
        if not written:
            raise BadInput(f"This file is not well-formed XML (at byte {start}).", _HINT)
        node = Node(tag, tag.rpartition(":")[2], attributes, start, written.end())
        if written[2]:
            node.close = node.end = written.end()
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def _end(self, tag: str) -> None:
        node = self._open.pop()
        if not node.end:
            node.close = self._parser.CurrentByteIndex
            node.end = self._data.index(b">", node.close) + 1

    def _text(self, text: str) -> None:
        for node in self._open:
            if node.name in ("Text", "DefId"):
                node.text += text


def _refuse(*_: object) -> None:
    raise BadInput("This Final Draft file declares entities or a DTD, which no script needs.", _HINT)


def paragraphs(root: Node) -> Iterator[Node]:
    """The script's paragraphs in the order in which their numbers are counted."""
    headings = _heading_types(root)
    content = root.first("Content")
    for inner in content.children if content else ():
        for paragraph in [inner] if inner.name == "Paragraph" else inner.all("Paragraph"):
            yield paragraph
            taken_out = paragraph.first("OmittedScene")
            if taken_out and paragraph.attributes.get("Type") in headings:
                yield from taken_out.all("Paragraph")
            for beside in paragraph.children:
                if beside.name in ("DualDialogue", "ScriptNote"):
                    yield from beside.all("Paragraph")


def _heading_types(root: Node) -> set[str]:
    """Scene headings, and what a production invented to be one."""
    own = {
        settings.attributes.get("Type", "")
        for settings in root.all("ElementSettings")
        if (behaviour := settings.first("Behavior")) and behaviour.attributes.get("PaginateAs") == "Scene Heading"
    }
    return own | {"Scene Heading"}
