"""Real scripts are printed to PDF, read back and compared line by line; real PDFs are read or refused with a reason."""

import difflib
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.domain.screenplay import Screenplay
from assistant.errors import BadInput
from assistant.screenplay import parse, parse_bytes
from tests.assistant.screenplay.printing import COLUMNS, Style, pdf_of

EXPLAINED: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("pdf_differences.yaml").read_text(encoding="utf-8"))
NOT_IN_THE_FONT = re.compile(r"[\u0b80-\u1dff\u2e80-\uffef]")
Row = tuple[str, str]


def printable(play: Screenplay) -> Screenplay:
    """With an "o" for every letter that the page's font does not have."""
    scenes = [
        replace(scene, lines=tuple(replace(line, text=NOT_IN_THE_FONT.sub("o", line.text)) for line in scene.lines))
        for scene in play.scenes
    ]
    return replace(play, scenes=tuple(scenes))


def rows_of(play: Screenplay) -> list[Row]:
    return [
        (line.kind, " ".join(line.text.split()))
        for scene in play.scenes
        for line in scene.lines
        if line.kind in COLUMNS and line.text.strip()
    ]


def differences(before: list[Row], after: list[Row]) -> Counter[str]:
    """How many groups of rows differ, by what differs in them."""
    found: Counter[str] = Counter()
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        was, became = before[a:b], after[c:d]
        same_words = " ".join(text for _, text in was) == " ".join(text for _, text in became)
        if not same_words:
            found["other"] += 1
        elif len(was) == len(became):
            found.update(f"{one[0]} as {other[0]}" for one, other in zip(was, became, strict=True))
        else:
            found["joined" if len(was) > len(became) else "split"] += 1
    return found


@pytest.mark.parametrize("name", sorted(EXPLAINED["printed"]))
def test_a_printed_script_reads_as_it_was_written(corpus: Path, name: str) -> None:
    expected = EXPLAINED["printed"][name]
    play = printable(parse(corpus / name))
    back = parse_bytes(pdf_of(play, Style(**expected.get("style", {}))), "printed.pdf")
    lost = set(expected.get("headings_lost", ()))
    wanted = [scene for scene in play.scenes if scene.ordinal not in lost]
    if expected.get("style", {}).get("numbers", True):
        assert [scene.number for scene in back.scenes] == [scene.number for scene in wanted]
    assert [_slug(scene.heading.text) for scene in back.scenes] == [_slug(s.heading.text) for s in wanted]
    assert [(s.int_ext, s.set, s.time_of_day) for s in back.scenes] == [
        (s.int_ext, s.set, s.time_of_day) for s in wanted
    ]
    assert len(back.scenes) == expected["scenes"]
    counts = {what: entry["count"] for what, entry in expected.get("differences", {}).items()}
    assert dict(differences(rows_of(play), rows_of(back))) == counts


def _slug(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", sorted(EXPLAINED["refused"]))
def test_pdfs_that_can_not_be_read_say_why(corpus: Path, name: str) -> None:
    with pytest.raises(BadInput, match=EXPLAINED["refused"][name]["said"]):
        parse(corpus / name)


def test_a_bilingual_script_set_by_another_program(corpus: Path) -> None:
    """Headings and names in English, the rest in Malayalam, dialogue centred; numbers to the left only."""
    play = parse(corpus / "scriptty-ml" / "screenplay.pdf")
    assert [scene.number for scene in play.scenes] == ["1", "2", "4", "5", "6", "7"]
    assert play.scenes[0].heading.text == "EXT. BARREN VALLEY - DAY"
    assert [line.kind for line in play.scenes[0].lines] == [
        "heading",
        "action",
        "character",
        "parenthetical",
        "dialogue",
        "action",
        "transition",
    ]
    assert play.page_size == "a4"
    assert dict(play.title_page)["Author"] == "Hrishikesh Bhaskaran"
    assert [remark.what for remark in play.remarks] == [
        "The sheets from 6 on count their pages anew and hold no new scenes; they were left out."
    ]
