"""A script's scenes and other papers cut into passages short enough to find and quote."""

import hashlib
from collections.abc import Iterator, Sequence

from assistant.domain.citations import Passage, SourceKind
from assistant.domain.screenplay import SILENT_KINDS, Line, Scene, Screenplay

CHUNKING = "words90-stride60/2"
"""Names this way of cutting; part of the index's fingerprint."""

WINDOW = 90
STRIDE = 60


def script_passages(script: Screenplay, file: str, draft: int) -> list[Passage]:
    """Every scene in windows of about 90 words, each with its heading in front; omitted scenes have none."""
    return [
        passage
        for scene in script.scenes
        if not scene.omitted
        for passage in _scene_passages(scene, script.sha256, file, draft)
    ]


def text_passages(text: str, sha256: str, file: str, kind: SourceKind, pages: Sequence[int] = ()) -> list[Passage]:
    """A plain or Markdown paper in windows that do not cross its headings. `pages` gives each line's page."""
    passages: list[Passage] = []
    for title, lines in _sections(text):
        for window in _windows([(number, line) for number, line in lines if line.strip()]):
            first, last = window[0][0], window[-1][0]
            body = "\n".join(line for _, line in window)
            identity = _identity(sha256, first, last)
            page = pages[first - 1] if pages else None
            numbers = tuple(number for number, _ in window)
            passages.append(
                Passage(identity, sha256, file, kind, body, first, last, label=title, page=page, numbers=numbers)
            )
    return passages


def _scene_passages(scene: Scene, sha256: str, file: str, draft: int) -> Iterator[Passage]:
    spoken = [line for line in scene.lines[1:] if line.kind not in SILENT_KINDS and line.text.strip()]
    heading = scene.lines[0]
    by_number: dict[int, Line] = {line.number: line for line in spoken}
    windows = _windows([(line.number, line.text) for line in spoken]) or [[(heading.number, "")]]
    for window in windows:
        first, last = window[0][0], window[-1][0]
        body = "\n".join([scene.heading.text, *(text for _, text in window if text)])
        page = by_number[first].page if first in by_number else scene.page
        yield Passage(
            _identity(sha256, first, last),
            sha256,
            file,
            "script",
            body,
            min(first, heading.number) if window is windows[0] else first,
            last,
            draft,
            scene.ordinal,
            scene.label,
            page,
            (heading.number, *(number for number, text in window if text)),
        )


def _windows(lines: Sequence[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    windows: list[list[tuple[int, str]]] = []
    start = 0
    while start < len(lines):
        end, words = start, 0
        while end < len(lines) and (words == 0 or words + _count(lines[end]) <= WINDOW):
            words += _count(lines[end])
            end += 1
        windows.append(list(lines[start:end]))
        if end >= len(lines):
            break
        start = max(start + 1, _back(lines, start, end))
    return windows


def _back(lines: Sequence[tuple[int, str]], start: int, end: int) -> int:
    """Where the next window starts: about 30 words before the end of this one."""
    words, at = 0, end
    while at > start + 1 and words + _count(lines[at - 1]) <= WINDOW - STRIDE:
        at -= 1
        words += _count(lines[at])
    return at


def _count(line: tuple[int, str]) -> int:
    return len(line[1].split())


def _sections(text: str) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    title = ""
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#"):
            if lines:
                yield title, lines
            title, lines = line.lstrip("# ").strip(), [(number, line)]
        else:
            lines.append((number, line))
    if lines:
        yield title, lines


def _identity(sha256: str, first: int, last: int) -> str:
    return hashlib.sha256(f"{sha256}:{first}:{last}:{CHUNKING}".encode()).hexdigest()[:32]
