"""Choosing formats, and writing whole files or none."""

import errno
import json
import os
from pathlib import Path

import pytest

from assistant.errors import AssistantError, SettingsError
from assistant.exports import EXPORTERS, export, exporter
from assistant.exports.files import refusal, stem_of, write
from tests.assistant.exports.sample import HOSTILE, book


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_exporter_writes_what_it_says(name: str, tmp_path: Path) -> None:
    written = export(book(), [name], tmp_path / "new" / "folder")
    assert written
    assert sorted(written) == sorted((tmp_path / "new" / "folder").iterdir())
    assert all(path.stat().st_size and path.name.startswith("the-last-ferry") for path in written)


def test_an_unknown_format_names_the_nearest_and_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        export(book(), ["json", "xslx"], tmp_path)
    assert "xlsx" in error.value.hint
    assert list(tmp_path.iterdir()) == []


def test_names_are_taken_in_any_case() -> None:
    assert exporter(" HTML ") is exporter("html")


def test_a_folder_that_is_a_file_is_one_sentence_and_a_hint(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")
    with pytest.raises(AssistantError) as error:
        export(book(), ["json"], taken)
    assert str(taken) in error.value.sentence
    assert "-o" in error.value.hint


def test_a_full_disk_says_so() -> None:
    full = refusal(Path("out.json"), OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert "no space left" in full.sentence
    assert "full" in full.hint


def test_a_write_that_fails_leaves_the_old_file_and_no_scrap(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()  # a folder can not be replaced by a file
    (target / "kept").write_text("kept")
    with pytest.raises(SettingsError):
        write(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (target / "kept").read_text() == "kept"


def test_exporting_twice_replaces_the_file(tmp_path: Path) -> None:
    (first,) = export(book(), ["json"], tmp_path)
    first.write_text("old")
    export(book(), ["json"], tmp_path)
    assert json.loads(first.read_text("utf-8"))["schema"] == "pa.breakdown/1"


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("The Last Ferry", "the-last-ferry"),
        ("../../etc/passwd", "etc-passwd"),
        ("Nell's Été: 2", "nells-été-2"),
        ("", "breakdown"),
        ("???", "breakdown"),
        ("夜の船", "夜の船"),
        ("a" * 300, "a" * 60),
    ],
)
def test_a_title_becomes_a_safe_stem(title: str, stem: str) -> None:
    assert stem_of(title) == stem


def test_a_hostile_title_stays_in_the_folder(tmp_path: Path) -> None:
    for path in export(book(hostile=True), EXPORTERS, tmp_path):
        assert path.parent == tmp_path
        assert not set(path.name) & set('<>"&/\u2028'), HOSTILE
