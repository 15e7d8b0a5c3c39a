"""A stream falls back before its first byte, never splices two models, and is settled however it ends."""

from pathlib import Path
from typing import Any

import pytest

from routers import ContentStopped, NoAnswer, ProviderFault, RawAnswer, RouterError, ScriptedProvider
from tests.routers.making import ASK, NEED, router
from tests.routers.test_loop import outcomes, settled

BREAK = ProviderFault("stream_broken", sent=True)


def duo(*low: Any) -> dict[str, ScriptedProvider]:
    return {"low": ScriptedProvider(*low), "mid": ScriptedProvider(["f", "our"])}


def test_a_whole_stream(tmp_path: Path) -> None:
    made = router(tmp_path, duo(["fo", "ur"]))
    with made.stream(NEED, ASK) as stream:
        assert list(stream) == ["fo", "ur"]
    assert stream.completion is not None
    assert (stream.completion.text, stream.completion.model) == ("four", "low")
    assert outcomes(made) == [("low", "ok")]
    assert settled(made) > 0


@pytest.mark.parametrize("kind", ["server", "reset", "timeout", "throttled"])
def test_before_the_first_byte_another_model_steps_in(tmp_path: Path, kind: Any) -> None:
    made = router(tmp_path, duo([ProviderFault(kind)]))
    with made.stream(NEED, ASK) as stream:
        assert "".join(stream) == "four"
    assert stream.completion is not None
    assert stream.completion.model == "mid"
    settled(made)


def test_after_the_first_byte_nobody_steps_in(tmp_path: Path) -> None:
    people = duo(["fi", BREAK])
    made = router(tmp_path, people)
    stream = made.stream(NEED, ASK)
    with pytest.raises(NoAnswer, match="before it was complete"):
        list(stream)
    assert (stream.text, stream.completion, len(people["mid"].asked)) == ("fi", None, 0)
    assert outcomes(made) == [("low", "incomplete")]
    (row,) = made.ledger.rows("alpha")
    assert row["tokens_estimated"]
    assert 0 < row["settled"] <= row["worst"]
    settled(made)


def test_an_abandoned_stream_is_closed_and_settled(tmp_path: Path) -> None:
    people = duo(["fo", "ur", "teen"])
    made = router(tmp_path, people)
    with made.stream(NEED, ASK) as stream:
        assert next(stream) == "fo"
    assert people["low"].closed == 1
    assert outcomes(made) == [("low", "abandoned")]
    assert settled(made) > 0


def test_a_stream_never_read_costs_nothing(tmp_path: Path) -> None:
    people = duo(["four"])
    made = router(tmp_path, people)
    made.stream(NEED, ASK).close()
    assert (outcomes(made), people["low"].asked) == ([], [])


def test_the_deadline_ends_a_drip(tmp_path: Path) -> None:
    made = router(tmp_path, duo(["a", "b", "c"]))
    stream = made.stream(NEED, ASK)
    assert next(stream) == "a"
    made.clock.sleep(61)
    with pytest.raises(NoAnswer, match="deadline"):
        list(stream)
    assert outcomes(made) == [("low", "incomplete")]
    settled(made)


@pytest.mark.parametrize("finish", ["length", "refusal", "guardrail"])
def test_a_stopped_stream_is_not_complete(tmp_path: Path, finish: Any) -> None:
    made = router(tmp_path, duo(RawAnswer("fou", finish, finish, 5, 3)))
    stream = made.stream(NEED, ASK)
    with pytest.raises(NoAnswer):
        list(stream)
    assert stream.completion is None
    assert settled(made) == 8_000


def test_a_refusal_without_text_is_not_passed_on(tmp_path: Path) -> None:
    people = duo(RawAnswer("", "guardrail", "blocked", 5, 0))
    with pytest.raises(ContentStopped):
        list(router(tmp_path, people).stream(NEED, ASK))
    assert people["mid"].asked == []


def test_the_slot_comes_free_again(tmp_path: Path) -> None:
    made = router(tmp_path, duo(["fo", "ur"], ["fo", BREAK], ["fo", "ur"]))
    for _ in range(3):
        try:
            with made.stream(NEED, ASK) as stream:
                next(stream)
        except RouterError:
            pass
    assert made.health.limits["low", "eu-1"].running == 0
