"""The script as a Final Draft file with the breakdown as tags: the writer's own file where there is one."""

from pathlib import Path

from assistant.errors import NotFound
from assistant.exports.book import Book
from assistant.exports.fdx_new import written
from assistant.exports.fdx_tags import tagged
from assistant.exports.files import write


def as_fdx(book: Book) -> bytes:
    """The file's bytes. Raises NotFound where the script came from FDX and its file is not kept any more."""
    if book.screenplay.format != "fdx":
        data, places = written(book)
        return tagged(data, book, lambda scene, position: places.get((scene.ordinal, position)))
    try:
        if book.original is not None:
            return tagged(book.original.read_bytes(), book)
    except OSError:
        pass
    raise NotFound(
        "The Final Draft file that this script was read from is not kept here, and tags go into no other.",
        "Hand it over again: `pa ingest FILE`.",
    )


def export(book: Book, folder: Path, stem: str) -> list[Path]:
    """Write `<stem>.fdx`."""
    return [write(folder / f"{stem}.fdx", as_fdx(book))]
