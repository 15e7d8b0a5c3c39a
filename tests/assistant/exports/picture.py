"""`python -m tests.assistant.exports.picture REPORT.html SCENE ELEMENT OUT.png`: the README's picture, taken again."""

import shutil
import sys
from pathlib import Path


def take(report: Path, scene: str, element: str, out: Path) -> None:
    """A scene's sheet with one element's card open. `scene` is the ordinal."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1320, "height": 820}, device_scale_factor=1.5)
        tab.goto(f"{report.resolve().as_uri()}#s{scene}")
        tab.locator(f"#s{scene} button.e", has_text=element).first.click()
        tab.evaluate(f"scrollTo(0, document.getElementById('s{scene}').offsetTop - 24)")
        tab.screenshot(path=out, animations="disabled")
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]))
