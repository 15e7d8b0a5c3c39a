"""`pa ask`, `pa recap`, `pa audit`: one question, one summary, one text checked against the material."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.errors import BadInput
from assistant.interfaces.cli.common import JsonOption, ProductionOption, open_app, print_json
from assistant.interfaces.cli.progress import shown

QuestionArgument = Annotated[str, typer.Argument(help='The question, in English or Spanish; "-" reads it from stdin.')]
NewOption = Annotated[bool, typer.Option("--new", help="Begin a new conversation; nothing of the old one is used.")]
WhyOption = Annotated[bool, typer.Option("--why", help="Say on stderr how the question was taken.")]
ScenesOption = Annotated[
    str, typer.Option("--scenes", help='Which scenes: "1-40", "3, 7A". Default: all.', show_default=False)
]
EpisodeOption = Annotated[
    str,
    typer.Option(
        "--episode",
        help="One script of a series: a number or words of its title or file name; the newest draft of that name.",
        show_default=False,
    ),
]
SpoilersOption = Annotated[
    bool, typer.Option("--spoilers/--no-spoilers", help="With the ending, or without the last quarter.")
]
MAX_LETTERS = 200_000


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.command("ask")(ask)
    cli.command("recap")(recap)
    cli.command("audit")(audit)


def ask(
    question: QuestionArgument,
    new: NewOption = False,
    why: WhyOption = False,
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask the production. Every statement of the answer is quoted from its material, or it is not made."""
    from assistant.interfaces.cli import render_answer

    text = sys.stdin.read() if question == "-" else question
    if not text.strip():
        raise BadInput("There is no question.", 'Ask one: pa ask "Which scenes have the dog at night?"')
    with shown(as_json) as progress:
        talk = open_app(production).talk(progress=progress)
    if new:
        talk.forget()
    given = talk.ask(text[:MAX_LETTERS])
    if as_json:
        print_json(render_answer.as_json(given))
    else:
        render_answer.answer(given)
    for step in given.steps if why else ():
        typer.echo(step, err=True)


def recap(
    scenes: ScenesOption = "",
    episode: EpisodeOption = "",
    spoilers: SpoilersOption = True,
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Retell the script scene by scene in its own words, each sentence with its place.

    A production may keep several scripts, as a series does; without --episode the newest is retold.
    """
    from rich.text import Text

    from assistant.interfaces.cli import render, render_answer

    given = open_app(production).talk().recap(scenes, spoilers, episode)
    if as_json:
        print_json(render_answer.as_json(given))
        return
    console = render.out()
    for claim in given.claims:
        places = ", ".join(f"l. {item.line}" for item in claim.citations)
        console.print(Text(claim.text).append(f"  [{places}]", style="dim"), soft_wrap=not console.is_terminal)


def audit(
    file: Annotated[str, typer.Argument(help='A text about the production, e.g. an answer; "-" reads stdin.')],
    production: ProductionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a text statement by statement: supported, contradicted, or not in the material.

    Also says who speaks how much and how each role is described, for a person to judge.
    """
    from assistant.interfaces.cli import render_audit
    from assistant.knowledge.papers import load_bytes
    from assistant.knowledge.readers.plain import decoded

    text = sys.stdin.read() if file == "-" else decoded(load_bytes(Path(file)), Path(file).name)
    if not text.strip() or len(text) > MAX_LETTERS:
        raise BadInput("The text is empty or far too long to check.", f"Up to {MAX_LETTERS:,} letters are checked.")
    found = open_app(production).talk().audit(text)
    if as_json:
        print_json(render_audit.as_json(found))
    else:
        render_audit.audit(found)
