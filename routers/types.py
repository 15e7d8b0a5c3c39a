"""The nouns every part of the router shares: what is needed, what is asked, what came back."""

import hashlib
import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from routers.choice import Plan

Precision = Literal["draft", "standard", "final"]
DataClass = Literal["open", "confidential", "embargoed"]
Ability = Literal["json_schema", "tools", "vision", "streaming", "embedding"]
JsonMode = Literal["native", "tool", "prompt"]
Role = Literal["system", "user", "assistant"]
Finish = Literal["stop", "length", "refusal", "guardrail", "window", "malformed", "tool"]
Outcome = Literal[
    "running",  # reserved, not settled yet
    "ok",
    "rejected",  # the caller's verifier said no
    "malformed",  # not the JSON asked for, or it breaks the schema
    "empty",
    "truncated",  # finish = length
    "window",
    "refusal",
    "guardrail",
    "wrong_model",
    "fault",  # the provider failed and nothing was spent
    "unknown",  # no answer came back; the worst case is booked
    "incomplete",  # a stream broke after its first byte
    "abandoned",  # the caller closed a stream
    "cached",
    "denied",  # stopped by us before a byte left: policy or budget
]

PRECISIONS: tuple[Precision, ...] = ("draft", "standard", "final")
DATA_CLASSES: tuple[DataClass, ...] = ("open", "confidential", "embargoed")
ABILITIES: tuple[Ability, ...] = ("json_schema", "tools", "vision", "streaming", "embedding")
NANO = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """Nano-dollars per million tokens, as stated on a day: integers, so that sums are exact."""

    input: int
    output: int
    stated: str = ""
    above: int | None = None  # a prompt longer than this is charged at the second pair
    input_above: int = 0
    output_above: int = 0

    @classmethod
    def usd_per_million(cls, tokens_in: Decimal | str, tokens_out: Decimal | str, stated: str = "") -> "Price":
        """From the figures on a price list."""
        return cls(int(Decimal(tokens_in) * NANO), int(Decimal(tokens_out) * NANO), stated)

    def cost(self, tokens_in: int, tokens_out: int) -> int:
        """Nano-dollars, rounded up."""
        if self.above is not None and tokens_in > self.above:
            return -(-(tokens_in * self.input_above + tokens_out * self.output_above) // 1_000_000)
        return -(-(tokens_in * self.input + tokens_out * self.output) // 1_000_000)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a provider states about the text it is sent; None = not known."""

    trains: bool | None = None
    retention_days: int | None = None
    stated_at: str = ""
    checked: date | None = None
    valid_days: int | None = None  # how long what was read from an account holds; None = a published promise


@dataclass(frozen=True, slots=True)
class Region:
    """Where a model is called, and every place the text may be processed from there."""

    name: str
    reaches: frozenset[str]


@dataclass(frozen=True, slots=True)
class Prior:
    """What we believe of a model before any evidence: a mean, worth `weight` observations."""

    mean: float
    weight: float


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One row of the registry."""

    id: str  # our name, unique
    wire: str  # the name LiteLLM knows, e.g. `bedrock/eu.amazon.nova-lite-v1:0`
    provider: str
    regions: tuple[Region, ...]
    abilities: frozenset[Ability] = frozenset()
    json_mode: JsonMode = "prompt"
    window: int | None = None
    max_output: int | None = None
    price: Price | None = None
    terms: Terms = Terms()
    credentials: tuple[str, ...] = ()  # names of settings, never values
    on_prem: bool = False
    in_process: bool = False
    base_url: str | None = None
    serves: frozenset[str] = frozenset()  # what the answer may call the model; empty = its wire name
    legacy_from: date | None = None
    end_of_life: date | None = None
    prior: Prior = Prior(0.5, 2.0)
    task_priors: Mapping[str, Prior] = field(default_factory=dict)
    guardrail: tuple[str, str] | None = None  # (identifier, version)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """What a task asks of a model, and what the production allows."""

    task: str
    precision: Precision = "standard"
    data_class: DataClass = "confidential"
    tokens_in: int = 0
    tokens_out: int = 1024
    abilities: frozenset[Ability] = frozenset()
    budget_usd: Decimal | None = None  # for this one need, over all its attempts
    deadline_s: float = 120.0
    production: str = ""
    run: str | None = None
    regions: frozenset[str] | None = None  # None = anywhere
    on_prem_only: bool = False
    pin: str | None = None
    forbid: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tool:
    """Something a model may ask the caller to look up; `parameters` is the JSON schema of what it gives with it."""

    name: str
    description: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model's wish to have a tool used; `arguments` is JSON as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One turn. An assistant's may hold tool calls; a user's with `answers` is the result of the call of that id."""

    role: Role
    text: str
    calls: tuple[ToolCall, ...] = ()
    answers: str = ""


@dataclass(frozen=True, slots=True)
class PromptRef:
    """Which prompt, in which wording."""

    id: str = ""
    version: str = ""
    sha: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked; `payload` reaches in-process models only and never a wire."""

    messages: tuple[Message, ...]
    schema: Mapping[str, object] | None = None
    max_tokens: int = 1024
    temperature: float = 0.0
    prompt: PromptRef = PromptRef()
    tools: tuple[Tool, ...] = ()  # offered to models with the ability "tools"; others never see them
    task: str = ""  # filled in from the need
    payload: object = field(default=None, compare=False, repr=False)
    payload_key: str = ""  # names the payload's content; without it an answer from a payload is not cached

    @property
    def fingerprint(self) -> str:
        """The same for the same question, in every process."""
        what = {
            "messages": [
                [m.role, m.text, *map(repr, m.calls), *([m.answers] if m.answers else [])] for m in self.messages
            ],
            "schema": self.schema,
            "max_tokens": self.max_tokens,
            "temperature": self.temperature,
            "prompt": [self.prompt.id, self.prompt.version, self.prompt.sha],
            "payload": self.payload_key,
        } | ({"tools": [repr(tool) for tool in self.tools]} if self.tools else {})
        return hashlib.sha256(json.dumps(what, sort_keys=True, default=str).encode()).hexdigest()

    @property
    def chars(self) -> int:
        """How much text leaves the machine when this is sent."""
        return sum(len(m.text) + sum(len(call.arguments) for call in m.calls) for m in self.messages)


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """One answer as the provider gave it; `finish` is read from `raw_stop`, the provider's own word."""

    text: str
    finish: Finish = "stop"
    raw_stop: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_estimated: bool = False  # the provider reported no usage
    model_served: str = ""  # as the provider names it; empty = it did not say
    latency_s: float = 0.0
    request_id: str = ""
    detail: str = ""  # e.g. which guardrail policy; never script text
    calls: tuple[ToolCall, ...] = ()  # tools it wants used; then the text is no answer


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a stream; the last one carries the whole answer's accounts."""

    text: str
    answer: RawAnswer | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verifier says; `form` problems are put to the same model once, others climb at once."""

    ok: bool
    problems: tuple[str, ...] = ()
    parsed: object = None
    form: bool = False


Verify = Callable[[str], Verdict]


@dataclass(frozen=True, slots=True)
class AttemptNote:
    """One attempt, as told to the caller; the ledger has the full row."""

    id: str
    model: str
    region: str
    outcome: Outcome
    cost_usd: Decimal
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer that stands, what it cost over all attempts, and why this model gave it."""

    text: str
    parsed: object
    model: str
    provider: str
    region: str
    tokens_in: int
    tokens_out: int
    cost_usd: Decimal
    attempt_id: str
    attempts: tuple[AttemptNote, ...]
    plan: "Plan"
    cached: bool = False
    calls: tuple[ToolCall, ...] = ()  # instead of an answer

    @property
    def tokens(self) -> int:
        """In and out."""
        return self.tokens_in + self.tokens_out


class Provider(Protocol):
    """The seam to a vendor: one call is one attempt, no retries, no fallbacks; failures raise `ProviderFault`."""

    def complete(self, model: ModelRow, region: str, request: Request, timeout_s: float) -> RawAnswer:
        """Ask once; `timeout_s` is the whole time, not the time between two bytes."""
        ...

    def stream(self, model: ModelRow, region: str, request: Request, timeout_s: float) -> Generator[Chunk, None, None]:
        """Ask once and yield as it comes; closing the generator closes the connection."""
        ...
