"""Every case of the public Fountain suites comes out as they say, or the table says why it should not."""

import difflib
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.errors import BadInput
from assistant.screenplay.fountain import read_fountain
from assistant.screenplay.source import Source
from tests.assistant.screenplay.suites import Case, Row, cases, tidy
from tests.conftest import SHARED

EXCEPTIONS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "suite_exceptions.yaml").read_text(encoding="utf-8")
)
AUTHORS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "suite_authors_files.yaml").read_text(encoding="utf-8")
)
CASES = cases(SHARED / "corpus") if (SHARED / "corpus").is_dir() else []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_suite_case(case: Case) -> None:
    ours = _rows(case)
    reason = EXCEPTIONS.get(case.name)
    if reason is None:
        assert ours == case.rows, "\n".join(difflib.ndiff([*map(str, case.rows)], [*map(str, ours)]))
    else:
        assert ours != case.rows, f"{case.name} passes now; take it out of the table"
        assert reason["verdict"] in {"against 1.1", "extension", "choice"} and len(reason["why"]) > 40


def test_the_title_pages_of_the_suites_are_read(corpus: Path) -> None:
    told = [case for case in CASES if case.title]
    assert len(told) == 5
    for case in told:
        read = {key.lower(): value for key, value in read_fountain(case.text, "").title_page}
        assert read == {key: value.replace("_**", "").replace("**_", "") for key, value in (case.title or {}).items()}


def test_the_table_names_no_case_that_is_gone(corpus: Path) -> None:
    assert set(EXCEPTIONS) <= {case.name for case in CASES}
    assert len(CASES) >= 80


@pytest.mark.parametrize("name", AUTHORS)
def test_the_files_of_the_formats_authors(name: str, corpus: Path) -> None:
    text = (corpus / f"suite-fountain-objc/FountainTests/{name}.fountain").read_text(encoding="utf-8")
    source = read_fountain(text, "")
    ours = [f"{line.number}:{line.kind}{'^' if line.dual else ''}" for line in source.lines]
    numbers = [mark.number for mark in source.marks.values() if mark.number]
    expected = AUTHORS[name]
    assert ours == expected["lines"].split()
    assert numbers == expected.get("numbers", [])


def _rows(case: Case) -> list[Row]:
    try:
        source = read_fountain(case.text, "")
    except BadInput:
        return []
    rows = [row for line in source.lines for row in _row(source, line.number, line.kind, line.text)]
    if case.name.startswith("screenplay-tools"):
        rows = _tools(rows)
    if "note" in case.kinds:  # that suite lists its notes after everything else
        rows = [row for row in rows if row[0] != "note"] + [row for row in rows if row[0] == "note"]
    return [row for row in rows if row[0] in case.kinds]


def _row(source: Source, number: int, kind: str, text: str) -> list[Row]:
    if kind == "page_break":
        return [(kind, "")]
    if kind == "section":
        text = text.lstrip("# ")
    mark = source.marks.get(number) if kind == "heading" else None
    numbered = [("number", mark.number)] if mark and mark.number else []
    shown = text.replace("\\", "\\\\").replace("*", "\\*").replace("_", "\\_")
    return numbered + tidy(kind, shown)


def _tools(rows: list[Row]) -> list[Row]:
    """That suite's parser drops "(CONT'D)" from a cue."""
    drop = (" (CONT'D)", " (CONT’D)")
    return [
        (kind, text.removesuffix(drop[0]).removesuffix(drop[1]) if kind == "character" else text) for kind, text in rows
    ]
