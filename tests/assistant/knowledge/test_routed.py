"""Vectors from a model behind the router: the same rules, money and record; another model re-indexes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.app import App
from assistant.errors import SettingsError
from assistant.knowledge import RoutedEmbedder
from assistant.workflows.state import Event
from routers.bedrock import BedrockProvider
from routers.converse import Access
from routers.errors import BudgetRefused, NoAnswer, NoEligibleModel
from tests.conftest import ROOT
from tests.loopback import Loopback, Request

FERRY = ROOT / "examples" / "the-ferry" / "the-ferry.fountain"
PATH = "/v1/embeddings"


def made(request: Request) -> dict[str, Any]:
    """One vector a text, the last first, so that the order has to be taken from the index."""
    rows = [
        {"object": "embedding", "index": at, "embedding": [1.0 + text.count("dog"), 1.0 + text.count("lantern"), 0.5]}
        for at, text in enumerate(request.json["input"])
    ]
    tokens = sum(len(text) // 4 for text in request.json["input"])
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "model": request.json["model"], "data": rows[::-1], "usage": usage}


@pytest.fixture
def server() -> Iterator[Loopback]:
    """A server with vectors."""
    with Loopback() as running:
        running.route("POST", PATH, made)
        yield running


def row(server: Loopback, **more: Any) -> dict[str, Any]:
    """An embedding model of the server."""
    return {
        "wire": "openai/vec-one",
        "provider": "openai_compatible",
        "calls": ["here"],
        "reaches": ["here"],
        "abilities": ["embedding"],
        "window": 2048,
        "price": {"input": "1", "output": "0"},
        "base_url": server.openai,
    } | more


def production(folder: Path, server: Loopback, flags: dict[str, Any] | None = None, **more: Any) -> App:
    """A new production with its vectors from the server."""
    first = App.init(folder, "Routed")
    names = {"vec/one": row(server, **more), "vec/two": row(server, wire="openai/vec-two", **more)}
    first.write_models({"models": names})
    first.close()
    return App.open(folder, {"models": {"embedding": "vec/one"}} | (flags or {}))


def sent(server: Loopback) -> list[Request]:
    """What reached the vectors' address."""
    return [request for request in server.requests if request.path == PATH]


def test_passages_and_questions_get_their_vectors_from_the_model(tmp_path: Path, server: Loopback) -> None:
    app = production(tmp_path / "p", server)
    app.ingest(FERRY)
    assert app.knowledge.search("the dog", 3)
    texts = [text for request in sent(server) for text in request.json["input"]]
    assert len(texts) == app.knowledge.count() + 1 and texts[-1] == "the dog"
    assert all(request.json["model"] == "vec-one" for request in sent(server))


def test_vectors_keep_the_order_of_the_texts_and_are_of_length_one(tmp_path: Path, server: Loopback) -> None:
    embedder = RoutedEmbedder(production(tmp_path / "p", server).llm, "vec/one")
    dog, lantern, long = embedder.embed(["dog dog dog", "lantern lantern", "x" * 100_000])
    assert dog[0] > dog[1] and lantern[1] > lantern[0] and long
    assert all(sum(x * x for x in vector) == pytest.approx(1.0) for vector in (dog, lantern, long))


def test_each_call_is_in_the_ledger_with_its_price_and_what_left(tmp_path: Path, server: Loopback) -> None:
    app = production(tmp_path / "p", server)
    app.ingest(FERRY)
    rows = app.router.ledger.rows(app.store.production)
    asked = [item for item in rows if item["task"] == "embedding"]
    assert len(asked) == len(sent(server)) and {item["outcome"] for item in asked} == {"ok"}
    chars = sorted(sum(len(text) for text in request.json["input"]) for request in sent(server))
    assert sorted(item["egress_chars"] for item in asked) == chars
    assert all("no training stated" in item["egress_rule"] for item in asked)
    assert {item["egress_kind"] for item in asked} == {"embedding passages"}
    assert all(item["settled"] == item["tokens_in"] * 1000 for item in asked)


