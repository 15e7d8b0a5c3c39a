"""No excluded provider ever receives a byte: random policies, rows, faults and fallbacks, judged at the servers.

1,000 plans over eight loopback servers. Nine in ten go through a bare HTTP client, to have many; one in ten goes
through LiteLLM and boto3. Who may see the text is worked out here once more, without the router's own rules.
"""

import http.client
import json
import random
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from routers.errors import FaultKind, ProviderFault, RouterError
from routers.health import Health
from routers.ledger import Ledger, open_engine
from routers.registry import Registry
from routers.router import Router
from routers.types import (
    ABILITIES,
    DATA_CLASSES,
    Chunk,
    ModelRow,
    Need,
    Prior,
    Provider,
    RawAnswer,
    Region,
    Request,
    Terms,
    Verdict,
)
from tests.loopback import Fault, Loopback, Reply
from tests.routers.wires import GOOD, PRICE, SCHEMA, WIRES, ask, provider, row
from tests.routers.world import SkippingClock

PLANS = 1000
SITES = 8
PLACES = ("eu-west-1", "eu-central-1", "us-east-1", "*")
QUICK = (
    *("throttled", "throttled_retry_after", "daily_quota", "internal_error", "unavailable", "model_not_ready"),
    *("reset_before_headers", "truncated_body", "unparsable_body", "expired_credentials", "no_access", "overflow"),
    *("malformed_json", "schema_violation", "wrong_facts", "empty_answer", "wrong_model", "refusal_text", "guardrail"),
    *("max_tokens", "missing_usage", "end_of_life", "bad_request", "blocked_prompt", "exception_mid_stream"),
)
STATUS: dict[int, FaultKind] = {
    400: "bad_request",
    401: "expired_credentials",
    403: "access_denied",
    404: "not_found",
    429: "throttled",
}


