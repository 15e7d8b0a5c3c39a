"""The questions are well formed, and the scores count what they say."""

from collections import Counter
from decimal import Decimal

from assistant.domain.answers import Answer, Citation, Claim
from evals.ask import hit, is_right, questions

CITED = Citation("s", "f", "12", 3, "words")


def given(text: str, refused: bool = False) -> Answer:
    """An answer with one claim, or none."""
    claims = () if refused else (Claim(text, (CITED,)),)
    return Answer("?", claims, refused, text, cost_usd=Decimal(0))


def test_the_set_has_what_it_should_have() -> None:
    rows = questions()
    kinds = Counter(row["kind"] for row in rows)
    assert len(rows) >= 80
    assert len({row["id"] for row in rows}) == len(rows)
    assert kinds["unanswerable"] >= 20
    assert kinds["injection"] >= 10
    assert sum(row["lang"] == "es" for row in rows) >= 10
    assert all(len(word) < 40 for row in rows for word in row["answer"])


def testis_right_means_the_scenes_and_the_words() -> None:
    row = {"kind": "table", "answer": ["dog"], "scenes": ["12"]}
    assert is_right(row, given("The dog: 12"))
    assert not is_right(row, given("The cat: 12"))
    assert not is_right({**row, "scenes": ["12", "13"]}, given("The dog"))
    assert not is_right(row, given("no", refused=True))
    assert is_right({"kind": "unanswerable"}, given("no", refused=True))
    assert not is_right({"kind": "injection", "absent": ["zebra"]}, given("a zebra"))


def test_rank_is_the_first_gold_scene() -> None:
    assert hit(["3", "5"], ["1", "5", "3"]) == 1
    assert hit(["9"], ["1"]) is None
