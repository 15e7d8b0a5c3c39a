"""Two productions with the same names, in one folder and one database: neither ever sees a word of the other."""

import random
from pathlib import Path

import pytest

from assistant.knowledge import Knowledge, Vectors, WordLlamaEmbedder, text_passages
from assistant.store import Store, open_engine
from assistant.store.memory import Memory
from assistant.store.sources import Sources

WORDS = ["Nora", "Ida", "ferry", "bridge", "lantern", "coat", "dog", "rope", "night", "quay", "scene", "permit"]
WORDS += ["letter", "van", "rain", "harbour", "cornet", "cake"]
HOSTILE = ("../p1", "p1' OR '1'='1", "p1%", "default_tenant", "p1\x00", "P1")


def made(folder: Path, production: str, secret: str) -> tuple[Knowledge, Sources]:
    """A production whose every line carries its own secret word."""
    engine = open_engine("", folder)
    store = Store(engine, production)
    store.open_production("The Ferry")
    sources = Sources(engine, production, store.stamp)
    embedder = WordLlamaEmbedder()
    knowledge = Knowledge(sources, Vectors(folder / "chroma", production, embedder.fingerprint), embedder)
    chance = random.Random(7)  # the same papers, but for the secret
    text = "\n\n".join(f"# Part {n}\n\n{' '.join(chance.choices(WORDS, k=12))} {secret}." for n in range(60))
    for name in ("bible.md", "notes.md"):
        sha256 = f"{name[0]}{secret}".encode().hex().ljust(64, "0")[:64]
        sources.add(sha256, name, "note")
        knowledge.index(sha256, text_passages(text, sha256, name, "note"))
    return knowledge, sources


def test_random_queries_of_one_never_return_the_other(tmp_path: Path) -> None:
    first, second = made(tmp_path, "p1", "amaranth")[0], made(tmp_path, "p2", "verdigris")[0]
    chance = random.Random(11)
    for _ in range(150):
        query = " ".join([*chance.choices(WORDS, k=chance.randint(1, 6)), chance.choice(["amaranth", "verdigris", ""])])
        assert all("verdigris" not in found.passage.text for found in first.search(query, 20, older_drafts=True))
        assert all("amaranth" not in found.passage.text for found in second.search(query, 20))
    assert first.rarity("en")("verdigris") == 0.0


@pytest.mark.parametrize("production", HOSTILE)
def test_hostile_ids_open_nothing_of_another(tmp_path: Path, production: str) -> None:
    made(tmp_path, "p1", "amaranth")
    engine = open_engine("", tmp_path)
    other = Sources(engine, production, lambda: "now")
    assert other.all() == []
    assert other.passages(["b" * 64]) == []
    other.remove("b" * 64)
    assert len(Sources(engine, "p1", lambda: "now").all()) == 2
    memory = Memory(engine, production, lambda: "now")
    Memory(engine, "p1", lambda: "now").add("ann", {"question": "secret"})
    assert memory.last("ann") == []


def test_forgetting_here_leaves_the_same_file_there(tmp_path: Path) -> None:
    first, sources = made(tmp_path, "p1", "amaranth")
    second, _ = made(tmp_path, "p2", "amaranth")
    first.forget(sources.named("bible.md").id)
    assert {found.passage.file for found in first.search("lantern", 20)} == {"notes.md"}
    assert {found.passage.file for found in second.search("lantern", 20)} == {"bible.md", "notes.md"}


def test_what_was_forgotten_is_in_no_file(tmp_path: Path) -> None:
    knowledge, sources = made(tmp_path, "p1", "amaranth")
    for source in sources.all():
        knowledge.forget(source.id)
    left = [path.name for path in tmp_path.rglob("*") if path.is_file() and b"amaranth" in path.read_bytes()]
    assert left == []
