"""The report as a file: everything in it, nothing that could run or call out."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.breakdown import Element, Quote
from assistant.domain.categories import Category
from assistant.domain.screenplay import Screenplay
from assistant.exports.book import Book
from assistant.exports.evidence import pieces, span
from assistant.exports.html_file import render
from assistant.exports.report_view import View, ribbon
from tests.assistant.exports.sample import HOSTILE, book


class Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def page() -> str:
    return render(book())


def test_every_scene_has_a_sheet_and_every_line_stands_in_the_script(page: str) -> None:
    ids = {attributes.get("id") for _, attributes in Tags(page).found}
    for scene in book().screenplay.scenes:
        assert f"s{scene.ordinal}" in ids
        assert {f"l{line.number}" for line in scene.lines} <= ids


def test_ids_are_unique(page: str) -> None:
    ids = [attributes["id"] for _, attributes in Tags(page).found if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_a_note_that_shares_its_line_s_number_takes_nothing_from_it() -> None:
    told = book()
    first = told.screenplay.scenes[0]
    note = replace(first.lines[1], kind="note", text="ask the weather")
    lines = (first.lines[0], note, *first.lines[1:])
    scenes = (replace(first, lines=lines), *told.screenplay.scenes[1:])
    page = render(replace(told, screenplay=replace(told.screenplay, scenes=scenes)))
    assert '<p class="n">ask the weather</p>' in page
    assert page.count('id="l2"') == 1
    assert re.search(r'<p class="a" id="l2"><mark[^>]*>Rain</mark> hammers', page)


def test_it_says_that_elements_are_proposals(page: str) -> None:
    assert "proposed by builtin/rules: a proposal until a person accepts it" in page
    assert "3 claims cut, because the quote does not stand in the script" in page


def test_nothing_is_fetched_and_no_attribute_runs(page: str) -> None:
    for tag, attributes in Tags(page).found:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcdoc")], tag
        for name in ("src", "href", "action"):
            value = attributes.get(name) or ""
            assert value in ("", "data:,") or value.startswith("#"), (tag, value)
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org)", page)


def test_the_policy_lets_in_one_style_and_one_script(page: str) -> None:
    (policy,) = (a["content"] for t, a in Tags(page).found if a.get("http-equiv") == "Content-Security-Policy")
    assert policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert policy.count("sha256-") == 2


def test_hostile_text_adds_no_tag() -> None:
    hostile = Tags(render(book(hostile=True))).found
    plain = Tags(render(book())).found
    assert sum(tag == "script" for tag, _ in hostile) == sum(tag == "script" for tag, _ in plain) == 2
    assert not [tag for tag, _ in hostile if tag == "img"]


def test_hostile_text_reads_back_from_the_data() -> None:
    page = render(book(hostile=True))
    data = json.loads(re.findall(r'id="data">(.*?)</script>', page, re.S)[0])
    assert all(element[2].endswith(HOSTILE) for element in data["elements"])


def test_a_script_without_scenes_or_elements_still_makes_a_page() -> None:
    empty = Screenplay("", "text", "0" * 64, ())
    assert "Breakdown sheets" in render(Book(empty, book().breakdown))


def test_a_feature_stays_small() -> None:
    page = render(book(times=30))
    assert len(page.encode()) < 2_000_000


def test_the_ribbon_is_as_long_as_the_script() -> None:
    parts = ribbon(book())
    assert [strip.key for _, _, strip, _ in parts] == [
        "ext-night",
        "int-night",
        "int-night",
        "ext-night",
        "ext-dusk",
        "ext-day",
        "int-day",
    ]
    left, width, _, _ = parts[-1]
    assert left + width == book().screenplay.eighths


def test_the_scenes_to_plan_first_are_the_heavy_ones() -> None:
    assert [sheet.scene.label for sheet in View(book()).overview.heaviest][:2] == ["4", "1"]


def test_the_matrix_tells_speaking_from_being_there() -> None:
    roles = {role.member.name: role for role in View(book()).matrix}
    assert roles["THE STRANGER"].speaks == ""
    assert roles["THE STRANGER"].seen.count("M") == 1
    assert roles["TOBY"].speaks.count("M") == 2
    assert roles["TOBY"].seen.count("M") == 2


LINE = "Orr, scarred, takes flare pistols from the cart; two PORTERS carry cars."


@pytest.mark.parametrize(
    ("name", "quote", "implied", "marked"),
    [
        ("flare pistols", "takes flare pistols", False, "flare pistols"),
        ("Flare Pistol", "takes flare pistols", False, "flare pistols"),
        ("porter", LINE, False, "PORTERS"),
        ("car", LINE, False, "cars"),
        ("toy car", LINE, False, "cars"),
        ("gun", "takes flare pistols", False, "takes flare pistols"),
        ("holster", "takes flare pistols", True, "takes flare pistols"),
        ("gun", "words of another line", False, LINE),
    ],
)
def test_the_words_that_are_highlighted(name: str, quote: str, implied: bool, marked: str) -> None:
    start, end, _ = span(LINE, Element(1, Category.PROPS, name, Quote(1, 1, quote), implied), 0)
    assert LINE[start:end] == marked


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 9)), max_size=6))
def test_pieces_joined_are_the_line(text: str, spans: list[tuple[int, int, int]]) -> None:
    inside = [(min(a, b, len(text)), min(max(a, b), len(text)), index) for a, b, index in spans]
    cut = pieces(text, inside)
    assert "".join(piece.text for piece in cut) == text
    shown = {index for piece in cut for index in piece.elements}
    assert shown == {index for start, end, index in inside if start < end}
