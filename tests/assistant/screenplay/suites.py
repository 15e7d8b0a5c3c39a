"""What the public Fountain suites expect, brought into one shape: a kind and a text per line that is not empty."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import yaml

from assistant.screenplay.fountain_inline import plain

Row = tuple[str, str]
_COMMON = frozenset(
    {"heading", "action", "character", "dialogue", "parenthetical", "transition", "section", "synopsis"}
)


@dataclass(frozen=True)
class Case:
    """One input of a suite with the rows it says come out; `kinds` are those it has a word for."""

    name: str
    text: str
    rows: list[Row]
    kinds: frozenset[str]
    title: dict[str, str] | None = None


def cases(corpus: Path) -> list[Case]:
    return [
        *jouvence(corpus / "suite-jouvence/tests"),
        *screenplain(corpus / "suite-screenplain/tests/files"),
        *screenplay_tools(corpus / "suite-screenplay-tools/tests"),
    ]


def tidy(kind: str, text: str) -> list[Row]:
    """Rows of an element: emphasis off, one per line, spaces that nobody sees on paper made equal."""
    lines = (plain(line).replace("\xa0", " ").rstrip() for line in text.split("\n"))
    kept = [line if kind == "action" else " ".join(line.split()) for line in lines if line.strip()]
    return [(kind, line.upper() if kind == "transition" else line) for line in kept]


# Jouvence: YAML documents, the element told by its first character

_JOUVENCE = {
    ".": "heading",
    "!": "action",
    "@": "character",
    "=": "dialogue",
    "_": "parenthetical",
    "~": "lyrics",
    ">": "transition",
    "#": "section",
    "+": "synopsis",
}


def jouvence(folder: Path) -> list[Case]:
    found = []
    for path in sorted(folder.glob("*.yaml")):
        for number, case in enumerate(yaml.safe_load_all(path.read_text(encoding="utf-8")), 1):
            rows = [row for out in case["out"] for row in _jouvence_rows(out)]
            kinds = frozenset(_JOUVENCE.values()) | {"centered", "page_break"}
            found.append(Case(f"jouvence/{path.stem}/{number}", case["in"], rows, kinds, case.get("title")))
    return found


def _jouvence_rows(out: str) -> list[Row]:
    if out == "<pagebreak>":
        return [("page_break", "")]
    if out.startswith("!><"):
        return tidy("centered", out[3:])
    return tidy(_JOUVENCE[out[0]], out[1:])


# Screenplain: HTML and Final Draft files beside the input


def screenplain(folder: Path) -> list[Case]:
    found = []
    for path in sorted(folder.glob("*.fountain")):
        text = path.read_bytes().decode("utf-8")
        html, fdx = path.with_suffix(".html"), path.with_suffix(".fdx")
        if html.exists():
            page = _Page()
            page.feed(html.read_text(encoding="utf-8"))
            kinds = _COMMON | {"number"}
            found.append(Case(f"screenplain/{path.stem}.html", text, page.rows, kinds))
        if fdx.exists():
            kinds = _COMMON - {"transition", "section", "synopsis"}
            found.append(Case(f"screenplain/{path.stem}.fdx", text, _fdx_rows(fdx), kinds))
    return found


class _Page(HTMLParser):
    """Screenplain's HTML as rows."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._open: list[tuple[str, str]] = []
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._text += "\n"
            return
        self._flush()
        self._open.append((tag, dict(attrs).get("class") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._text += "\n" if tag == "br" else ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        self._flush()
        self._open.pop()

    def _flush(self) -> None:
        text, self._text = self._text, ""
        kind = self._kind()
        if kind and text.strip():
            self.rows += tidy(kind, text)

    def _kind(self) -> str | None:
        tags = [tag for tag, _ in self._open]
        classes = [name for _, name in self._open]
        if not tags or classes[-1] == "scnumr":
            return None
        if classes[-1].endswith("synopsis"):
            return "synopsis"
        named = {"scnuml": "number", "character": "character", "parenthetical": "parenthetical"}
        if classes[-1] in named:
            return named[classes[-1]]
        if tags[0] in {"h1", "h2"}:
            return "section"
        if tags[0] == "h6":
            return "heading"
        return {"action": "action", "transition": "transition"}.get(classes[0], "dialogue")


def _fdx_rows(path: Path) -> list[Row]:
    kinds = {"Scene Heading": "heading"}
    rows: list[Row] = []
    for paragraph in ElementTree.parse(path).iter("Paragraph"):
        kind = paragraph.get("Type")
        if kind:
            text = "".join(part.text or "" for part in paragraph.findall("Text"))
            rows += tidy(kinds.get(kind, kind.lower()), text)
    return rows


# Screenplay Tools: a dump of KIND:"text" entries

_ENTRY = re.compile(r'^(?:\[\[\d+\]\]|/\*\d+\*/)?([A-Z]+):"(.*?)"((?: [("t][^\n]*)?)$', re.MULTILINE | re.DOTALL)
_TOOLS = {"PAGEBREAK": "page_break", "LYRIC": "lyrics", "TITLEENTRY": "title"}


def screenplay_tools(folder: Path) -> list[Case]:
    found = []
    for path in sorted(folder.glob("*.txt")):
        source = folder / (re.sub(r"-(Merged|Unmerged)$", "", path.stem) + ".fountain")
        if source.exists() and path.stem != "Formatted":
            rows = _tools_rows(path.read_text(encoding="utf-8"))
            kinds = _COMMON | {"lyrics", "centered", "page_break", "number", "note"}
            found.append(Case(f"screenplay-tools/{path.stem}", source.read_text(encoding="utf-8"), rows, kinds))
    formatted = (folder / "Formatted.txt").read_text(encoding="utf-8")
    rows = [
        row for line in formatted.split("\n") for row in [("action", re.sub(r"</?[biu]>", "", line))] if line.strip()
    ]
    text = (folder / "Formatted.fountain").read_text(encoding="utf-8")
    return [*found, Case("screenplay-tools/Formatted", text, rows, frozenset({"action"}))]


def _tools_rows(dump: str) -> list[Row]:
    rows: list[Row] = []
    for match in _ENTRY.finditer(dump):
        word, text, rest = match.groups()
        text = re.sub(r"\[\[\d+\]\]|/\*\d+\*/", "", text)
        kind = _TOOLS.get(word, word.lower())
        if kind in {"title", "boneyard"}:
            continue
        if kind == "page_break":
            rows.append((kind, ""))
            continue
        if kind == "character" and (extension := re.search(r'"(\([^"]*\))"', rest)):
            text = f"{text} {extension.group(1)}"
        if kind == "parenthetical":
            text = f"({text})"
        if "(centered)" in rest:
            kind = "centered"
        if kind == "heading" and (number := re.match(r" \((.+?)\)", rest)):
            rows.append(("number", number.group(1)))
        rows += tidy(kind, text)
    return rows
