"""The stripboard in a real browser: filter, hover, no request, no error, and hostile text stays text."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.exports.boards import export_board
from assistant.exports.strips import STRIPS
from tests.assistant.exports.sample import book
from tests.assistant.exports.test_boards import made
from tests.assistant.exports.test_report_in_browser import browser

__all__ = ["browser"]
pytestmark = pytest.mark.browser


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """A function that opens a stripboard; at the end there was no error and no request but for the file."""
    trouble: list[str] = []
    asked: list[str] = []
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    tab.on("console", lambda message: trouble.append(message.text))
    tab.on("pageerror", lambda error: trouble.append(str(error)))
    tab.on("dialog", lambda dialog: trouble.append(f"a dialog opened: {dialog.message}"))
    tab.on("request", lambda request: asked.append(request.url))

    def show(hostile: bool = False) -> Any:
        (path,) = export_board(made(book(hostile=hostile))[0], ["html"], tmp_path)
        tab.goto(path.as_uri())
        return tab

    yield show
    tab.close()
    assert trouble == []
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []


def visible(tab: Any, selector: str) -> int:
    return int(tab.eval_on_selector_all(selector, "all => all.filter(item => item.checkVisibility()).length"))


def test_the_filter_keeps_strips_with_every_word_and_says_how_many(opened: Any) -> None:
    tab = opened()
    every = visible(tab, ".strip")
    board = made()[0]
    member = dict(board.cast)[board.days[0].strips[0].cast[0]]
    holding = [s for d in board.days for s in d.strips if board.days[0].strips[0].cast[0] in s.cast]
    holding += [s for s in board.boneyard if board.days[0].strips[0].cast[0] in s.cast]
    tab.keyboard.press("/")
    tab.keyboard.type(member)
    assert 0 < visible(tab, ".strip") == len(holding) < every
    assert tab.locator("#count").inner_text() == f"{len(holding)} of {every} strips"
    tab.keyboard.type(" zzz")
    assert visible(tab, ".strip") == 0 and visible(tab, ".day") == 0 and visible(tab, ".move") == 0
    tab.keyboard.press("Escape")
    assert visible(tab, ".strip") == every


def test_a_strip_shows_what_it_needs_under_the_pointer_and_at_the_keyboard(opened: Any) -> None:
    tab = opened()
    first = tab.locator(".strip").first
    card = first.locator(".card")
    assert not card.is_visible()
    first.hover()
    assert card.is_visible()
    needs = [name for _, names in made()[0].days[0].strips[0].needs for name in names]
    assert needs and all(name in card.inner_text() for name in needs)
    tab.mouse.move(2, 2)
    assert not card.is_visible()
    first.focus()
    assert card.is_visible()


def test_strips_are_painted_and_days_end_in_black(opened: Any) -> None:
    tab = opened()
    paint = "item => getComputedStyle(item).backgroundColor"
    fills = set(tab.eval_on_selector_all(".strip", f"all => all.map({paint})"))
    board = made()[0]
    strips = [*board.boneyard, *(strip for day in board.days for strip in day.strips)]
    wanted = (bytes.fromhex(STRIPS[strip.colour].fill[1:]) for strip in strips)
    assert fills == {f"rgb({red}, {green}, {blue})" for red, green, blue in wanted} and len(fills) > 2
    assert set(tab.eval_on_selector_all(".break", f"all => all.map({paint})")) == {"rgb(0, 0, 0)"}
    moves = tab.locator(".move").count()
    days = board.days
    assert moves == sum(a.location != b.location for d in days for a, b in zip(d.strips, d.strips[1:], strict=False))


def test_hostile_text_stays_text(opened: Any) -> None:
    tab = opened(hostile=True)
    assert visible(tab, ".strip") > 3
    assert "<script>alert(1)</script>" in tab.locator("main").inner_text()
