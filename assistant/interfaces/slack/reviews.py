"""A review in a thread: a card with buttons over a run that waits in its checkpoint, for days and across restarts."""

from typing import Any

from assistant.domain.categories import Category, label
from assistant.interfaces.slack.blocks import (
    Block,
    button,
    categories,
    entry,
    header,
    modal,
    row,
    safe,
    section,
    sections,
)
from assistant.interfaces.slack.intake import Request, private
from assistant.interfaces.slack.office import Production
from assistant.interfaces.slack.quotes import marked
from assistant.interfaces.slack.task import Task
from assistant.store.slack import Note

SHOWN = 5  # proposals a card


def begin(task: Task) -> None:
    """Start a review of the newest draft in this thread, or show the one that waits."""
    from assistant.workflows.review import wait_for
    from assistant.workflows.run import checkpoints

    app, place = task.production.app, task.request.place
    desk = app.desk(task.who)
    run = f"slack {desk.draft} {task.request.order}"
    with checkpoints(app.store.engine, app.data) as saver:
        question = wait_for(desk, saver, run)
    if question is None:
        task.say("Nothing waits for a decision.")
        return
    body = {"run": run, "draft": desk.draft, "channel": place.channel}
    note = task.production.notes.keep("review", place.user, body)
    blocks = card(task, note, question)
    if task.request.kind == "command":
        task.bench.slack.post(place.channel, place.thread, "A review waits.", blocks)
    else:
        task.bench.slack.post(place.channel, place.thread, f"{question['waiting']} proposals wait.", blocks)


def decide(task: Task, note: Note, decision: dict[str, str]) -> None:
    """A click or a form goes to the run that waits; the card shows what is next."""
    from assistant.workflows.review import answer, wait_for
    from assistant.workflows.run import checkpoints

    app = task.production.app
    desk = app.desk(task.who, int(note.body["draft"]))
    said: dict[str, Any] = {"who": task.who, "decisions": [decision], "leave": False}
    if not decision:
        said |= {"decisions": [], "leave": True}
    with checkpoints(app.store.engine, app.data) as saver:
        question = wait_for(desk, saver, note.body["run"])
        if question is not None:
            question = answer(desk, saver, note.body["run"], said)
    _show(task, note, question, left=not decision)


def _show(task: Task, note: Note, question: dict[str, Any] | None, left: bool) -> None:
    request = task.request
    if question is None:
        words = "Enough for now; the rest waits." if left else "Everything is decided."
        blocks = [section(words)]
    else:
        words, blocks = f"{question['waiting']} proposals wait.", card(task, note, question)
    task.aside("chat.update", channel=request.place.channel, ts=request.message, text=words, blocks=blocks)


def card(task: Task, note: Note, question: dict[str, Any]) -> list[Block]:
    """The next few proposals with their buttons."""
    blocks = [header(f"Review: {question['waiting']} proposals wait")]
    for item in question["items"][:SHOWN]:
        value = f"{note.id} {item['id']}"
        blocks.append(section(_words(task, item)))
        buttons = [button("Accept", "accept", value, "primary"), button("Show", "lines", value)]
        buttons += [button("Edit…", "edit", value)] if "name" in item else []
        blocks.append(row(*buttons, button("Reject…", "reject", value, "danger")))
    return [*blocks, row(button("Enough for now", "leave", note.id))]


def _words(task: Task, item: dict[str, Any]) -> str:
    """A proposal in two or three lines; where its own words may not be said, Show has them."""
    if "name" in item:
        head, words = f"{label(Category(item['category']))}, Sc. {item['scene']}", str(item["name"])
        more = f"“{item['quote']}”" if task.access.aloud else ""
    else:
        head, words, more = "One and the same?", f"{item.get('keep')} – {item.get('other')}", ""
    said = words if task.may(words) else "_in the script's own words: see Show_"
    return "\n".join([f"*{head}*", safe(said), *([safe(more)] if more else [])])


def window(production: Production, note: Note, request: Request, subject: str) -> Block:
    """The window behind Edit, Reject and Lines."""
    kind = request.action
    if kind == "reject":
        reason = entry("why", "Why?", optional=True)
        return modal("Reject", [reason], "reject_form", private(request, request.value))
    desk = production.app.desk("", int(note.body["draft"]))
    merge = next((item.merge for item in desk.items() if item.subject == subject and item.merge), None)
    if merge:
        return modal("One and the same?", [section(safe(f"{merge.keep} – {merge.other}\n{merge.why}"))])
    element = desk.known.get(subject)
    if element is None:
        return modal("Gone", [section("That proposal is not there any more.")])
    if kind == "edit":
        fields = [
            entry("name", "Name", element.name),
            categories(element.category.value),
            entry("why", "Why?", "", True),
        ]
        return modal("Edit", fields, "edit_form", private(request, request.value))
    scene = desk.script.scene(element.scene)
    near = [line for line in scene.lines if abs(line.number - element.evidence.line) <= 4]
    shown = [marked(line.number, line.text, line.number == element.evidence.line) for line in near]
    head = f"*{safe(element.name)}* – {label(element.category)}, Sc. {safe(scene.label)}"
    return modal("The proposal", [section(head), *sections(shown)])
