"""Writing a file whole or not at all, with a sentence a user can act on when the disk says no."""

import errno
import os
import re
import tempfile
import unicodedata
from pathlib import Path

from assistant.errors import AssistantError, SettingsError

_HINTS = {
    errno.EACCES: "Choose a folder you may write to with -o, or close the file where it is open.",
    errno.EPERM: "Choose a folder you may write to with -o, or close the file where it is open.",
    errno.EROFS: "The disk is read-only; choose another folder with -o.",
    errno.ENOSPC: "The disk is full; free some space or choose another folder with -o.",
    errno.EDQUOT: "Your quota is used up; free some space or choose another folder with -o.",
    errno.ENOTDIR: "A part of that path is a file; choose another folder with -o.",
    errno.EEXIST: "A part of that path is a file; choose another folder with -o.",
    errno.ENAMETOOLONG: "The name is too long for this disk; choose a shorter folder with -o.",
}


def write(path: Path, content: bytes) -> Path:
    """Put `content` at `path`: a reader sees the old file or the new one, never half of one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, content)
    except OSError as error:
        raise refusal(path, error) from error
    return path


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def refusal(path: Path, error: OSError) -> AssistantError:
    """The error to show for a file that could not be written."""
    reason = (error.strerror or str(error)).lower()
    hint = _HINTS.get(error.errno or 0, "Choose another folder with -o.")
    return SettingsError(f"{path} could not be written: {reason}.", hint)


def stem_of(title: str) -> str:
    """A file name from a title: lower case, words joined by dashes, safe on every disk."""
    plain = unicodedata.normalize("NFKC", title).casefold()
    words = re.findall(r"[^\W_]+", plain.replace("'", "").replace("’", ""))
    return "-".join(words)[:60].rstrip("-") or "breakdown"
