"""Reads Final Draft files, and those other programs write in its format: the script and what it says of its scenes."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from assistant.domain.screenplay import Line, LineKind, Remark, Tag, eighths_of
from assistant.errors import BadInput
from assistant.screenplay.fdxmeta import (
    Revisions,
    kinds_of,
    layout_of,
    page_size_of,
    revisions_of,
    tags_of,
    title_page_of,
    whole,
)
from assistant.screenplay.fdxxml import child, children, name_of, parse
from assistant.screenplay.source import SceneMark, Source

_CAPITALS: frozenset[LineKind] = frozenset({"heading", "character", "transition", "shot"})
_LONGEST = 8 * 400  # eighths; a longer scene is a damaged file


def read_fdx(data: bytes, sha256: str) -> Source:
    """The script in a Final Draft file of any version. Raises BadInput for anything that is not one."""
    root, mended = parse(data)
    content = child(root, "Content")
    if content is None:
        raise BadInput("This Final Draft file has no content.", "Open it in Final Draft and save it again.")
    revisions = revisions_of(root)
    reader = _Reader(kinds_of(root), revisions, tags_of(root))
    for paragraph, omitted in _paragraphs(content):
        reader.take(paragraph, omitted=omitted)
    pairs = title_page_of(root)
    return Source(
        format="fdx",
        sha256=sha256,
        lines=reader.lines,
        marks=reader.marks,
        title=next((value for label, value in pairs if label == "Title"), ""),
        title_page=pairs,
        page_size=page_size_of(root),
        layout=layout_of(root),
        draft=f"{revisions.active} Revision" if revisions.active else "",
        revisions=list(revisions.names.values()),
        remarks=[Remark("The file's text was not encoded as it says; it was read as far as it could be.")]
        if mended
        else [],
    )


def _paragraphs(content: Element) -> Iterator[tuple[Element, bool]]:
    """The paragraphs in order, and whether each stands in an omitted scene; elements around them are looked through."""
    for inner in content:
        if name_of(inner) == "Paragraph":
            yield inner, False
        else:
            omitted = name_of(inner) == "OmittedScene"
            yield from ((paragraph, omitted) for paragraph in children(inner, "Paragraph"))


@dataclass(slots=True)
class _Reader:
    """Collects lines and marks, numbering the paragraphs as they come."""

    kinds: dict[str, LineKind]
    revisions: Revisions
    tags: dict[str, tuple[str, str]]
    lines: list[Line] = field(default_factory=list)
    marks: dict[int, SceneMark] = field(default_factory=dict)
    count: int = 0

    def take(self, paragraph: Element, *, omitted: bool = False) -> None:
        """One paragraph with everything inside it."""
        line = self._line(paragraph)
        if line.kind == "heading":
            self._heading(line, paragraph, omitted)
        elif line.text:
            self.lines.append(line)
        for inner in paragraph:
            if name_of(inner) == "DualDialogue":
                self._dual(inner)
            elif name_of(inner) == "ScriptNote":
                self._note(inner)

    def _heading(self, line: Line, paragraph: Element, omitted: bool) -> None:
        taken_out = child(paragraph, "OmittedScene")
        mark = _mark(paragraph, omitted or taken_out is not None)
        if not line.text and mark.omitted:
            line = replace(line, text="OMITTED")
        if not (line.text or mark.number):
            return  # an empty line that only has the style
        self.lines.append(line)
        for inner in children(taken_out, "Paragraph"):
            self.lines.append(replace(self._line(inner), kind="note"))
            if mark.number is None and inner.get("Number"):
                mark = replace(mark, number=_stripped(inner.get("Number")))
        self.marks[line.number] = mark

    def _dual(self, both: Element) -> None:
        """Two speakers at once: the lines from the second cue on are marked as the second's."""
        cues = 0
        for paragraph in children(both, "Paragraph"):
            line = self._line(paragraph)
            cues += line.kind == "character"
            if line.text:
                self.lines.append(replace(line, dual=cues > 1))

    def _note(self, note: Element) -> None:
        for paragraph in children(note, "Paragraph"):
            line = self._line(paragraph)
            if line.text:
                self.lines.append(replace(line, kind="note"))

    def _line(self, paragraph: Element) -> Line:
        """The paragraph's own text, all its runs joined."""
        self.count += 1
        kind = self.kinds.get(paragraph.get("Type", ""), "action")
        runs = list(children(paragraph, "Text"))
        texts = [_text(run) for run in runs]
        text = "".join(texts).replace("\r\n", "\n").replace("\r", "\n")
        if kind == "action" and paragraph.get("Alignment") == "Center":
            kind = "centered"
        text = text.strip().upper() if kind in _CAPITALS else text.rstrip()
        return Line(
            number=self.count,
            kind=kind,
            text=text,
            revision=self.revisions.latest({whole(run.get("RevisionID")) or 0 for run in runs}),
            tags=tuple(self._tagged(runs, texts)) if self.tags else (),
        )

    def _tagged(self, runs: list[Element], texts: list[str]) -> Iterator[Tag]:
        """Neighbouring runs under one tag are one mention of it, though a revision cut them apart."""
        numbers = [frozenset((run.get("TagNumber") or "").replace(",", " ").split()) for run in runs]
        for place, here in enumerate(numbers):
            before = numbers[place - 1] if place else frozenset()
            for tag in sorted((here - before) & self.tags.keys()):
                end = place
                while end < len(runs) and tag in numbers[end]:
                    end += 1
                category, label = self.tags[tag]
                yield Tag(category, label, "".join(texts[place:end]).strip())


def _text(run: Element) -> str:
    text = "".join(run.itertext()) if len(run) else run.text or ""
    return text.upper() if "AllCaps" in run.get("Style", "") else text


def _stripped(written: str | None) -> str | None:
    return (written or "").strip() or None


def _mark(paragraph: Element, omitted: bool) -> SceneMark:
    """What the heading's paragraph and its scene properties say of the scene."""
    properties = child(paragraph, "SceneProperties")
    said = properties.attrib if properties is not None else {}
    flag = paragraph.get("Omitted") or paragraph.get("OmittedScene") or said.get("Omitted") or ""
    summary = child(properties, "Summary")
    synopsis = " ".join(
        text
        for inner in children(summary, "Paragraph")
        if (text := " ".join("".join(_text(run) for run in children(inner, "Text")).split()))
    )
    return SceneMark(
        number=_stripped(paragraph.get("Number")),
        eighths=_eighths(said.get("Length", "")),
        page=whole(said.get("Page")),
        omitted=omitted or flag.lower() in {"yes", "true", "1"},
        synopsis=synopsis or None,
    )


def _eighths(written: str) -> int | None:
    try:
        length = eighths_of(written)
    except ValueError:
        return None
    return length if 0 < length <= _LONGEST else None
