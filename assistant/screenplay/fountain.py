"""Reads Fountain 1.1, and says which liberties it took with files that do not keep to it."""

from assistant.domain.screenplay import Line, LineKind, Remark
from assistant.errors import BadInput
from assistant.screenplay import fountain_shapes as shapes
from assistant.screenplay.fountain_inline import plain
from assistant.screenplay.fountain_text import Physical, physical_lines
from assistant.screenplay.fountain_title import read_title_page, value_of
from assistant.screenplay.source import TYPED, SceneMark, Source

TAB = "    "
OMITTED_NOTE = "omitted"
"""A heading's own note that marks a scene as omitted although its heading is still written out."""


def read_fountain(text: str, sha256: str) -> Source:
    """Every physical line of the script, classified; headings have a mark with number, synopsis and omission.

    Raises BadInput for an empty or binary file and for nothing else: any text is a Fountain script, if a poor one.
    """
    if "\x00" in text:
        raise BadInput("This is a binary file, not a Fountain script.", "Export the script as Fountain text in UTF-8.")
    if not text.strip("\ufeff \t\r\n"):
        raise BadInput("The script is empty.", "Check that the right file was given.")
    lines, remarks = physical_lines(text)
    title_page, taken = read_title_page(lines)
    reader = _Reader(lines[taken:])
    reader.run()
    return Source(
        format="fountain",
        sha256=sha256,
        lines=reader.lines,
        marks=reader.marks,
        title=value_of(title_page, "title", "titel", "titre", "título", "titulo", "titolo", "标题", "片名", "题名"),
        title_page=title_page,
        draft=value_of(title_page, "draft_date", "draft", "revision", "date", "fassung", "fecha"),
        remarks=remarks + reader.remarks(),
        layout=TYPED,
    )


