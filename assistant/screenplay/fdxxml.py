"""Turns the bytes of an FDX file into an element tree, and refuses what could harm: entities, DTDs, foreign roots."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from assistant.domain.xmltext import decode_xml
from assistant.errors import BadInput

_HINT = "Open it in the program it comes from, and export it again as Final Draft (.fdx)."


def parse(data: bytes) -> tuple[Element, bool]:
    """The root element, and whether the text had to be mended (wrong encoding, control characters) to be read."""
    written = decode_xml(data)
    try:
        root: Element = fromstring(written.text.strip().encode(), forbid_dtd=True)
    except DefusedXmlException as error:
        raise BadInput("This Final Draft file declares entities or a DTD, which no script needs.", _HINT) from error
    except (ParseError, ValueError) as error:
        raise BadInput(f"This file is not well-formed XML ({error}).", _HINT) from error
    if name_of(root) != "FinalDraft":
        raise BadInput(f"This XML file is not a Final Draft script: it begins with <{name_of(root)[:40]}>.", _HINT)
    return root, written.mended


def name_of(element: Element) -> str:
    """The element's name without a namespace; comments have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down this path of names."""
    for name in path:
        element = next((inner for inner in element if name_of(inner) == name), None) if element is not None else None
    return element


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The direct children with this name."""
    return (inner for inner in element if name_of(inner) == name) if element is not None else iter(())


def number(written: str | None, least: float, most: float) -> float | None:
    """A number in an attribute, if it is one a page could have."""
    try:
        value = float(written or "")
    except ValueError:
        return None
    return value if least <= value <= most else None
