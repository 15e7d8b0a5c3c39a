"""The stripboard as one HTML file: strips in their colours, filter by word, hover for what a scene needs."""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from assistant.domain.boardbook import BoardBook
from assistant.exports.boards.plain import plain
from assistant.exports.files import write

PARTS = Path(__file__).parent.parent / "report"


def export(book: BoardBook, folder: Path, stem: str) -> list[Path]:
    """Write `<stem>-stripboard.html`."""
    return [write(folder / f"{stem}-stripboard.html", render(book).encode("utf-8", "replace"))]


def render(book: BoardBook) -> str:
    """The whole page; it asks the network for nothing and runs only its own script."""
    css, js = ((PARTS / f"board.{kind}").read_text("utf-8") for kind in ("css", "js"))
    environment = Environment(
        loader=FileSystemLoader(PARTS), autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    allowed = base64.b64encode(hashlib.sha256(js.encode()).digest()).decode()
    sources = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'"
    policy = f"{sources}; base-uri 'none'; form-action 'none'"
    page = environment.get_template("board.html.j2")
    return page.render(board=plain(book), css=Markup(css), js=Markup(js), policy=policy)
