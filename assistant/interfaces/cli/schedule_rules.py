"""`pa schedule rule`, `rules`, `forget`: what people say of the shoot in sentences, confirmed before it counts."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import BadInput, DecisionNeeded
from assistant.interfaces.cli.common import JsonOption, ProductionOption, open_app, print_json
from assistant.interfaces.cli.schedule import TimeOption, priced, schedule

if TYPE_CHECKING:
    from assistant.app import App
    from assistant.domain.said import SaidRule
    from assistant.store.said import KeptRule
    from assistant.workflows.saying import Heard

MOST_BYTES = 200_000
WhoOption = Annotated[
    str, typer.Option("--who", help="Who says so. Default: the name you are signed in under.", show_default=False)
]


def register(_cli: typer.Typer) -> None:
    """Add the commands of this module to `pa schedule`."""
    schedule.command("rule")(rule)
    schedule.command("rules")(rules)
    schedule.command("forget")(forget)


def rule(
    text: Annotated[str, typer.Argument(help='Sentences, or "-" to read them from stdin.')] = "",
    file: Annotated[Path | None, typer.Option("--file", "-f", help="Read the sentences from a text file.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Keep every rule that was read, unasked.")] = False,
    who: WhoOption = "",
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say a rule of the shoot in a sentence: "the lead is out 3-7 March; bridge only at night; shoot the fire last".

    Each rule is shown with the words it was read from, and counts once you confirm it. What can not be read is said.
    """
    told = _text(text, file)
    app = open_app(production)
    heard = app.boards.hear(told, app.llm)
    if not as_json:
        from assistant.interfaces.cli import render_said

        render_said.heard(heard)
    if not heard.rules:
        if as_json:
            print_json(_as_dict(heard, []))
        raise BadInput("No rule could be read.", "docs/scheduling.md lists the forms that are read without a model.")
    asked = not yes and not as_json and sys.stdin.isatty() and sys.stdout.isatty()
    wanted = _confirmed(app, heard, who) if asked else _keep(app, heard, list(heard.rules), who) if yes else []
    if as_json:
        print_json(_as_dict(heard, wanted))
    elif asked or yes:
        kept = ", ".join(item.id for item in wanted)
        typer.echo(
            f"In force: {kept}. Draft the board again: pa schedule" if kept else "Nothing new is kept.", err=True
        )
    if not yes and not asked:
        count = len(heard.rules)
        raise DecisionNeeded(
            f"{count} rules wait for a person." if count > 1 else "A rule waits for a person.",
            "Run it in a terminal, or keep them all with --yes.",
        )


def rules(
    costs: Annotated[
        bool, typer.Option("--costs", help="What each said rule costs: the board is made again without it.")
    ] = False,
    time: TimeOption = 5.0,
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """The rules in force: those people said, and those of the rule pack with what each takes out of the price."""
    app = open_app(production)
    said = [_row(kept) | _cost(app, kept, time, costs) for kept in app.boards.kept.said.all()]
    pack, rows = _pack(app)
    if as_json:
        print_json({"schema": "pa.rules/1", "pack": pack, "rules": rows, "said": said})
        return
    from assistant.interfaces.cli import render_said, render_schedule

    if said:
        render_said.kept(said)
    render_schedule.rules(pack, rows)


def forget(
    name: Annotated[str, typer.Argument(help='A said rule: "R3", "3", or words of its quote.')],
    who: WhoOption = "",
    production: ProductionOption = None,
) -> None:
    """Take a said rule out of force. It stays in the history."""
    from assistant.settings import user_name

    gone = open_app(production).boards.kept.said.forget(name, who or user_name())
    typer.echo(f"Forgotten: {gone.id} “{gone.rule.quote}”. Draft the board again: pa schedule", err=True)


def _text(text: str, file: Path | None) -> str:
    """What was said: as an argument, on stdin, or in a file."""
    if bool(text) == bool(file):
        raise typer.BadParameter('give sentences, "-" for stdin, or --file NOTES')
    if text == "-":
        return sys.stdin.read(MOST_BYTES)
    if file is None:
        return text
    try:
        if file.stat().st_size > MOST_BYTES:
            raise BadInput(f"{file.name} is larger than {MOST_BYTES} bytes.", "Hand over the rules alone.")
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadInput(f"{file.name} can not be read: {why}.", "Hand over a plain text file.") from None


def _confirmed(app: "App", heard: "Heard", who: str) -> "list[KeptRule]":
    """Ask about one rule after the other; an edited sentence is read again, and its rules are asked about in turn."""
    from assistant.interfaces.cli import render_said

    waiting, kept = list(heard.rules), []
    while waiting:
        found = waiting.pop(0)
        render_said.question(found)
        answer = typer.prompt("Keep it? [y]es [n]o [e]dit [q]uit").strip().casefold()[:1]
        if answer == "q":
            break
        if answer == "e":
            said = typer.prompt("Say it again", default=found.quote)
            again = app.boards.hear(said, app.llm)
            render_said.heard(again)
            waiting = [*again.rules, *waiting]
        elif answer == "y":
            kept += _keep(app, heard, [found], who)
    return kept


def _keep(app: "App", heard: "Heard", wanted: "list[SaidRule]", who: str) -> "list[KeptRule]":
    from assistant.settings import user_name

    return app.boards.kept.said.keep(wanted, heard.model, who or user_name(), app.store.current_draft().seq)


def _as_dict(heard: "Heard", kept: "list[KeptRule]") -> dict[str, Any]:
    from assistant.schedule.said import shape_of, words_of

    ids = {item.rule: item.id for item in kept}
    return {
        "schema": "pa.rule/1",
        "rules": [
            {"kept": ids.get(item), "words": words_of(item), **shape_of(item).model_dump()} for item in heard.rules
        ],
        "unread": [{"quote": item.quote, "why": item.why} for item in heard.unread],
        "cut": [{"quote": item.quote, "why": item.why} for item in heard.cut],
        "model": heard.model,
        "fell_back": heard.fell_back,
        "cost_usd": heard.cost_usd,
        "trace": list(heard.attempts),
    }


def _row(kept: "KeptRule") -> dict[str, Any]:
    from assistant.schedule.said import words_of

    row = {"id": kept.id, "quote": kept.rule.quote, "words": words_of(kept.rule), "kind": kept.rule.kind}
    return row | {"who": kept.who, "at": kept.at, "model": kept.model}


def _cost(app: "App", kept: "KeptRule", seconds: float, wanted: bool) -> dict[str, Any]:
    """What the newest board would cost less without the rule; nothing where nobody asked or there is no board."""
    if not wanted or not app.boards.kept.all():
        return {"costs": None}
    found = app.boards.kept.board()
    return {"costs": priced(app, found, kept, seconds)["saving"]}


def _pack(app: "App") -> tuple[str, list[dict[str, Any]]]:
    """The rule pack, with what each rule takes out of the newest board's price."""
    from assistant.schedule import check as judge

    boards = app.boards.kept.all()
    problem = app.boards.problem_of(boards[-1]) if boards else app.boards.problem()
    costs: dict[str, int] = {}
    for line in judge(problem, boards[-1].schedule).lines if boards else ():
        costs[line.rule] = costs.get(line.rule, 0) + line.amount
    return problem.rules.name, [
        {"rule": r.key, "value": r.value, "on": r.on, "hard": r.hard, "words": r.text, "source": r.source}
        | {"dated": r.dated, "costs": costs.get(r.key, 0)}
        for r in problem.rules.rules
    ]
