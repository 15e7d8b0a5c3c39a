"""Synopses and names of one person: taken from a model only where the script bears them out."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app import App
from assistant.exports.book import Book
from tests.assistant.workflows.making import NOBODY, fenced, honest, production, said, script
from tests.loopback import Loopback, Reply, Request

PIER = {
    "EXT. PIER - NIGHT": "MARA (40) lights a lantern. Fog.\n\nMARA\nWho is there?",
    "INT. BOATHOUSE - DAY": "= Ivo is caught.\n\nIVO ties a rope to the boat.\n\nIVO\nLeave the rope.",
    "EXT. HARBOUR - DAY": "THE GUARD waves.\n\nTHE GUARD\nMove along, Mara.",
}
ALL = {"models": {"pin": {"breakdown": "onprem/mine", "synopsis": "onprem/mine", "cast": "onprem/mine"}}}


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


def telling(synopsis: str, quote: str, aliases: list[dict[str, str]] | None = None) -> Reply:
    """A model that knows all three tasks."""

    def tell(request: Request) -> str:
        if "one-line synopsis" in said(request):
            return json.dumps({"synopsis": synopsis, "quotes": [quote]})
        if "cast list" in said(request):
            return json.dumps({"aliases": aliases or []})
        return honest(request)

    return Reply(text=tell)


def told(book: Book) -> dict[str, str]:
    """Synopses by scene."""
    return {sheet.scene.label: sheet.synopsis for sheet in book.sheets}


def test_without_a_model_the_scene_tells_itself_in_its_own_words(tmp_path: Path) -> None:
    file = script(tmp_path, PIER)
    app = App.init(tmp_path / "p", "Made")
    assert set(told(app.breakdown(file)).values()) == {"", "Ivo is caught."}
    again = told(app.breakdown(file, synopses=True))
    assert again == {"#1": "MARA (40) lights a lantern.", "#2": "Ivo is caught.", "#3": "THE GUARD waves."}
    assert told(app.breakdown(file)) == again, "once told they stay with the draft"


def test_a_model_is_asked_where_the_writer_wrote_none_and_once_only(tmp_path: Path, server: Loopback) -> None:
    server.script("mine", telling("Somebody waits in the fog.", "lights a lantern"))
    file = script(tmp_path, PIER)
    app = production(tmp_path / "p", server, ALL)
    book = app.breakdown(file, synopses=True)
    assert told(book) == {"#1": "Somebody waits in the fog.", "#2": "Ivo is caught.", "#3": "THE GUARD waves."}
    asked = [request for request in server.requests if "one-line synopsis" in said(request)]
    assert {fenced(request, "scene").splitlines()[0] for request in asked} == {
        "EXT. PIER - NIGHT",
        "EXT. HARBOUR - DAY",
    }
    count = len(server.requests)
    assert told(app.breakdown(file, synopses=True)) == told(book) and len(server.requests) == count


def test_a_synopsis_that_names_somebody_from_elsewhere_is_not_taken(tmp_path: Path, server: Loopback) -> None:
    server.script("mine", telling("Ivo waits for Mara in the fog.", "lights a lantern"))
    book = production(tmp_path / "p", server, ALL).breakdown(script(tmp_path, PIER), synopses=True)
    assert told(book)["#1"] == "MARA (40) lights a lantern."


def claim(keep: str, keep_quote: str, other: str, other_quote: str) -> dict[str, str]:
    """Two names that a model takes for one."""
    return {"keep": keep, "other": other, "keep_quote": keep_quote, "other_quote": other_quote, "why": "a hunch"}


def test_names_are_proposed_only_with_both_names_and_both_quotes(tmp_path: Path, server: Loopback) -> None:
    claims = [
        claim("IVO", "IVO ties a rope", "THE GUARD", "THE GUARD waves"),
        claim("MARA", "MARA (40) lights", "NOBODY", "nobody there"),
        claim("MARA", "Mara was the guard", "THE GUARD", "THE GUARD waves"),
        claim("IVO", "IVO ties a rope", "IVO", "IVO ties a rope"),
    ]
    server.script("mine", telling("x", "x", claims))
    notes: list[str] = []
    app = production(tmp_path / "p", server, ALL)
    book = app.breakdown(script(tmp_path, PIER), lambda event: notes.append(event.note))
    assert [(item.kind, item.keep, item.other) for item in book.breakdown.merges] == [("cast", "IVO", "THE GUARD")]
    assert "a hunch" in book.breakdown.merges[0].why and "IVO ties a rope" in book.breakdown.merges[0].why
    assert "3 claims about names cut" in notes
    assert {member.name for member in book.breakdown.cast} == {"MARA", "IVO", "THE GUARD"}, "nothing is merged unasked"


def test_rules_alone_compare_names_where_the_model_gives_no_use(tmp_path: Path, server: Loopback) -> None:
    server.script("mine", Reply(text=lambda request: "no" if "cast list" in said(request) else honest(request)))
    file = script(tmp_path, {**PIER, "INT. MILL - DAY": "MR. IVO naps.\n\nMR. IVO\nHm."})
    book = production(tmp_path / "p", server, ALL).breakdown(file)
    alone = production(tmp_path / "q", server, {"models": {"pin": NOBODY}}).breakdown(file)
    assert book.breakdown.merges == alone.breakdown.merges != ()
