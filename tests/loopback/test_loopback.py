"""The loopback provider keeps its own promises: right checksums, right counts, one script a model."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.loopback import FAULTS, Fault, Loopback, Reply
from tests.loopback.eventstream import event, exception


def _post(url: str, body: dict[str, Any]) -> tuple[int, bytes]:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_botocore_reads_the_frames_and_their_checksums() -> None:
    from botocore.eventstream import ChecksumMismatch, EventStreamBuffer

    buffer = EventStreamBuffer()
    good = event("messageStop", {"stopReason": "end_turn"})
    buffer.add_data(good + exception("throttlingException", "wait"))
    first, second = list(buffer)
    assert first.headers[":event-type"] == "messageStop" and json.loads(first.payload) == {"stopReason": "end_turn"}
    assert second.headers[":exception-type"] == "throttlingException"
    broken = EventStreamBuffer()
    broken.add_data(good[:-1] + bytes([good[-1] ^ 1]))
    with pytest.raises(ChecksumMismatch):
        list(broken)


def test_steps_are_played_in_order_and_the_last_repeats() -> None:
    with Loopback() as server:
        server.script("m", [Fault("throttled"), Reply("one"), Reply("two")])
        said = [_post(f"{server.openai}/chat/completions", {"model": "m"}) for _ in range(4)]
        assert [status for status, _ in said] == [429, 200, 200, 200]
        assert [json.loads(body)["choices"][0]["message"]["content"] for _, body in said[1:]] == ["one", "two", "two"]
        assert [r.outcome for r in server.seen("m")] == ["throttled", "reply", "reply", "reply"]


def test_a_reply_may_be_worked_out_from_the_request() -> None:
    with Loopback() as server:
        server.script("m", Reply(lambda request: request.json["messages"][0]["content"].upper(), tokens=(7, 2)))
        _, body = _post(f"{server.url}/v1/messages", {"model": "m", "messages": [{"role": "user", "content": "abc"}]})
        assert json.loads(body)["content"][0]["text"] == "ABC"
        assert server.billed == (7, 2) and server.received == server.requests[0].received > 50


def test_paths_without_a_script_are_fixed_or_unknown() -> None:
    with Loopback() as server:
        server.route("POST", "/guardrail/x", {"action": "NONE"})
        assert _post(f"{server.url}/guardrail/x", {})[0] == 200
        assert _post(f"{server.url}/elsewhere", {})[0] == 404
        assert server.connections == 2 and len(server.requests) == 2
        server.forget()
        assert server.connections == 0 and server.received == 0


def test_a_fault_has_to_exist() -> None:
    assert len(FAULTS) >= 25
    with pytest.raises(ValueError, match="known: "):
        Fault("no_such_fault")
