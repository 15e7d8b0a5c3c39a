"""Typing in the chat: history between sessions, several lines, completion of commands, scene numbers and names."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

COMMANDS = (
    "/scene", "/cast", "/who", "/sources", "/open", "/model", "/cost", "/why", "/export", "/new", "/help", "/quit",
)  # fmt: skip
_SCENE = re.compile(r"(?:/scene|scenes?|escenas?)\s+(\S*)$", re.IGNORECASE)
_WORD = re.compile(r"[\w#'-]*$")
Names = Callable[[], tuple[Sequence[str], Sequence[str]]]


class Known(Completer):
    """Completes what this production has: commands at the start, scene numbers after "scene", names elsewhere."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """What may stand at the cursor."""
        before = document.text_before_cursor
        if before.startswith("/") and " " not in before:
            yield from _starting(before, COMMANDS)
            return
        scenes, names = self._names()
        if found := _SCENE.search(before):
            yield from _starting(found.group(1), scenes)
            return
        typed = _WORD.search(before)
        if typed and len(typed.group()) >= 2:
            yield from _starting(typed.group(), names)


def lines(history: Path, names: Names) -> Iterator[str]:
    """What is typed, until Ctrl-D. Enter sends, Alt-Enter begins another line, Ctrl-C clears."""
    keys = KeyBindings()

    @keys.add("enter")
    def _send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def _more(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)),
        completer=Known(names),
        complete_while_typing=True,
        multiline=True,
        key_bindings=keys,
        prompt_continuation="… ",
    )
    while True:
        try:
            yield session.prompt("› ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def _starting(typed: str, known: Iterable[str]) -> Iterator[Completion]:
    for name in known:
        if name.casefold().startswith(typed.casefold()) and name != typed:
            yield Completion(name, start_position=-len(typed))
