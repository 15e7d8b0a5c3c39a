"""An answer is found again by the same production, policy, model, prompt version and question, and by nothing else."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routers import BuiltinProvider, Cache, Message, Policy, PromptRef, Router, ScriptedProvider, Verdict, build
from tests.routers.making import ASK, NEED, router, spec


def kept(folder: Path, *lines: Any) -> Router:
    made = router(folder, {"low": ScriptedProvider(*lines)})
    made.cache = Cache(made.ledger.engine)
    return made


def calls(made: Router) -> int:
    return len(made.providers["low"].asked)  # type: ignore[attr-defined]


def test_the_same_question_is_paid_for_once(tmp_path: Path) -> None:
    made = kept(tmp_path, "four", "five")
    first, second = made.complete(NEED, ASK), made.complete(NEED, ASK)
    assert (first.text, second.text, second.cached, second.cost_usd) == ("four", "four", True, 0)
    assert calls(made) == 1
    rows = {r["outcome"]: r for r in made.ledger.rows("alpha")}
    assert set(rows) == {"ok", "cached"}
    assert (rows["cached"]["settled"], rows["cached"]["egress_chars"]) == (0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"production": "beta"},
        {"data_class": "open"},
        {"regions": frozenset({"eu-1"})},
        {"precision": "standard"},
        {"task": "other"},
    ],
    ids=str,
)
def test_another_need_never_meets_it(tmp_path: Path, change: dict[str, Any]) -> None:
    made = kept(tmp_path, "four", "five")
    made.complete(NEED, ASK)
    assert made.complete(replace(NEED, **change), ASK).text == "five"


@pytest.mark.parametrize(
    "change",
    [
        {"messages": (Message("user", "How much is two and three?"),)},
        {"prompt": PromptRef("p", "2", "x")},
        {"max_tokens": 99},
        {"temperature": 0.5},
    ],
    ids=str,
)
def test_another_question_never_meets_it(tmp_path: Path, change: dict[str, Any]) -> None:
    made = kept(tmp_path, "four", "five")
    made.complete(NEED, ASK)
    assert made.complete(NEED, replace(ASK, **change)).text == "five"


def test_another_policy_or_model_never_meets_it(tmp_path: Path) -> None:
    cache = kept(tmp_path, "x").cache
    assert cache is not None
    strict = dict(Policy().data) | {"open": Policy().data["embargoed"]}
    policies = (Policy(), Policy(name="house"), Policy(data=strict))
    keys = {cache.key(NEED, ASK, policy, model) for policy in policies for model in ("low", "mid")}
    assert len(keys) == 6


def test_embargoed_material_is_not_kept(tmp_path: Path) -> None:
    made = kept(tmp_path, "four", "five")
    need = replace(NEED, data_class="embargoed")
    assert [made.complete(need, ASK).text for _ in range(2)] == ["four", "five"]


def test_a_kept_answer_has_to_stand_today(tmp_path: Path) -> None:
    made = kept(tmp_path, "four", "five")
    made.complete(NEED, ASK)
    assert made.complete(NEED, ASK, lambda text: Verdict(text == "five", ("no",))).text == "five"


def test_a_production_can_be_forgotten(tmp_path: Path) -> None:
    made = kept(tmp_path, "four", "five")
    made.complete(NEED, ASK)
    assert made.cache is not None
    assert (made.cache.forget("beta"), made.cache.forget("alpha")) == (0, 1)
    assert made.complete(NEED, ASK).text == "five"


def test_a_payload_is_kept_only_under_a_name(tmp_path: Path) -> None:
    seen: list[object] = []

    def handler(request: Any) -> str:
        seen.append(request.payload)
        return str(len(seen))

    registry = build({"models": {"here": spec("builtin", "0", 0.9, in_process=True, on_prem=True)}})
    made = router(tmp_path, {"builtin": BuiltinProvider({"sum": handler})}, registry)
    made.cache = Cache(made.ledger.engine)
    nameless, named = replace(ASK, payload=[2, 2]), replace(ASK, payload=[2], payload_key="2")
    asks = [nameless, nameless, named, named]
    assert [made.complete(NEED, ask).text for ask in asks] == ["1", "2", "3", "3"]
    assert {r["egress_chars"] for r in made.ledger.rows("alpha")} == {0}


@given(st.text(max_size=40), st.integers(1, 9), st.text(max_size=5))
def test_a_fingerprint_depends_on_the_question_alone(text: str, tokens: int, version: str) -> None:
    def ask() -> str:
        schema = {"b": 1, "a": [2]}
        asked = replace(ASK, messages=(Message("user", text),), max_tokens=tokens, schema=schema)
        return replace(asked, prompt=PromptRef("p", version)).fingerprint

    assert ask() == ask()
    assert ask() != replace(ASK, messages=(Message("system", text),), max_tokens=tokens).fingerprint
