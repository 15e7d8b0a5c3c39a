"""Docs say what the program does: the command reference is generated, the changelog names this version."""

import re

from assistant import __version__
from assistant.interfaces.cli.reference import TARGET, reference
from tests.conftest import ROOT


def test_the_command_reference_is_the_generated_one() -> None:
    assert TARGET.read_text(encoding="utf-8") == reference(), "run python -m assistant.interfaces.cli.reference"


def test_every_command_has_help() -> None:
    for block in re.split(r"^#+ ", reference(), flags=re.MULTILINE)[1:]:
        prose = [line for line in block.splitlines()[1:] if line and not line.startswith(("*", "`", "$"))]
        assert prose, f"{block.splitlines()[0]} says nothing"


def test_the_changelog_is_at_this_version_and_speaks_briefly() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(r"^## (\S+)", text, re.MULTILINE)
    assert found and found[1] == __version__
    for entry in re.findall(r"^- (.+(?:\n  .+)*)", text, re.MULTILINE):
        assert len(entry.split()) <= 25, entry
