"""The report in a real browser: a click shows the quote, nothing goes wrong, nothing goes out."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.exports import export
from tests.assistant.exports.sample import book

pytestmark = pytest.mark.browser
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("Debian's chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as player:
        running = player.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield running
        running.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """A function that opens a book's report; at the end there was no error and no request but for the file."""
    trouble: list[str] = []
    tab = browser.new_page(viewport={"width": 1360, "height": 860})
    tab.on("console", lambda message: trouble.append(message.text))
    tab.on("pageerror", lambda error: trouble.append(str(error)))
    tab.on("dialog", lambda dialog: trouble.append(f"a dialog opened: {dialog.message}"))
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))

    def show(hostile: bool = False) -> Any:
        (path,) = export(book(hostile=hostile), ["html"], tmp_path)
        tab.goto(path.as_uri())
        return tab

    yield show
    tab.close()
    assert trouble == []
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []


def turn(tab: Any, view: str) -> None:
    """Turn to a part of the report and wait until it shows."""
    tab.click(f"nav a[data-view={view}]")
    tab.locator(f"#{view}").wait_for()


def test_an_element_shows_its_quote_in_the_script(opened: Any) -> None:
    tab = opened()
    turn(tab, "sheets")
    tab.click("#s1 button.e:has-text('steamer trunk')")
    card = tab.locator("#card")
    assert card.is_visible()
    assert "steamer trunk" in card.locator("h2").inner_text()
    assert card.locator(".said mark").inner_text() == "drags a steamer trunk"
    assert "proposed" in card.inner_text()
    card.locator("text=Show in the script").click()
    tab.locator("#l3.lit").wait_for()
    tab.keyboard.press("Escape")
    assert not card.is_visible()


def test_a_quote_far_down_comes_into_view_also_a_second_time(opened: Any) -> None:
    tab = opened()
    turn(tab, "departments")
    tab.locator("#dept-props tr", has_text="brass key").locator("button").click()
    for _ in range(2):
        tab.locator("#card >> text=Show in the script").click()
        lit = tab.locator(".lit:has(mark:has-text('brass key'))")
        lit.wait_for()
        tab.wait_for_timeout(100)
        assert 0 < lit.bounding_box()["y"] < 860
        tab.mouse.move(600, 400)
        tab.mouse.wheel(0, -5000)


def test_a_highlight_shows_its_element(opened: Any) -> None:
    tab = opened()
    tab.keyboard.press("5")
    mark = tab.locator("mark", has_text="flare pistol").first
    mark.focus()
    tab.keyboard.press("Enter")
    assert tab.locator("#card h2").first.inner_text() == "flare pistol"
    assert tab.locator("#card .also .at").all_inner_texts() == ["4"]


def test_search_narrows_every_part(opened: Any) -> None:
    tab = opened()
    tab.keyboard.press("/")
    tab.keyboard.type("bouquet")
    tab.locator("#found", has_text="1 of 8 scenes").wait_for()
    tab.locator("#s8 .hit").wait_for()
    assert tab.locator(".sheet:visible").count() == 1
    assert tab.locator("#s8 .hit").inner_text() == "bouquet"
    turn(tab, "departments")
    assert tab.locator(".dept:visible").count() == 1
    tab.fill("#find", "")
    tab.locator("#dept-cast_members").wait_for()
    assert tab.locator(".dept:visible").count() == len(book().categories)


def test_a_category_and_a_strip_can_be_left_out(opened: Any) -> None:
    tab = opened()
    turn(tab, "sheets")
    tab.locator("#kinds label", has_text="Props").click()
    assert tab.locator(".box.k-props:visible").count() == 0
    tab.locator("#strips label", has_text="EXT NIGHT").click()
    assert tab.locator(".sheet:visible").count() == 6


def test_the_matrix_and_the_ribbon_lead_to_a_sheet(opened: Any) -> None:
    tab = opened()
    tab.locator(".ribbon rect").nth(3).click()
    assert tab.evaluate("location.hash") == "#s5"
    tab.keyboard.press("4")
    tab.locator(".line").first.click(position={"x": 60, "y": 10})
    assert tab.evaluate("location.hash") == "#s2"


def test_a_scene_number_leads_to_the_scene(opened: Any) -> None:
    tab = opened()
    tab.fill("#find", "2a")
    tab.keyboard.press("Enter")
    tab.locator("#s3:focus").wait_for()
    tab.keyboard.press("j")
    tab.locator("#s4:focus").wait_for()


def test_it_prints_one_scene_a_sheet(opened: Any, tmp_path: Path) -> None:
    tab = opened()
    turn(tab, "sheets")
    pdf = tab.pdf(format="A4")
    assert pdf.count(b"/Type /Page\n") == len(book().sheets)


def test_hostile_text_stays_text(opened: Any) -> None:
    tab = opened(hostile=True)
    turn(tab, "sheets")
    tab.locator("#s1 button.e").nth(2).click()
    assert "<img src=x onerror=alert(2)>" in tab.locator("#card h2").inner_text()
    assert tab.locator("img").count() == 0


def test_without_scripts_everything_can_be_read(browser: Any, tmp_path: Path) -> None:
    (path,) = export(book(), ["html"], tmp_path)
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(path.as_uri())
    assert tab.locator(".view:visible").count() == 5
    context.close()
