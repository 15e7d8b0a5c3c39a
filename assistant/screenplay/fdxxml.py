"""Turns the bytes of an FDX file into an element tree, and refuses what could harm: entities, DTDs, foreign roots."""

import codecs
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from assistant.errors import BadInput

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_UNFIT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape"})  # no script is written in these
_HINT = "Open it in the program it comes from, and export it again as Final Draft (.fdx)."
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def parse(data: bytes) -> tuple[Element, bool]:
    """The root element, and whether the text had to be mended (wrong encoding, control characters) to be read."""
    text, mended = _text(data)
    clean = _CONTROL.sub("", text)
    try:
        root: Element = fromstring(_DECLARATION.sub("", clean).strip().encode("utf-8", "replace"), forbid_dtd=True)
    except DefusedXmlException as error:
        raise BadInput("This Final Draft file declares entities or a DTD, which no script needs.", _HINT) from error
    except (ParseError, ValueError) as error:
        raise BadInput(f"This file is not well-formed XML ({error}).", _HINT) from error
    if name_of(root) != "FinalDraft":
        raise BadInput(f"This XML file is not a Final Draft script: it begins with <{name_of(root)[:40]}>.", _HINT)
    return root, mended or clean != text


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


def _text(data: bytes) -> tuple[str, bool]:
    """The file decoded: by its mark, by what it declares, as UTF-8, and failing that as Windows wrote it."""
    declared = _DECLARED.match(data)
    named = declared[1].decode("ascii") if declared else "utf-8"
    marked = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), None)
    for encoding in (marked, named, "utf-8"):
        if encoding is None or encoding.lower().replace("-", "_") in _UNFIT:
            continue
        try:
            return data.decode(encoding), encoding not in {marked, named}
        except (LookupError, UnicodeError):
            continue
    return data.decode("cp1252", "replace"), True
