"""The screenplay as every reader delivers it: scenes in script order, every line with its place in the source."""

import hashlib
from dataclasses import dataclass, field
from typing import Literal

LineKind = Literal[
    "heading",
    "action",
    "character",
    "parenthetical",
    "dialogue",
    "lyrics",
    "transition",
    "shot",
    "centered",
    "general",
    "section",
    "synopsis",
    "note",
    "page_break",
]
"""What a line is. `section`, `synopsis`, `note` and `page_break` are the writer's own: they count no length."""

SILENT_KINDS: frozenset[LineKind] = frozenset({"section", "synopsis", "note", "page_break"})

IntExt = Literal["INT", "EXT", "INT/EXT"]
EighthsSource = Literal["fdx", "computed", "override"]
Format = Literal["fountain", "fdx", "pdf", "text"]
PageSize = Literal["letter", "a4"]


@dataclass(frozen=True, slots=True)
class Tag:
    """An element already tagged in a Final Draft file: the words `text` on a line carry `category`."""

    category: str  # as Final Draft names it: "Props", "Cast Members"
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph or line of the script.

    `number` is its 1-based place in the source: the text line for Fountain and text, the paragraph in `Content` for
    FDX, the running text line over all pages for PDF. `text` is what the audience gets: markup removed, spaces kept.
    """

    number: int
    kind: LineKind
    text: str
    page: int | None = None
    dual: bool = False  # the second speaker of a dual dialogue
    revision: str | None = None  # revision colour or mark of this line
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A slug line taken apart. `set` keeps its parts joined by " - "; `time_of_day` is normalised.

    `inherits` says that the time (CONTINUOUS, SAME, LATER …) is taken from the scene before; `time_of_day` is then the
    inherited value once the whole script was read.
    """

    text: str
    int_ext: IntExt | None
    set: str
    time_of_day: str | None  # DAY NIGHT MORNING AFTERNOON EVENING DAWN DUSK, or None
    time_written: str | None = None
    inherits: bool = False
    language: str | None = None  # en es fr de it pt, or None when nothing tells


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene. `ordinal` counts from 1 in script order; `number` is the writer's own string ("12A"), no sort key."""

    ordinal: int
    number: str | None
    heading: Heading
    lines: tuple[Line, ...]  # the heading line first
    eighths: int  # 0 only when omitted
    eighths_source: EighthsSource
    page: int | None = None
    omitted: bool = False
    revision: str | None = None
    synopsis: str | None = None  # the writer's own, if any

    @property
    def label(self) -> str:
        """What people call it: its number, or "#7" for the seventh when it has none."""
        return self.number or f"#{self.ordinal}"

    @property
    def int_ext(self) -> IntExt | None:
        return self.heading.int_ext

    @property
    def set(self) -> str:
        return self.heading.set

    @property
    def time_of_day(self) -> str | None:
        return self.heading.time_of_day

    @property
    def text(self) -> str:
        """What is seen and heard, one line a line, without the writer's notes."""
        return "\n".join(line.text for line in self.lines if line.kind not in SILENT_KINDS)

    @property
    def content_hash(self) -> str:
        """Sha-256 of all that can change this scene's breakdown; its place and its number are not part of it."""
        parts = [f"{line.kind}\t{line.text}" for line in self.lines if line.kind not in SILENT_KINDS]
        stamp = [str(self.omitted), self.heading.time_of_day or ""]
        return hashlib.sha256("\n".join(stamp + parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Remark:
    """A decision the reader took that a person should know of ("12 headings had no blank line after")."""

    what: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Screenplay:
    """A whole script. Lines before the first scene are `preamble`; `sha256` is of the file's bytes."""

    title: str
    format: Format
    sha256: str
    scenes: tuple[Scene, ...]
    preamble: tuple[Line, ...] = ()
    title_page: tuple[tuple[str, str], ...] = ()
    page_size: PageSize = "letter"
    language: str = "en"
    draft: str = ""  # as the script names it: "Blue Revision", "2026-01-15"
    revisions: tuple[str, ...] = ()  # colour names in order, where the file lists them
    remarks: tuple[Remark, ...] = field(default=())

    @property
    def eighths(self) -> int:
        """Sum of the scenes' rounded eighths."""
        return sum(scene.eighths for scene in self.scenes)

    def scene(self, ordinal: int) -> Scene:
        """The scene with this ordinal; KeyError where there is none."""
        for scene in self.scenes:
            if scene.ordinal == ordinal:
                return scene
        raise KeyError(ordinal)


def pages(eighths: int) -> str:
    """Eighths as the trade writes them, never reduced: 4 → "4/8", 8 → "1", 12 → "1 4/8"."""
    whole, rest = divmod(eighths, 8)
    if not rest:
        return str(whole)
    return f"{whole} {rest}/8" if whole else f"{rest}/8"


def eighths_of(written: str) -> int:
    """The inverse of `pages`: "1 4/8" → 12, "5" → 40. Raises ValueError for anything else."""
    total = 0
    for part in written.split():
        if "/" in part:
            top, bottom = part.split("/", 1)
            if bottom != "8":
                raise ValueError(f"{written!r} is not counted in eighths")
            total += int(top)
        else:
            total += 8 * int(part)
    if not written.strip() or total < 0:
        raise ValueError(f"{written!r} is not a page length")
    return total
