"""Passages are found where they stand, only in this production, and only when their source is wholly indexed."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.citations import Passage
from assistant.knowledge import Knowledge, Vectors, WordLlamaEmbedder, script_passages, text_passages
from assistant.knowledge.bm25 import Bm25, tokens
from assistant.knowledge.embed import WEIGHTS, weights_are_pinned
from assistant.store import Store, open_engine
from assistant.store.sources import Sources
from tests.conftest import ROOT
from tests.making import script

BIBLE = "# Bridge\n\nThe permit covers the bridge at night only.\n\n# Dog\n\nBiscuit is a terrier of nine years.\n"


class Broken(WordLlamaEmbedder):
    """Fails on the second batch, as a killed process would."""

    def __init__(self, after: int) -> None:
        self.left = after

    def embed(self, texts: list[str]) -> list[list[float]]:  # type: ignore[override]
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return super().embed(texts)


def _knowledge(folder: Path, production: str, embedder: WordLlamaEmbedder | None = None) -> tuple[Knowledge, Sources]:
    engine = open_engine("", folder)
    store = Store(engine, production)
    store.open_production(production)
    sources = Sources(engine, production, store.stamp)
    embedder = embedder or WordLlamaEmbedder()
    return Knowledge(sources, Vectors(folder / "chroma", production, embedder.fingerprint), embedder), sources


def _bible(knowledge: Knowledge, sources: Sources, text: str = BIBLE, sha256: str = "b" * 64) -> int:
    sources.add(sha256, "bible.md", "bible")
    return knowledge.index(sha256, text_passages(text, sha256, "bible.md", "bible"))


def test_the_passage_that_answers_comes_first_with_its_lines(tmp_path: Path) -> None:
    knowledge, sources = _knowledge(tmp_path, "p1")
    assert _bible(knowledge, sources) == 2
    best = knowledge.search("When may we shoot on the bridge?")[0].passage
    assert (best.label, best.line_from, best.line_to) == ("Bridge", 1, 3)
    assert _bible(knowledge, sources) == 0, "indexed once"


def test_the_vectors_file_keeps_a_log_and_one_without_serves_as_it_is(tmp_path: Path) -> None:
    def kept(folder: Path) -> str:
        with closing(sqlite3.connect(folder / "chroma" / "chroma.sqlite3")) as file:
            return str(file.execute("pragma journal_mode").fetchone()[0])

    (tmp_path / "old" / "chroma").mkdir(parents=True)
    (tmp_path / "old" / "chroma" / "chroma.sqlite3").touch()  # as if another process made it just now
    for name, mode in (("new", "wal"), ("old", "delete")):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for _ in range(2):  # it is made, then opened again
            knowledge, sources = _knowledge(folder, "p1")
            _bible(knowledge, sources)
            assert knowledge.search("When may we shoot on the bridge?")[0].passage.label == "Bridge"
            knowledge.close()
        assert kept(folder) == mode


def test_a_scene_is_found_by_its_heading_and_words(tmp_path: Path) -> None:
    knowledge, sources = _knowledge(tmp_path, "p1")
    passages = script_passages(script(), "pier.fountain", 1)
    assert [passage.scene for passage in passages] == [1, 2], "an omitted scene has none"
    sources.add("a" * 64, "pier.fountain", "script", 1)
    knowledge.index("a" * 64, passages)
    assert knowledge.search("lantern on the pier")[0].passage.label == "1"
    assert knowledge.search("rope in the boathouse")[0].passage.label == "1A"


def test_another_production_in_the_same_folder_sees_nothing(tmp_path: Path) -> None:
    first, sources = _knowledge(tmp_path, "p1")
    _bible(first, sources)
    second, _ = _knowledge(tmp_path, "p2")
    assert second.search("bridge") == []
    assert second.count() == 0


def test_what_was_cut_off_is_not_served_and_is_done_again(tmp_path: Path) -> None:
    long = "\n\n".join(f"# Part {n}\n\nThe bridge number {n} closes at dusk." for n in range(700))
    broken, sources = _knowledge(tmp_path, "p1", Broken(after=1))
    with pytest.raises(KeyboardInterrupt):
        _bible(broken, sources, long)
    knowledge, _ = _knowledge(tmp_path, "p1")
    assert knowledge.search("bridge closes at dusk") == []
    assert _bible(knowledge, sources, long) == 700
    assert len(knowledge.search("bridge closes at dusk")) == 10


def test_forgotten_means_gone(tmp_path: Path) -> None:
    knowledge, sources = _knowledge(tmp_path, "p1")
    _bible(knowledge, sources)
    knowledge.forget("b" * 64)
    assert knowledge.search("bridge") == []
    assert knowledge.count() == 0


def test_a_new_draft_supersedes_and_the_old_one_answers_on_request(tmp_path: Path) -> None:
    knowledge, sources = _knowledge(tmp_path, "p1")
    for sha256, second, draft in (("a" * 64, "Mara ties a rope.", 1), ("c" * 64, "Mara burns the letter.", 2)):
        sources.add(sha256, f"{draft}.fountain", "script", draft)
        knowledge.index(sha256, script_passages(script(sha256, second), f"{draft}.fountain", draft))
    assert {found.passage.draft for found in knowledge.search("rope")} == {2}
    assert knowledge.search("ties a rope", older_drafts=True)[0].passage.draft == 1


def test_the_installed_weights_are_the_pinned_ones() -> None:
    assert weights_are_pinned()


def test_weights_that_are_not_the_pinned_ones_are_not_used(tmp_path: Path) -> None:
    package = tmp_path / "wordllama"
    (package / "weights").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / WEIGHTS).write_bytes(b"others")
    code = "from assistant.knowledge import WordLlamaEmbedder as W; W().embed(['a dog'])"
    paths = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | paths, capture_output=True, text=True, check=False
    )
    assert "SettingsError: The embedding weights on this machine are not the pinned ones" in done.stderr


def test_stems_and_accents_meet() -> None:
    assert tokens("The Cafés were closing", "en") == tokens("the cafe were closed", "en")
    assert Bm25([("a", "un café"), ("b", "una mesa")], "es").search("cafes", 5) == ["a"]


@given(st.lists(st.text(alphabet="ab c\n#", max_size=80), max_size=12))
def test_every_line_of_a_paper_stands_in_some_passage(lines: list[str]) -> None:
    text = "\n".join(lines)
    passages: list[Passage] = text_passages(text, "d" * 64, "x.md", "note")
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            assert any(p.line_from <= number <= p.line_to and line in p.text for p in passages)
    assert len({passage.id for passage in passages}) == len(passages)
