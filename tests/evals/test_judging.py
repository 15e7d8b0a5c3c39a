"""The judge: off unless asked for, put to people's labels first, heard only where it agrees with them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from evals.__main__ import main
from evals.core import Place
from evals.sets import judging
from evals.sets.reading import DATA, rows_of
from tests.assistant.workflows.making import fenced, model
from tests.conftest import ROOT
from tests.loopback import Loopback, Reply, Request

LABELS = {(row["synopsis"]): row["good"] for row in rows_of(DATA / "synopsis_labels.jsonl")}


def word(good: bool) -> str:
    return json.dumps({"good": good, "why": "it does" if good else "it does not"})


def like_people(request: Request) -> str:
    """Agrees with every label but one; of what nobody labelled it says poor."""
    told = fenced(request, "synopsis").strip()
    good = LABELS.get(told, False)
    return word(not good if told == next(iter(LABELS)) else good)


def contrary(request: Request) -> str:
    return word(not LABELS.get(fenced(request, "synopsis").strip(), False))


@pytest.fixture
def judges(tmp_path: Path) -> Iterator[Callable[[str], list[str]]]:
    """Options that name one of two judges."""
    with Loopback() as server:
        server.script("wise", Reply(text=like_people))
        server.script("contrary", Reply(text=contrary))
        price = {"input": "1", "output": "1"}
        rows = {f"onprem/{name}": model(server, name, price=price) for name in ("wise", "contrary")}
        path = tmp_path / "judges.yaml"
        path.write_text(yaml.safe_dump({"models": rows}), encoding="utf-8")
        yield lambda name: ["--models", str(path), "--runs", str(tmp_path / f"runs-{name}"), "--budget", "2"]


def test_people_labelled_enough_of_both_kinds() -> None:
    found = judging.samples(Place(ROOT))
    good = sum(item.target["good"] for item in found)
    assert len(found) >= 40 and 15 <= good <= len(found) - 15
    assert all(item.input["scene"] and item.target["why"] for item in found)


def test_a_judge_is_measured_against_people(
    judges: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "judge", "--model", "onprem/wise", *judges("wise")]) == 0
    said = capsys.readouterr()
    assert "judge onprem/wise: kappa 0.9" in said.err and "judge" in said.out


def test_its_word_counts_where_it_agrees_with_people(
    judges: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "synopsis", "--judge", "onprem/wise", "--limit", "5", *judges("wise"), "--json"]) == 0
    said = capsys.readouterr()
    assert "kappa 0.9" in said.err
    runs = {row["task"]: row for row in json.loads(said.out)["runs"]}
    assert set(runs) == {"judge", "synopsis-judged"}
    assert runs["synopsis-judged"]["value"] < 1 and runs["synopsis-judged"]["usd_per_sample"] > 0


def test_one_that_disagrees_is_not_heard(
    judges: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "synopsis", "--judge", "onprem/contrary", "--limit", "5", *judges("contrary")]) == 15
    assert "agrees too little with people" in capsys.readouterr().err


def test_without_being_asked_for_nobody_judges(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "synopsis", "--limit", "5", "--runs", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "judge" not in said.out + said.err
