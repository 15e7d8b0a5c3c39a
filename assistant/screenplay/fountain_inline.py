"""Emphasis and escapes inside one Fountain line: what the audience reads, and how to write that so it reads back."""

import re

ESCAPABLE = frozenset("\\*_[]/~@!><.#=^()")
_MARKUP = re.compile(r"[\\*_]|\[(?=\[)|\](?=\])|/(?=\*)")
_RUNS = {"*": re.compile(r"\*+"), "_": re.compile(r"_+")}
_PASSES = (("*", 3), ("*", 2), ("*", 1), ("_", 1))
_ESCAPED, _GONE = "\x00", "\x01"


def plain(text: str) -> str:
    """The text without emphasis marks and escaping backslashes; marks that enclose nothing stay as they are."""
    if not _MARKUP.search(text) and "\\" not in text:
        return text
    chars, shape = _unescape(text)
    for mark, width in _PASSES:
        if mark in shape:
            _take_pairs(shape, mark, width)
    return "".join(char for char, seen in zip(chars, shape, strict=True) if seen != _GONE)


def escape(text: str, also: str = "") -> str:
    """The text with a backslash before everything `plain` or the note scanner would take for markup."""
    escaped = _MARKUP.sub(lambda match: "\\" + match.group(), text)
    for char in also:
        escaped = escaped.replace(char, "\\" + char)
    return escaped


def is_escaped(text: str, at: int) -> bool:
    """Whether an odd number of backslashes stands right before position `at`."""
    start = at
    while start > 0 and text[start - 1] == "\\":
        start -= 1
    return (at - start) % 2 == 1


def _unescape(text: str) -> tuple[list[str], list[str]]:
    """The characters without their escapes, and beside them what each means: itself, or _ESCAPED."""
    chars: list[str] = []
    shape: list[str] = []
    at = 0
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] in ESCAPABLE and at + 1 < len(text):
            chars.append(text[at + 1])
            shape.append(_ESCAPED)
            at += 2
        else:
            chars.append(text[at])
            shape.append(text[at] if text[at] not in (_ESCAPED, _GONE) else " ")
            at += 1
    return chars, shape


def _take_pairs(shape: list[str], mark: str, width: int) -> None:
    """Mark as gone each pair of `width` marks that encloses something; one pass, first opener to first closer."""
    joined = "".join(shape)
    opener: int | None = None
    longest = 3 if mark == "*" and width > 1 else width
    for run in _RUNS[mark].finditer(joined):
        if not width <= len(run.group()) <= longest:
            continue
        before, after = joined[: run.start()][-1:], joined[run.end() :][:1]
        if opener is not None and _can_close(mark, before, after) and run.start() > opener + width:
            for place in (opener, run.start()):
                shape[place : place + width] = [_GONE] * width
            opener = None
        elif opener is None and _can_open(mark, before, after):
            opener = run.start()


def _can_open(mark: str, before: str, after: str) -> bool:
    return bool(after) and not after.isspace() and not (mark == "_" and before.isalnum())


def _can_close(mark: str, before: str, after: str) -> bool:
    return bool(before) and not before.isspace() and not (mark == "_" and after.isalnum())
