"""The one way in for a script: looks at the bytes before the name, and says why where a file can not be read."""

import hashlib
import io
import re
import zipfile
from pathlib import Path, PurePath

from assistant.domain.screenplay import Remark, Screenplay
from assistant.errors import BadInput, NotFound
from assistant.screenplay.assemble import assemble
from assistant.screenplay.decode import decode
from assistant.screenplay.source import Source

MAX_BYTES = 100_000_000
MAX_LETTERS = 5_000_000  # of plain text; the longest features have a tenth of it
LONGEST_LINE = 50_000
EXPORT = {
    ".docx": "Save it as plain text or PDF; better, export Fountain or FDX from the program it was written in.",
    ".doc": "Save it as plain text or PDF; better, export Fountain or FDX from the program it was written in.",
    ".rtf": "Save it as plain text or PDF; better, export Fountain or FDX from the program it was written in.",
    ".odt": "Save it as plain text or PDF; better, export Fountain or FDX from the program it was written in.",
    ".pages": "In Pages, export PDF or plain text.",
    ".celtx": "In Celtx, download the script as PDF or as Final Draft (.fdx).",
    ".fadein": "In Fade In, choose File > Export > Fountain or Final Draft (.fdx).",
    ".highland": "In Highland, choose File > Export > Fountain or Final Draft (.fdx).",
    ".trelby": "In Trelby, choose File > Export and take Fountain, Final Draft (.fdx) or PDF.",
    ".fdr": "Open it in a present Final Draft and save it as .fdx.",
    ".mmsw": "In Movie Magic Screenwriter, export Final Draft (.fdx) or PDF.",
    ".wdz": "In WriterDuet, export Fountain, Final Draft (.fdx) or PDF.",
    ".kitsp": "In KIT Scenarist, export Fountain or Final Draft (.fdx).",
    ".html": "Save the script itself as Fountain, FDX or PDF, not the page that shows it.",
    ".zip": "Unpack it and hand over the script inside.",
}
_ANY = "A script is read from Fountain, FDX, PDF or plain text; export one of these."
_FOUNTAIN = frozenset({".fountain", ".spmd", ".ftn"})


def parse(path: Path) -> Screenplay:
    """The screenplay in a file. NotFound or BadInput with the reason where there is none; nothing is written."""
    return parse_bytes(_bytes_of(path), path.name)


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise BadInput(f"{path.name or path} is a folder.", "Name the script's file.")
        size = path.stat().st_size
        if not path.is_file():
            raise BadInput(f"{path} is no file that can be read to an end.", "Name the script's file.")
        if size > MAX_BYTES:
            raise _too_large(path.name, size)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.", "Check the name and the folder.") from error
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} can not be read: {error}.", "Check that the file may be opened.") from error


def parse_bytes(data: bytes, name: str) -> Screenplay:
    """The screenplay in these bytes; `name` is what people call the file, and decides only where bytes do not."""
    if len(data) > MAX_BYTES:
        raise _too_large(name, len(data))
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise BadInput(f"{name} is empty.", "Hand over the script's file; a download may have been cut off.")
    try:
        return assemble(read(data, name))
    except BadInput as error:
        if name in error.sentence:
            raise
        raise BadInput(f"{name}: {error.sentence}", error.hint) from error


def read(data: bytes, name: str) -> Source:
    """What the reader of this format makes of the bytes."""
    sha256 = hashlib.sha256(data).hexdigest()
    suffix = PurePath(name).suffix.lower()
    if b"%PDF-" in data[:1024]:
        from assistant.screenplay.pdf import read_pdf

        return read_pdf(data, sha256)
    _refuse_other_programs(data, name, suffix)
    if _is_xml(data):
        from assistant.screenplay.fdx import read_fdx

        return read_fdx(data, sha256)
    if suffix in (".pdf", ".fdx"):
        raise BadInput(f"{name} is called {suffix} but does not hold what that says.", "Export it again. " + _ANY)
    return _read_text(data, sha256, suffix)


def _read_text(data: bytes, sha256: str, suffix: str) -> Source:
    from assistant.screenplay.fountain import read_fountain
    from assistant.screenplay.text import is_indented, read_text

    text, encoding = decode(data)
    if len(text) > MAX_LETTERS or max(map(len, text.splitlines()), default=0) > LONGEST_LINE:
        raise BadInput("This is far more text than a screenplay holds.", "Is it the right file?")
    on_paper = suffix not in _FOUNTAIN and is_indented(text)
    source = read_text(text, sha256) if on_paper else read_fountain(text, sha256)
    if not encoding.startswith("utf-8"):
        source.remarks.append(Remark(f"The file is not UTF-8; it was read as {encoding}."))
    return source


def _too_large(name: str, size: int) -> BadInput:
    limit = MAX_BYTES // 1_000_000
    return BadInput(f"{name} is {size // 1_000_000} MB; scripts are read up to {limit} MB.", "Is it the right file?")


def _refuse_other_programs(data: bytes, name: str, suffix: str) -> None:
    if data.startswith(b"PK\x03\x04"):
        suffix = suffix if suffix in EXPORT else _in_zip(data)
        raise BadInput(f"{name} is a {suffix} file, which is not read here.", EXPORT.get(suffix, _ANY))
    start = data[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"{\\rtf"):
        suffix = ".rtf"
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        suffix = ".doc"
    elif re.match(rb"<!doctype html|<html", start):
        suffix = ".html"
    elif start.startswith(b"#version ") and b"begin-config" in data[:20_000].lower():
        suffix = ".trelby"
    if suffix in EXPORT:
        raise BadInput(f"{name} is a {suffix} file, which is not read here.", EXPORT[suffix])


def _in_zip(data: bytes) -> str:
    """Many programs zip their files; the names inside say whose it is."""
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()[:500]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return ".zip"
    inside = {
        ".docx": "word/document.xml",
        ".odt": "content.xml",
        ".celtx": "project.rdf",
        ".fadein": "document.xml",
        ".highland": "text.md",
    }
    return next((end for end, member in inside.items() if any(n.endswith(member) for n in names)), ".zip")


def _is_xml(data: bytes) -> bool:
    start = data[:600].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith((b"<?xml", b"<FinalDraft", b"<!DOCTYPE FinalDraft", b"<!--"))
