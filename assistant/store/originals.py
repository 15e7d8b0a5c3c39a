"""The bytes of every script that was read in, by their hash, for hand-overs that add to a file and change nothing."""

import uuid
from pathlib import Path

from assistant.errors import SettingsError


class Originals:
    """A folder of files named by their sha-256."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path | None:
        """Where the file with this hash is kept, if it is."""
        kept = self._folder / sha256
        return kept if kept.is_file() else None

    def keep(self, file: Path, sha256: str) -> None:
        """Keep a copy of `file`, whole or not at all. Raises SettingsError where the disk refuses."""
        if self.path(sha256):
            return
        part = self._folder / f".{sha256}.{uuid.uuid4().hex[:8]}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                part.write_bytes(file.read_bytes())
                part.replace(self._folder / sha256)
            finally:
                part.unlink(missing_ok=True)
        except OSError as error:
            hint = "Free some space, or give yourself leave to write there."
            raise SettingsError(f"{self._folder} can not be written: {error.strerror}.", hint) from None
