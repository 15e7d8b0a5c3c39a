"""Word documents: paragraphs and table rows in reading order, headings marked as in Markdown."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from assistant.knowledge.readers.zipped import opened, part

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_docx(data: bytes, name: str) -> list[str]:
    """One line a paragraph or table row; deleted text of tracked changes is left out."""
    body = part(opened(data, name), "word/document.xml", name).find(f"{_W}body")
    return [] if body is None else list(_blocks(body))


def _blocks(parent: Element) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield _heading(child) + _text(child)
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                yield " | ".join(" ".join(_blocks(cell)).strip() for cell in row.findall(f"{_W}tc"))
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent"):
            yield from _blocks(child)


def _heading(paragraph: Element) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = "" if style is None else style.get(f"{_W}val", "")
    return "# " if name.casefold().startswith(("heading", "title", "ttulo", "titre")) else ""


def _text(paragraph: Element) -> str:
    parts = []
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            parts.append(" ")
    return "".join(parts)
