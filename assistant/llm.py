"""One way to ask a model anything: render → route → validate → verify → ledger."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

import prompts
from routers import Completion, Message, Need, NoAnswer, PromptRef, Request, Router, Verdict
from routers.choice import Plan
from routers.deferred import Deferred
from routers.errors import AnswerUnusable
from routers.types import Ability, DataClass, Precision, Tool, ToolCall
from routers.vectors import PASSAGES, QUESTION

T = TypeVar("T", bound=BaseModel)
Check = Callable[[Any], tuple[str, ...]]
"""Given the validated output, the problems that make it unusable; empty when it stands."""
Gate = Callable[[], AbstractContextManager[Any]]

CHARS_PER_TOKEN = 3.5
EMBEDDING = "embedding"  # the task that only models with this ability take
SMALL_WINDOW, SMALL_OUTPUT = 8192, 2048  # tokens, where a model's own are not known


@dataclass(frozen=True)
class Policy:
    """What the production allows for every question it asks."""

    production: str
    data_class: DataClass = "confidential"
    precision: Precision = "standard"
    regions: frozenset[str] | None = None
    on_prem_only: bool = False
    pins: Mapping[str, str] | None = None
    forbid: frozenset[str] = frozenset()
    run_budget_usd: Decimal | None = None


@dataclass(frozen=True)
class Answer(Generic[T]):
    """A validated, verified output and where it came from."""

    output: T
    model: str
    prompt: str
    attempt: str
    attempts: int
    cost_usd: Decimal
    cached: bool


class NoneStands(AnswerUnusable):
    """Every model that may be asked was asked, and the check turned all answers down; `answers` are those."""

    def __init__(self, error: AnswerUnusable, answers: "Sequence[Answer[Any]]") -> None:
        super().__init__(error.sentence, error.hint, error.problems, error.attempts)
        self.answers = tuple(answers)


@dataclass(frozen=True, slots=True)
class Room:
    """What the model that would be chosen can take in and write, in tokens."""

    window: int
    max_output: int
    in_process: bool


@dataclass(frozen=True)
class Question(Generic[T]):
    """What is asked: a prompt with its inputs, the shape of the answer, and what an in-process model works on."""

    prompt: str
    inputs: Mapping[str, Any]
    output: type[T]
    payload: object = None
    payload_key: str = ""  # names the payload's content, so that an answer may be found again in the cache
    max_tokens: int = 2048
    run: str | None = None
    tools: tuple[Tool, ...] = ()  # what a model may look up before it answers
    turns: tuple[Message, ...] = ()  # what it looked up already, and what came of it


@dataclass(frozen=True)
class Lookup:
    """Instead of an answer: what a model wants to look up."""

    calls: tuple[ToolCall, ...]
    model: str
    attempt: str
    cost_usd: Decimal


class Llm:
    """The assistant's only caller of the router."""

    def __init__(self, router: Router, policy: Policy, gate: Gate = nullcontext) -> None:
        self.router = router
        self.policy = policy
        self._gate = gate  # every question passes it, so that a process may bound or end the asking

    def ask(self, question: Question[T], check: Check | None = None) -> Answer[T]:
        """The cheapest allowed model's answer that stands. Raises RouterError when there is none."""
        prompt, need, request = self._made(question)
        heard: list[Verdict] = []

        def verify(text: str) -> Verdict:
            heard.append(_verdict(question.output, text, check))
            return heard[-1]

        try:
            with self._gate():
                done = self.router.complete(need, request, verify)
        except AnswerUnusable as error:
            raise NoneStands(error, _turned_down(error, heard, prompt)) from error
        return self._answer(question, prompt, done)

    def consult(
        self, question: Question[T], check: Check | None = None, heard: Callable[[str], None] | None = None
    ) -> Answer[T] | Lookup:
        """As `ask`, or as `stream` where somebody hears it, of a model that may want to look things up first.

        Raises RouterError, or ValidationError for a stream of bad form.
        """
        prompt, need, request = self._made(question)
        if heard is None:
            with self._gate():
                done = self.router.complete(need, request, lambda text: _verdict(question.output, text, check))
        else:
            with self.router.stream(need, request) as stream:
                for part in stream:
                    heard(part)
            if stream.completion is None:
                raise NoAnswer("The answer ended before it was complete.", "Ask again.", ())
            done = stream.completion
        if done.calls:
            return Lookup(done.calls, done.model, done.attempt_id, done.cost_usd)
        return self._answer(question, prompt, done)

    def defer(self, question: Question[Any], provider: str) -> Deferred | None:
        """Set a question aside for a provider that answers later; None where it has to be asked at once.

        Its answer is found when the same question is asked again. Raises RouterError.
        """
        _, need, request = self._made(question)
        with self._gate():
            return self.router.defer(need, request, provider)

    def stream(self, question: Question[T], heard: Callable[[str], None]) -> Answer[T]:
        """The answer piece by piece into `heard`, then whole. Raises RouterError, or ValidationError for bad form."""
        prompt, need, request = self._made(question)
        with self.router.stream(need, request) as stream:
            for part in stream:
                heard(part)
        if stream.completion is None:
            raise NoAnswer("The answer ended before it was complete.", "Ask again.", ())
        return self._answer(question, prompt, stream.completion)

    def vectors(self, model: str, texts: Sequence[str], asking: bool = False) -> list[list[float]]:
        """One vector a text from an embedding model of the registry; `asking`: of a question. Raises RouterError."""
        messages = tuple(Message("user", text) for text in texts)
        need = replace(self._need(EMBEDDING, sum(map(len, texts)), 1, None), pin=model)
        about = QUESTION if asking else PASSAGES
        request = Request(messages, max_tokens=1, prompt=about, payload=texts)  # a payload without a key: not cached
        with self._gate():
            rows: list[list[float]] = json.loads(self.router.complete(need, request).text)
        return rows

    def _made(self, question: Question[T]) -> tuple[prompts.Prompt, Need, Request]:
        prompt = prompts.load(question.prompt)
        messages = tuple(
            Message("system" if role == "system" else "user", text)
            for role, text in prompts.render(prompt, question.inputs)
        )
        messages += question.turns
        request = Request(
            messages=messages,
            tools=question.tools,
            schema=_schema(question.output),
            max_tokens=question.max_tokens,
            prompt=PromptRef(prompt.id, str(prompt.version), prompt.sha256),
            payload=question.payload,
            payload_key=question.payload_key,
        )
        need = self._need(prompt.task, sum(len(m.text) for m in messages), question.max_tokens, question.run)
        return prompt, need, request

    def plan(self, task: str, chars: int = 4000, max_tokens: int = 2048) -> Plan:
        """What the router would choose for a task, without asking anyone."""
        return self.router.route(self._need(task, chars, max_tokens, None))

    def room(self, task: str) -> Room | None:
        """How much may be asked at once of the model that a task would go to; None when it would go to nobody."""
        chosen = self.plan(task, 0, 1).chosen
        if chosen is None:
            return None
        row = chosen.row
        return Room(row.window or SMALL_WINDOW, row.max_output or SMALL_OUTPUT, row.in_process)

    def in_process(self, task: str) -> bool:
        """Would a task be done by a function of this process, which more threads do not make faster?"""
        chosen = self.plan(task).chosen
        return chosen is not None and chosen.row.in_process

    def has(self, task: str, ability: Ability) -> bool:
        """Has the model that a task would go to this ability?"""
        chosen = self.plan(task).chosen
        return chosen is not None and ability in chosen.row.abilities

    def is_in_process(self, model: str) -> bool:
        """Is this model a function of this process?"""
        row = self.router.registry.rows.get(model)
        return row is not None and row.in_process

    def prompt_version(self, identity: str) -> str:
        """A prompt's id with its version, as kept beside every answer."""
        return f"{identity}@{prompts.load(identity).version}"

    def _need(self, task: str, chars: int, max_tokens: int, run: str | None) -> Need:
        policy = self.policy
        return Need(
            task=task,
            precision=policy.precision,
            data_class=policy.data_class,
            tokens_in=int(chars / CHARS_PER_TOKEN) + 200,
            tokens_out=max_tokens,
            budget_usd=policy.run_budget_usd,
            production=policy.production,
            run=run,
            regions=policy.regions,
            on_prem_only=policy.on_prem_only,
            pin=(policy.pins or {}).get(task),
            forbid=policy.forbid,
            abilities=frozenset({"embedding"}) if task == EMBEDDING else frozenset(),
        )

    @staticmethod
    def _answer(question: Question[T], prompt: prompts.Prompt, done: Completion) -> Answer[T]:
        parsed = done.parsed
        output = parsed if isinstance(parsed, question.output) else question.output.model_validate_json(done.text)
        return Answer(
            output=output,
            model=done.model,
            prompt=f"{prompt.id}@{prompt.version}",
            attempt=done.attempt_id,
            attempts=len(done.attempts),
            cost_usd=done.cost_usd,
            cached=done.cached,
        )


@cache
def _schema(output: type[BaseModel]) -> dict[str, Any]:
    """The shape of an answer, made once a process: it is the same for every scene."""
    return output.model_json_schema()


def _verdict(output: type[T], text: str, check: Check | None) -> Verdict:
    try:
        parsed = output.model_validate_json(text)
    except ValidationError as error:
        problems = tuple(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()[:5])
        return Verdict(False, problems, form=True)
    problems = check(parsed) if check else ()
    return Verdict(not problems, problems, parsed=parsed)


def _turned_down(error: AnswerUnusable, heard: Sequence[Verdict], prompt: prompts.Prompt) -> list[Answer[Any]]:
    """The answers that kept the form and not the check, each with the attempt that brought it."""
    rejected = [note for note in error.attempts if note.outcome == "rejected"]
    pairs = zip(reversed(rejected), reversed(heard), strict=False)  # one from the cache has no attempt and came first
    name = f"{prompt.id}@{prompt.version}"
    return [
        Answer(verdict.parsed, note.model, name, note.id, len(error.attempts), note.cost_usd, False)
        for note, verdict in pairs
        if verdict.parsed is not None
    ]
