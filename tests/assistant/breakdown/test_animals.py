"""A dog with a name is an animal wherever it is called, not a biscuit on a plate."""

import pytest

from assistant.breakdown import named_animals
from assistant.breakdown.merge import canonical


@pytest.mark.parametrize(
    ("line", "language", "names"),
    [
        ("A wet terrier, BISCUIT, jumps in after her.", "en", ("BISCUIT",)),
        ("A horse called THUNDER waits.", "en", ("THUNDER",)),
        ("Una perra llamada LUNA duerme.", "es", ("LUNA",)),
        ("The dog BARKS.", "en", ()),
        ("Her brother, TOM, enters.", "en", ()),
        ("犬、ポチ", "ja", ()),
    ],
)
def test_names_beside_their_kind(line: str, language: str, names: tuple[str, ...]) -> None:
    assert named_animals([line], language) == names


@pytest.mark.parametrize("name", ["thermos", "clothes", "pyjamas", "canvas", "lens", "glasses"])
def test_what_has_no_singular_keeps_its_s(name: str) -> None:
    assert canonical(name)[0] == name
