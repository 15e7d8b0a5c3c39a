"""`pa diff` and `pa aside`: what the next draft changes, a word on each change, and what lies aside."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.interfaces.cli.common import DraftOption, JsonOption, ProductionOption, open_app, print_json

if TYPE_CHECKING:
    from assistant.app import App
    from assistant.workflows.revision import Revision


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.command("diff")(diff)
    cli.command("aside")(aside)


def diff(
    old: Annotated[int | None, typer.Argument(help="A draft's number. Default: the one before.")] = None,
    new: Annotated[int | None, typer.Argument(help="A draft's number. Default: the newest.")] = None,
    accept: Annotated[str, typer.Option("--accept", help="Scenes whose change stands: 12A,13.", metavar="SCENES")] = "",
    reject: Annotated[str, typer.Option("--reject", help="Scenes whose change is turned down.", metavar="SCENES")] = "",
    every: Annotated[bool, typer.Option("--all", help="Accept every change that nobody has answered.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Make the next draft, without what was turned down.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the change report to this file.", show_default=False)
    ] = None,
    who: Annotated[
        str, typer.Option("--who", help="Who decides. Default: the name you are signed in under.", show_default=False)
    ] = "",
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """What changed from one draft to the next, scene by scene; accept or turn down a change, and settle the draft.

    Nothing is deleted: both drafts stay, and a settled one is added as the next.
    """
    from assistant.workflows.revision import keep_settled, revision

    app = open_app(production)
    shown = revision(app.store, old, new)
    if accept or reject or every:
        _say(app, shown, (accept, reject, every), who)
        shown = revision(app.store, old, new)
    if html:
        _write(shown, html)
    if apply:
        draft = keep_settled(app.store, shown)
        typer.echo(f"Draft {draft.seq} is settled; break it down: pa breakdown", err=True)
    if as_json:
        print_json(_json(shown))
    elif not apply:
        from assistant.interfaces.cli import render_changes

        render_changes.changes(shown)


def aside(production: ProductionOption = None, draft: DraftOption = None, as_json: JsonOption = False) -> None:
    """What was decided and has no place in this draft: its scene or its words are gone. Nothing of it is lost."""
    from assistant.workflows.revision import asides

    found = asides(open_app(production).store, draft)
    if as_json:
        rows = [
            {
                "id": item.element.id,
                "scene": f"ALT {item.label}",
                "draft": item.draft,
                "category": item.element.category.value,
                "name": item.element.name,
                "why": item.why,
                "quote": item.element.evidence.text,
            }
            for item in found
        ]
        print_json({"schema": "pa.aside/1", "aside": rows})
        return
    from assistant.interfaces.cli import render_changes

    render_changes.asides(found)


def told(app: "App", draft: int, *, broken_down: bool) -> None:
    """After a draft came in: what it changes and what became of the decisions, on stderr; silent for a first draft."""
    from assistant.interfaces.cli import render_changes
    from assistant.workflows.revision import carrying, revision

    earlier = [item.seq for item in app.store.drafts() if item.seq < draft]
    if not earlier:
        return
    typer.echo(render_changes.headline(revision(app.store, earlier[-1], draft)), err=True)
    if broken_down:
        typer.echo(render_changes.carried(carrying(app.store, draft)), err=True)
    else:
        typer.echo("`pa diff` lists the changes; `pa breakdown` carries the decisions over.", err=True)


def _say(app: "App", shown: "Revision", words: tuple[str, str, bool], who: str) -> None:
    from assistant.domain.review import Action
    from assistant.domain.revision import SceneChange
    from assistant.settings import user_name
    from assistant.workflows.revision import say

    accepted, rejected, every = words
    said: list[tuple[SceneChange, Action]] = []
    if every:
        said += [(change, "accept") for change in shown.changed if change not in shown.words]
    for labels, action in ((accepted, "accept"), (rejected, "reject")):
        named = [label for label in labels.split(",") if label.strip()]
        said += [(change, action) for label in named for change in shown.named(label)]  # type: ignore[misc]
    count = say(app.store, shown, who or user_name(), said)
    typer.echo(f"{count} changes decided.", err=True)


def _write(shown: "Revision", target: Path) -> None:
    from assistant.exports.change_report import render
    from assistant.exports.files import write

    page = render(shown.old, shown.new, shown.diff, shown.words)
    typer.echo(f"  {write(target, page.encode())}", err=True)


def _json(shown: "Revision") -> dict[str, Any]:
    from assistant.domain.revision import colour_of
    from assistant.exports.change_report import counts, rows

    listed = [
        {
            "scene": row.new.label if row.new else None,
            "was": row.old.label if row.old else None,
            "ordinal": row.change.new,
            "was_ordinal": row.change.old,
            "heading": row.scene.heading.text,
            "kinds": list(row.change.kinds),
            "similarity": round(row.change.similarity, 3),
            "eighths": row.change.eighths,
            "decision": row.word or None,
        }
        for row in rows(shown.old, shown.new, shown.diff, shown.words)
    ]
    drafts = {name: {"draft": seq, "colour": colour_of(seq)} for name, seq in _ends(shown)}
    return {"schema": "pa.diff/1", **drafts, "counts": dict(counts(shown.diff)), "changes": listed}


def _ends(shown: "Revision") -> tuple[tuple[str, int], tuple[str, int]]:
    return ("old", shown.diff.old), ("new", shown.diff.new)
