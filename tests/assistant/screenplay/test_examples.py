"""The example productions are what they claim: one script in two formats, full of what a production trips over."""

from pathlib import Path

import pytest

from assistant.domain.screenplay import Screenplay
from assistant.screenplay.assemble import assemble
from assistant.screenplay.fdx import read_fdx
from assistant.screenplay.fountain import read_fountain
from tests.conftest import ROOT

FERRY = ROOT / "examples/the-ferry"
TRAM = ROOT / "examples/el-ultimo-tranvia"


def _fountain(path: Path) -> Screenplay:
    return assemble(read_fountain(path.read_text(encoding="utf-8"), "0" * 64))


@pytest.fixture(scope="module")
def ferry() -> Screenplay:
    return _fountain(FERRY / "the-ferry.fountain")


def test_both_formats_give_the_same_scenes(ferry: Screenplay) -> None:
    other = assemble(read_fdx((FERRY / "the-ferry.fdx").read_bytes(), "0" * 64))
    assert [(s.number, s.heading, s.eighths, s.omitted, s.synopsis) for s in other.scenes] == [
        (s.number, s.heading, s.eighths, s.omitted, s.synopsis) for s in ferry.scenes
    ]
    assert [s.text for s in other.scenes] == [s.text for s in ferry.scenes]
    assert {s.eighths_source for s in other.scenes if not s.omitted} == {"fdx"}
    assert (other.title, other.page_size) == (ferry.title, ferry.page_size)


def test_the_ferry_is_long_enough_and_locked(ferry: Screenplay) -> None:
    numbers = [scene.number for scene in ferry.scenes]
    assert numbers == [*map(str, range(1, 13)), "12A", *map(str, range(13, 31))]
    assert ferry.eighths >= 12 * 8
    assert [scene.number for scene in ferry.scenes if scene.omitted] == ["17"]
    assert not ferry.remarks


def test_times_are_inherited_through_the_continuous_run(ferry: Screenplay) -> None:
    run = [scene for scene in ferry.scenes if scene.heading.inherits]
    assert [scene.number for scene in run] == ["13", "14", "15", "24"]
    assert [scene.time_of_day for scene in run] == ["NIGHT", "NIGHT", "NIGHT", "DAWN"]


@pytest.mark.parametrize(
    ("earlier", "said", "later", "against"),
    [("14", "The lantern strikes the water, hisses and sinks.", "21", "swings the brass lantern"),
     ("13", "a gash across the left palm", "24", "her bandaged right hand")],
)  # fmt: skip
def test_the_two_slips_a_continuity_check_should_find(
    ferry: Screenplay, earlier: str, said: str, later: str, against: str
) -> None:
    text = {scene.number: scene.text for scene in ferry.scenes}
    assert said in text[earlier]
    assert against in text[later]


def test_the_spanish_script() -> None:
    tram = _fountain(TRAM / "el-ultimo-tranvia.fountain")
    assert (tram.title, tram.language, tram.draft) == ("EL ÚLTIMO TRANVÍA", "es", "2 de mayo de 2026")
    assert [scene.time_of_day for scene in tram.scenes] == ["NIGHT", "NIGHT", "NIGHT", "NIGHT", "DAY", "DAWN"]


def test_the_papers_name_scenes_that_exist(ferry: Screenplay) -> None:
    pages = {scene.number: scene for scene in ferry.scenes}
    sheet = (FERRY / "callsheet-day-1.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in sheet.split("## Cast")[0].split("\n")]
    called = [row for row in rows if row[0] in pages and len(row) == 6]
    assert [row[0] for row in called] == ["2", "1", "3", "10"]
    for number, heading, time, *_ in called:
        assert pages[number].heading.text == f"{heading} - {time}".upper()
