"""`pa review`: a person decides on what was proposed, at the keyboard or through files."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import DecisionNeeded, NotFound
from assistant.interfaces.cli.common import DraftOption, JsonOption, ProductionOption, open_app, print_json

if TYPE_CHECKING:
    from assistant.review import Desk, Item, Wanted

review_cli = typer.Typer(help="Decide on what was proposed: accept, edit, reject.", no_args_is_help=False)
STATUSES = ("proposed", "accepted", "edited", "rejected", "all")

WhoOption = Annotated[
    str, typer.Option("--who", help="Who decides. Default: the name you are signed in under.", show_default=False)
]


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.add_typer(review_cli, name="review")


@review_cli.callback(invoke_without_command=True)
def review(
    ctx: typer.Context,
    category: Annotated[str | None, typer.Option("--category", "-c", help="Only one category.")] = None,
    scene: Annotated[str | None, typer.Option("--scene", "-s", help='Only one scene ("12A", "#7").')] = None,
    status: Annotated[str, typer.Option("--status", help=f"One of {', '.join(STATUSES)}.")] = "proposed",
    who: WhoOption = "",
    from_file: Annotated[
        Path | None,
        typer.Option("--from", help="A CSV file with the columns id, decision, name, category, why."),
    ] = None,
    production: ProductionOption = None,
    draft: DraftOption = None,
) -> None:
    """Go through the proposals, one key each: a accept, e edit, r reject, s skip, u undo, A accept all of this kind.

    Every decision is kept at once; who said it, when and why stays in the history.
    """
    if ctx.invoked_subcommand:
        return
    desk = open_app(production).desk(who, draft)
    if from_file:
        from assistant.review.typed import decisions, read_csv

        _take(desk, decisions(read_csv(from_file), desk.known, desk.who, desk.draft))
        return
    wanted = _wanted(desk, category, scene, status)
    waiting = desk.items(wanted)
    if not waiting:
        typer.echo("Nothing waits for a decision.", err=True)
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise DecisionNeeded(
            f"{len(waiting)} proposals wait for a person.",
            "Run `pa review` in a terminal, or hand over decisions: `pa review --from FILE.csv`.",
        )
    _sit(desk, wanted)


@review_cli.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(help="The .xlsx with decisions typed in, or the .fdx with tags changed.")],
    who: WhoOption = "",
    production: ProductionOption = None,
    draft: DraftOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in decisions made elsewhere: in the workbook, or as tags in Final Draft."""
    app = open_app(production)
    desk = app.desk(who, draft)
    kind = file.suffix.casefold()
    if kind == ".xlsx":
        from assistant.review.typed import decisions
        from assistant.review.xlsx import read_xlsx

        known = desk.known
        _take(desk, decisions(read_xlsx(file, known), known, desk.who, desk.draft), as_json)
    elif kind == ".csv":
        from assistant.review.typed import decisions, read_csv

        _take(desk, decisions(read_csv(file), desk.known, desk.who, desk.draft), as_json)
    elif kind == ".fdx":
        from assistant.workflows.tags import from_fdx, take

        found = from_fdx(desk, app.book(desk.draft), file)
        take(desk, found)
        _report(desk, Counter([item.action for item in found.decisions] + ["accept"] * len(found.added)), 0, as_json)
    else:
        raise NotFound(f"{file.name} is no file decisions come in.", "Hand over an .xlsx, an .fdx or a .csv file.")


@review_cli.command("status")
def status_of(production: ProductionOption = None, draft: DraftOption = None, as_json: JsonOption = False) -> None:
    """How much is decided, by category; with --json also every element with its id."""
    from assistant.interfaces.cli import render_review
    from assistant.review import Wanted

    desk = open_app(production).desk("", draft)
    items = desk.items(Wanted(status=None))
    states = ((item.element.category.value, item.element.status) for item in items if item.element)
    counts: Counter[tuple[str, str]] = Counter(states)
    merges = [item for item in items if item.merge]
    if as_json:
        by_category: dict[str, dict[str, int]] = {}
        for (category, status), number in sorted(counts.items()):
            by_category.setdefault(category, {})[status] = number
        rows = [_row(item, desk) for item in items]
        head: dict[str, Any] = {"schema": "pa.review/1", "draft": desk.draft, "counts": by_category}
        print_json({**head, "merges_waiting": len(merges), "items": rows})
    else:
        render_review.status(counts, len(merges))


@review_cli.command("history")
def history(
    subject: Annotated[str | None, typer.Argument(metavar="[ID]", help="One element, by its id.")] = None,
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every word that was said, on one element or on all, oldest first."""
    from dataclasses import asdict

    from assistant.interfaces.cli import render_review

    desk = open_app(production).desk()
    said = desk.log.history(subject)
    if subject and not said:
        raise NotFound(f"Nothing was decided on {subject}.", "`pa review status --json` lists the ids.")
    if as_json:
        print_json({"schema": "pa.review.history/1", "decisions": [asdict(item) for item in said]})
    else:
        render_review.history(said, desk.known)


def _sit(desk: "Desk", wanted: "Wanted") -> None:
    from assistant.interfaces.cli.review_screen import Sitting, sit

    try:
        said = sit(Sitting(desk, wanted))
    finally:
        desk.count()
    typer.echo(f"{said} decided, {len(desk.items())} wait.", err=True)


def _take(desk: "Desk", decided: Any, as_json: bool = False) -> None:
    """Keep decisions that are not known already: the same file twice says nothing new."""
    holds = desk.log.newest()
    fresh = [item for item in decided if not _same(item, holds.get(item.subject))]
    desk.say(*fresh)
    _report(desk, Counter(item.action for item in fresh), len(decided) - len(fresh), as_json)


def _report(desk: "Desk", counts: Counter[str], known: int, as_json: bool) -> None:
    desk.count()
    if as_json:
        print_json({"schema": "pa.review.import/1", "decided": dict(counts), "known": known})
    else:
        said = ", ".join(f"{number} {action}" for action, number in counts.items()) or "nothing new"
        typer.echo(f"{counts.total()} decided ({said}), {known} known before.", err=True)


def _same(new: Any, old: Any) -> bool:
    return old is not None and (new.action, new.change) == (old.action, old.change)


def _wanted(desk: "Desk", category: str | None, scene: str | None, status: str) -> "Wanted":
    from assistant.interfaces.cli.look import scene_named
    from assistant.interfaces.cli.names import category_named
    from assistant.review import Wanted

    if status not in STATUSES:
        raise typer.BadParameter(f"{status!r} is no status; one of {', '.join(STATUSES)}.")
    return Wanted(
        category_named(category) if category else None,
        scene_named(desk.script, scene).ordinal if scene else None,
        None if status == "all" else status,  # type: ignore[arg-type]
    )


def _row(item: "Item", desk: "Desk") -> dict[str, Any]:
    if item.element:
        element, scene = item.element, item.scene
        row = {"id": item.subject, "scene": scene.label if scene else None, "category": element.category.value}
        quote = {"quote": element.evidence.text, "line": element.evidence.line}
        return row | {"name": element.name, "status": element.status, "evidence": quote}
    merge = item.merge
    assert merge is not None
    return {"id": item.subject, "keep": merge.keep, "other": merge.other, "why": merge.why, "status": "proposed"}
