"""What Slack's documentation says a call may do: the scope it takes, and the sizes of what it carries."""

from collections.abc import Iterator, Sequence
from typing import Any

Body = dict[str, Any]

METHODS: dict[str, tuple[str, ...]] = {  # any of these scopes will do; () = none is needed
    "auth.test": (),
    "views.open": (),
    "apps.connections.open": ("connections:write",),
    "assistant.threads.setStatus": ("assistant:write", "chat:write"),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
    "assistant.threads.setTitle": ("assistant:write",),
    "chat.appendStream": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.startStream": ("chat:write",),
    "chat.stopStream": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.info": ("channels:read", "groups:read"),  # a public channel, a private one
    "conversations.open": ("im:write",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "usergroups.users.list": ("usergroups:read",),
    "users.info": ("users:read",),
}
EVENTS = {
    "app_mention": "app_mentions:read",
    "assistant_thread_context_changed": "assistant:write",
    "assistant_thread_started": "assistant:write",
    "message.im": "im:history",
}
PAYLOAD = "files:read"  # a dropped file's address answers only a token with this
COMMAND = "commands"
TEXTS = {"section": 3000, "header": 150}
ELEMENTS = {"actions": 25, "context": 10, "context_actions": 5}


def faults(method: str, body: Body) -> list[str]:
    """Why Slack would answer `invalid_blocks` or the like to this call."""
    found = list(_blocks(body.get("blocks") or [], 50))
    if method == "views.open":
        found += _view(body["view"])
    if method.startswith("chat.") and "Stream" not in method and not 0 < len(body.get("text", "")) <= 40_000:
        found.append("a message needs a text of at most 40,000 letters")
    for chunk in [*(body.get("chunks") or []), {"text": body.get("markdown_text") or ""}]:
        found += _fits("a streamed piece", chunk.get("text", ""), 12_000)
    if method.endswith("setSuggestedPrompts") and not 0 < len(body["prompts"]) <= 4:
        found.append("one to four prompts")
    return found


def _view(view: Body) -> Iterator[str]:
    yield from _blocks(view["blocks"], 100)
    for name in ("title", "close", "submit"):
        yield from _fits(name, (view.get(name) or {}).get("text", "x"), 24, least=1)
    yield from _fits("private_metadata", view.get("private_metadata", ""), 3000)
    if any(block["type"] == "input" for block in view["blocks"]) and "submit" not in view:
        yield "a form needs a button to send it"


def _blocks(blocks: Sequence[Body], most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"{len(blocks)} blocks, {most} are the most"
    for block in blocks:
        kind = block["type"]
        if kind in TEXTS:
            yield from _fits(kind, block["text"]["text"], TEXTS[kind], least=1)
        elements = block.get("elements", [])
        if kind in ELEMENTS and not 0 < len(elements) <= ELEMENTS[kind]:
            yield f"{len(elements)} elements in {kind}"
        for element in [*elements, *([block["element"]] if kind == "input" else [])]:
            yield from _element(element)
        names = [element.get("action_id") for element in elements]
        if len(set(names)) < len(names):
            yield f"an action_id twice in one block: {names}"
        if kind == "input":
            yield from _fits("label", block["label"]["text"], 2000, least=1)


def _element(element: Body) -> Iterator[str]:
    kind = element["type"]
    yield from _fits("action_id", element["action_id"], 255, least=1)
    if kind == "button":
        yield from _fits("button", element["text"]["text"], 75, least=1)
        yield from _fits("value", element.get("value", ""), 2000)
    elif kind == "feedback_buttons":
        for side in ("positive_button", "negative_button"):
            yield from _fits(side, element[side]["text"]["text"], 75, least=1)
            yield from _fits(side, element[side]["value"], 2000)
    elif kind == "plain_text_input":
        yield from _fits("initial_value", element.get("initial_value", ""), element.get("max_length", 3000))
    elif kind == "static_select":
        options = element["options"]
        if not 0 < len(options) <= 100 or element.get("initial_option", options[0]) not in options:
            yield "options"
        for option in options:
            yield from _fits("option", option["text"]["text"], 75, least=1)
            yield from _fits("option value", option["value"], 150)
    else:
        yield f"an element of kind {kind}"


def _fits(what: str, text: str, most: int, least: int = 0) -> Iterator[str]:
    if not least <= len(text) <= most:
        yield f"{what} of {len(text)} letters, {least} to {most} go"
