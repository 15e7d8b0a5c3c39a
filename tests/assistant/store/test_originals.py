"""Originals are kept as they are, once, and never half."""

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.store.originals import Originals


def test_a_file_is_kept_once_and_byte_for_byte(tmp_path: Path) -> None:
    file = tmp_path / "a.fdx"
    file.write_bytes(b"\xef\xbb\xbf<x/>\r\n")
    kept = Originals(tmp_path / "files")
    assert kept.path("ab") is None
    kept.keep(file, "ab")
    file.write_bytes(b"changed")
    kept.keep(file, "ab")
    assert [path.name for path in (tmp_path / "files").iterdir()] == ["ab"]
    assert kept.path("ab") == tmp_path / "files" / "ab"
    assert (tmp_path / "files" / "ab").read_bytes() == b"\xef\xbb\xbf<x/>\r\n"


def test_a_folder_that_can_not_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    (tmp_path / "a.fdx").write_text("x")
    with pytest.raises(SettingsError) as error:
        Originals(tmp_path / "taken").keep(tmp_path / "a.fdx", "ab")
    assert "taken" in error.value.sentence
    assert error.value.hint
