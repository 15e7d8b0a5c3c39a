"""Every request's way: let in or refused, done, and what went wrong said without a word of the script."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import replace

from assistant.errors import AssistantError
from assistant.interfaces.slack import answers, drops, quotes, reviews
from assistant.interfaces.slack.blocks import safe
from assistant.interfaces.slack.commands import COMMANDS, command_in
from assistant.interfaces.slack.door import SlackRefused
from assistant.interfaces.slack.guard import Refusal, Role
from assistant.interfaces.slack.intake import Request
from assistant.interfaces.slack.task import Bench, Stopped, Task
from routers.errors import RouterError

LOG = logging.getLogger("assistant.slack")
PROMPTS = ("Which scenes are at night?", "Who is in scene 1?", "How many pages is the script?")
FORMS = {"reject_form": "reject", "edit_form": "edit"}
CODES = {10: "The file can not be read.", 11: "That is not in the production.", 12: "Something is not set up for that."}
CODES |= {13: "No model may be asked for that.", 14: "The budget is used up.", 15: "No usable answer came."}
CODES |= {16: "The rules can not all hold.", 17: "A person has to decide first."}
Stop = Callable[[], bool]


def serve(bench: Bench, request: Request, stopped: Stop) -> None:
    """Do what was asked, or say why not. Raises nothing a user could act on."""
    try:
        request = _at_home(bench, request)
        _serve(bench, request, stopped)
    except Stopped:
        tell(bench, request, "Stopped. What was finished is kept.")
    except (AssistantError, RouterError) as error:
        LOG.warning("%s: %s (%s)", request.kind, type(error).__name__, error.exit_code)
        tell(bench, request, _sentence(request, error))


def _at_home(bench: Bench, request: Request) -> Request:
    """A command typed in a direct message of other people is answered in the person's own with the assistant."""
    place = request.place
    if request.kind != "command" or not place.direct:
        return request
    return replace(request, place=replace(place, channel=bench.slack.dm(place.user)))


def _serve(bench: Bench, request: Request, stopped: Stop) -> None:
    what, least, run = _plan(bench, request)
    access = bench.guard.check(request.place, what, least, request.beside)
    if isinstance(access, Refusal):
        if access.say and not _chooses(bench, request):
            tell(bench, request, access.say)
        return
    run(Task(bench, request, access, stopped))


def _plan(bench: Bench, request: Request) -> tuple[str, Role, Callable[[Task], None]]:
    if request.kind in ("opened", "looked"):
        return "open", "viewer", _open
    if request.kind == "click":
        return _click(request)
    if request.kind == "form":
        return "decide", "reviewer", _form
    if request.files:
        return "drop", "reviewer", drops.take
    if request.stops:
        return "stop", "viewer", _stop
    found = command_in(request.text, request.kind == "command")
    verb, rest = found or (("ask", request.text) if request.text else ("help", ""))
    command = COMMANDS[verb]
    return verb, command.least, lambda task: command.run(task, rest)


def _open(task: Task) -> None:
    """The assistant's pane was opened, or another channel is looked at beside it."""
    request, place = task.request, task.request.place
    task.bench.office.notes.keep("beside", place.user, {"channel": request.beside}, request.order)
    if request.kind == "looked":
        return
    at = {"channel_id": place.channel, "thread_ts": place.thread}
    prompts = [{"title": words, "message": words} for words in PROMPTS]
    task.aside("assistant.threads.setSuggestedPrompts", **at, title=task.production.title[:80], prompts=prompts)


def _stop(task: Task) -> None:
    if not task.bench.office.jobs.stop(task.request.order):
        task.say("Nothing runs here.")


def _click(request: Request) -> tuple[str, Role, Callable[[Task], None]]:
    kind = request.action.partition(":")[0]
    if kind in ("quote", "quotes", "read"):
        return kind, "viewer", _show_answer
    if kind == "feedback":
        return kind, "viewer", _feedback
    if kind in ("lines", "edit", "reject"):
        return kind, "reviewer", _show_proposal
    return "decide", "reviewer", _decide


def _show_answer(task: Task) -> None:
    request = task.request
    identity, _, number = request.value.partition(" ")
    found = task.bench.office.note(identity, "answer")
    if found is None or found[0] is not task.production:
        return
    if found[1].who != request.place.user:
        task.bench.slack.whisper(
            request.place.channel, request.place.user, "Only the one who asked can open this. Ask me yourself.",
            request.place.thread,
        )  # fmt: skip
        return
    if number:
        view = quotes.quoted(*found, int(number))
    else:
        view = quotes.listed(found[1]) if request.action == "quotes" else quotes.whole(found[1])
    task.bench.slack.call("views.open", trigger_id=request.trigger, view=view)


def _feedback(task: Task) -> None:
    word, _, identity = task.request.value.partition(" ")
    found = task.bench.office.note(identity, "answer")
    if found and found[0] is task.production:
        answers.learn(found[0], found[1], task.request.place.user, word)


def _show_proposal(task: Task) -> None:
    identity, _, subject = task.request.value.partition(" ")
    found = task.bench.office.note(identity, "review")
    if found and found[0] is task.production:
        view = reviews.window(found[0], found[1], task.request, subject)
        task.bench.slack.call("views.open", trigger_id=task.request.trigger, view=view)


def _decide(task: Task) -> None:
    identity, _, subject = task.request.value.partition(" ")
    found = task.bench.office.note(identity, "review")
    if found is None or found[0] is not task.production:
        return
    decision = {"id": subject, "decision": "accept"} if task.request.action == "accept" else {}
    reviews.decide(task, found[1], decision)


def _form(task: Task) -> None:
    request, fields = task.request, task.request.fields or {}
    identity, _, subject = request.value.partition(" ")
    found = task.bench.office.note(identity, "review")
    if found and found[0] is task.production and request.action in FORMS:
        reviews.decide(task, found[1], {"id": subject, "decision": FORMS[request.action], **fields})


def _chooses(bench: Bench, request: Request) -> bool:
    """Somebody of several productions says which one: the one thing that needs no choice made before."""
    verb, _, title = request.text.partition(" ")
    if not request.place.direct or verb.casefold() != "use":
        return False
    roles = bench.guard.roles(request.place.user)
    wanted = [
        item for item in bench.office.productions if item.id in roles and item.title.casefold() == title.casefold()
    ]
    if wanted:
        user = request.place.user
        bench.office.notes.keep("use", user, {"production": wanted[0].id}, user)
        tell(bench, request, f"From here on it is about {wanted[0].title}.")
    return bool(wanted)


def _sentence(request: Request, error: AssistantError | RouterError) -> str:
    """In a channel only what kind of failure it was: a sentence could carry names or words of the script."""
    plain = CODES.get(error.exit_code, "That did not work.")
    if not request.place.direct or error.exit_code == 15:
        return plain
    return f"{error.sentence} {error.hint}".strip()


def tell(bench: Bench, request: Request, words: str) -> None:
    """Say something to the person alone; where even that fails, the log knows."""
    place = request.place
    try:
        bench.slack.whisper(place.channel, place.user, safe(words), place.thread)
    except SlackRefused as error:
        LOG.warning("%s", error.sentence)


def note_bug(bench: Bench, request: Request, error: BaseException) -> None:
    """A mistake of ours: the log gets where, never what; the person a sentence."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    LOG.error("%s failed: %s at %s", request.kind, type(error).__name__, where)
    tell(bench, request, "Something of ours went wrong; it is in the log. Nothing was lost.")
