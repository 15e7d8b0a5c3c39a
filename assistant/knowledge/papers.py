"""Papers other than the script: which kind a file is, and its text in numbered lines."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from assistant.domain.citations import Passage, SourceKind
from assistant.errors import BadInput, NotFound
from assistant.knowledge.chunk import text_passages
from assistant.knowledge.readers.docx import read_docx
from assistant.knowledge.readers.eml import read_eml
from assistant.knowledge.readers.plain import read_csv, read_text
from assistant.knowledge.readers.xlsx import read_xlsx

MAX_BYTES = 50_000_000
MAX_LETTERS = 5_000_000
LONGEST_LINE = 100_000
KINDS: tuple[SourceKind, ...] = ("script", "bible", "call sheet", "note", "schedule", "contract")
READERS: dict[str, Callable[[bytes, str], list[str]]] = {
    ".txt": read_text,
    ".md": read_text,
    ".markdown": read_text,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".docx": read_docx,
    ".xlsx": read_xlsx,
    ".eml": read_eml,
}
_SIGNS: tuple[tuple[SourceKind, str], ...] = (
    (
        "call sheet",
        r"call[ _-]?sheet|feuille[ _-]de[ _-](?:route|service)|orden[ _-]de[ _-]rodaje|hoja[ _-]de[ _-]llamado",
    ),
    ("contract", r"contract|agreement|deal[ _-]?memo|release[ _-]form|contrato|licen[cs]e|permit\b|permiso"),
    (
        "schedule",
        r"schedule|one[ _-]?liner|strip[ _-]?board|plan[ _-]de[ _-](?:rodaje|trabajo)|day[ _-]out[ _-]of[ _-]days",
    ),
    ("bible", r"\bbib(?:le|lia)\b|look[ _-]?book|character[ _-](?:list|notes)|treatment|tratamiento"),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A file's text, line by line; `pages` has each line's page where the file has pages."""

    sha256: str
    file: str
    kind: SourceKind
    lines: tuple[str, ...]
    pages: tuple[int, ...] = ()

    def passages(self) -> list[Passage]:
        """The paper cut into passages that can be found and quoted."""
        return text_passages("\n".join(self.lines), self.sha256, self.file, self.kind, self.pages)


def load_bytes(path: Path) -> bytes:
    """A paper's bytes. Raises NotFound or BadInput."""
    try:
        if path.is_dir():
            raise BadInput(f"{path.name or path} is a folder.", "Name the files themselves.")
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB.", "Is it the right file?")
        data = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.", "Check the name and the folder.") from None
    except OSError as error:
        raise BadInput(f"{path.name} can not be read: {error.strerror}.", "Check that it may be opened.") from None
    if not data.strip():
        raise BadInput(f"{path.name} is empty.", "A download may have been cut off.")
    return data


def read_paper(data: bytes, name: str, kind: SourceKind | None = None) -> Paper:
    """The paper in these bytes, by the reader of its suffix. Raises BadInput."""
    reader = READERS.get(Path(name).suffix.lower())
    if reader is None:
        known = ", ".join(sorted((*READERS, ".pdf", ".fountain", ".fdx")))
        raise BadInput(f"{name} is of a kind that is not read here.", f"Read are {known}.")
    return made(data, name, reader(data, name), kind)


def made(
    data: bytes, name: str, lines: Sequence[str], kind: SourceKind | None = None, pages: Sequence[int] = ()
) -> Paper:
    """A paper from its lines, checked for size. Raises BadInput."""
    if not any(line.strip() for line in lines):
        raise BadInput(f"{name} holds no text.", "If its pages are pictures, run text recognition (OCR) first.")
    if sum(map(len, lines)) > MAX_LETTERS or max(map(len, lines)) > LONGEST_LINE:
        raise BadInput(f"{name} holds far more text than a production's paper does.", "Is it the right file?")
    clean = tuple(re.sub(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\x85]", " ", line) for line in lines)
    sha256 = hashlib.sha256(data).hexdigest()
    return Paper(sha256, name, kind or guessed_kind(name, clean), clean, tuple(pages))


def guessed_kind(name: str, lines: Sequence[str] = ()) -> SourceKind:
    """What a paper is, from its name, else from its first lines; a note when nothing tells."""
    for text in (Path(name).stem, "\n".join(lines[:15])[:1500]):
        for kind, sign in _SIGNS:
            if re.search(sign, text, re.IGNORECASE):
                return kind
    return "note"


def kind_named(name: str) -> SourceKind:
    """A kind as people type it ("call-sheet"). Raises NotFound with the known ones."""
    wanted = name.strip().casefold().replace("-", " ").replace("_", " ").replace("callsheet", "call sheet")
    for kind in get_args(SourceKind):
        if kind in KINDS and wanted in (kind, f"{kind}s"):
            return kind  # type: ignore[no-any-return]
    raise NotFound(f"There is no kind {name!r}.", f"Known: {', '.join(KINDS)}.")
