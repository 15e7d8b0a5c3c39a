"""Every script file of the corpus parses to the scenes counted by hand once, or is refused with a reason."""

from pathlib import Path

import pytest
import yaml

from assistant.errors import BadInput
from assistant.screenplay import parse

COUNTED: dict[str, int | str] = yaml.safe_load(
    Path(__file__).with_name("corpus_scenes.yaml").read_text(encoding="utf-8")
)
SCRIPTS = frozenset({".fountain", ".spmd", ".fdx", ".pdf", ".txt", ".celtx", ".fadein", ".trelby"})
NOT_SCRIPTS = ("LICENSE", "suite-screenplay-tools/tests/")  # parser logs named .txt lie beside that suite's scripts


def _scripts(corpus: Path) -> list[str]:
    names = (path.relative_to(corpus).as_posix() for path in corpus.rglob("*") if path.suffix.lower() in SCRIPTS)
    return sorted(name for name in names if not (name.endswith(".txt") and any(part in name for part in NOT_SCRIPTS)))


def test_every_script_of_the_corpus_is_counted(corpus: Path) -> None:
    assert [name for name in _scripts(corpus) if name not in COUNTED] == []


@pytest.mark.parametrize("name", sorted(COUNTED))
def test_scenes_or_a_reason(corpus: Path, name: str) -> None:
    path, expected = corpus / name, COUNTED[name]
    if not path.exists():
        pytest.skip(f"{name} is not in this corpus")
    if isinstance(expected, str):
        with pytest.raises(BadInput, match=expected) as caught:
            parse(path)
        assert caught.value.hint
        return
    play = parse(path)
    assert len(play.scenes) == expected
    assert all(scene.heading.text and scene.lines[0].kind == "heading" for scene in play.scenes)
    assert all(scene.eighths >= 1 or scene.omitted for scene in play.scenes)
    numbers = [line.number for scene in play.scenes for line in scene.lines if not line.dual]
    assert numbers == sorted(numbers)
