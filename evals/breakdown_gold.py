"""How good the built-in breakdown is: `python -m evals.breakdown_gold SCRIPT GOLD [SCRIPT GOLD …]`."""

import sys
from pathlib import Path

from assistant.breakdown.rules import breakdown_scene
from assistant.breakdown.verify import verify
from assistant.domain.breakdown import Element, SceneFacts
from assistant.domain.categories import Category
from assistant.screenplay import parse
from assistant.screenplay.characters import characters
from evals.scorers.elements import Score, load, score


def elements_of(script: Path) -> dict[int, tuple[Element, ...]]:
    """The verified elements of each scene of a script, by ordinal."""
    screenplay = parse(script)
    facts = SceneFacts(tuple(one.name for one in characters(screenplay)), screenplay.language)
    return {
        scene.ordinal: verify(scene, breakdown_scene(scene, facts), facts.characters, facts.language).kept
        for scene in screenplay.scenes
    }


def report(script: Path, gold: Path) -> None:
    """Print the figures for cast, for the rest and for all, and what was missed and invented."""
    scenes, elements = load(gold), elements_of(script)
    print(f"{script.name}: {len(scenes)} annotated scenes")
    for name, total in (
        ("cast", score(scenes, elements, lambda category: category is Category.CAST)),
        ("rest", score(scenes, elements, lambda category: category is not Category.CAST)),
        ("all", score(scenes, elements)),
    ):
        print(f"  {name:4}  precision {total.precision:.3f}  recall {total.recall:.3f}  F1 {total.f1:.3f}")
        if name == "all":
            _print_errors(total)


def _print_errors(total: Score) -> None:
    for scene, reference in total.missed:
        print(f"  missed   scene {scene.ordinal:3} {reference.category.value}: {reference.name}")
    for element in total.extra:
        print(f"  invented scene {element.scene:3} {element.category.value}: {element.name} | {element.evidence.text}")


def main(arguments: list[str]) -> int:
    """One report for each pair of script and annotations; 2 when they do not come in pairs."""
    if not arguments or len(arguments) % 2:
        print(__doc__, file=sys.stderr)
        return 2
    for script, gold in zip(arguments[::2], arguments[1::2], strict=True):
        report(Path(script), Path(gold))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
