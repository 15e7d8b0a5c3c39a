"""From a reader's classified lines to the screenplay: scenes in order, times inherited, lengths counted."""

import dataclasses
import re
from collections.abc import Iterator, Sequence

from assistant.domain.screenplay import EighthsSource, Heading, Line, Scene, Screenplay
from assistant.errors import BadInput
from assistant.screenplay.eighths import eighths
from assistant.screenplay.fountain_shapes import slug
from assistant.screenplay.headings import parse_heading, scene_number
from assistant.screenplay.languages import guess
from assistant.screenplay.slugwords import fold, words
from assistant.screenplay.source import SceneMark, Source


def assemble(source: Source, *, ignore_lengths: bool = False) -> Screenplay:
    """The screenplay `source` holds. `ignore_lengths` computes every length, also where the file states one."""
    preamble, groups = _groups(source.lines)
    if not groups:
        raise BadInput(
            "No scene heading was found, so there are no scenes to read.",
            "Begin each scene with a line such as INT. KITCHEN - DAY, or force one with a full stop before it.",
        )
    scenes = tuple(_scenes(source, groups, ignore_lengths))
    return Screenplay(
        title=source.title,
        format=source.format,
        sha256=source.sha256,
        scenes=scenes,
        preamble=tuple(preamble),
        title_page=tuple(source.title_page),
        page_size=source.page_size,
        language=guess([scene.heading.language for scene in scenes], source.lines),
        draft=source.draft,
        revisions=tuple(source.revisions),
        remarks=tuple(source.remarks),
    )


def is_omitted(heading: str) -> bool:
    """Whether a heading only says that its scene was taken out: "OMITTED", "SCENES 12-15 OMITTED"."""
    said = [word for word in re.findall(r"\w+", fold(heading)) if not any(letter.isdigit() for letter in word)]
    left = [word for word in said if word not in words().fillers]
    return len(left) == 1 and left[0] in words().omitted


def _groups(lines: Sequence[Line]) -> tuple[list[Line], list[list[Line]]]:
    preamble: list[Line] = []
    groups: list[list[Line]] = []
    for line in lines:
        if line.kind == "heading":
            groups.append([line])
        else:
            (groups[-1] if groups else preamble).append(line)
    return preamble, groups


def _scenes(source: Source, groups: Sequence[list[Line]], ignore_lengths: bool) -> Iterator[Scene]:
    time: str | None = None
    for ordinal, lines in enumerate(groups, 1):
        scene = _scene(source, ordinal, lines, ignore_lengths)
        heading = scene.heading
        if heading.inherits:
            scene = dataclasses.replace(scene, heading=dataclasses.replace(heading, time_of_day=time))
        elif heading.time_of_day and not scene.omitted:
            time = heading.time_of_day
        yield scene


def _scene(source: Source, ordinal: int, lines: list[Line], ignore_lengths: bool) -> Scene:
    first = lines[0]
    mark = source.marks.get(first.number) or SceneMark()
    omitted = mark.omitted or is_omitted(first.text) or slug(first.text).omitted
    length, said_by = _length(source, lines, None if ignore_lengths else mark.eighths)
    return Scene(
        ordinal=ordinal,
        number=mark.number or scene_number(first.text),
        heading=_heading(first.text, omitted),
        lines=tuple(_silenced(lines) if omitted else lines),
        eighths=0 if omitted else length,
        eighths_source=said_by,
        page=mark.page if mark.page is not None else first.page,
        omitted=omitted,
        revision=mark.revision or _latest(source.revisions, lines),
        synopsis=mark.synopsis or _synopsis(lines),
    )


def _heading(text: str, omitted: bool) -> Heading:
    heading = parse_heading(text)
    return dataclasses.replace(heading, set="", inherits=False) if omitted and is_omitted(text) else heading


def _length(source: Source, lines: Sequence[Line], stated: int | None) -> tuple[int, EighthsSource]:
    if stated:
        return stated, "fdx"
    return eighths(lines, source.layout), "computed"


def _silenced(lines: Sequence[Line]) -> list[Line]:
    """An omitted scene keeps its heading; what it was is kept as a note, which nobody shoots or counts."""
    return [lines[0], *(dataclasses.replace(line, kind="note") for line in lines[1:])]


def _latest(order: Sequence[str], lines: Sequence[Line]) -> str | None:
    """The last revision that touched any of these lines."""
    named = {line.revision for line in lines if line.revision}
    return next((name for name in reversed(order) if name in named), None) or max(named, default=None)


def _synopsis(lines: Sequence[Line]) -> str | None:
    return " ".join(line.text for line in lines if line.kind == "synopsis") or None
