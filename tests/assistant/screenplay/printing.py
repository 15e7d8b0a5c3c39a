"""Prints a script the way writing programs do, so that readers can be tested on pages whose content is known."""

import json
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import typst

from assistant.domain.screenplay import Line, Screenplay

POINT, LEADING, LEFT, TOP = 7.224, 12.0, 108.0, 84.0
COLUMNS = {
    "heading": (0, 58),
    "action": (0, 60),
    "general": (0, 60),
    "shot": (0, 60),
    "centered": (0, 60),
    "character": (22, 38),
    "parenthetical": (16, 25),
    "dialogue": (10, 35),
    "lyrics": (10, 35),
    "transition": (0, 60),
}
SPEECH = ("character", "parenthetical", "dialogue", "lyrics")


@dataclass(frozen=True)
class Style:
    """What a program prints around the script."""

    numbers: bool = True
    continued: bool = False
    more: bool = True
    header: str = ""
    stamp: str = ""  # slanted over every page
    name_stamp: str = ""  # level, in the middle of every page
    starred: frozenset[str] = frozenset()  # texts with a revision star on all their rows
    rows: int = 52
    paper: str = "us-letter"
    title: tuple[str, ...] = ()


@dataclass
class _Sheet:
    placed: list[tuple[float, float, str]] = field(default_factory=list)  # columns, rows, text


def pdf_of(play: Screenplay, style: Style = Style()) -> bytes:
    """The screenplay on paper."""
    lines = [(line, scene.number) for scene in play.scenes for line in scene.lines if line.kind in COLUMNS]
    return _compiled(list(_sheets(lines, style)), style)


def pdf_of_lines(lines: Iterable[tuple[str, str, str | None]], style: Style = Style()) -> bytes:
    """Kind, text and scene number of each line, on paper."""
    made = [(Line(place, kind, text), number) for place, (kind, text, number) in enumerate(lines, 1)]  # type: ignore[arg-type]
    return _compiled(list(_sheets(made, style)), style)


def _sheets(lines: list[tuple[Line, str | None]], style: Style) -> Iterator[_Sheet]:
    sheet, row, page = _Sheet(), 0, 1
    speaker = ""
    number: str | None = None
    for line, scene_number in lines:
        left, width = COLUMNS[line.kind]
        rows = textwrap.wrap(line.text, width, break_long_words=True) or [""]
        speaker = line.text.split("(")[0].strip() if line.kind == "character" else speaker
        blank = 0 if row == 0 or line.kind in SPEECH[1:] else 2 if line.kind == "heading" else 1
        keep = 3 if line.kind in ("heading", "character") else 2 if line.kind == "parenthetical" else 1
        if (
            row
            and row + blank + min(len(rows), keep) + (3 if line.kind in ("heading", "character") else 0) > style.rows
        ):
            in_speech = line.kind in SPEECH[1:3]
            _close(sheet, row, style, in_speech, line.kind != "heading")
            yield sheet
            page += 1
            sheet, row, blank = _opened(
                page, style, number if line.kind != "heading" else None, speaker if in_speech else ""
            )
        row += blank
        number = scene_number if line.kind == "heading" else number
        for at, text in enumerate(rows):
            if row >= style.rows:
                in_speech = line.kind in SPEECH[1:3]
                _close(sheet, row, style, in_speech, True)
                yield sheet
                page += 1
                sheet, row, _ = _opened(page, style, number, speaker if in_speech else "")
            column = 60.0 - len(text) if line.kind == "transition" else float(left)
            column = 30.0 - len(text) / 2 if line.kind == "centered" else column
            sheet.placed.append((column, row, text))
            if line.kind == "heading" and at == 0 and style.numbers and scene_number:
                sheet.placed += [(-6.0, row, scene_number), (61.5, row, scene_number)]
            if line.text in style.starred:
                sheet.placed.append((64.0, row, "*"))
            row += 1
    yield sheet


def _close(sheet: _Sheet, row: int, style: Style, in_speech: bool, same_scene: bool) -> None:
    if in_speech and style.more:
        sheet.placed.append((22.0, row, "(MORE)"))
        row += 1
    if same_scene and style.continued:
        sheet.placed.append((48.0, style.rows + 2.0, "(CONTINUED)"))


def _opened(page: int, style: Style, number: str | None, speaker: str) -> tuple[_Sheet, int, int]:
    sheet, row = _Sheet(), 0
    sheet.placed.append((57.0, -3.5, f"{page}."))
    if style.header:
        sheet.placed.append((0.0, -3.5, style.header))
    if style.continued and number is not None:
        sheet.placed += [(0.0, 0, "CONTINUED:"), (-6.0, 0, number), (61.5, 0, number)]
        row = 2
    if speaker and style.more:
        sheet.placed.append((22.0, row, f"{speaker} (CONT'D)"))
        row += 1
    return sheet, row, 0


def _compiled(sheets: list[_Sheet], style: Style) -> bytes:
    source = [
        f'#set page(paper: "{style.paper}", margin: 0pt)',
        '#set text(font: "DejaVu Sans Mono", size: 12pt, lang: "en")',
        "#let p(x, y, t) = place(top + left, dx: x, dy: y, text(t))",
    ]
    if style.title:
        for at, text in enumerate(style.title):
            x = LEFT + POINT * (30 - len(text) / 2)
            source.append(f"#p({x:.2f}pt, {250 + 36 * at}pt, {json.dumps(text, ensure_ascii=False)})")
        source.append("#pagebreak()")
    for sheet in sheets:
        for column, row, text in sheet.placed:
            x, y = LEFT + POINT * column, TOP + LEADING * row
            source.append(f"#p({x:.2f}pt, {y:.2f}pt, {json.dumps(text, ensure_ascii=False)})")
        if style.stamp:
            mark = json.dumps(style.stamp)
            source.append(f"#place(center + horizon, rotate(-45deg, text(size: 60pt, fill: luma(200), {mark})))")
        if style.name_stamp:
            source.append(
                f"#place(center + horizon, dy: 3pt, text(size: 40pt, fill: luma(220), {json.dumps(style.name_stamp)}))"
            )
        source.append("#pagebreak(weak: true)")
    return bytes(typst.compile("\n".join(source).encode()))
