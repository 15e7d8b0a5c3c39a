"""A scene's number is the writer's own string: it comes out of every format as it went in, in script order."""

import json
from dataclasses import replace
from pathlib import Path

from openpyxl import load_workbook

from assistant.domain.breakdown import Breakdown
from assistant.exports import csv_file, export
from assistant.exports.book import Book
from assistant.exports.uss_read import read_uss
from assistant.screenplay import parse
from tests.assistant.exports.sample import book

NUMBERS = ["1", "(12A)", "12A", "A12", "12aA", "089PT1", "3-5", "1.10"]


def sample() -> Book:
    told = book()
    scenes = [replace(scene, number=number) for scene, number in zip(told.screenplay.scenes, NUMBERS, strict=True)]
    return replace(told, screenplay=replace(told.screenplay, scenes=tuple(scenes)))


def numbers(told: Book, folder: Path) -> dict[str, list[str]]:
    """What each format says when it is read again."""
    paths = {path.name: path for path in export(told, ["json", "csv", "xlsx", "fdx", "uss"], folder, "s")}
    workbook = load_workbook(paths["s.xlsx"], read_only=True)
    heads = [list(sheet.iter_rows(values_only=True)) for sheet in workbook.worksheets]
    (rows,) = [rows for rows in heads if rows and rows[0][:3] == ("Scene", "I/E", "Set")]
    workbook.close()
    return {
        "json": [
            scene["number"] or f"#{scene['ordinal']}"
            for scene in json.loads(paths["s.json"].read_text("utf-8"))["scenes"]
        ],
        "csv": [row["Scene"] for row in csv_file.read(paths["s-scenes.csv"])],
        "xlsx": [str(row[0]) for row in rows[1 : len(told.sheets) + 1]],
        "fdx": [scene.label for scene in parse(paths["s.fdx"]).scenes],
        "uss": [strip.scene or "" for strip in read_uss(paths["s.uss"]).breakdowns],
    }


def test_numbers_of_every_kind_survive_every_format(tmp_path: Path) -> None:
    for name, read in numbers(sample(), tmp_path).items():
        assert read == NUMBERS, name


def test_a_features_numbers_survive_every_format(corpus: Path, tmp_path: Path) -> None:
    file = corpus / "rearview-fdx" / "REARVIEW - 02-22-26.fdx"
    told = Book(parse(file), Breakdown((), ()), original=file)
    wanted = [scene.label for scene in told.screenplay.scenes]
    assert "(12A)" in wanted or any(label[-1].isalpha() for label in wanted)
    for name, read in numbers(told, tmp_path).items():
        assert read == wanted, name
