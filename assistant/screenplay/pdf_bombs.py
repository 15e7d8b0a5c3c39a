"""Refuses PDFs that are small on disk and endless in memory, before pdfium is let at them."""

import re
import zlib
from collections.abc import Iterator

from assistant.errors import BadInput

MAX_INFLATED = 400_000_000  # pictures included; they are not unpacked when text is read
MAX_DRAWING = 60_000_000  # pages and fonts; a script of 150 pages has about 3 MB
MAX_OBJECTS = 400_000
MAX_DRAWN = 50_000
DEEPEST = 40  # drawings inside drawings; pdfium goes no further either
ASK = "Ask for the script as Fountain or FDX, or for a PDF printed straight from the writing program."
_ZLIB = frozenset(bytes([high << 4 | 8]) for high in range(8))
_OBJECT = re.compile(rb"(\d{1,9})\s+\d+\s+obj\b(.{0,4000}?)(?:stream\r?\n|endobj)", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n")


def refuse_bombs(data: bytes) -> None:
    """BadInput where the file holds too many objects, unfolds too far, or draws drawings in drawings."""
    if data.count(b" obj") > MAX_OBJECTS:
        raise BadInput(f"The PDF holds more than {MAX_OBJECTS:,} objects; no screenplay does.", ASK)
    left, left_drawing = MAX_INFLATED, MAX_DRAWING
    for found in _STREAM.finditer(data):
        size = sum(map(len, _chunks(data, found.end(), left)))
        left -= size
        left_drawing -= 0 if _is_picture(data, found.start()) else size
        if min(left, left_drawing) <= 0:
            raise BadInput("The PDF unfolds to far more than it seems; no screenplay does.", ASK)
    if data.count(b"/Form") > 1 and _most_drawn(data) > MAX_DRAWN:
        raise BadInput("The PDF nests drawings in drawings without end.", ASK)


def _is_picture(data: bytes, start: int) -> bool:
    return b"/Image" in data[max(0, start - 600) : start].rpartition(b" obj")[2]


def _chunks(data: bytes, start: int, limit: int) -> Iterator[bytes]:
    """A stream's inflated bytes, until they pass the limit; none where it is not compressed this way."""
    if data[start : start + 1] not in _ZLIB:
        return
    unzip, size, view = zlib.decompressobj(), 0, memoryview(data)
    chunk: bytes | memoryview = view[start : start + 65536]
    while chunk and not unzip.eof and size < limit:
        try:
            out = unzip.decompress(chunk, 1 << 20)
        except zlib.error:
            return  # pdfium will say what is wrong with it
        size += len(out)
        yield out
        start += 0 if unzip.unconsumed_tail else len(chunk)
        chunk = unzip.unconsumed_tail or view[start : start + 65536]


def _most_drawn(data: bytes) -> int:
    """How often the busiest drawing of the file makes pdfium draw, all drawings in it counted."""
    refers: dict[int, list[int]] = {}
    draws: dict[int, int] = {}
    for found in _OBJECT.finditer(data):
        number, head = int(found[1]), found[2]
        refers[number] = [int(ref) for ref in re.findall(rb"(\d{1,9})\s+\d+\s+R\b", head)]
        if b"/Form" in head and data[found.end() - 7 : found.end()].find(b"stream") >= 0:
            draws[number] = _draws(data, found.end())
    known: dict[int, int] = {}
    return max((_drawn(number, refers, draws, known, 0) for number in draws), default=0)


def _draws(data: bytes, start: int) -> int:
    body = b"".join(_chunks(data, start, 5_000_000))
    if not body:
        body = data[start : max(start, data.find(b"endstream", start))]
    return len(re.findall(rb"\bDo\b", body))


def _drawn(number: int, refers: dict[int, list[int]], draws: dict[int, int], known: dict[int, int], depth: int) -> int:
    """Drawings made by this object: its own, times what the heaviest drawing it refers to makes."""
    if number in known or depth > DEEPEST or number not in refers:
        return known.get(number, 0)
    known[number] = 0  # a drawing in itself is drawn once
    below = max((_drawn(ref, refers, draws, known, depth + 1) for ref in refers[number]), default=0)
    known[number] = draws[number] * max(1, below) + 1 if number in draws else below
    return known[number]
