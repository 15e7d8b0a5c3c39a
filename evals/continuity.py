"""How good are the rules of continuity? `python -m evals.continuity FOLDER-OF-SCRIPTS`: recall, alarms, script days."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.continuity import read_continuity, script_days
from assistant.domain.continuity import Conflict
from assistant.domain.screenplay import Screenplay
from assistant.errors import BadInput
from assistant.screenplay import characters, parse
from evals.continuity_wordings import SECOND, SPANISH, SPANISH_2, WORDINGS, free_wordings
from evals.data.continuity_mutations import Planted, planted

ROOT = Path(__file__).resolve().parents[1]
DAYS = ROOT / "evals" / "data" / "continuity_days.jsonl"
SEEDS = (1, 2)
OWN_SLIPS = {"the-ferry.fountain": 2}
"""Conflicts that stand in the originals on purpose: the second lantern and the right hand."""
ORIGINALS = (
    "printing-trouble/printing_trouble.fountain",
    "seoul-identity/seoul-identity.fountain",
    "bee-detective/BeeDetective.fountain",
    "my-living-memory/my_living_memory.fountain",
    "rearview-fdx/REARVIEW - 02-22-26.fdx",
)
ENGLISH = frozenset({"the-ferry.fountain", "seoul-identity.fountain"})
FREE = {
    "free wordings": (WORDINGS, ENGLISH),
    "second wordings": (SECOND, ENGLISH),
    "Spanish": (SPANISH, frozenset({"el-ultimo-tranvia.fountain"})),
    "second Spanish": (SPANISH_2, frozenset({"el-ultimo-tranvia.fountain"})),
}
EXAMPLES = (
    "examples/the-ferry/the-ferry.fountain",
    "examples/el-ultimo-tranvia/el-ultimo-tranvia.fountain",
    "evals/data/la_panaderia.fountain",
)
Report = dict[str, Any]


@dataclass
class Tally:
    """Planted and found, by kind."""

    planted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    found: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    missed: list[str] = field(default_factory=list)

    def add(self, one: Planted, hit: bool) -> None:
        """Count one."""
        self.planted[one.kind] += 1
        self.found[one.kind] += hit
        if not hit:
            self.missed.append(f"{one.kind}: {one.what} {one.scenes}")

    @property
    def recall(self) -> float:
        return sum(self.found.values()) / max(1, sum(self.planted.values()))


def run(data: Path, out: Path | None = None) -> Report:
    """Score the built-in rules. `data` is the folder of real scripts; examples are scored in any case."""
    tally, alarms, scenes, by_script = Tally(), 0, 0, {}
    free = {name: Tally() for name in FREE}
    for name, script in scripts(data):
        people = characters(script)
        before = read_continuity(script, people).conflicts
        false = max(0, len(before) - OWN_SLIPS.get(name, 0))
        alarms, scenes = alarms + false, scenes + len(script.scenes)
        by_script[name] = {"scenes": len(script.scenes), "alarms": false}
        known = {item.id for item in before}
        for seed in SEEDS:
            for one in planted(script, people, seed) if script.language == "en" else ():
                tally.add(one, _found(one, known))
        for words, (file, wanted) in FREE.items():
            for one in free_wordings(script, file) if name in wanted else ():
                free[words].add(one, _found(one, known))
    report: Report = {
        "planted": sum(tally.planted.values()),
        "recall": tally.recall,
        "false alarms per 10 scenes": 10 * alarms / max(1, scenes),
        "worded": {words: {"planted": sum(one.planted.values()), "recall": one.recall} for words, one in free.items()},
        "by kind": {kind: tally.found[kind] / number for kind, number in sorted(tally.planted.items())},
        "originals": by_script,
        "script days": {name: score for name, score in days_scores(data)},
        "missed": tally.missed + [f"{words}: {one}" for words, told in free.items() for one in told.missed],
    }
    if out is not None:
        out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return report


def _found(one: Planted, known: set[str]) -> bool:
    after = read_continuity(one.script, characters(one.script)).conflicts
    return any(hits(one, item) for item in after if item.id not in known)


def hits(one: Planted, item: Conflict) -> bool:
    """Whether a conflict is the planted one: its kind, and the planted words in its quotes."""
    first, second = (quote.text for quote in item.evidence)
    right = one.marks[0] in first and one.marks[1] in second
    return item.kind == one.kind and right and set(item.scenes) & set(one.scenes) != set()


def scripts(data: Path) -> Iterator[tuple[str, Screenplay]]:
    """The scripts to plant in: our own, and of the real ones those that are there."""
    paths = [ROOT / name for name in EXAMPLES] + [data / name for name in ORIGINALS]
    for path in paths:
        if path.is_file():
            yield path.name, parse(path)


def days_scores(data: Path) -> Iterator[tuple[str, Report]]:
    """Of each annotated script the share of scenes with the very label, and with the right turn from the one before."""
    for row in map(json.loads, DAYS.read_text(encoding="utf-8").splitlines()):
        if "days" not in row:
            continue
        path = next((root / row["file"] for root in (ROOT, data) if (root / row["file"]).is_file()), None)
        if path is None:
            continue
        try:
            script = parse(path)
        except BadInput:
            continue
        gold = {int(scene): label for scene, label in row["days"].items()}
        found = {day.scene: day.label for day in script_days(script)}
        exact = sum(found.get(scene) == label for scene, label in gold.items()) / len(gold)
        figures = {"scenes": len(gold), "exact": exact, "turns": _turns(gold, found), "set": _set_right(script, gold)}
        yield row["script"], figures


def _set_right(script: Screenplay, gold: dict[int, str]) -> int:
    """How many days a person has to set, each where the count first goes wrong, until all are right."""
    told: dict[int, str] = {}
    while len(told) < len(gold):
        found = {day.scene: day.label for day in script_days(script, told)}
        wrong = next((scene for scene in sorted(gold) if found.get(scene) != gold[scene]), None)
        if wrong is None:
            break
        told[wrong] = gold[wrong]
    return len(told)


def _turns(gold: dict[int, str], found: dict[int, str]) -> float:
    """Whether each scene stands to the one before as the reader says: the same day, a new one, outside."""
    order = sorted(gold)
    pairs = list(zip(order, order[1:], strict=False))
    right = sum(_step(gold[a], gold[b]) == _step(found.get(a, ""), found.get(b, "")) for a, b in pairs)
    return right / max(1, len(pairs))


def _step(before: str, now: str) -> tuple[bool, str]:
    return before[1:] == now[1:] and before[:1] in "DN" and now[:1] in "DN", now[:1]


def show(report: Report) -> str:
    """The figures as lines of text."""
    lines = [
        f"planted conflicts            {report['planted']}",
        f"recall                       {report['recall']:.3f}",
        f"false alarms per 10 scenes   {report['false alarms per 10 scenes']:.3f}",
    ]
    for name, figures in report["worded"].items():
        lines.append(f"{name:28} {figures['planted']}, recall {figures['recall']:.3f}")
    lines += [f"  recall {kind:22} {share:.3f}" for kind, share in report["by kind"].items()]
    for name, figures in report["originals"].items():
        lines.append(f"  {name:34} {figures['scenes']:4} scenes, {figures['alarms']} alarms")
    for name, figures in report["script days"].items():
        lines.append(
            f"  days {name:22} exact {figures['exact']:.3f}  turns {figures['turns']:.3f}  "
            f"{figures['set']} to set by hand  ({figures['scenes']})"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(show(run(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT)))
