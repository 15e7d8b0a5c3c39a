"""`pa scenes`, `cast`, `elements`, `show`, `length`: looking at what is known, and a length put right by hand."""

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import NotFound
from assistant.interfaces.cli.common import DraftOption, JsonOption, ProductionOption, open_app, print_json

if TYPE_CHECKING:
    from assistant.domain.screenplay import Scene, Screenplay


def _scene_names(ctx: typer.Context, incomplete: str) -> list[str]:
    """Scene numbers for shell completion; silent where there is no production."""
    try:
        app = open_app(None)
        script = app.store.screenplay(app.store.current_draft().seq)
    except NotFound:
        return []
    return [scene.label for scene in script.scenes if scene.label.casefold().startswith(incomplete.casefold())]


def _category_names(incomplete: str) -> list[str]:
    from assistant.domain.categories import Category

    return [category.value for category in Category if category.value.startswith(incomplete)]


SceneArgument = Annotated[
    str, typer.Argument(help='A scene number ("12A"), or "#7" for the seventh.', autocompletion=_scene_names)
]
CategoryOption = Annotated[
    str | None,
    typer.Option(
        "--category", "-c", help="One category, e.g. props.", autocompletion=_category_names, show_default=False
    ),
]


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.command("scenes")(scenes)
    cli.command("cast")(cast)
    cli.command("elements")(elements)
    cli.command("show")(show)
    cli.command("length")(length)


def scenes(production: ProductionOption = None, draft: DraftOption = None, as_json: JsonOption = False) -> None:
    """The scenes in script order, with their lengths in eighths and where the lengths come from."""
    from assistant.exports.json_file import as_dict
    from assistant.interfaces.cli import render

    book = open_app(production).book(draft)
    if as_json:
        keep = {"scenes": [{k: v for k, v in row.items() if k != "elements"} for row in as_dict(book)["scenes"]]}
        print_json({"schema": "pa.scenes/1", **keep})
    else:
        render.scenes(book)


def cast(production: ProductionOption = None, draft: DraftOption = None, as_json: JsonOption = False) -> None:
    """The cast by board number, with their scenes, and the names that may be one person."""
    from assistant.exports.json_file import as_dict
    from assistant.interfaces.cli import render

    book = open_app(production).book(draft)
    if as_json:
        merges = [{"keep": m.keep, "other": m.other, "why": m.why} for m in book.breakdown.merges if m.kind == "cast"]
        print_json({"schema": "pa.cast/1", "cast": as_dict(book)["cast"], "merge_proposals": merges})
    else:
        render.cast(book)


def elements(
    category: CategoryOption = None,
    production: ProductionOption = None,
    draft: DraftOption = None,
    as_json: JsonOption = False,
) -> None:
    """What the scenes need, by category, each with the words of the script that say so."""
    from assistant.exports.json_file import as_dict
    from assistant.interfaces.cli import render
    from assistant.interfaces.cli.names import category_named

    wanted = category_named(category) if category else None
    book = open_app(production).book(draft)
    if as_json:
        rows = [
            {"scene": scene["number"] or f"#{scene['ordinal']}", **element}
            for scene in as_dict(book)["scenes"]
            for element in scene["elements"]
            if wanted is None or element["category"] == wanted.value
        ]
        print_json({"schema": "pa.elements/1", "elements": rows})
    else:
        render.elements(book, wanted)


def show(
    scene: SceneArgument, production: ProductionOption = None, draft: DraftOption = None, as_json: JsonOption = False
) -> None:
    """One scene as it is written, its elements highlighted in the trade's colours."""
    from assistant.exports.json_file import as_dict
    from assistant.interfaces.cli import render

    book = open_app(production).book(draft)
    found = scene_named(book.screenplay, scene)
    if as_json:
        row = next(row for row in as_dict(book)["scenes"] if row["ordinal"] == found.ordinal)
        lines = [{"line": line.number, "kind": line.kind, "text": line.text} for line in found.lines]
        print_json({"schema": "pa.scene/1", **row, "lines": lines})
    else:
        render.scene(book, found)


def length(
    scene: SceneArgument,
    pages: Annotated[str, typer.Argument(help='The length in eighths, "1 4/8", or "auto" to undo.')],
    production: ProductionOption = None,
    draft: DraftOption = None,
) -> None:
    """Put a scene's length right by hand; "auto" gives it back to the parser."""
    from assistant.domain.screenplay import eighths_of

    app = open_app(production)
    seq = draft or app.store.current_draft().seq
    found = scene_named(app.store.screenplay(seq), scene)
    try:
        value = None if pages == "auto" else eighths_of(pages)
    except ValueError:
        raise typer.BadParameter(f"{pages!r} is not a length; write 3/8, 1 4/8 or auto.") from None
    app.store.override_eighths(seq, found.ordinal, value)
    typer.echo(f"Scene {found.label}: {pages}", err=True)


def scene_named(script: "Screenplay", name: str) -> "Scene":
    """The scene with this number, or the n-th as "#n". Raises NotFound with the nearest numbers."""
    import difflib

    wanted = name.strip().casefold()
    for found in script.scenes:
        if (found.number or "").casefold() == wanted or f"#{found.ordinal}" == wanted:
            return found
    near = difflib.get_close_matches(name, [found.label for found in script.scenes], n=3, cutoff=0.3)
    hint = f"Near it: {', '.join(near)}." if near else "`pa scenes` lists them."
    raise NotFound(f"There is no scene {name} in this draft.", hint)
