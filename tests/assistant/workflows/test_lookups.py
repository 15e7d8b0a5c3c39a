"""Models that look things up before they answer: in bounds, with citations, and every claim checked all the same."""

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.app import App
from assistant.domain.answers import Answer, Claim
from assistant.knowledge.cite import normal
from assistant.knowledge.queries import TOOLS, looked_up, offered
from assistant.workflows.chat import CALLS, ROUNDS
from routers.bedrock import BedrockProvider
from routers.converse import Access
from tests.assistant.workflows.making import model
from tests.assistant.workflows.test_talk import LIES
from tests.conftest import ROOT
from tests.loopback import Loopback, Reply, Request

FERRY = ROOT / "examples" / "the-ferry" / "the-ferry.fountain"
ABILITIES = ["json_schema", "streaming", "tools"]
QUESTION = "Tell me everything about the animal by daylight."
Say = Callable[[Request, list[str]], tuple[str, str]]  # (tool or "", what it is given or the answer)


@dataclass(frozen=True)
class Looks(Reply):
    """A model that decides from what it was told so far."""

    say: Say = lambda request, told: ("", "{}")

    def render(self, request: Request) -> Reply:
        """A call of a tool, or the answer as text."""
        tool, text = self.say(request, results(request))
        return Reply(text, call=tool, use_tool=False).render(request)


def results(request: Request) -> list[str]:
    """What the tools gave, on either wire, in order."""
    found = []
    for turn in request.json["messages"]:
        if turn["role"] == "tool":
            found.append(turn["content"])
        for block in turn["content"] if isinstance(turn.get("content"), list) else ():
            if "toolResult" in block:
                found.append(block["toolResult"]["content"][0]["text"])
    return found


