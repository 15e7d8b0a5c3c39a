"""A question asked in Slack: streamed as it is verified, its quotes behind buttons, a word on it for the scorecards."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from assistant.domain.answers import Answer, Citation, Claim
from assistant.errors import AssistantError
from assistant.interfaces.slack.blocks import Block, button, cites, cut, feedback, row, safe
from assistant.interfaces.slack.door import Stream
from assistant.interfaces.slack.office import Production
from assistant.interfaces.slack.task import ROWS, Stopped, Task
from assistant.store.slack import Note
from routers import Evidence

LONG = 11_000  # letters; Slack takes 12,000 a stream


def ask(task: Task, question: str) -> None:
    """Answer in the thread, or to the one who gave the command alone."""
    task.status("is reading the material…")
    place = task.request.place
    typed = task.request.kind == "command"
    stream = None if typed else task.bench.slack.stream(place.channel, place.thread, place.team, place.user)
    written = _Written(task, stream)
    try:
        with task.production.talk(f"slack {task.request.order} {place.user}") as talk:
            given = talk.ask(question, written.hear if stream else None)
        task.pause()
    except (Stopped, AssistantError):
        written.break_off()
        raise
    written.finish(given)
    _title(task, question)


class _Written:
    """An answer on its way: what was said of it, and the numbers its quotes got."""

    def __init__(self, task: Task, stream: Stream | None) -> None:
        self._task = task
        self._stream = stream
        self._numbers: dict[Citation, int] = {}
        self._said: list[Claim] = []
        self._letters = 0

    def hear(self, claim: Claim) -> None:
        """Say a claim that stands, as it comes. Raises Stopped."""
        self._task.pause()
        line = self._line(claim)
        if self._stream and self._task.may(claim.text) and self._letters + len(line) < LONG:
            self._said.append(claim)
            self._letters += len(line) + 1
            self._stream.say(f"{line}\n")

    def break_off(self) -> None:
        """End what was begun; where nothing was said there is nothing to end."""
        if self._stream and self._said:
            self._stream.say("_Stopped here._")
            self._stream.end([])

    def finish(self, given: Answer) -> None:
        """Say what was not said yet, with the quotes and the feedback below it."""
        lines = [(claim, self._line(claim)) for claim in given.claims]
        rest = [line for claim, line in lines if claim not in self._said and self._task.may(claim.text)]
        shown = self._fitting(rest) + self._notes(given)
        note = self._keep(given)
        below = self._below(given, note)
        if self._stream:
            self._stream.say("\n".join(shown) or ("" if self._said else "–"))
            self._stream.end(below)
        else:
            self._task.show(shown, below)

    def _line(self, claim: Claim) -> str:
        """The claim and the numbers of the quotes that bear it."""
        numbers = [self._numbers.setdefault(item, len(self._numbers) + 1) for item in claim.citations]
        marks = "".join(f" [{number}]" for number in numbers[:3])
        return f"{safe(claim.text)}{marks}{' …' if len(numbers) > 3 else ''}"

    def _fitting(self, lines: list[str]) -> list[str]:
        """A few lines; a long answer is handed over as a file."""
        if len(lines) <= ROWS and self._letters + sum(map(len, lines)) < LONG:
            return lines
        self._task.hand(lambda folder: [_file(folder / "answer.txt", lines)], "The whole answer.")
        shown = [cut(line, 300) for line in lines[: ROWS // 2]]
        return [*shown, f"_… and {len(lines) - len(shown)} more, in the file._"]

    def _notes(self, given: Answer) -> list[str]:
        """What an answer says of itself: what it leaves open, what is held back, what was cut."""
        why = given.why if self._task.may(given.why) else ("" if given.claims else "That is not in the material.")
        found = [safe(why)] if why else []
        if not given.claims and given.nearest:
            found.append("Nearest to it:")
        held = sum(not self._task.may(claim.text) for claim in given.claims)
        if held:
            found.append(f"_{held} statement{'s quote' if held > 1 else ' quotes'} the script: open below._")
        if given.cut:
            found.append(
                f"_{given.cut} more did not stand in the material and {'was' if given.cut == 1 else 'were'} cut._"
            )
        return found

    def _keep(self, given: Answer) -> Note:
        shown = list(self._numbers) or given.nearest
        body = {
            "model": given.model,
            "claims": [claim.text for claim in given.claims],
            "citations": [asdict(item) for item in shown],
        }
        return self._task.production.notes.keep("answer", self._task.request.place.user, body)

    def _below(self, given: Answer, note: Note) -> list[Block]:
        blocks = cites(note.id, list(self._numbers) or given.nearest)
        if any(not self._task.may(claim.text) for claim in given.claims):
            blocks.append(row(button("Read the whole answer", "read", note.id)))
        return [*blocks, feedback(note.id)] if given.claims and given.model else blocks


def _title(task: Task, question: str) -> None:
    place, notes = task.request.place, task.bench.office.notes
    if place.direct and place.thread and not notes.named(task.request.order, "title"):
        notes.keep("title", place.user, {}, task.request.order)
        title = cut(question, 60)
        task.aside("assistant.threads.setTitle", channel_id=place.channel, thread_ts=place.thread, title=title)


def _file(path: Path, lines: Sequence[str]) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def learn(production: Production, note: Note, who: str, word: str) -> bool:
    """A person's word on an answer, to the scorecards; the first one a person says counts."""
    router, mark = production.app.router, f"slack {note.id} {who}"
    if not note.body["model"] or any(row.data == mark for row in router.ledger.learned()):
        return False
    good = 1.0 if word == "good" else 0.0
    router.learn(Evidence("chat", note.body["model"], good, 1.0, "review", data=mark))
    return True
