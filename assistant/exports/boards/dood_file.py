"""The day out of days alone, of cast or any category, as a PDF to print or a CSV to go on with."""

from pathlib import Path

from assistant.domain.boardbook import BoardBook
from assistant.errors import SettingsError
from assistant.exports.boards.pdf import PAPERS
from assistant.exports.boards.plain import plain
from assistant.exports.boards.tables import dood, to_csv
from assistant.exports.files import write
from assistant.exports.typeset import typeset


def export_dood(book: BoardBook, path: Path) -> Path:
    """Write the chart, as PDF or CSV by the name's ending. Raises SettingsError for another ending."""
    kind = path.suffix.lower()
    if kind == ".pdf":
        return write(path, typeset(PAPERS["dood"], plain(book)))
    if kind == ".csv":
        return write(path, to_csv(dood(book)))
    raise SettingsError(f"A day out of days is written as .pdf or .csv, not as {kind or 'no ending'!r}.", "Rename it.")
