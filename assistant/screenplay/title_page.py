"""Tells a title page from the first page of the script and names what stands on it."""

import re

from assistant.screenplay.headings import is_heading
from assistant.screenplay.layout_words import CREDIT, DATED, TRANSITIONS
from assistant.screenplay.rows import Row

MOST_ROWS = 30
SET_IN = 8  # columns right of the script's margin
INLINE_CREDIT = re.compile(r"((?:\w+ ){0,3}(?:by|von|par|por))\s+(.+)", re.IGNORECASE)
_CREDITS = {
    "writtenby": "Written by",
    "screenplayby": "Screenplay by",
    "storyby": "Story by",
    "teleplayby": "Teleplay by",
    "directedby": "Directed by",
}
LABELS = re.compile(
    r"an? ?(original )?(feature |television |short )?(screenplay|film|script|teleplay)|drehbuch|scénario", re.I
)
CONTACT = re.compile(r"@|\bwww\.|https?:|©|\(c\)|copyright|\d{3}[- .]\d{3,}", re.IGNORECASE)


def split_title_page(rows: list[Row], fallback: str = "") -> tuple[list[tuple[str, str]], list[Row]]:
    """The title page's pairs and the rows after it; the document's own title stands in where no page names one."""
    first = [row for row in rows if row.page == rows[0].page] if rows else []
    rest = rows[len(first) :]
    pairs = pairs_of(first) if _is_title_page(first, rest) else []
    body = rest
    if not pairs:
        pairs, body = split_heading_rows(rows)
    if not any(key == "Title" for key, _ in pairs) and _is_name(fallback):
        pairs.insert(0, ("Title", fallback))
    return pairs, body


def split_heading_rows(rows: list[Row]) -> tuple[list[tuple[str, str]], list[Row]]:
    """Rows set towards the middle over the script's first scene, where no page of their own holds them."""
    first = next((place for place, row in enumerate(rows) if is_heading(row.text)), 0)
    margin = min((row.left for row in rows[first : first + 40]), default=0.0)
    count = 0
    while count < min(first, MOST_ROWS) and rows[count].left >= margin + SET_IN:
        if TRANSITIONS.fullmatch(rows[count].text):
            break
        count += 1
    return (pairs_of(rows[:count]), rows[count:]) if count else ([], rows)


def _is_title_page(first: list[Row], rest: list[Row]) -> bool:
    if not rest or not 0 < len(first) <= MOST_ROWS:
        return False
    short = sum(row.right - row.left < 50 for row in first)
    return short >= 0.6 * len(first) and not any(is_heading(_unnumbered(row.text)) for row in first)


def _unnumbered(text: str) -> str:
    return re.sub(r"^\w{1,5}\.?\s+", "", text) if text[:1].isdigit() else text


def _is_name(text: str) -> bool:
    """Metadata often holds a file's name or the program's; that is not a title."""
    return bool(text) and not re.search(r"\.\w{2,5}$|^untitled|microsoft|/|\\", text, re.IGNORECASE)


def _unspaced(text: str) -> str:
    """ "W R I T T E N" is one word."""
    words = text.split(" ")
    if len(words) < 4 or any(len(word) > 1 for word in words):
        return text
    word = "".join(words)
    return _CREDITS.get(word.lower(), word)


def pairs_of(rows: list[Row]) -> list[tuple[str, str]]:
    """Top to bottom: the title, its credit, the author; below them the draft and who to call."""
    found: dict[str, str] = {}
    above: str | None = None
    for row in rows:
        text = _unspaced(row.text.strip(' "“”«»_'))
        if not re.search(r"\w", text) or LABELS.fullmatch(text):
            continue
        key = _key(text, found, above, row)
        inline = INLINE_CREDIT.fullmatch(text) if key == "Author" and "Credit" not in found else None
        if inline:
            found["Credit"], text = inline.group(1), inline.group(2)
        joint = " " if key == "Title" else "\n"
        found[key] = f"{found[key]}{joint}{text}" if key in found else text
        above = key
    return list(found.items())


def _key(text: str, found: dict[str, str], above: str | None, row: Row) -> str:
    """What a row of the title page is, from what stands above it."""
    if DATED.search(text):
        return "Draft date"
    if CONTACT.search(text):
        return "Contact"
    if "Title" not in found or (above == "Title" and row.space is not None and row.space < 1.2 and not _credits(text)):
        return "Title"
    if _credits(text) and "Author" not in found:
        return "Credit"
    if "Author" not in found or (above == "Author" and row.space is not None and row.space < 1.2):
        return "Author"
    return "Contact"


def _credits(text: str) -> bool:
    return bool(CREDIT.fullmatch(text))
