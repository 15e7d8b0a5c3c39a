"""An XML file as text and back to bytes, so that who reads a script and who adds to it agree on its encoding."""

import codecs
import re
from dataclasses import dataclass

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="no" ?>'
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNFIT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape"})  # no script is written in these
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class XmlText:
    """`text` is what follows the declaration; `mark` the byte order mark; `mended` that bytes had to be guessed at."""

    text: str
    declaration: str
    encoding: str
    mark: bytes = b""
    mended: bool = False

    def encoded(self, text: str) -> bytes:
        """`text` in the file's own encoding; a letter that it lacks becomes a character reference."""
        return self.mark + (self.declaration + text).encode(self.encoding, "xmlcharrefreplace")


def legal(text: str) -> str:
    """Text without the characters that XML can not hold."""
    return _ILLEGAL.sub("", text)


def decode_xml(data: bytes) -> XmlText:
    """The file decoded: by its mark, by what it declares, as UTF-8, and failing that as Windows wrote it."""
    declared = _DECLARED.match(data)
    named = declared[1].decode("ascii") if declared else "utf-8"
    mark, marked, plain = next((known for known in _MARKS if data.startswith(known[0])), (b"", None, ""))
    for encoding in (marked, named, "utf-8"):
        if encoding is None or encoding.lower().replace("-", "_") in _UNFIT:
            continue
        try:
            text = data.decode(encoding)
        except (LookupError, UnicodeError):
            continue
        if encoding == marked:
            return _parted(text, plain, mark)
        return _parted(text, encoding, mended=encoding != named)
    return _parted(data.decode("cp1252", "replace"), "utf-8", mended=True)


def _parted(text: str, encoding: str, mark: bytes = b"", *, mended: bool = False) -> XmlText:
    clean = legal(text)
    head = _DECLARATION.match(clean)
    body = clean[head.end() :] if head else clean
    declaration = DECLARATION if mended else head[0] if head else ""
    return XmlText(body, declaration, encoding, mark, mended or clean != text)
