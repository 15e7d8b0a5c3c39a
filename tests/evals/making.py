"""Three models of known quality behind a loopback server, and a registry that has nobody else."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import yaml

from assistant.screenplay import parse
from evals.sets.breakdown import GOLD
from tests.assistant.workflows.making import answer, claim, fenced, model
from tests.conftest import ROOT
from tests.loopback import Loopback, Request

GOOD, CHEAP, BROKEN = "onprem/good", "onprem/cheap", "onprem/broken"
PRICES = {GOOD: "10", CHEAP: "1", BROKEN: "0.1"}


def known() -> dict[str, list[dict[str, object]]]:
    """Each annotated scene's elements by the scene's text."""
    found = {}
    for name in ("the-ferry", "tranvia"):
        script, gold = GOLD[name]
        rows = {}
        for line in Path(gold).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            rows[row.get("ordinal")] = row.get("must", [])
        for scene in parse(ROOT / script).scenes:
            if scene.ordinal in rows:
                found[" ".join(scene.text.split())] = rows[scene.ordinal]
    return found


def reader(right: float) -> Callable[[Request], str]:
    """A model that finds this share of what people found, always the cast, and makes nothing up."""
    gold = known()

    def read(request: Request) -> str:
        scene = " ".join(fenced(request, "scene").split())
        chance = random.Random(scene)
        rows = gold.get(scene, [])
        kept = [row for row in rows if row["category"] == "cast_members" or chance.random() < right]
        return answer([claim(str(row["category"]), str(row["name"]), str(row["evidence"])) for row in kept])

    return read


def teller(right: float) -> Callable[[Request], str]:
    """A model whose synopsis rests on words of the scene in this share of scenes, and elsewhere on none."""

    def tell(request: Request) -> str:
        lines = [line.strip() for line in fenced(request, "scene").splitlines() if line.strip()]
        told = lines[1].split(". ")[0]
        stands = random.Random(" ".join(lines)).random() < right
        return json.dumps({"synopsis": "Something is played.", "quotes": [told if stands else "a unicorn walks in"]})

    return tell


def broken(request: Request) -> str:
    """A model that always answers in good form and never with anything that is there."""
    return answer([claim("props", f"unicorn {n}", f"a unicorn {n} walks in") for n in range(6)])


def registry(folder: Path, server: Loopback) -> Path:
    """A models.yaml with the three, priced apart."""
    rows = {
        name: model(server, name.partition("/")[2], price={"input": price, "output": price})
        for name, price in PRICES.items()
    }
    path = folder / "three.yaml"
    path.write_text(yaml.safe_dump({"models": rows}), encoding="utf-8")
    return path
