"""What comes from the set: notes by hand or from a CSV file, and which scenes are shot on which day."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from assistant.domain.continuity import SetNote
from assistant.domain.screenplay import Screenplay
from assistant.errors import BadInput, NotFound, SettingsError

NOTES_FILE = "on-set-notes.md"
_LONGEST = 2_000_000  # bytes of a CSV file


def read_notes(path: Path, who: str, script: Screenplay) -> list[SetNote]:
    """The rows of a file with the columns scene, take, note. Raises NotFound or BadInput with the row."""
    found = []
    for number, row in enumerate(_rows(path, {"scene", "note"}), start=2):
        if not row["scene"] or not row["note"]:
            raise BadInput(f"Row {number} of {path.name} has no scene or no note.", "Each row needs both.")
        label = ordinal_of(script, row["scene"])[1]
        found.append(SetNote(label, row.get("take", ""), row["note"], row.get("who") or who))
    return found


def read_days(path: Path, script: Screenplay) -> dict[str, list[int]]:
    """Shooting day → ordinals, from a file with the columns day and scene; a cell may hold several scenes."""
    days: dict[str, list[int]] = {}
    for row in _rows(path, {"day", "scene"}):
        for label in row["scene"].replace(";", ",").split(","):
            if label.strip() and row["day"]:
                days.setdefault(row["day"], []).append(ordinal_of(script, label)[0])
    return days


def ordinal_of(script: Screenplay, label: str) -> tuple[int, str]:
    """A scene's ordinal and label by its number, or by "#7" for the seventh. Raises NotFound."""
    wanted = label.strip().casefold()
    for scene in script.scenes:
        if wanted in {scene.label.casefold(), f"#{scene.ordinal}"}:
            return scene.ordinal, scene.label
    raise NotFound(f"There is no scene {label.strip()} in this draft.", "`pa scenes` lists them.")


def made_note(script: Screenplay, label: str, take: str, text: str, who: str) -> SetNote:
    """A note by hand. Raises NotFound or SettingsError."""
    if not text.strip():
        raise SettingsError("A note needs words.", 'pa continuity note 12A "lamp was off after take 3" --take 3')
    return SetNote(ordinal_of(script, label)[1], take.strip(), " ".join(text.split()), who)


def as_paper(notes: Sequence[SetNote]) -> str:
    """All notes as one paper that can be searched and quoted, a section a scene."""
    lines = ["# On-set notes", ""]
    by_scene: dict[str, list[SetNote]] = {}
    for note in notes:
        by_scene.setdefault(note.scene, []).append(note)
    for label, mine in by_scene.items():
        lines += [f"## Scene {label}", ""]
        for note in mine:
            take = f"take {note.take}: " if note.take else ""
            lines += [
                f"Scene {label}, {take}{note.note} ({note.who})" if note.who else f"Scene {label}, {take}{note.note}",
                "",
            ]
    return "\n".join(lines)


def _rows(path: Path, needed: set[str]) -> list[dict[str, str]]:
    if not path.is_file():
        raise NotFound(f"There is no file {path}.", "Check the path.")
    data = path.read_bytes()
    if len(data) > _LONGEST:
        raise BadInput(f"{path.name} is too large for a list of notes.", "Hand over a CSV file of less than 2 MB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=separator)
    rows = [
        {(key or "").strip().casefold(): (cell or "").strip() for key, cell in row.items() if isinstance(cell, str)}
        for row in reader
    ]
    names = {(name or "").strip().casefold() for name in reader.fieldnames or ()}
    if not needed <= names:
        raise BadInput(
            f"{path.name} lacks the column {' and '.join(sorted(needed - names))}.", "The first row names them."
        )
    return [row for row in rows if any(row.values())]
