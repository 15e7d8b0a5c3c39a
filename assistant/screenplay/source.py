"""What a format's reader hands over before scenes are made of it: classified lines, and what the file says of them."""

from dataclasses import dataclass, field

from assistant.domain.screenplay import Format, Line, PageSize, Remark


@dataclass(frozen=True, slots=True)
class Layout:
    """The page the script was written for: columns per element and lines per page (FILM conventions, Courier 12)."""

    action: int = 61
    dialogue: int = 35
    parenthetical: int = 25
    character: int = 38
    transition: int = 61
    lines_per_page: float = 55.0
    hard_breaks: bool = False  # source lines that follow each other are one paragraph, broken by hand
    space_before: dict[str, float] = field(default_factory=dict)  # blank lines before a kind, where the file says so


LETTER = Layout()
TYPED = Layout(hard_breaks=True)
"""Letter, for formats where a writer may break an action's lines by hand."""
A4 = Layout(lines_per_page=58.0)


@dataclass(frozen=True, slots=True)
class SceneMark:
    """What the file itself says of the scene that starts at a heading line."""

    number: str | None = None
    eighths: int | None = None
    page: int | None = None
    omitted: bool = False
    synopsis: str | None = None
    revision: str | None = None


@dataclass(slots=True)
class Source:
    """A read file: lines in order (headings have kind "heading"), and a mark per heading line number."""

    format: Format
    sha256: str
    lines: list[Line]
    marks: dict[int, SceneMark] = field(default_factory=dict)
    title: str = ""
    title_page: list[tuple[str, str]] = field(default_factory=list)
    page_size: PageSize = "letter"
    layout: Layout = LETTER
    draft: str = ""
    revisions: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
