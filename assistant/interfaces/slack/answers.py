"""A question asked in Slack: streamed as it is verified, its quotes behind buttons, a word on it for the scorecards."""

from dataclasses import asdict
from typing import Any

from assistant.domain.answers import Answer, Citation, Claim
from assistant.errors import AssistantError
from assistant.interfaces.slack.blocks import Block, button, cites, cut, feedback, modal, row, safe, section, sections
from assistant.interfaces.slack.door import Stream
from assistant.interfaces.slack.office import Production
from assistant.interfaces.slack.task import Stopped, Task
from assistant.store.slack import Note
from routers import Evidence

LONG = 11_000  # letters; Slack takes 12,000 a stream
AROUND = 2  # lines shown before and after a quote


def ask(task: Task, question: str) -> None:
    """Answer in the thread, or to the one who gave the command alone."""
    task.status("is reading the material…")
    if task.request.kind == "command":
        given = _asked(task, question, None)
        note = _keep(task, given)
        task.say("\n".join(_lines(task, given)), _below(task, given, note))
        return
    place = task.request.place
    stream = task.bench.slack.stream(place.channel, place.thread, place.team, place.user)
    said: list[Claim] = []

    def heard(claim: Claim) -> None:
        task.pause()
        if _sayable(task, claim.text):
            said.append(claim)
            stream.say(f"{safe(claim.text)}\n")

    try:
        given = _asked(task, question, heard)
        task.pause()
    except (Stopped, AssistantError):
        if said:
            stream.say("_Stopped here._")
            stream.end([])
        raise
    _finish(task, given, stream, said)
    _title(task, question)


def _asked(task: Task, question: str, heard: Any) -> Answer:
    with task.production.talk(f"slack {task.request.order} {task.request.place.user}") as talk:
        return talk.ask(question, heard)


def _finish(task: Task, given: Answer, stream: Stream, said: list[Claim]) -> None:
    note = _keep(task, given)
    rest = [claim.text for claim in given.claims if claim not in said and _sayable(task, claim.text)]
    text = "\n".join(safe(line) for line in rest) if given.claims else safe("\n".join(_lines(task, given)))
    if len(text) > LONG:
        task.hand(lambda folder: [_written(folder / "answer.txt", "\n".join(rest))], "The whole answer.")
        text = f"{text[:1000]}\n… the whole answer is in the file."
    held = len(given.claims) - len(rest) - len(said)
    if held > 0:
        text += f"\n_{held} statement{'s' if held > 1 else ''} quoting the script: open with the button below._"
    stream.say(text.strip() or "–")
    stream.end(_below(task, given, note))


def _lines(task: Task, given: Answer) -> list[str]:
    if given.claims:
        return [claim.text for claim in given.claims if _sayable(task, claim.text)] or ["The answer quotes the script."]
    nearest = ", ".join(item.place for item in given.nearest)
    why = given.why if _sayable(task, given.why) else "That is not in the material."
    return [why, *([f"Nearest: {nearest}"] if nearest else [])]


def _sayable(task: Task, text: str) -> bool:
    return task.access.aloud or not task.production.leaks().finds(text)


def _keep(task: Task, given: Answer) -> Note:
    body = {
        "production": task.production.id,
        "model": given.model,
        "claims": [claim.text for claim in given.claims],
        "citations": [asdict(item) for item in (given.citations or given.nearest)],
    }
    return task.production.notes.keep("answer", task.request.place.user, body)


def _below(task: Task, given: Answer, note: Note) -> list[Block]:
    blocks = cites(note.id, given.citations or given.nearest)
    if any(not _sayable(task, claim.text) for claim in given.claims):
        blocks.append(row(button("Read the whole answer", "read", note.id)))
    return [*blocks, feedback(note.id)] if given.claims and given.model else blocks


def _title(task: Task, question: str) -> None:
    place, notes = task.request.place, task.bench.office.notes
    if place.direct and not notes.named(task.request.order, "title"):
        notes.keep("title", place.user, {}, task.request.order)
        title = cut(question, 60)
        task.aside("assistant.threads.setTitle", channel_id=place.channel, thread_ts=place.thread, title=title)


def _written(path: Any, text: str) -> Any:
    path.write_text(text, encoding="utf-8")
    return path


def whole(note: Note) -> Block:
    """The answer with nothing held back, for the one who asked."""
    return modal("The answer", sections([safe(f"• {text}") for text in note.body["claims"]]))


def quoted(production: Production, note: Note, number: int) -> Block:
    """A citation's lines where they stand, for the one who asked."""
    rows = note.body["citations"]
    if not 1 <= number <= len(rows):
        return modal("Gone", [section("That quote is not kept any more.")])
    item = Citation(**rows[number - 1])
    lines = _standing(production, item) or [f"> {item.quote}"]
    return modal(item.place[:24], [section(f"*{safe(item.place)}*"), *sections([safe_quote(line) for line in lines])])


def safe_quote(line: str) -> str:
    """A line with its marks kept and nothing live in it."""
    head = "> " if line.startswith("> ") else ""
    return f"{head}{safe(line.removeprefix('> '))}"


def _standing(production: Production, item: Citation) -> list[str]:
    store = production.app.store
    draft = store.draft_by_sha(item.source)
    if draft is None or not item.line:
        return []
    lines = [line for scene in store.screenplay(draft.seq).scenes for line in scene.lines]
    at = next((n for n, line in enumerate(lines) if line.number == item.line), None)
    if at is None:
        return []
    near = lines[max(0, at - AROUND) : at + AROUND + 1]
    return [f"{'> ' if line.number == item.line else ''}{line.number}  {line.text}" for line in near]


def learn(production: Production, note: Note, who: str, word: str) -> bool:
    """A person's word on an answer, to the scorecards; the first one a person says counts."""
    router, mark = production.app.router, f"slack {note.id} {who}"
    if not note.body["model"] or any(row.data == mark for row in router.ledger.learned()):
        return False
    good = 1.0 if word == "good" else 0.0
    router.learn(Evidence("chat", note.body["model"], good, 1.0, "review", data=mark))
    return True
