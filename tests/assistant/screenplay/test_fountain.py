"""Fountain as we read it: our own cases, the odd files of the corpus, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.domain.screenplay import Screenplay
from assistant.errors import BadInput
from assistant.screenplay.assemble import assemble
from assistant.screenplay.fdx import read_fdx
from assistant.screenplay.fountain import read_fountain
from assistant.screenplay.write_fountain import write_fountain

FOLDER = Path(__file__).parents[2] / "cases/fountain"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    source = read_fountain(case["in"], "0" * 64)
    marks = list(source.marks.values())
    told = {
        "out": [f"{line.number} {line.kind}{'^' if line.dual else ''} {line.text}".rstrip() for line in source.lines],
        "numbers": [mark.number for mark in marks],
        "omitted": [number for number, mark in source.marks.items() if mark.omitted],
        "synopses": [mark.synopsis for mark in marks],
        "remarks": [remark.what for remark in source.remarks],
        "title_page": [list(entry) for entry in source.title_page],
        "title": source.title,
        "draft": source.draft,
    }
    expected = {"remarks": [], "omitted": []} | {key: case[key] for key in told if key in case}
    assert {key: told[key] for key in expected} == expected


@pytest.mark.parametrize("text", ["", " \n\t\r\n", "\ufeff", "PK\x03\x04\x00\x00"])
def test_empty_and_binary_files_are_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_fountain(text, "0" * 64)
    assert refused.value.hint


SCENES = {
    "multi-language/multi-language-test": 18,
    "my-living-memory/my_living_memory": 9,
    "printing-trouble/printing_trouble": 29,
    "arranged-love-story-ml/Arranged_Love_Story": 20,
    "seoul-identity/seoul-identity": 93,
    "seoul-identity/seoul-identity-draft-20260115": 68,
    "bee-detective/BeeDetective": 38,
    "beat-samples/Outlining": 6,
    "beat-samples/Tutorial": 7,
    "afterwriting-i18n/client": 10,
}


@pytest.mark.parametrize("name", SCENES)
def test_the_scenes_of_real_scripts(name: str, corpus: Path) -> None:
    screenplay = _read(corpus, name)
    assert len(screenplay.scenes) == SCENES[name]
    assert not any("heading" in remark.what for remark in screenplay.remarks)


def test_numbers_stay_as_written_and_in_script_order(corpus: Path) -> None:
    numbers = [scene.number for scene in _read(corpus, "bee-detective/BeeDetective").scenes]
    written = (
        "0 1 2 3 4 5 6 7A - 7 7B 7C 8 9 10 11 11B 12 13 14 15 15B 15C 16 17 17B 18 19 20 21 21B 22 23 24 25 - 27 28"
    )
    assert numbers == [None if number == "-" else number for number in written.split()]


def test_a_whole_script_without_blank_lines_under_its_headings() -> None:
    scene = "INT. CABIN {0} - NIGHT\nNora counts the lamps.\n\nNORA\nThat makes {0}.\n\n"
    source = read_fountain("".join(scene.format(number) for number in range(1, 22)), "0" * 64)
    assert len(source.marks) == 21
    assert [remark.line for remark in source.remarks] == [1]
    assert source.remarks[0].what.startswith("21 lines (1, 7, 13, 19, 25 …) were read as headings")


@pytest.mark.parametrize("name", [*SCENES, "rsdoiel-samples/sample-08", "fdx-screenplay-tools/TestFDX-FI"])
def test_real_scripts_survive_being_written(name: str, corpus: Path) -> None:
    screenplay = _read(corpus, name)
    again = assemble(read_fountain(write_fountain(screenplay), screenplay.sha256))
    assert [(line.kind, line.text, line.dual) for scene in again.scenes for line in scene.lines] == [
        (line.kind, line.text, line.dual) for scene in screenplay.scenes for line in scene.lines
    ]
    assert [(scene.number, scene.omitted, scene.synopsis, scene.eighths) for scene in again.scenes] == [
        (scene.number, scene.omitted, scene.synopsis, scene.eighths) for scene in screenplay.scenes
    ]
    assert again.title_page == screenplay.title_page


def _read(corpus: Path, name: str) -> Screenplay:
    text = (corpus / f"{name}.fountain").read_text(encoding="utf-8")
    return assemble(read_fountain(text, "0" * 64))


def test_a_final_draft_script_survives_as_fountain(corpus: Path) -> None:
    path = corpus / "rearview-fdx/REARVIEW - 02-22-26 final draft changes.fdx"
    screenplay = assemble(read_fdx(path.read_bytes(), "0" * 64))
    again = assemble(read_fountain(write_fountain(screenplay), "0" * 64))
    assert [scene.number for scene in again.scenes] == [scene.number for scene in screenplay.scenes]
    assert {"71E", "71F", "87B", "150A", "308A"} <= {scene.number for scene in again.scenes}
    assert _printed(again) == _printed(screenplay)


def _printed(screenplay: Screenplay) -> list[tuple[str, str]]:
    """Kinds and words line by line; Fountain has no "general", and no empty lines of its own."""
    return [
        ("action" if line.kind == "general" else line.kind, " ".join(part.split()))
        for scene in screenplay.scenes
        for line in scene.lines
        for part in line.text.split("\n")
        if part.strip()
    ]
