"""The breakdown as one HTML file that opens from a disk, asks the network for nothing and runs only its own script."""

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from assistant.domain.categories import FACTS, label
from assistant.domain.screenplay import pages
from assistant.exports.book import Book
from assistant.exports.continuity.timeline import timeline
from assistant.exports.files import write
from assistant.exports.overview import COSTLY
from assistant.exports.report_view import View, facts, ribbon
from assistant.exports.strips import STRIPS, strip_of

PARTS = Path(__file__).parent / "report"
_CLASSES = {
    "heading": "h",
    "action": "a",
    "character": "c",
    "parenthetical": "p",
    "dialogue": "d",
    "lyrics": "d y",
    "transition": "t",
    "shot": "a s",
    "centered": "m",
    "general": "a",
    "section": "n",
    "synopsis": "n",
    "note": "n",
}


def export(book: Book, folder: Path, stem: str) -> list[Path]:
    """Write `<stem>.html`."""
    return [write(folder / f"{stem}.html", render(book).encode("utf-8", "replace"))]


def render(book: Book) -> str:
    """The whole page."""
    css = (PARTS / "report.css").read_text("utf-8") + _colours()
    if book.continuity:
        css += (PARTS / "continuity.css").read_text("utf-8")
    js = (PARTS / "report.js").read_text("utf-8")
    view = View(book)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            book=book,
            view=view,
            ribbon=ribbon(book),
            css=Markup(css),
            js=Markup(js),
            policy=_policy(css, js),
            data=_embedded(view.data),
        )
    )


@cache
def _environment() -> Environment:
    """Where the page's parts are; they are compiled once in a process."""
    environment = Environment(
        loader=FileSystemLoader(PARTS), autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    environment.globals.update(
        pages=pages,
        label=label,
        facts=facts,
        strip_of=strip_of,
        classes=_CLASSES,
        category_facts=FACTS,
        costly=COSTLY,
        timeline=timeline,
    )
    return environment


def _colours() -> str:
    """One rule a category and a strip, so that the page needs no style attribute."""
    kinds = [
        f".k-{category}{{--c:{known.colour}}}"
        f".no-{category} .box.k-{category},.no-{category} .dept.k-{category}{{display:none}}"
        f".no-{category} mark.k-{category}{{--c:transparent;pointer-events:none}}"
        for category, known in FACTS.items()
    ]
    strips = [f".s-{strip.key}{{--strip:{strip.fill}}}" for strip in STRIPS.values()]
    return "\n".join(kinds + strips)


def _policy(css: str, js: str) -> str:
    """A content security policy that lets in this very style and this very script."""
    return (
        f"default-src 'none'; style-src '{_hash(css)}'; script-src '{_hash(js)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _embedded(data: dict[str, Any]) -> Markup:
    """JSON that can not end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)