def answer(*claims: dict[str, Any]) -> str:
    """An answer in everybody's shape."""
    return json.dumps({"claims": list(claims), "refused": not claims})


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example broken down, to be copied."""
    folder = tmp_path_factory.mktemp("lookups") / "made"
    made = App.init(folder, "The Ferry")
    made.breakdown(FERRY)
    made.close()
    return folder


def opened(folder: Path, server: Loopback, say: Say, wire: str = "openai", **row: Any) -> App:
    """The production with a model of the server for the chat."""
    server.script("mine", Looks(say=say))
    fields = model(server, "mine", abilities=ABILITIES, **row)
    if wire == "bedrock":
        terms = {"trains": False, "retention_days": 0}
        fields |= {"wire": "bedrock/mine", "provider": "bedrock", "credentials": [], "terms": terms}
    app = App.open(folder)
    app.write_models({"models": {f"{wire}/mine": fields}})
    app.close()
    provider = BedrockProvider(Access(endpoint_url=server.url, keys=("AKIDTEST", "secret", None)))
    fakes = {"providers": {"bedrock": provider}} if wire == "bedrock" else {}
    return App.open(folder, {"models": {"pin": {"chat": f"{wire}/mine"}}}, **fakes)


def asked(app: App, question: str, streaming: bool) -> tuple[Answer, list[Claim]]:
    """The answer in a new conversation, and what was heard on the way."""
    talk, heard = app.talk("ann"), []
    talk.forget()
    return talk.ask(question, heard.append if streaming else None), heard


def dog_by_day(request: Request, told: list[str]) -> tuple[str, str]:
    """Asks the tables, then the passages, then answers from both."""
    if not told:
        return "scenes", json.dumps({"things": ["dog"], "time": "DAY"})
    if len(told) == 1:
        return "search", json.dumps({"words": "the lantern on the pier"})
    counted = told[0].splitlines()[0]
    line = re.findall(r"^(\d+): (.{20,})$", told[1], re.MULTILINE)[-1]
    return "", answer(
        {"text": counted, "citations": [{"quote": counted}]},
        {"text": line[1], "citations": [{"quote": line[1], "line": int(line[0])}]},
    )


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(("wire", "mode"), [("openai", "native"), ("openai", "prompt"), ("bedrock", "native")])
def test_a_model_looks_up_and_quotes_what_it_found(
    ferry: Path, server: Loopback, wire: str, mode: str, streaming: bool
) -> None:
    app = opened(ferry, server, dog_by_day, wire, json_mode=mode)
    before = app.router.ledger.rows(app.store.production)
    given, heard = asked(app, QUESTION, streaming)
    assert [bool(claim.citations) for claim in given.claims] == [True, True] and given.cut == 0
    assert "26, 28" in given.claims[0].text
    assert [claim.text for claim in heard] == ([claim.text for claim in given.claims] if streaming else [])
    assert [request.streaming for request in server.requests] == [streaming] * 3
    assert all(sorted(request.tools) == sorted(TOOLS) for request in server.requests)
    assert [step.split()[:3] for step in given.steps if step.startswith("looked")] == [
        ["looked", "up", "scenes"],
        ["looked", "up", "search"],
    ]
    rows = app.router.ledger.rows(app.store.production)[len(before) :]
    assert {row["outcome"] for row in rows} == {"ok"} and len(rows) == 3
    assert int(given.cost_usd.scaleb(9)) == sum(row["settled"] for row in rows)
    app.close()


def test_a_model_without_tools_gets_passages_and_no_tools(ferry: Path, server: Loopback) -> None:
    def plain(request: Request, told: list[str]) -> tuple[str, str]:
        line = re.findall(r"^(\d+): (.{20,})$", request.json["messages"][-1]["content"], re.MULTILINE)[0]
        return "", answer({"text": line[1], "citations": [{"quote": line[1]}]})

    app = opened(ferry, server, plain)
    app.write_models({"models": {"openai/mine": {"abilities": ["json_schema"]}}})
    app.close()
    app = App.open(ferry, {"models": {"pin": {"chat": "openai/mine"}}})
    given, _ = asked(app, QUESTION, False)
    assert len(given.claims) == 1 and [request.tools for request in server.requests] == [[]]


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("wire", ["openai", "bedrock"])
def test_a_model_that_never_stops_looking_is_stopped(ferry: Path, server: Loopback, wire: str, streaming: bool) -> None:
    app = opened(ferry, server, lambda request, told: ("scenes", "{}"), wire)
    given, _ = asked(app, QUESTION, streaming)
    assert given.refused and given.nearest
    offers = [bool(request.tools) for request in server.requests]
    assert offers[: ROUNDS + 1] == [True] * ROUNDS + [False] and not any(offers[ROUNDS:])
    assert len(offers) <= ROUNDS + 2, "bad form is put to the same model once"


def test_wrong_calls_are_told_and_the_model_may_mend_them(ferry: Path, server: Loopback) -> None:
    wrong = [("unlock_doors", "{}"), ("scenes", '{"cast": ["OTTOLINE"]}'), ("cast", '{"names": 3}'), ("search", "no {")]
    seen: list[list[str]] = []

    def mends(request: Request, told: list[str]) -> tuple[str, str]:
        seen.append(told)
        return wrong[len(told)] if len(told) < len(wrong) else ("", answer())

    given, _ = asked(opened(ferry, server, mends), QUESTION, False)
    assert given.refused
    told = [result for results in seen for result in results]
    for what in ("there is no tool unlock_doors", "there is no role OTTOLINE; roles: ", "arguments: names"):
        assert any(what in result for result in told)


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "stream"])
def test_no_lie_about_what_was_looked_up_is_shown(ferry: Path, server: Loopback, streaming: bool) -> None:
    def lies(request: Request, told: list[str]) -> tuple[str, str]:
        if len(told) < 2:
            return ("search", '{"words": "lantern pier dog"}') if told else ("elements", '{"category": "props"}')
        chance = random.Random(len(told[1]))
        claims = []
        for number, line in re.findall(r"^(\d+): (.{20,})$", told[1], re.MULTILINE)[:30]:
            true = {"quote": line, "line": int(number)}
            lie = chance.choice(
                [
                    {"text": f"{line} A zebra walks by.", "citations": [{"quote": f"{line} A zebra walks by."}]},
                    {"text": f"There Ottoline says: {line}", "citations": [true]},
                    {"text": f"It happens 731 times: {line}", "citations": [true]},
                    {"text": f"The zebra is here: {line}", "citations": []},
                ]
            )
            claims.append(lie if chance.random() < 0.35 else {"text": line, "citations": [true]})
        return "", answer(*claims)

    given, heard = asked(opened(ferry, server, lies), QUESTION, streaming)
    assert not any(lie in claim.text for lie in LIES for claim in (*given.claims, *heard))
    assert len(given.claims) > 8 and given.cut > 3


# The queries themselves


@pytest.mark.parametrize(
    ("tool", "arguments", "wanted"),
    [
        ("scenes", {}, "31 scenes"),
        ("scenes", {"cast": ["nora", "Peter"]}, "24"),
        ("scenes", {"sets": ["wheelhouse"]}, "5, 13, 16, 20, 30"),
        ("scenes", {"int_ext": "EXT", "time": "night", "cast": ["Ida"]}, "3, 12, 15"),
        ("cast", {"numbers": ["24"]}, "PETER"),
        ("cast", {"names": ["NORA"]}, "speeches"),
        ("elements", {"category": "animals"}, "terrier"),
        ("elements", {"numbers": ["2"]}, "lantern"),
        ("schedule", {}, "no schedule"),
        ("continuity", {"numbers": ["3"]}, "continuity"),
    ],
)
def test_queries_answer_from_the_tables(ferry: Path, tool: str, arguments: dict[str, Any], wanted: str) -> None:
    app = App.open(ferry)
    tables = app.talk("ann").tables
    result = looked_up(tool, json.dumps(arguments), tables, lambda words: [])
    text = " ".join([*(claim.text for claim in result.facts.claims), result.problem])
    assert normal(wanted) in normal(text)
    assert all(claim.citations for claim in result.facts.claims)
    app.close()


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("scenes", {"numbers": ["99"]}, "there is no scene 99"),
        ("scenes", {"sets": ["moon"]}, "there is no set moon; sets: "),
        ("elements", {"category": "zebras"}, "there is no category zebras; categories: "),
        ("continuity", {"numbers": ["1"], "match": True}, "exactly two scenes"),
        ("search", {"words": ""}, "arguments: words"),
        ("scenes", {"colour": "red"}, "arguments: colour"),
    ],
)
def test_a_query_that_can_not_be_run_says_why(ferry: Path, tool: str, arguments: dict[str, Any], told: str) -> None:
    app = App.open(ferry)
    assert told in looked_up(tool, json.dumps(arguments), app.talk("ann").tables, lambda words: []).problem
    app.close()


def test_what_is_offered_is_described_and_bounded() -> None:
    assert [tool.name for tool in offered()] == list(TOOLS) and ROUNDS * CALLS <= 24
    assert all(tool.description and tool.parameters["type"] == "object" for tool in offered())
