"""The bars on a real production script in two programs' exports: scenes, A-scenes, cast and lengths."""

from functools import lru_cache
from pathlib import Path

import pytest

from assistant.domain.screenplay import Screenplay
from assistant.screenplay.aliases import alias_proposals
from assistant.screenplay.assemble import assemble
from assistant.screenplay.characters import characters
from assistant.screenplay.fdx import read_fdx
from assistant.screenplay.source import Source

FINAL_DRAFT = "REARVIEW - 02-22-26 final draft changes.fdx"
FADE_IN = "REARVIEW - 02-22-26.fdx"
A_SCENES = ["71E", "71F", "87B", "90A", "108A", "150A", "150B", "150C", "198A", "204A", "204B", "308A"]


@lru_cache(maxsize=2)
def source(path: Path) -> Source:
    return read_fdx(path.read_bytes(), "x")


def play(corpus: Path, name: str) -> Screenplay:
    return assemble(source(corpus / "rearview-fdx" / name))


@pytest.mark.parametrize(("name", "eighths"), [(FINAL_DRAFT, 774), (FADE_IN, 735)])
def test_all_scenes_with_their_numbers_and_lengths(corpus: Path, name: str, eighths: int) -> None:
    script = play(corpus, name)
    numbers = [scene.number for scene in script.scenes]
    assert len(numbers) == 207
    assert [number for number in numbers if number and not number.isdigit()] == A_SCENES
    assert numbers.count(None) == 13
    assert script.eighths == eighths
    assert {scene.eighths_source for scene in script.scenes} == {"fdx"}
    assert (script.title, script.language, script.draft) == ("REARVIEW", "en", "Salmon Revision")
    assert script.revisions[:3] == ("Blue", "Pink", "Yellow")


def test_computed_lengths_agree_with_final_draft(corpus: Path) -> None:
    stated = play(corpus, FINAL_DRAFT)
    computed = assemble(source(corpus / "rearview-fdx" / FINAL_DRAFT), ignore_lengths=True)
    apart = [abs(mine.eighths - theirs.eighths) for mine, theirs in zip(computed.scenes, stated.scenes, strict=True)]
    assert apart.count(0) / len(apart) >= 0.95
    assert max(apart) <= 1
    assert {scene.eighths_source for scene in computed.scenes} == {"computed"}


@pytest.mark.parametrize("name", [FINAL_DRAFT, FADE_IN])
def test_the_cast_has_nobody_twice(corpus: Path, name: str) -> None:
    cast = characters(play(corpus, name))
    names = [one.name for one in cast]
    assert len(names) == len(set(names))
    assert not any("(" in one or "CONT" in one for one in names)
    assert names[:4] == ["RAY", "NED", "LORY", "CARRIS"]
    assert sum(one.speaking for one in cast) == 19
    ray = cast[0]
    assert (ray.speeches, ray.full_name) == (275, "RAY SPEAR")
    assert [one.age for one in cast if one.name == "LORY"] == ["17"]


def test_both_exports_have_the_same_cast_and_no_proposals_between_leads(corpus: Path) -> None:
    both = [characters(play(corpus, name)) for name in (FINAL_DRAFT, FADE_IN)]
    assert [(one.name, one.scenes, one.speeches) for one in both[0]] == [
        (one.name, one.scenes, one.speeches) for one in both[1]
    ]
    leads = {"RAY", "NED", "LORY", "CARRIS", "MARCO"}
    assert not any({proposal.keep, proposal.other} <= leads for proposal in alias_proposals(both[0]))


def test_every_final_draft_file_of_the_corpus_is_read(corpus: Path) -> None:
    files = sorted(corpus.rglob("*.fdx"))
    assert len(files) >= 25
    for path in files:
        assert source(path).lines, path.name
