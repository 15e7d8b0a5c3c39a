"""From sentences about a shoot to typed rules that a person can confirm; what was not read is said."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain.said import SaidRule, Unread
from assistant.errors import BadInput
from assistant.llm import Answer, Llm, NoneStands, Question
from assistant.schedule.said import Known, Reading, SaidRules, read, reading_of, sentences, sift
from routers.errors import RouterError

RULES = "schedule/rules"
BUILT_IN = "builtin/rules"
TOKENS = 4000  # of an answer about one part
PART = 3000  # characters asked about at once
LONGEST = 40_000


@dataclass(frozen=True, slots=True)
class Heard:
    """Rules read from a text, the sentences that gave none, what a model claimed that is not true, and who read it.

    `fell_back` is why the built-in grammar had to stand in for a model; "" where it did not.
    """

    rules: tuple[SaidRule, ...] = ()
    unread: tuple[Unread, ...] = ()
    cut: tuple[Unread, ...] = ()
    model: str = BUILT_IN
    attempts: tuple[str, ...] = ()
    cost_usd: float = 0.0
    fell_back: str = ""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the built-in model works on."""

    text: str
    known: Known

    def read(self) -> SaidRules:
        """The rules that the grammar finds."""
        return read(self.text, self.known)


def hear(llm: Llm, text: str, known: Known, run: str | None = None) -> Heard:
    """The rules of a text; where no model's answer stands, those that the grammar reads. Raises BadInput."""
    text = "".join(
        char if char.isprintable() or char == "\n" else " " for char in text
    )  # quotes are shown at terminals
    if not any(char.isalnum() for char in text):
        raise BadInput("There is nothing to read a rule from.", 'Say it: `pa schedule rule "Nora is out 3-7 March"`.')
    if len(text) > LONGEST:
        raise BadInput(f"The text has more than {LONGEST} characters.", "Hand over the rules alone, in parts.")
    heard = Heard()
    for number, part in enumerate(parts(text)):
        more = _part(llm, part, known, run)
        heard = _joined(heard, more) if number else more
    return heard


def parts(text: str) -> Iterator[str]:
    """The text in stretches of whole sentences that an answer can hold."""
    told = ""
    for sentence in sentences(text):
        if told and len(told) + len(sentence) > PART:
            yield told
            told = ""
        told = f"{told}\n{sentence}" if told else sentence
    yield told


def _part(llm: Llm, text: str, known: Known, run: str | None) -> Heard:
    room = llm.room("schedule_rules")
    question = Question(
        RULES,
        _inputs(text, known),
        SaidRules,
        payload=Spoken(text, known),
        payload_key=hashlib.sha256(repr((text, known)).encode("utf-8", "replace")).hexdigest(),
        max_tokens=min(TOKENS, room.max_output) if room else TOKENS,
        run=run,
    )
    try:
        answer = llm.ask(question, lambda output: sift(output, text, known).problems)
    except NoneStands as error:
        turned_down = tuple(item for one in error.answers for item in sift(one.output, text, known).cut)
        return _built_in(text, known, error, turned_down)
    except RouterError as error:
        return _built_in(text, known, error)
    found = _reading(answer, text, known)
    cost = float(answer.cost_usd)
    return Heard(found.rules, found.unread, found.cut, answer.model, (answer.attempt,), cost)


def _reading(answer: Answer[SaidRules], text: str, known: Known) -> Reading:
    return reading_of(sift(answer.output, text, known), answer.output, text)


def _built_in(text: str, known: Known, error: RouterError, cut: tuple[Unread, ...] = ()) -> Heard:
    """What the grammar reads, and why nobody else was believed."""
    output = read(text, known)
    found = reading_of(sift(output, text, known), output, text)
    return Heard(found.rules, found.unread, (*found.cut, *cut), fell_back=error.sentence)


def _joined(one: Heard, other: Heard) -> Heard:
    return Heard(
        tuple(dict.fromkeys((*one.rules, *other.rules))),
        (*one.unread, *other.unread),
        (*one.cut, *other.cut),
        other.model if other.model == one.model else BUILT_IN if one.fell_back else one.model,
        (*one.attempts, *other.attempts),
        one.cost_usd + other.cost_usd,
        one.fell_back or other.fell_back,
    )


def _inputs(text: str, known: Known) -> dict[str, object]:
    return {
        "text": text,
        "cast": [f"{member.id} | {member.name}" for member in known.cast],
        "locations": list(known.names("location")),
        "sets": list(known.names("set")),
        "elements": [f"{id} | {name}" for id, name in known.elements.items()],
        "scenes": list(_scenes(known)),
        "units": list(known.units),
        "first": known.first.isoformat(),
        "last": known.last.isoformat(),
    }


def _scenes(known: Known) -> Iterator[str]:
    for strip in known.strips:
        slug = " ".join(filter(None, (strip.int_ext, strip.set, strip.time_of_day)))
        yield f"{strip.label} | {slug} | {', '.join(strip.elements)} | {', '.join(strip.cast)}"
