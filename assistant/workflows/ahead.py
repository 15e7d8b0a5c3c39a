"""What a breakdown will ask first, without asking it: for models that answer many questions later, for less."""

from collections.abc import Iterator
from typing import Any

from assistant.llm import Question
from assistant.workflows.asking import first_questions
from assistant.workflows.extras import open_synopses
from assistant.workflows.state import Context
from assistant.workflows.tasks import material


def questions(context: Context, seq: int, run: str, synopses: bool) -> Iterator[Question[Any]]:
    """A draft's open questions: elements scene by scene, then synopses. Those that answers give rise to come later."""
    found = material(context, seq)
    answered = context.store.results([task.key for task in found.tasks])
    room = context.llm.room("breakdown")
    if room is not None and not room.in_process:
        for task in found.tasks:
            if task.key not in answered:
                yield from first_questions(task, context, run, room)
    if synopses and not context.llm.in_process("synopsis"):
        yield from open_synopses(context, found, run)
