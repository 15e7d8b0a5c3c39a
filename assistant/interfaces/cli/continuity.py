"""`pa continuity`: what must match, what can not be true, and a person's word on both."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import NotFound
from assistant.interfaces.cli.common import DraftOption, JsonOption, ProductionOption, open_app, print_json

if TYPE_CHECKING:
    from assistant.app import App
    from assistant.domain.continuity import Continuity
    from assistant.domain.screenplay import Screenplay

continuity_cli = typer.Typer(help="What must match, and what can not be true.", no_args_is_help=False)

WhoOption = Annotated[
    str, typer.Option("--who", help="Who says so. Default: the name you are signed in under.", show_default=False)
]
SceneArgument = Annotated[str, typer.Argument(help='A scene number ("12A"), or "#7" for the seventh.')]
FORMATS = "pdf,looks,csv,xlsx,json"


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.add_typer(continuity_cli, name="continuity")


@continuity_cli.callback(invoke_without_command=True)
def continuity(
    ctx: typer.Context, production: ProductionOption = None, draft: DraftOption = None, as_json: JsonOption = False
) -> None:
    """Read the newest draft for continuity and show what was found."""
    if ctx.invoked_subcommand is None:
        show(production, draft, as_json)


@continuity_cli.command("run")
def run(
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Folder. Default: `continuity` in the production.", show_default=False),
    ] = None,
    formats: Annotated[str, typer.Option("--format", "-f", metavar="FORMATS", help="Comma-separated.")] = FORMATS,
    production: ProductionOption = None,
    draft: DraftOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read a draft for continuity and write the facing pages, the look sheets and the tables.

    Run again, it asks only for what changed.
    """
    from assistant.exports.continuity.papers import exporter
    from assistant.interfaces.cli import render, render_continuity

    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    for name in wanted:
        exporter(name)  # an unknown format is told before any work
    app, script, found = _read(production, draft, as_json)
    if as_json:
        from assistant.exports.continuity.as_json import as_dict

        print_json(as_dict(script, found))
    if not as_json or out:
        paths = app.supervisor().export(_seq(app, draft), wanted, out or app.folder / "continuity")
        if not as_json:
            render_continuity.summary(script, found)
            render.files(paths)


@continuity_cli.command("show")
def show(production: ProductionOption = None, draft: DraftOption = None, as_json: JsonOption = False) -> None:
    """Script days, and every conflict that no person has dismissed."""
    from assistant.interfaces.cli import render_continuity

    _, script, found = _read(production, draft, as_json)
    if as_json:
        from assistant.exports.continuity.as_json import as_dict

        print_json(as_dict(script, found))
    else:
        render_continuity.days(script, found)
        render_continuity.summary(script, found)


@continuity_cli.command("conflicts")
def conflicts(
    every: Annotated[bool, typer.Option("--all", help="Also those a person has dismissed.")] = False,
    production: ProductionOption = None,
    draft: DraftOption = None,
    as_json: JsonOption = False,
) -> None:
    """What can not be true, with both quotes side by side, the gravest first."""
    from assistant.exports.continuity.as_json import conflict_dict
    from assistant.interfaces.cli import render_continuity

    _, script, found = _read(production, draft, as_json)
    chosen = [*found.open_conflicts, *(item for item in found.conflicts if every and item.dismissed)]
    if as_json:
        labels = {scene.ordinal: scene.label for scene in script.scenes}
        rows = [conflict_dict(item, labels) for item in chosen]
        print_json({"schema": "pa.continuity.conflicts/1", "conflicts": rows})
    else:
        render_continuity.conflicts(script, chosen)


@continuity_cli.command("character")
def character(
    name: Annotated[str, typer.Argument(help="A character, as the cues name it.")],
    production: ProductionOption = None,
    draft: DraftOption = None,
    as_json: JsonOption = False,
) -> None:
    """One character from scene to scene: wardrobe changes, wounds, props, what they know, how they look."""
    from assistant.exports.continuity.as_json import state_dict
    from assistant.interfaces.cli import render_continuity

    app, script, found = _read(production, draft, as_json)
    sheet = app.supervisor().sheet(_seq(app, draft))
    person = _named(name, [item.name for item in sheet.people])
    if as_json:
        labels = {scene.ordinal: scene.label for scene in script.scenes}
        rows = [state_dict(item, labels) for item in found.states if item.subject == person]
        look = next((look.prompt for look in sheet.looks if look.name == person), "")
        print_json({"schema": "pa.continuity.character/1", "character": person, "look": look, "states": rows})
    else:
        render_continuity.character(sheet, person)


@continuity_cli.command("scene")
def scene(
    number: SceneArgument, production: ProductionOption = None, draft: DraftOption = None, as_json: JsonOption = False
) -> None:
    """One scene as its facing page has it: everyone in it, what holds, since when, and what can not be true."""
    from assistant.exports.continuity.as_json import conflict_dict, state_dict
    from assistant.interfaces.cli import render_continuity
    from assistant.interfaces.cli.look import scene_named

    app, script, found = _read(production, draft, as_json)
    wanted = scene_named(script, number)
    sheet = app.supervisor().sheet(_seq(app, draft))
    if as_json:
        labels = {scene.ordinal: scene.label for scene in script.scenes}
        rows = [state_dict(item, labels) for item in found.standing(wanted.ordinal) if item.value]
        clashes = [conflict_dict(item, labels) for item in sheet.conflicts(wanted.ordinal)]
        day = found.label(wanted.ordinal)
        head = {"schema": "pa.continuity.scene/1", "scene": wanted.label, "script_day": day}
        print_json({**head, "states": rows, "conflicts": clashes})
    else:
        render_continuity.scene(sheet, wanted)