@pytest.mark.parametrize(
    ("data_class", "terms", "rules"),
    [
        ("confidential", {"trains": True, "retention_days": 0}, ["training"]),
        ("embargoed", {"trains": False, "retention_days": 1}, ["retention"]),
        ("embargoed", {"trains": None, "retention_days": None}, ["training", "retention"]),
    ],
)
def test_nothing_is_sent_where_the_policy_says_no(
    tmp_path: Path, server: Loopback, data_class: str, terms: dict[str, Any], rules: list[str]
) -> None:
    app = production(tmp_path / "p", server, {"production": {"data_class": data_class}}, terms=terms)
    with pytest.raises(NoEligibleModel) as caught:
        app.ingest(FERRY)
    plan = caught.value.plan
    mine = [c for c in plan.candidates if c.row.id == "vec/one"] if plan else []
    assert [rule.rule for rule in mine[0].rules] == rules
    with pytest.raises(NoEligibleModel):
        app.talk("ann").ask("Who sails the ferry?")
    assert (server.requests, server.connections) == ([], 0)


def test_nothing_is_sent_over_the_budget(tmp_path: Path, server: Loopback) -> None:
    app = production(tmp_path / "p", server, {"budget": {"production_usd": Decimal("0.000001")}})
    with pytest.raises((BudgetRefused, NoEligibleModel)):
        app.ingest(FERRY)
    assert not sent(server)


def test_vectors_that_are_not_all_there_are_no_answer(tmp_path: Path, server: Loopback) -> None:
    app = production(tmp_path / "p", server)
    server.route("POST", PATH, lambda request: made(request) | {"data": made(request)["data"][1:]})
    with pytest.raises(NoAnswer):
        app.ingest(FERRY)


def test_another_model_indexes_again_and_shows_how_far_it_is(tmp_path: Path, server: Loopback) -> None:
    first = production(tmp_path / "p", server)
    first.ingest(FERRY)
    many = first.knowledge.count()
    first.close()
    server.forget()
    seen: list[Event] = []
    app = App.open(tmp_path / "p", {"models": {"embedding": "vec/two"}})
    app.talk("ann", seen.append)
    assert {request.json["model"] for request in sent(server)} == {"vec-two"}
    assert app.knowledge.count() == many and seen[-1].stage == "index"
    assert [(event.done, event.total) for event in seen] == [(many, many)]
    server.forget()
    app.talk("ann")
    assert not sent(server)


def test_a_server_that_fails_is_one_sentence_and_nothing_half_indexed_is_served(
    tmp_path: Path, server: Loopback
) -> None:
    app = production(tmp_path / "p", server)
    app.close()
    settings = tmp_path / "p" / "production.toml"
    settings.write_text(settings.read_text() + '\n[models]\nembedding = "vec/one"\n')
    server.route("POST", PATH, {"error": {"message": "no such model"}}, 404)
    for command in (["ingest", str(FERRY)], ["ask", "Who sails the ferry?"]):
        done = run(command, tmp_path / "p")
        assert (done.returncode, done.stdout) == (13, "")
        assert done.stderr.count("error: ") == 1 and "vec/one" in done.stderr and "Traceback" not in done.stderr
    app = App.open(tmp_path / "p")
    assert [source.indexed for source in app.sources.all()] == [False]
    assert app.knowledge.passages() == []
    app.close()
    server.route("POST", PATH, made)
    told = run(["ask", "Which scenes have the dog?"], tmp_path / "p")
    assert told.returncode == 0 and "Indexing: " in told.stderr