class Plain:
    """OpenAI's format over a bare HTTP client: a provider quick enough for hundreds of plans."""

    def __init__(self, servers: dict[tuple[str, str], Loopback]) -> None:
        self._servers = servers
        self._lines: dict[str, http.client.HTTPConnection] = {}

    def complete(self, model: ModelRow, region: str, request: Request, timeout_s: float) -> RawAnswer:
        server = self._servers[model.id, region]
        body = {"model": "m", "messages": [{"role": m.role, "content": m.text} for m in request.messages]}
        try:
            status, said = self._post(server, json.dumps(body | {"max_tokens": request.max_tokens}))
        except (OSError, http.client.HTTPException) as error:
            raise ProviderFault("reset", sent=True) from error
        if status != 200:
            raise ProviderFault(STATUS.get(status, "server"))
        try:
            parsed = json.loads(said)
            choice, usage = parsed["choices"][0], parsed.get("usage", {})
        except (ValueError, KeyError) as error:
            raise ProviderFault("bad_body", sent=True) from error
        finish = {"length": "length", "content_filter": "guardrail"}.get(choice["finish_reason"], "stop")
        text = choice["message"]["content"] or ""
        counted = usage.get("prompt_tokens", 1), usage.get("completion_tokens", 1)
        return RawAnswer(text, finish, choice["finish_reason"], *counted, not usage, parsed["model"])  # type: ignore[arg-type]

    def stream(self, model: ModelRow, region: str, request: Request, timeout_s: float) -> Generator[Chunk, None, None]:
        answer = self.complete(model, region, request, timeout_s)
        yield Chunk(answer.text)
        yield Chunk("", answer)

    def _post(self, server: Loopback, body: str) -> tuple[int, bytes]:
        line = self._lines.pop(server.url, None) or http.client.HTTPConnection(server.url.removeprefix("http://"))
        line.request("POST", "/v1/chat/completions", body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        said = answer.read()
        if answer.will_close:
            line.close()
        else:
            self._lines[server.url] = line
        return answer.status, said


@dataclass(frozen=True)
class Drawn:
    """One random plan."""

    need: Need
    rows: tuple[ModelRow, ...]
    servers: dict[tuple[str, str], Loopback]  # by model and region
    set_up: frozenset[str]  # credentials that are there
    real: bool


def allowed(need: Need, model: ModelRow, region: Region, set_up: frozenset[str], today: date) -> bool:
    """May this text go there? Written from the promise, not from the router."""
    trains, days, reaches = model.terms.trains, model.terms.retention_days, region.reaches
    promises = [
        need.data_class == "open" or trains is False,
        need.data_class != "confidential" or (days is not None and days <= 30),
        need.data_class != "embargoed" or days == 0,
        need.data_class != "embargoed" or model.on_prem or "*" not in reaches,
        need.regions is None or model.on_prem or ("*" not in reaches and reaches <= need.regions),
        not need.on_prem_only or model.on_prem,
        need.pin in {None, model.id},
        not {model.id, model.provider} & need.forbid,
        need.abilities <= model.abilities,
        "embedding" not in model.abilities,  # makes vectors, and a question wants words
        model.price is not None,
        all(name in set_up for name in model.credentials),
        model.end_of_life is None or today < model.end_of_life,
        (model.window or 0) >= need.tokens_in,
    ]
    return all(promises)


def draw(dice: random.Random, sites: list[Loopback], number: int) -> Drawn:
    """A policy, rows that may or may not keep it, and where each is served."""
    real = number % 10 == 0
    servers: dict[tuple[str, str], Loopback] = {}
    rows: list[ModelRow] = []
    waiting = list(sites)
    while waiting:
        made = _row(dice, waiting[0], f"model-{len(rows)}", real)
        called = 1 if real or len(waiting) < 2 else dice.choice((1, 1, 2))
        regions = tuple(_region(dice, place) for place in dice.sample(PLACES[:3], called))
        rows.append(replace(made, regions=regions))
        for region in regions:
            servers[made.id, region.name] = waiting.pop(0)
    names = frozenset(name for made in rows for name in made.credentials if dice.random() < 0.85)
    return Drawn(_need(dice, rows), tuple(rows), servers, names, real)


def _region(dice: random.Random, place: str) -> Region:
    return Region(place, frozenset({place, *dice.sample(PLACES, dice.choice((0, 0, 1, 2)))}))


def _row(dice: random.Random, server: Loopback, name: str, real: bool) -> ModelRow:
    wire = dice.choice(WIRES) if real else "openai"
    return replace(
        row(server, wire),
        id=name,
        provider=name,
        terms=Terms(dice.choice((False, False, True, None)), dice.choice((0, 0, 30, 90, None))),
        on_prem=dice.random() < 0.25,
        abilities=frozenset(a for a in ABILITIES if dice.random() < (0.05 if a == "embedding" else 0.85)),
        price=PRICE if dice.random() < 0.9 else None,
        window=dice.choice((500, 8_000, 200_000)),
        end_of_life=dice.choice((None, None, None, date(2020, 1, 1), date(2100, 1, 1))),
        prior=Prior(dice.choice((0.6, 0.75, 0.9, 0.97)), 60.0),
    )


def _need(dice: random.Random, rows: list[ModelRow]) -> Need:
    names = [made.id for made in rows]
    return Need(
        "count",
        precision=dice.choice(("draft", "draft", "standard", "final")),
        data_class=dice.choice(DATA_CLASSES),
        tokens_in=dice.choice((50, 50, 5_000)),
        abilities=frozenset(a for a in ABILITIES if a != "embedding" and dice.random() < 0.1),
        production="film",
        regions=dice.choice((None, None, frozenset({"eu-west-1", "eu-central-1"}), frozenset({"us-east-1"}))),
        on_prem_only=dice.random() < 0.1,
        pin=dice.choice(names) if dice.random() < 0.1 else None,
        forbid=frozenset(dice.sample(names, dice.choice((0, 0, 1, 3)))),
    )


def _steps(dice: random.Random) -> list[Reply | Fault]:
    faults = [Fault(dice.choice(QUICK), seconds=0.2) for _ in range(dice.choice((0, 1, 1, 2, 3)))]
    return [*faults, Reply(GOOD)]


def _providers(drawn: Drawn, plain: Plain) -> dict[str, Provider]:
    if not drawn.real:
        return {made.id: plain for made in drawn.rows}
    by_row = {made.id: drawn.servers[made.id, made.regions[0].name] for made in drawn.rows}
    return {made.id: provider(by_row[made.id], made.wire.split("/")[0]) for made in drawn.rows}


def _run(router: Router, drawn: Drawn, request: Request, streaming: bool) -> bool:
    """True if an answer came; every ending is fine here, who was asked is what counts."""
    try:
        if streaming:
            return bool("".join(router.stream(drawn.need, request)))
        router.complete(drawn.need, request, lambda text: Verdict("Nobody" not in text))
    except RouterError:
        return False
    return True


@pytest.fixture(scope="module")
def sites() -> Iterator[list[Loopback]]:
    running = [Loopback().__enter__() for _ in range(SITES)]
    yield running
    for server in running:
        server.__exit__(None, None, None)


def test_no_excluded_provider_receives_a_byte(sites: list[Loopback], tmp_path: Path) -> None:
    dice = random.Random(20260115)
    ledger = Ledger(open_engine(f"sqlite:///{tmp_path / 'ledger.db'}"))
    clock = SkippingClock()
    answered = excluded = fallbacks = 0
    for number in range(PLANS):
        drawn = draw(dice, sites, number)
        for server in sites:
            server.forget()
            server.script("m", _steps(dice))
        router = Router(
            Registry({made.id: made for made in drawn.rows}),
            _providers(drawn, Plain(drawn.servers)),
            ledger,
            health=Health(),
            has=drawn.set_up.__contains__,
            clock=clock,
        )
        request = replace(ask(f"The secret of plan {number}"), schema=SCHEMA if dice.random() < 0.7 else None)
        answered += _run(router, drawn, request, streaming=dice.random() < 0.25)
        asked = 0
        for made in drawn.rows:
            for region in made.regions:
                server = drawn.servers[made.id, region.name]
                asked += len(server.requests)
                if not allowed(drawn.need, made, region, drawn.set_up, clock.wall().date()):
                    excluded += 1
                    assert server.received == 0 and server.connections == 0, (number, made.id, drawn.need)
        fallbacks += asked > 1
    sent = [row for row in ledger.rows("film") if row["egress_kind"]]
    assert all(row["egress_rule"] for row in sent), "each time text left, the rule that allowed it is on record"
    assert answered > PLANS // 5 and excluded > PLANS * 2 and fallbacks > PLANS // 5, (answered, excluded, fallbacks)
