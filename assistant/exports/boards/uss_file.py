"""The board as a Universal Schedule Standard 1.0 file, which scheduling programs read."""

from pathlib import Path

from assistant.domain.boardbook import BoardBook
from assistant.exports.files import write
from assistant.exports.uss import as_bytes


def export(book: BoardBook, folder: Path, stem: str) -> list[Path]:
    """Write `<stem>-schedule.uss`."""
    assert book.file is not None, "a kept board has its file"
    return [write(folder / f"{stem}-schedule.uss", as_bytes(book.file))]