KILLED = """
import os, signal, sys
from pathlib import Path
from assistant.app import App
app = App.open(Path(sys.argv[1]), {"models": {"embedding": "vec/two"}})
app.talk("ann", lambda event: event.done < event.total and os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.mark.parametrize("then", ["vec/two", "vec/one"])
def test_killed_while_indexing_anew_it_goes_on_and_serves_no_vectors_that_are_gone(
    tmp_path: Path, server: Loopback, then: str
) -> None:
    first = production(tmp_path / "p", server)
    first.ingest(FERRY)
    bible = tmp_path / "bible.md"
    bible.write_text("# Dog\n\nBiscuit is a terrier of nine years.\n")
    first.add_paper(bible)
    many = first.knowledge.count()
    first.close()
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "p")], cwd=ROOT, check=False)
    assert done.returncode == -9
    app = App.open(tmp_path / "p", {"models": {"embedding": then}})
    assert len(app.knowledge.passages()) < many
    assert app.talk("ann").desk.knowledge.count() == many
    assert {item.passage.kind for item in app.knowledge.search("the dog", many)} == {"script", "bible"}


def test_an_embedding_model_is_never_asked_a_question(tmp_path: Path, server: Loopback) -> None:
    app = production(tmp_path / "p", server)
    rules = {c.row.id: [r.rule for r in c.rules] for c in app.llm.plan("chat").candidates}
    assert "embedding" in rules["vec/one"] and "embedding" not in rules["builtin/rules"]


def test_a_model_that_makes_no_vectors_is_named(tmp_path: Path) -> None:
    app = App.init(tmp_path / "p", "Wrong", {"models": {"embedding": "builtin/rules"}})
    with pytest.raises(SettingsError, match="builtin/rules is no embedding model"):
        _ = app.knowledge


def run(command: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """`pa` in a process of its own."""
    pa = [sys.executable, "-m", "assistant", *command, "-P", str(folder)]
    return subprocess.run(pa, cwd=ROOT, capture_output=True, text=True, check=False)


def test_check_and_list_say_what_makes_vectors(tmp_path: Path, server: Loopback) -> None:
    production(tmp_path / "p", server).close()
    rows = json.loads(run(["models", "check", "--json"], tmp_path / "p").stdout)["models"]
    mine = [row for row in rows if row["model"] == "vec/one"]
    assert mine == [{"model": "vec/one", "region": "here", "makes": "vectors", "eligible": True, "rules": []}]
    listed = run(["models", "list"], tmp_path / "p").stdout.splitlines()
    assert {line.split()[2] for line in listed if line.startswith(("vec/", "builtin/"))} == {"vectors", "answers"}


def invoked(request: Request) -> dict[str, Any]:
    """What Titan, or Cohere, answers."""
    if "inputText" in request.json:
        text = request.json["inputText"]
        return {"embedding": [1.0 + text.count("dog"), 0.5], "inputTextTokenCount": len(text) // 4}
    texts = request.json["texts"]
    return {"id": "1", "embeddings": {"float": [[1.0 + text.count("dog"), 0.5] for text in texts]}, "texts": texts}


@pytest.mark.parametrize(
    ("wire", "most"), [("amazon.titan-embed-text-v2:0", 1), ("us.cohere.embed-v4:0", 96)], ids=["titan", "cohere"]
)
def test_bedrock_makes_vectors_as_well(tmp_path: Path, server: Loopback, wire: str, most: int) -> None:
    path = f"/model/{wire.replace(':', '%3A')}/invoke"
    server.route("POST", path, invoked)
    folder = tmp_path / "p"
    first = App.init(folder, "Bedrock")
    terms = {"trains": False, "retention_days": 0}
    names = {
        "provider": "bedrock",
        "wire": f"bedrock/{wire}",
        "terms": terms,
        "calls": ["us-east-1"],
        "reaches": ["us"],
    }
    first.write_models({"models": {"vec/bed": row(server, **names, credentials=[], window=8192)}})
    first.close()
    provider = BedrockProvider(Access(endpoint_url=server.url, keys=("AKIDTEST", "secret", None)))
    app = App.open(folder, {"models": {"embedding": "vec/bed"}}, providers={"bedrock": provider})
    app.ingest(FERRY)
    assert app.knowledge.search("the dog", 3)
    asked = [request for request in server.requests if request.path == path]
    texts = [request.json.get("texts", [request.json.get("inputText")]) for request in asked]
    assert max(map(len, texts)) <= most and sum(map(len, texts)) == app.knowledge.count() + 1
    kinds = [request.json.get("input_type") for request in asked]
    assert kinds[-1] == (None if most == 1 else "search_query") and len(set(kinds[:-1])) == 1
    booked = [item for item in app.router.ledger.rows(app.store.production) if item["task"] == "embedding"]
    assert len(booked) == len(asked) and all(item["settled"] > 0 for item in booked)
    server.route("POST", path, {"message": "no"}, 400)
    with pytest.raises(NoAnswer, match="vec/bed"):
        app.knowledge.search("the dog", 3)
