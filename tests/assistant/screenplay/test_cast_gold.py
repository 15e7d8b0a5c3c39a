"""Who is in a scene, held against scenes that a person broke down."""

import json
from pathlib import Path

import pytest

from assistant.screenplay import characters, parse
from tests.conftest import SHARED

GOLD = SHARED / "gold" / "breakdown_seoul_identity.json"


@pytest.mark.skipif(not GOLD.is_file(), reason="../shared/gold is not here")
def test_the_cast_of_a_scene_is_what_a_person_found(corpus: Path) -> None:
    script = parse(corpus / "seoul-identity" / "seoul-identity.fountain")
    cast = characters(script)
    ordinals = {scene.number: scene.ordinal for scene in script.scenes}
    right = wrong = missed = 0
    for key, scene in json.loads(GOLD.read_text("utf-8")).items():
        if not isinstance(scene, dict) or "must" not in scene:
            continue
        ordinal = ordinals[key.rpartition("-")[2]]
        found = {one.name for one in cast if ordinal in one.scenes}
        must, may = ({each["name"] for each in scene[part] if each["category"] == "cast"} for part in ("must", "may"))
        right += len(found & must)
        wrong += len(found - must - may)
        missed += len(must - found)
    assert right / (right + wrong) >= 0.9
    assert right / (right + missed) >= 0.9
