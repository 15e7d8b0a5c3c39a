"""Whatever the material says, whole messages and windows keep Slack's sizes: the loopback refuses what Slack would."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.answers import Answer, Citation, Claim
from assistant.interfaces.slack import answers, quotes, reviews
from assistant.interfaces.slack.guard import Access, Place
from assistant.interfaces.slack.intake import Request
from assistant.interfaces.slack.office import Production
from assistant.interfaces.slack.task import Task
from assistant.store.slack import Note
from tests.assistant.interfaces.slack.conftest import ANA, CHANNEL, Room
from tests.slack_loopback.rules import faults
from tests.slack_loopback.server import TEAM

pytest.importorskip("slack_bolt", reason="the slack extra is not installed")

TEXT = st.builds(lambda part, times: part * times, st.text(max_size=3), st.sampled_from([1, 9, 40, 75, 1000, 2000]))
CITATIONS = st.builds(Citation, st.just("a" * 64), TEXT, TEXT, st.integers(0, 9999), TEXT)
CLAIMS = st.builds(Claim, TEXT, st.lists(CITATIONS, max_size=8).map(tuple))
ANSWERS = st.builds(
    Answer,
    TEXT,
    st.lists(CLAIMS, max_size=20).map(tuple),
    why=TEXT,
    nearest=st.lists(CITATIONS, max_size=8).map(tuple),
    cut=st.integers(0, 3),
    model=st.sampled_from(["", "builtin/rules"]),
)
ITEMS = st.one_of(
    st.fixed_dictionaries(
        {"id": st.just("b" * 64), "category": st.just("props"), "scene": TEXT, "name": TEXT, "quote": TEXT}
    ),
    st.fixed_dictionaries({"id": st.just("c" * 64), "keep": TEXT, "other": TEXT, "why": TEXT}),
)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Told(Production):
    """A production whose answers are given to it."""

    given: Answer

    @contextmanager
    def talk(self, who: str) -> Iterator[Any]:
        yield self

    def ask(self, question: str, heard: Any) -> Answer:
        for claim in self.given.claims[::2] if heard else ():
            heard(claim)
        return self.given


def _task(room: Room, kind: str, aloud: bool) -> Task:
    production = Told(room.bench.office.productions[0].app)
    request = Request("e", kind, Place(TEAM, CHANNEL, "" if kind == "command" else "1.1", ANA))
    return Task(room.bench, request, Access(production, "admin", aloud), lambda: False)


@FEW
@given(ANSWERS, st.sampled_from(["ask", "command"]), st.booleans())
def test_any_answer_is_one_that_slack_takes(room: Room, answer: Answer, kind: str, aloud: bool) -> None:
    task = _task(room, kind, aloud)
    vars(task.production)["given"] = answer
    answers.ask(task, "Who?")
    assert not room.slack.faults


@FEW
@given(st.lists(TEXT, max_size=30), TEXT, st.booleans())
def test_any_list_is_one_that_slack_takes(room: Room, rows: list[str], head: str, typed: bool) -> None:
    _task(room, "command" if typed else "ask", True).rows(head, rows, "in the file")
    assert not room.slack.faults


@FEW
@given(st.lists(ITEMS, max_size=20), st.booleans())
def test_any_review_card_is_one_that_slack_takes(room: Room, items: list[dict[str, str]], aloud: bool) -> None:
    note = Note("n" * 40, "review", ANA, {})
    blocks = reviews.card(_task(room, "ask", aloud), note, {"waiting": len(items), "items": items})
    assert not faults("chat.postMessage", {"text": "x", "blocks": blocks})


@FEW
@given(ANSWERS)
def test_any_window_is_one_that_slack_takes(room: Room, answer: Answer) -> None:
    cited = [asdict(item) for item in answer.citations]
    note = Note("n" * 40, "answer", ANA, {"claims": [claim.text for claim in answer.claims], "citations": cited})
    views = [quotes.whole(note), quotes.listed(note), quotes.quoted(room.bench.office.productions[0], note, 1)]
    assert [why for view in views for why in faults("views.open", {"view": view})] == []


def test_a_long_answer_is_short_in_the_thread_and_whole_in_a_file(room: Room) -> None:
    task = _task(room, "ask", True)
    claims = tuple(Claim(f"Scene {n} has a boat.", ()) for n in range(80))
    vars(task.production)["given"] = replace(Answer("q", claims), model="m")
    answers.ask(task, "Which scenes have a boat?")
    ((channel, name, content),) = room.slack.uploads
    assert (channel, name) == (CHANNEL, "answer.txt") and content.count(b"\n") >= 39
    shown = str(room.slack.of("chat.stopStream"))
    assert "more, in the file" in shown and "Scene 79" not in shown
