"""The breakdown scorer counts as the annotations' rules say, and the built-in breakdown clears its bars."""

import json
from pathlib import Path

import pytest

from assistant.domain.breakdown import Element, Quote
from assistant.domain.categories import Category
from evals.breakdown_gold import elements_of, main
from evals.scorers.elements import load, same_name, score

DATA = Path(__file__).resolve().parents[2] / "evals" / "data"


def element(category: Category, name: str, scene: int = 6) -> Element:
    return Element(scene, category, name, Quote(scene, 1, name))


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    row = {
        "heading": "EXT. SCHOOL - DAY",
        "ordinal": 6,
        "must": [
            {"category": "cast", "name": "JAKE", "evidence": "Jake."},
            {
                "category": "props",
                "name": "photo",
                "also": "portrait",
                "also_category": "greenery",
                "evidence": "A photo.",
            },
            {"category": "background", "name": "student", "evidence": "STUDENTS"},
        ],
        "may": [{"category": "sound", "name": "click", "evidence": "clicks"}],
    }
    path = tmp_path / "gold.json"
    path.write_text(json.dumps({"school-6": row}), encoding="utf-8")
    return path


def test_names() -> None:
    assert same_name("Black Sedan", "sedan") and same_name("hunting knife", "pocket knife")
    assert same_name("photo", "photograph") and not same_name("coat", "gun") and not same_name("", "gun")


def test_score(gold: Path) -> None:
    claims = [
        element(Category.CAST, "JAKE"),
        element(Category.SET_DRESSING, "old photo"),  # props and dressing count as one
        element(Category.GREENERY, "portrait"),  # the second reader's wording, still the same element
        element(Category.SOUND, "flashlight click"),  # neither helps nor hurts recall
        element(Category.PROPS, "gun"),
    ]
    total = score(load(gold), {6: claims})
    assert (total.found, total.wanted, total.right, total.claimed) == (2, 3, 4, 5)
    assert [one.name for one in total.extra] == ["gun"]
    assert [reference.name for _, reference in total.missed] == ["student"]
    assert total.f1 == pytest.approx(2 * 0.8 * (2 / 3) / (0.8 + 2 / 3))


def test_score_of_one_category_and_of_nothing(gold: Path) -> None:
    scenes = load(gold)
    assert score(scenes, {6: [element(Category.CAST, "JAKE")]}, lambda one: one is Category.CAST).f1 == 1.0
    assert score(scenes, {}).f1 == 0.0


@pytest.mark.parametrize("name", ["printing_trouble", "rearview", "rearview_held_out"])
def test_annotations_tell_where_they_come_from(name: str) -> None:
    path = DATA / f"breakdown_{name}.jsonl"
    assert "provenance" in json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    assert load(path)


@pytest.mark.parametrize(
    ("script", "annotations", "cast", "everything"),
    [
        ("seoul-identity/seoul-identity.fountain", "../gold/breakdown_seoul_identity.json", 0.93, 0.85),
        ("printing-trouble/printing_trouble.fountain", DATA / "breakdown_printing_trouble.jsonl", 0.93, 0.85),
        ("rearview-fdx/REARVIEW - 02-22-26.fdx", DATA / "breakdown_rearview.jsonl", 0.93, 0.85),
        ("rearview-fdx/REARVIEW - 02-22-26.fdx", DATA / "breakdown_rearview_held_out.jsonl", 0.93, 0.80),
    ],
)
def test_bars(corpus: Path, script: str, annotations: str | Path, cast: float, everything: float) -> None:
    if not (corpus / script).is_file() or not (corpus / annotations).is_file():
        pytest.skip(f"{script} or its annotations are not here")
    scenes, elements = load(corpus / annotations), elements_of(corpus / script)
    assert score(scenes, elements, lambda one: one is Category.CAST).f1 >= cast
    assert score(scenes, elements).f1 >= everything


def test_script_and_annotations_come_in_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["only.fountain"]) == 2
    assert "SCRIPT GOLD" in capsys.readouterr().err
