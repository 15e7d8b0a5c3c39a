"""The breakdown as JSON for other programs; the shape is a contract, see schemas/breakdown-1.json."""

import json
from pathlib import Path
from typing import Any

from assistant.domain.breakdown import CastMember, Element
from assistant.exports.book import Book, Sheet
from assistant.exports.files import write

SCHEMA = "pa.breakdown/1"
SCHEMA_FILE = Path(__file__).parent / "schemas" / "breakdown-1.json"


def as_dict(book: Book) -> dict[str, Any]:
    """What `pa breakdown --json` prints; what a person rejected is still there, with its status."""
    script = book.screenplay
    every = {part.scene: part.elements for part in book.breakdown.scenes}
    return {
        "schema": SCHEMA,
        "script": {
            "title": script.title,
            "format": script.format,
            "sha256": script.sha256,
            "draft": script.draft,
            "eighths": script.eighths,
        },
        "scenes": [_scene(sheet, every.get(sheet.scene.ordinal, ())) for sheet in book.sheets],
        "cast": [_member(member) for member in book.breakdown.cast],
        "run": {
            "models": list(book.run.models),
            "attempts": book.run.attempts,
            "cost_usd": book.run.cost_usd,
            "rejected": book.run.rejected,
            "truncated": book.run.truncated,
            "problems": [{"scene": scene, "why": why} for scene, why in book.run.problems],
        },
    }


def _scene(sheet: Sheet, elements: tuple[Element, ...]) -> dict[str, Any]:
    scene = sheet.scene
    return {
        "ordinal": scene.ordinal,
        "number": scene.number,
        "heading": scene.heading.text,
        "int_ext": scene.int_ext,
        "set": scene.set,
        "time_of_day": scene.time_of_day,
        "script_day": sheet.script_day or None,
        "eighths": scene.eighths,
        "eighths_source": scene.eighths_source,
        "page": scene.page,
        "omitted": scene.omitted,
        "synopsis": sheet.synopsis or None,
        "elements": [_element(element) for element in elements],
    }


def _element(element: Element) -> dict[str, Any]:
    return {
        "category": element.category.value,
        "name": element.name,
        "implied": element.implied,
        "status": element.status,
        "evidence": {"quote": element.evidence.text, "line": element.evidence.line},
        "source": {
            "model": element.source.model,
            "prompt": element.source.prompt,
            "attempt": element.source.attempt,
        },
    }


def _member(member: CastMember) -> dict[str, Any]:
    return {
        "id": member.id,
        "name": member.name,
        "aliases": list(member.aliases),
        "scenes": list(member.scenes),
    }


def export(book: Book, folder: Path, stem: str) -> list[Path]:
    """Write `<stem>.json`."""
    text = json.dumps(as_dict(book), ensure_ascii=False, indent=1)
    return [write(folder / f"{stem}.json", text.encode("utf-8", "replace") + b"\n")]