class _Reader:
    """Classifies one line after the other; what a line is depends on the ones around it."""

    def __init__(self, physical: list[Physical]) -> None:
        self.physical = physical
        self.lines: list[Line] = []
        self.marks: dict[int, SceneMark] = {}
        self.boundary = True  # nothing but a blank, a heading or the writer's own lines stands right above
        self.speaking = False
        self.dual = False
        self.scene: int | None = None
        self.gaps: list[Line] = []  # two-space lines in a speech, kept once more of it follows
        self.tight: list[int] = []
        self.refused: list[int] = []
        self.forced: set[int] = set()  # lines that are action by their mark
        self.caseless: list[int] = []

    def run(self) -> None:
        for at, line in enumerate(self.physical):
            if line.blank:
                self._blank(line)
            elif line.gone:
                self.boundary = True
            elif self.speaking:
                self._speech(line)
            else:
                self._block(at, line)
            self._notes(line)

    def _blank(self, line: Physical) -> None:
        if self.speaking and len(line.text) >= 2 and not line.text.strip(" "):
            self.gaps.append(Line(line.number, "dialogue", "", dual=self.dual))
            return
        self.speaking = self.dual = False
        self.gaps.clear()
        self.boundary = True

    def _speech(self, line: Physical) -> None:
        text = line.text.strip()
        if shapes.is_page_break(text):
            self.lines.append(Line(line.number, "page_break", ""))
            return
        kind: LineKind = "dialogue"
        if shapes.is_parenthetical(text):
            kind = "parenthetical"
        elif text[0] == "~" and text[1:].strip():
            kind, text = "lyrics", text[1:].strip()
        elif shapes.is_strict_heading(text):
            self.refused.append(line.number)
        self.lines.extend(self.gaps)
        self.gaps.clear()
        self.lines.append(Line(line.number, kind, plain(text), dual=self.dual))

    def _block(self, at: int, line: Physical) -> None:
        """One line outside a speech: the marked ones, then those that need space around them, then action."""
        marked = self._marked(line)
        if marked:
            self.lines.append(marked)
            self.boundary = marked.kind in {"section", "synopsis", "page_break"}
            if marked.kind == "section":
                self.scene = None
            elif marked.kind == "synopsis" and self.scene is not None:
                self._synopsis(self.scene, marked.text)
            return
        text = line.text.strip()
        if self._is_heading(at, text):
            self._heading(line, text)
        elif self.boundary and self._is_transition(at, line):
            self.lines.append(Line(line.number, "transition", plain(text)))
            self.boundary = True
        elif self.boundary and line.number not in self.refused[-1:] and self._is_cue(at, text):
            self._cue(line, text)
        else:
            self._action(line, line.text)

    def _marked(self, line: Physical) -> Line | None:
        """The line as its first character says, where that is one of Fountain's marks and something follows it."""
        text = line.text.strip()
        if shapes.is_page_break(text):
            return Line(line.number, "page_break", "")
        if shapes.is_centered(text):
            return Line(line.number, "centered", plain(text[1:-1].strip()))
        if text.startswith("!!") and text[2:].strip():
            return Line(line.number, "shot", plain(text[2:].strip()))
        if text.startswith("!"):
            self.forced.add(line.number)
            return Line(line.number, "action", _action_text(line.text.lstrip()[1:]))
        kinds: dict[str, LineKind] = {">": "transition", "~": "lyrics", "#": "section", "=": "synopsis"}
        kind, rest = kinds.get(text[0]), text[1:].strip()
        if kind is None or not rest.strip("#=" if kind in {"section", "synopsis"} else ""):
            return None
        return Line(line.number, kind, plain(rest))

    def _is_heading(self, at: int, text: str) -> bool:
        if self.boundary and shapes.is_forced_heading(text) and shapes.forced_text(text):
            return True
        if not shapes.looks_like_heading(text):
            return False
        number, follows = self.physical[at].number, self._follows(at)
        if self.boundary and self._is_open(follows):
            return True
        strict = shapes.is_strict_heading(text) and not (follows and shapes.looks_like_heading(follows.text))
        accepted = strict and (self.boundary or (self._is_cut_above() and self._is_open(follows)))
        (self.tight if accepted else self.refused).append(number)
        return accepted

    def _is_cut_above(self) -> bool:
        """Is the last line a transition that nothing sets apart? One that is forced to be action is none."""
        last = self.lines[-1] if self.lines else None
        return (
            last is not None
            and last.kind == "action"
            and last.number not in self.forced
            and shapes.is_transition(last.text)
        )

    def _heading(self, line: Physical, text: str) -> None:
        found = shapes.slug(text[1:] if shapes.is_forced_heading(text) else text)
        if self._is_cut_above():
            last = self.lines[-1]
            self.lines[-1] = Line(last.number, "transition", last.text.strip())
        own = [note for number, note in line.notes if number == line.number and note.lower() == OMITTED_NOTE]
        line.notes = [note for note in line.notes if note[1] not in own]
        self.scene = line.number
        self.marks[line.number] = SceneMark(number=found.number, omitted=found.omitted or bool(own))
        self.lines.append(Line(line.number, "heading", found.text))
        self.boundary = True

    def _is_transition(self, at: int, line: Physical) -> bool:
        follows = self._follows(at)
        return shapes.is_transition(line.text) and self._is_open(follows)

    def _is_cue(self, at: int, text: str) -> bool:
        if text.startswith("@") and shapes.split_dual(text[1:].strip())[0]:
            return True
        number = self.physical[at].number
        follows = self._follows(at)
        while follows and follows.gone:
            at += 1
            follows = self._follows(at)
        if follows is None or follows.blank:
            return False
        if shapes.is_cue(text):
            return not (shapes.is_transition(text) and shapes.looks_like_heading(follows.text))
        caseless = shapes.is_caseless_cue(text, follows.text)
        if caseless:
            self.caseless.append(number)
        return caseless

    def _cue(self, line: Physical, text: str) -> None:
        name, self.dual = shapes.split_dual(text.removeprefix("@").strip())
        self.speaking = True
        self.lines.append(Line(line.number, "character", plain(name), dual=self.dual))

    def _action(self, line: Physical, raw: str) -> None:
        self.lines.append(Line(line.number, "action", _action_text(raw)))
        self.boundary = False

    def _notes(self, line: Physical) -> None:
        for number, text in line.notes:
            self.lines.append(Line(number, "note", text))

    def _synopsis(self, scene: int, text: str) -> None:
        mark = self.marks[scene]
        whole = f"{mark.synopsis} {text}" if mark.synopsis else text
        self.marks[scene] = SceneMark(mark.number, omitted=mark.omitted, synopsis=whole)

    def _follows(self, at: int) -> Physical | None:
        return self.physical[at + 1] if at + 1 < len(self.physical) else None

    def _is_open(self, line: Physical | None) -> bool:
        """Whether a heading or transition may stand above this line: nothing, space, or the writer's own."""
        if line is None or line.blank or line.gone:
            return True
        return line.text.lstrip()[0] in "#=" and self._marked(line) is not None

    def remarks(self) -> list[Remark]:
        told = (
            (
                self.tight,
                "was read as a heading although no blank line sets it off",
                "were read as headings although no blank line sets them off",
            ),
            (
                self.refused,
                "looks like a heading but was read as text: a blank line before or after it is missing",
                "look like headings but were read as text: a blank line before or after them is missing",
            ),
            (
                self.caseless,
                "was read as a character cue: short, and in letters without capitals",
                "were read as character cues: short, and in letters without capitals",
            ),
        )
        return [_remark(lines, one, many) for lines, one, many in told if lines]


def _remark(lines: list[int], one: str, many: str) -> Remark:
    if len(lines) == 1:
        return Remark(f"Line {lines[0]} {one}.", lines[0])
    shown = ", ".join(map(str, lines[:5])) + (" …" if len(lines) > 5 else "")
    return Remark(f"{len(lines)} lines ({shown}) {many}.", lines[0])


def _action_text(raw: str) -> str:
    return plain(raw.replace("\t", TAB).rstrip())
