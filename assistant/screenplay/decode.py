"""Bytes to text in whatever encoding a writer's machine saved them, refusing what is no text at all."""

import codecs
import re

from assistant.errors import BadInput

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EXPECTED = re.compile("[éèàâäáãåçêëîïíñóôöõúùûüßæøœÉÈÀÄÖÜÑÇ’‘“”–—…«»°\xa0]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(data.decode(encoding, "replace"), encoding)
    if data[:4000].count(0) > 0.2 * min(len(data), 4000):
        encoding = "utf-16-le" if data[1:4000:2].count(0) > data[0:4000:2].count(0) else "utf-16-be"
        return _checked(data.decode(encoding, "replace"), encoding)
    try:
        return _checked(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _checked(*_single_byte(data))


def _single_byte(data: bytes) -> tuple[str, str]:
    """The old one-byte encodings are told apart by which of them makes the likeliest letters."""
    sample = data[:200_000]
    high = sum(byte >= 0xC0 for byte in sample)
    letters = high + sum(chr(byte).isalpha() for byte in sample if byte < 0x80)
    if high > 0.4 * max(1, letters):
        return data.decode("cp1251", "replace"), "cp1251"
    scores = {name: len(_EXPECTED.findall(sample.decode(name, "replace"))) for name in ("cp1252", "mac-roman")}
    best = max(scores, key=lambda name: scores[name])
    try:
        return data.decode(best), best
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


def _checked(text: str, encoding: str) -> tuple[str, str]:
    if len(_CONTROL.findall(text)) + text.count("\ufffd") > 0.01 * len(text):
        raise BadInput(
            "The file is not text.", "A script is read from Fountain, FDX, PDF or plain text; export one of these."
        )
    return _CONTROL.sub("", text), encoding
