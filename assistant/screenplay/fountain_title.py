"""The title page of a Fountain file: which first lines belong to it, and what they say."""

import re
from dataclasses import dataclass

from assistant.screenplay.fountain_inline import plain
from assistant.screenplay.fountain_text import Physical
from assistant.screenplay.headings import is_heading

_ENTRY = re.compile(r"(\w[^:：]{0,39}?)\s*[:：](.*)")
_INDENT = re.compile(r" {3,}|\t| {0,2}\t")
_KEYS = (
    "title credit author authors source date draft draft_date revision contact copyright notes font format episode"
    " titel titre título titulo titolo autor auteur auteurs autores autore autrice guion guión regie buch fassung stand"
    " fecha kontakt contacto contatto contato kontaktdaten версия название автор 标题 片名 作者 題名 タイトル"
)
KNOWN_KEYS = frozenset(_KEYS.split())


@dataclass(slots=True)
class _Entry:
    key: str
    values: list[str]
    open: bool  # its value follows under the key, not indented


def read_title_page(lines: list[Physical]) -> tuple[list[tuple[str, str]], int]:
    """Entries in order, values of several lines joined by line breaks, and how many lines the title page takes."""
    start = next((at for at, line in enumerate(lines) if line.text.strip()), len(lines))
    entries: list[_Entry] = []
    at = start
    indent = _leading(lines[start].text) if start < len(lines) else 0
    for line in lines[start:]:
        text = line.text[min(indent, _leading(line.text)) :]
        if not text.strip() or not _take(text, entries):
            break
        at += 1
    if not _plausible(entries):
        return [], 0
    return [(entry.key, "\n".join(plain(value) for value in entry.values)) for entry in entries], at


def value_of(entries: list[tuple[str, str]], *keys: str) -> str:
    """The first value under one of the keys, on one line."""
    for key in keys:
        for name, value in entries:
            if _canonical(name) == key and value.strip():
                return " ".join(value.split())
    return ""


def _take(text: str, entries: list[_Entry]) -> bool:
    """Add the line to the entries; False when it ends the title page."""
    if entries and _INDENT.match(text):
        entries[-1].values.append(text.strip())
        entries[-1].open = False
        return True
    match = _ENTRY.fullmatch(text.rstrip())
    if match and not is_heading(text.strip()):
        value = match.group(2).strip()
        entries.append(_Entry(match.group(1), [value] if value else [], open=not value))
        return True
    if len(entries) > 1 and entries[-1].open:
        entries[-1].values.append(text.strip())
        return True
    return False


def _plausible(entries: list[_Entry]) -> bool:
    """One entry alone is a title page only under a known key: a script may open with "FADE IN:" or "SUPER: 1945"."""
    if len(entries) > 1:
        return any(entry.values for entry in entries)
    return any(_canonical(entry.key) in KNOWN_KEYS for entry in entries)


def _canonical(key: str) -> str:
    return "_".join(key.casefold().split())


def _leading(text: str) -> int:
    return len(text) - len(text.lstrip(" \t"))
