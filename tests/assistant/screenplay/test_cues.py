"""JOE and JOE (CONT'D) are one character, in every language's way of writing it."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.screenplay.cues import speaker
from tests.conftest import ROOT

CASES = yaml.safe_load((ROOT / "tests" / "cases" / "cues" / "cues.yaml").read_text("utf-8"))


@pytest.mark.parametrize(("text", "expected"), list(CASES.items()))
def test_a_cue_is_taken_apart(text: str, expected: list[Any]) -> None:
    cue = speaker(text)
    assert [cue.name, list(cue.extensions), cue.continued] == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("RAY AND NED", ("RAY", "NED")),
        ("NED/RAY", ("NED", "RAY")),
        ("THUG #1/THUG #2", ("THUG #1", "THUG #2")),
        ("RAY, NED & LORY (O.S.)", ("RAY", "NED", "LORY")),
        ("MARIA E JOÃO", ("MARIA", "JOÃO")),
        ("PAUL ET MARIE", ("PAUL", "MARIE")),
        ("COP 1/2", ("COP 1/2",)),
        ("JOHN E CASH", ("JOHN", "CASH")),
        ("ROSALYND", ("ROSALYND",)),
        ("", ()),
    ],
)
def test_a_shared_cue_names_each_speaker(text: str, names: tuple[str, ...]) -> None:
    assert speaker(text).names == names


def test_a_voice_is_heard_and_not_seen() -> None:
    assert speaker("JOE (V.O.)").voice
    assert speaker("JOE (OFF)").voice
    assert not speaker("JOE (INTO PHONE)").voice


@given(st.text(max_size=120))
def test_any_text_can_be_asked(text: str) -> None:
    cue = speaker(text)
    assert cue.name == cue.name.strip()
    assert "(" not in cue.name


@given(
    st.from_regex(r"[A-Z]{2,8}( [A-Z]{3,8})?", fullmatch=True).filter(lambda name: speaker(name).names == (name,)),
    st.lists(st.sampled_from(["(O.S.)", "(V.O.)", "(CONT'D)", "(CONT’D)", "(on phone)", "(O.C.)"]), max_size=3),
)
def test_the_name_does_not_depend_on_what_follows(name: str, after: list[str]) -> None:
    assert speaker(" ".join([name, *after])).name == name
