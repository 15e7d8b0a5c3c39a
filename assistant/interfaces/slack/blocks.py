"""Block Kit within Slack's limits: 3,000 letters a text, 50 blocks a message, 150 letters a header, 75 a button."""

from collections.abc import Sequence
from typing import Any

from assistant.domain.answers import Citation
from assistant.domain.categories import Category, label

Block = dict[str, Any]
JOINER = "\u2060"  # shows nothing, and keeps Slack from reading an address
TEXT, BLOCKS, HEADER, BUTTON, ROW = 3000, 50, 150, 75, 5


def safe(text: str) -> str:
    """Text in which nothing is a mention, a link or a command to Slack; a link could carry words of the script away."""
    text = text.replace("://", f":{JOINER}//").replace("](", f"]{JOINER}(")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    """Text that fits."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def section(text: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": cut(text, TEXT) or "–"}}


def sections(lines: Sequence[str]) -> list[Block]:
    """Lines in as few paragraphs as the limits allow; what does not fit in a message is said to be left out."""
    found, text = [], ""
    for line in lines:
        if len(text) + len(line) + 1 > TEXT - 100:
            found.append(section(text))
            text = ""
        text += f"{cut(line, TEXT - 200)}\n"
    if text:
        found.append(section(text))
    room = BLOCKS - 4
    return found if len(found) <= room else [*found[:room], section("… the rest is in the files.")]


def header(text: str) -> Block:
    """A headline."""
    return {"type": "header", "text": {"type": "plain_text", "text": cut(text, HEADER)}}


def button(text: str, action: str, value: str, style: str = "") -> Block:
    """A button."""
    words = {"type": "plain_text", "text": cut(text, BUTTON)}
    made: Block = {"type": "button", "text": words, "action_id": action, "value": value}
    return made | ({"style": style} if style else {})


def row(*elements: Block) -> Block:
    """Buttons side by side."""
    return {"type": "actions", "elements": list(elements)}


def cites(note: str, citations: Sequence[Citation]) -> list[Block]:
    """A button for each of the first citations and one for all; the quoted lines themselves stay behind them."""
    shown = list(citations[:ROW])
    made = [button(f"[{n}] {item.place}", f"quote:{n}", f"{note} {n}") for n, item in enumerate(shown, 1)]
    if len(citations) > len(shown):
        made.append(button(f"All {len(citations)} quotes", "quotes", note))
    return [row(*made)] if made else []


def feedback(note: str) -> Block:
    """Was the answer right? The word goes to the scorecards."""
    sides = {"positive_button": ("Right", "good"), "negative_button": ("Wrong", "bad")}
    made: Block = {"type": "feedback_buttons", "action_id": "feedback"}
    for name, (text, word) in sides.items():
        made[name] = {"text": {"type": "plain_text", "text": text}, "value": f"{word} {note}"}
    return {"type": "context_actions", "elements": [made]}


def modal(title: str, blocks: list[Block], callback: str = "", private: str = "") -> Block:
    """A window that one person sees; with a callback it has a button to send it."""
    made: Block = {"type": "modal", "title": {"type": "plain_text", "text": cut(title, 24)}, "blocks": blocks}
    made["close"] = {"type": "plain_text", "text": "Close"}
    if callback:
        made |= {"callback_id": callback, "private_metadata": private}
        made["submit"] = {"type": "plain_text", "text": "Keep"}
    return made


def entry(name: str, text: str, value: str = "", optional: bool = False) -> Block:
    """A line to type in."""
    field: Block = {"type": "plain_text_input", "action_id": "value", "max_length": 300}
    if value:
        field["initial_value"] = cut(value, 300)
    words = {"type": "plain_text", "text": text}
    return {"type": "input", "block_id": name, "label": words, "element": field, "optional": optional}


def categories(chosen: str) -> Block:
    """The trade's categories to choose from."""
    options = [{"text": {"type": "plain_text", "text": label(item)}, "value": item.value} for item in Category]
    initial = next((item for item in options if item["value"] == chosen), options[0])
    field = {"type": "static_select", "action_id": "value", "options": options, "initial_option": initial}
    words = {"type": "plain_text", "text": "Category"}
    return {"type": "input", "block_id": "category", "label": words, "element": field}
