"""A short original script with its breakdown, written out by hand, so that exporters are tested without any reader."""

from itertools import count
from pathlib import Path
from typing import Any, cast

import yaml

from assistant.domain.breakdown import Breakdown, CastMember, Element, MergeProposal, Quote, SceneBreakdown, Source
from assistant.domain.categories import Category
from assistant.domain.screenplay import Heading, IntExt, Line, LineKind, Remark, Scene, Screenplay
from assistant.exports.book import Book, RunSummary

FILE = Path(__file__).parent / "last_ferry.yaml"
SHORT = {"a": "action", "c": "character", "d": "dialogue", "p": "parenthetical", "t": "transition", "n": "note"}
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&quot;\u2028"


def book(times: int = 1, hostile: bool | str = False) -> Book:
    """The sample, repeated `times` over for size; `hostile` puts markup, or its own text first, everywhere."""
    extra = HOSTILE if hostile is True else hostile or ""
    raw = yaml.safe_load(FILE.read_text("utf-8"))
    numbers, ordinals = count(1), count(1)
    scenes, parts, days = [], [], {}
    for turn in range(times):
        for told in raw["scenes"]:
            scene = _scene(told, next(ordinals), numbers, f"{turn or ''}", extra)
            scenes.append(scene)
            parts.append(_part(told, scene, extra))
            days[scene.ordinal] = told.get("day", "")
    screenplay = Screenplay(
        title="The Last Ferry" + extra,
        format="fountain",
        sha256="5e" * 32,
        scenes=tuple(scenes),
        title_page=(("Author", "An original sample"),),
        draft="Blue Revision",
        remarks=(Remark("Two headings without a blank line after were accepted.", 41),),
    )
    breakdown = Breakdown(
        scenes=tuple(parts),
        cast=_cast(raw["cast"], scenes, parts),
        merges=(MergeProposal("cast", "CAPTAIN ORR", "ORR", "the last word is the same"),),
    )
    return Book(screenplay, breakdown, days, RunSummary(("builtin/rules",), 9, 0.0, 3, 1.4))


def _scene(told: dict[str, Any], ordinal: int, numbers: Any, turn: str, extra: str) -> Scene:
    head = told["heading"]
    lines = [Line(next(numbers), "heading", head)]
    for paragraph in told.get("lines", []):
        short, _, text = paragraph.partition(" ")
        kind = cast(LineKind, SHORT[short])
        lines.append(Line(next(numbers), kind, text + (extra if kind == "action" else "")))
    side, _, rest = head.partition(". ")
    where, _, when = rest.rpartition(" - ")
    light = "NIGHT" if when == "CONTINUOUS" else when or None
    known = side in ("INT", "EXT", "INT/EXT")
    return Scene(
        ordinal=ordinal,
        number=told["number"] + turn,
        heading=Heading(head, cast(IntExt, side) if known else None, where + extra, light, when, light != when),
        lines=tuple(lines),
        eighths=told["eighths"],
        eighths_source="computed",
        page=ordinal // 3 + 1,
        omitted=told["eighths"] == 0,
        synopsis=None,
    )


def _part(told: dict[str, Any], scene: Scene, extra: str) -> SceneBreakdown:
    elements = []
    for entry in told.get("elements", []):
        key, name, words, *more = (part.strip() for part in entry.split("|"))
        line = next(line for line in scene.lines if words in line.text)
        elements.append(
            Element(
                scene=scene.ordinal,
                category=Category(key),
                name=extra + name if extra.startswith("=") else name + extra,
                evidence=Quote(scene.ordinal, line.number, words),
                implied="implied" in more,
                quantity=next((int(part) for part in more if part.isdigit()), None),
                status="rejected" if "rejected" in more else "accepted" if "accepted" in more else "proposed",
                source=Source("builtin/rules", "breakdown@1", "a1"),
            )
        )
    return SceneBreakdown(scene.ordinal, tuple(elements), 0, told.get("synopsis"))


def _cast(roles: list[str], scenes: list[Scene], parts: list[SceneBreakdown]) -> tuple[CastMember, ...]:
    members = []
    for number, name in enumerate(roles, 1):
        found = tuple(
            part.scene for part in parts if any(e.category is Category.CAST and name in e.name for e in part.elements)
        )
        lines = [line for scene in scenes for line in scene.lines]
        speeches = sum(line.kind == "character" and line.text.startswith(name) for line in lines)
        members.append(CastMember(str(number), name, found, bool(speeches), (), speeches))
    return tuple(members)
