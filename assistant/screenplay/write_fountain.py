"""Writes a screenplay as Fountain 1.1, so that reading it back gives the same lines, numbers and omissions."""

import re
from collections.abc import Iterator, Sequence

from assistant.domain.screenplay import Format, Line, LineKind, Scene, Screenplay
from assistant.screenplay import fountain_shapes as shapes
from assistant.screenplay.fountain import OMITTED_NOTE
from assistant.screenplay.fountain_inline import escape

_SPOKEN: frozenset[LineKind] = frozenset({"dialogue", "parenthetical", "lyrics"})
_IN_SPEECH = _SPOKEN | {"note", "page_break"}
_BEHIND_MARK: dict[LineKind, str] = {"lyrics": "~", "shot": "!!", "section": "# ", "synopsis": "= "}
_MARKS = frozenset(".@!>#=~[/")


def write_fountain(screenplay: Screenplay) -> str:
    """The script as text. What Fountain has no word for is written as its nearest: "general" as action, and dialogue
    without a speaker as action; page numbers, revision marks, tags and stated lengths are left out."""
    parts = [_title_page(screenplay)]
    parts += _blocks(screenplay.preamble, screenplay.format)
    for scene in screenplay.scenes:
        parts.append(_heading(scene))
        parts += _blocks(scene.lines[1:], screenplay.format)
    return "\n\n".join(part for part in parts if part) + "\n"


def _title_page(screenplay: Screenplay) -> str:
    entries = screenplay.title_page
    if not entries and screenplay.title:
        entries = (("Title", screenplay.title),)
    return "\n".join(_entry(key, value) for key, value in entries)


def _entry(key: str, value: str) -> str:
    lines = [escape(line.strip()) for line in value.split("\n") if line.strip()]
    if len(lines) < 2:
        return f"{key}: {''.join(lines)}".rstrip()
    return "\n".join([f"{key}:", *(f"    {line}" for line in lines)])


def _heading(scene: Scene) -> str:
    text = scene.lines[0].text
    number = scene.number if scene.number and re.fullmatch(shapes.NUMBER, scene.number) else None
    written = escape(text, also="#")
    bare = text[:1] not in _MARKS and shapes.looks_like_heading(text) and shapes.slug(text).text == text
    written = written if bare else _forced(".", written)
    if number:
        written += f" #{number}#"
    said = shapes.slug(text).omitted
    return written + (f" [[{OMITTED_NOTE}]]" if scene.omitted and not said else "")


def _forced(mark: str, text: str) -> str:
    """The text behind its mark, escaped where its own first character would make another mark of it."""
    return mark + ("\\" + text if text[:1] in (".", "!", "=", "#") else text)


def _blocks(lines: Sequence[Line], origin: Format) -> Iterator[str]:
    """Paragraphs to stand between blank lines: a speech is one, action lines that follow each other are one."""
    at = 0
    while at < len(lines):
        end = _speech_end(lines, at)
        if end > at:
            yield "\n".join(_speech(lines[at:end], cue_forced=end == at + 1))
            at = end
            continue
        end = at + 1
        while end < len(lines) and origin != "fdx" and _continues(lines[end - 1], lines[end]):
            end += 1
        yield "\n".join(written for line in lines[at:end] if (written := _alone(line)))
        at = end


def _speech_end(lines: Sequence[Line], start: int) -> int:
    """Where the speech of the cue at `start` ends; `start` itself if there is no cue."""
    if lines[start].kind != "character":
        return start
    end = start + 1
    while end < len(lines) and lines[end].kind in _IN_SPEECH:
        end += 1
    while end > start + 1 and lines[end - 1].kind not in _SPOKEN:
        end -= 1
    while end > start + 1 and not lines[end - 1].text:
        end -= 1
    return end


def _continues(line: Line, following: Line) -> bool:
    return line.kind == following.kind == "action" and following.number == line.number + 1


def _speech(lines: Sequence[Line], cue_forced: bool) -> Iterator[str]:
    yield _cue(lines[0], cue_forced or not lines[1].text)
    for line in lines[1:]:
        if line.kind == "dialogue":
            yield from (_spoken(part) for part in line.text.split("\n"))
        else:
            yield _alone(line)


def _cue(line: Line, force: bool) -> str:
    text = line.text
    clear = shapes.is_cue(text) and text[0] not in _MARKS and "^" not in text
    clear = clear and not shapes.looks_like_heading(text) and not text.endswith("TO:")
    written = escape(text, also="^")
    written = written if clear and not force else f"@{written}"
    return f"{written} ^" if line.dual else written


def _spoken(text: str) -> str:
    """One line of dialogue: an empty one is two spaces, and what would read as something else is escaped."""
    if not text.strip():
        return "  "
    written = escape(text)
    if text[0] in "~=" or (text[0] == "." and len(text) > 1):
        return "\\" + written
    if shapes.is_parenthetical(written):
        return written[:-1] + "\\" + written[-1] if written[-1] == ")" else written + " "
    return written


def _alone(line: Line) -> str:
    """A line that needs no neighbour to be read as what it is."""
    text = line.text
    if line.kind in _BEHIND_MARK:
        return _BEHIND_MARK[line.kind] + escape(text)
    match line.kind:
        case "note":
            return _note(text)
        case "page_break":
            return "==="
        case "transition":
            return _transition(text)
        case "centered":
            return f"> {_unclosed(escape(text))} <"
        case "character":
            return _cue(line, force=True)
        case "parenthetical" if shapes.is_parenthetical(escape(text)):
            return escape(text)
        case _:
            return "\n".join(_action(part) for part in text.split("\n"))


def _note(text: str) -> str:
    inner = re.sub(r"\](?=\])", "] ", " ".join(part.strip() for part in text.split("\n")))
    if not inner:
        return ""
    return f"[[{inner} ]]" if inner.endswith("]") else f"[[{inner}]]"


def _transition(text: str) -> str:
    if shapes.is_transition(text) and text[0] not in _MARKS and escape(text) == text:
        return f"> {text}" if shapes.looks_like_heading(text) else text
    return f"> {_unclosed(escape(text))}"


def _unclosed(written: str) -> str:
    return written[:-1] + "\\<" if written.endswith("<") else written


def _action(text: str) -> str:
    written = escape(text)
    return written if _is_plain(written) else _forced("!", written)


def _is_plain(written: str) -> bool:
    """Whether an action line reads as action wherever it stands, also first in the file."""
    bare = written.strip()
    if not bare or bare[0] in _MARKS or ":" in bare or "：" in bare:
        return False
    cue = shapes.is_cue(bare) or shapes.is_caseless_cue(bare, after=bare)
    return not cue and not shapes.looks_like_heading(bare)
