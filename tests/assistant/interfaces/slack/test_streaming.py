"""A model that streams: each claim is said once, when it stands; a stop cuts it short; budgets are told."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.interfaces.slack import desk, news
from assistant.interfaces.slack.intake import request_of
from assistant.interfaces.slack.task import Bench
from routers.ledger import Entry, Result
from tests.assistant.interfaces.slack.conftest import ANA, CHANNEL, bench, production, served
from tests.assistant.workflows.making import fenced, model
from tests.loopback import Loopback, Reply, Request
from tests.slack_loopback import payloads
from tests.slack_loopback.server import LoopbackSlack

pytest.importorskip("slack_bolt", reason="the slack extra is not installed")

SPOKEN = "You were never going to tell me about the money."
TIED = "Mara ties a long wet rope to the old boat. JONAS watches her."


def _reply(request: Request) -> str:
    numbered = [line.partition(": ") for line in fenced(request, "passages").splitlines()]
    at = {words: int(number) for number, _, words in numbered if number.isdigit()}
    claims = [{"text": text, "citations": [{"quote": text, "line": at[text]}]} for text in (SPOKEN, TIED) if text in at]
    return json.dumps({"claims": claims, "refused": not claims})


@pytest.fixture
def models() -> Iterator[Loopback]:
    with Loopback() as server:
        yield server


@pytest.fixture
def streaming(loopback: LoopbackSlack, models: Loopback, tmp_path: Path) -> Bench:
    extra = '[models.pin]\nchat = "onprem/mine"\n[budget]\nproduction_usd = "5"\n'
    folder = tmp_path / "pier"
    app = production(folder, loopback, f'events = {{ {CHANNEL} = ["budget"] }}\n{extra}')
    app.write_models({"models": {"onprem/mine": model(models, "mine", abilities=["json_schema", "streaming"])}})
    models.script("mine", Reply(_reply))
    return bench(loopback, [folder])


def _ask(made: Bench, loopback: LoopbackSlack, body: payloads.Body, stops: list[bool]) -> str:
    request = request_of(body)
    assert request is not None
    words = iter(stops)
    desk.serve(made, request, lambda: next(words, False))
    return loopback.said(request.place.channel)


def test_every_claim_is_said_once_and_in_a_channel_none_that_quotes(streaming: Bench, loopback: LoopbackSlack) -> None:
    said = _ask(streaming, loopback, payloads.message(ANA, "What about the money and the rope?"), [])
    assert said.count(SPOKEN) == 1 and said.count("ties a long wet rope") == 1
    aloud = _ask(streaming, loopback, payloads.mention(CHANNEL, ANA, "What about the money and the rope?"), [])
    assert "2 statements quote the script" in aloud and SPOKEN not in aloud and "wet rope" not in aloud


def test_a_stop_cuts_a_streamed_answer_short(streaming: Bench, loopback: LoopbackSlack) -> None:
    said = _ask(streaming, loopback, payloads.message(ANA, "What about the money and the rope?"), [False, True])
    assert "Stopped here" in said and "Stopped. What was finished is kept." in said
    assert (SPOKEN in said) != ("ties a long wet rope" in said)


def test_stop_is_heard_while_the_model_answers(streaming: Bench, loopback: LoopbackSlack, models: Loopback) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(request: Request) -> str:
        begun.set()
        assert go_on.wait(60)
        return _reply(request)

    models.script("mine", Reply(slow))
    folder = streaming.office.productions[0].app.folder
    with served(loopback, [folder]) as room:
        loopback.push("events_api", payloads.mention(CHANNEL, ANA, "What about the money and the rope?", "3.3"))
        assert begun.wait(60)
        loopback.push("events_api", payloads.mention(CHANNEL, ANA, "Who is in scene 1?", "3.3"))
        room.wait(lambda: room.bench.office.jobs.count("waiting"))
        loopback.push("events_api", payloads.mention(CHANNEL, ANA, "Stop", "3.3"))
        room.wait(lambda: room.bench.office.jobs.count("stopping"))
        go_on.set()
        room.idle()
    assert not loopback.of("chat.stopStream")
    assert [body["text"] for body in loopback.of("chat.postEphemeral")] == ["Stopped. What was finished is kept."]


def test_at_four_fifths_of_a_budget_the_channel_is_told_once(streaming: Bench, loopback: LoopbackSlack) -> None:
    ours = streaming.office.productions[0]
    assert news.tell(streaming.office, streaming.guard) == 0
    entry = Entry("c", 0, ours.id, None, "t", "draft", "open", "p", "w", "", "", "", "h", "m", "acme", "eu", "eu", "")
    ledger = ours.app.router.ledger
    for cost, told in ((3_900_000_000, 0), (200_000_000, 1), (200_000_000, 0)):
        ledger.settle(ledger.reserve(entry, cost, datetime.now(UTC)), Result("ok", cost))
        assert news.tell(streaming.office, streaming.guard) == told
    assert "82% of the budget" in loopback.of("chat.postMessage")[0]["text"]