@continuity_cli.command("match")
def match(
    day: Annotated[str, typer.Argument(help="A shooting day, as the schedule or the file names it.")],
    days: Annotated[
        Path | None,
        typer.Option("--days", help="A CSV with the columns day and scene, in place of the schedule."),
    ] = None,
    production: ProductionOption = None,
    draft: DraftOption = None,
    as_json: JsonOption = False,
) -> None:
    """The list for a shooting day: what must match with scenes next to it in the story and shot on another day."""
    from assistant.exports.continuity.as_json import note_dict
    from assistant.interfaces.cli import render_continuity
    from assistant.workflows.onset import read_days

    app, script, _ = _read(production, draft, as_json)
    watch, seq = app.supervisor(), _seq(app, draft)
    plan = read_days(days, script) if days else watch.scheduled(seq)
    key = _named(day, list(plan))
    notes = [note for note in watch.match(seq, plan) if note.day == key]
    if as_json:
        labels = {scene.ordinal: scene.label for scene in script.scenes}
        rows = [note_dict(note, labels) for note in notes]
        print_json({"schema": "pa.continuity.match/1", "day": key, "notes": rows})
    else:
        render_continuity.match(script, key, notes)


@continuity_cli.command("dismiss")
def dismiss(
    conflict: Annotated[str, typer.Argument(metavar="ID", help="A conflict's id, or its first letters.")],
    why: Annotated[str, typer.Option("--why", help="The reason; it is kept.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take the dismissal back.")] = False,
    who: WhoOption = "",
    production: ProductionOption = None,
    draft: DraftOption = None,
) -> None:
    """Set a conflict aside with a reason; it stays aside in every later draft that keeps its words."""
    app = open_app(production)
    watch, seq = app.supervisor(who), _seq(app, draft)
    found = watch.reinstate(seq, conflict) if undo else watch.dismiss(seq, conflict, why)
    typer.echo(f"{found.id}: {'open again' if undo else 'dismissed'}. {found.what}", err=True)


@continuity_cli.command("day")
def day(
    number: SceneArgument,
    label: Annotated[str, typer.Argument(help='The script day: D3, N3, X1 … or "auto" to have it counted again.')],
    who: WhoOption = "",
    production: ProductionOption = None,
    draft: DraftOption = None,
) -> None:
    """Set a scene's script day right; the scenes after it follow, in this draft and the next."""
    from assistant.interfaces.cli.look import scene_named

    app = open_app(production)
    seq = _seq(app, draft)
    wanted = scene_named(app.store.screenplay(seq), number)
    kept = app.supervisor(who).set_day(seq, wanted.ordinal, label)
    typer.echo(f"Scene {wanted.label}: {kept or 'counted again'}", err=True)


@continuity_cli.command("note")
def note(
    number: Annotated[str, typer.Argument(metavar="SCENE", help="A scene number; none with --from.")] = "",
    text: Annotated[str, typer.Argument(metavar="NOTE", help="What was seen on set.")] = "",
    take: Annotated[str, typer.Option("--take", help="Which take.")] = "",
    from_file: Annotated[
        Path | None, typer.Option("--from", help="A CSV file with the columns scene, take, note.")
    ] = None,
    who: WhoOption = "",
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep notes taken on set, by hand or from a file; they are searched and quoted like the script. Without any
    argument, list them."""
    from dataclasses import asdict

    from assistant.interfaces.cli import render_continuity
    from assistant.workflows.onset import made_note, read_notes

    watch = open_app(production).supervisor(who)
    if from_file or number:
        script = watch.script()
        told = read_notes(from_file, watch.who, script) if from_file else None
        added = watch.add_notes(told if told is not None else [made_note(script, number, take, text, watch.who)])
        typer.echo(f"{added} note{'' if added == 1 else 's'} kept.", err=True)
    elif as_json:
        print_json({"schema": "pa.continuity.notes/1", "notes": [asdict(item) for item in watch.notes()]})
    else:
        render_continuity.notes(watch.notes())


def _read(production: Path | None, draft: int | None, quiet: bool) -> "tuple[App, Screenplay, Continuity]":
    from assistant.interfaces.cli.progress import shown

    app = open_app(production)
    seq = _seq(app, draft)
    with shown(quiet) as progress:
        found = app.supervisor(progress=progress).run(seq)
    return app, app.store.screenplay(seq), found


def _seq(app: "App", draft: int | None) -> int:
    return draft or app.store.current_draft().seq


def _named(wanted: str, known: list[str]) -> str:
    """One of some names, in any case. Raises NotFound with the nearest."""
    import difflib

    folded: dict[str, Any] = {name.casefold(): name for name in known}
    if wanted.strip().casefold() in folded:
        return str(folded[wanted.strip().casefold()])
    near = difflib.get_close_matches(wanted.casefold(), folded, n=3, cutoff=0.4)
    hint = f"Near it: {', '.join(folded[name] for name in near)}." if near else f"Known: {', '.join(known[:12])}."
    raise NotFound(f"There is no {wanted!r} here.", hint)
