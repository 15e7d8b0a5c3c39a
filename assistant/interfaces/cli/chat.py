"""`pa chat`: a conversation with the production in the terminal."""

import sys

import typer

from assistant.interfaces.cli.common import ProductionOption, open_app


def register(cli: typer.Typer) -> None:
    """Add the command of this module."""
    cli.command("chat")(chat)


def chat(production: ProductionOption = None) -> None:
    """Talk with the production: questions in English or Spanish, answers with numbered citations.

    `[2]` or `/open 2` shows the quoted line in place; `/help` lists the commands. Ctrl-C stops an answer, not the
    conversation, which goes on where you left it.
    """
    from assistant.interfaces.cli.chat_room import Room
    from assistant.interfaces.cli.progress import shown

    app = open_app(production)
    with shown() as progress:
        app.talk(progress=progress)  # what another embedding left behind is indexed before the first question
    room = Room(app)
    if sys.stdin.isatty():
        from assistant.interfaces.cli.chat_prompt import lines

        room.greet()
        room.run(lines(app.data / "chat_history", room.names))
    else:
        room.run(line for line in sys.stdin)
