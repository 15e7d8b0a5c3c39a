"""Tools on the wire: offered to models that have them, called whole and in pieces, answered in the next request."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from routers.calls import Heard
from routers.types import JsonMode, Message, RawAnswer, Request, Tool, ToolCall
from tests.loopback import Loopback, Reply
from tests.routers.wires import GOOD, ask, provider, row

pytestmark = pytest.mark.filterwarnings("ignore:Items? .* on TypedDict class:UserWarning")


@pytest.fixture(scope="module")
def server() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


LOOK = Tool("look", "Looks.", {"type": "object", "properties": {"where": {"type": "string"}}})


def _tooled(server: Loopback, wire: str, streaming: bool, request: Request, **more: Any) -> tuple[str, RawAnswer]:
    """What was shown as it came, and the answer."""
    model, made = replace(row(server, wire), **more), provider(server, wire)
    if not streaming:
        answer = made.complete(model, "eu-west-1", request, 30.0)
        return answer.text, answer
    *parts, last = made.stream(model, "eu-west-1", request, 30.0)
    assert last.answer is not None
    return "".join(part.text for part in parts), last.answer


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("mode", ["native", "tool", "prompt"])
@pytest.mark.parametrize("wire", ["openai", "bedrock"])
def test_tools_are_offered_called_and_answered(server: Loopback, wire: str, mode: JsonMode, streaming: bool) -> None:
    server.forget()
    server.script("m", [Reply('{"where": "Züge"}', call="look"), Reply(GOOD, use_tool=mode == "tool")])
    first = replace(ask(), tools=(LOOK,))
    shown, wish = _tooled(server, wire, streaming, first, json_mode=mode)
    assert (shown, wish.finish, len(wish.calls)) == ("", "tool", 1)
    call = wish.calls[0]
    assert call.name == "look" and json.loads(call.arguments) == {"where": "Züge"} and call.id
    turns = (*first.messages, Message("assistant", "", wish.calls), Message("user", "two trains", answers=call.id))
    shown, answer = _tooled(server, wire, streaming, replace(first, messages=turns), json_mode=mode)
    assert (json.loads(shown), answer.calls) == (json.loads(GOOD), ())
    asked, again = server.requests
    assert asked.tools == again.tools == (["answer", "look"] if mode == "tool" else ["look"])
    assert "two trains" in again.text and again.text.count(call.id) == 2


@pytest.mark.parametrize("wire", ["openai", "bedrock"])
def test_a_model_without_tools_gets_the_same_turns_in_words(server: Loopback, wire: str) -> None:
    server.forget()
    server.script("m", Reply(GOOD))
    call = ToolCall("c1", "look", '{"where": "here"}')
    turns = (*ask().messages, Message("assistant", "", (call,)), Message("user", "two trains", answers="c1"))
    request = replace(ask(), messages=turns, tools=(LOOK,))
    _, answer = _tooled(server, wire, False, request, abilities=frozenset({"json_schema"}))
    assert json.loads(answer.text) == json.loads(GOOD) and not answer.calls
    sent = server.requests[0]
    assert "look" not in sent.tools and "two trains" in sent.text and "c1" not in sent.text


def test_several_calls_in_pieces_are_put_together() -> None:
    heard = Heard(offered=True)
    for at, known, name, text in [
        (0, "a", "look", ""),
        (1, "b", "look", '{"w'),
        (0, "", "", "{}"),
        (1, "", "", '": 1}'),
    ]:
        assert heard.more(at, known, name, text) == ""
    assert heard.calls == (ToolCall("a", "look", "{}"), ToolCall("b", "look", '{"w": 1}'))
    assert heard.more(2, "c", "answer", '{"x"') == '{"x"' and heard.calls == ()
