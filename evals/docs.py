"""The built-in model's figures as the tables of docs/evals.md, from the baselines: no number there is typed by hand."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from evals.agreement import all_agreements
from evals.ask import DEPTHS
from evals.calibration import by_record, error
from evals.core import BUILT_IN, PARTS, Score, reduced
from evals.gate import Base
from evals.stats import interval
from evals.tasks import TASKS

HEAD = f"""# Evals

Figures of the built-in model (`{BUILT_IN}`). `python -m evals report --docs` prints this page from the baselines;
`python -m evals gate --write --data DIR` runs the tasks and writes those, and `python -m evals gate` holds the model to
them, in CI too. DIR is a folder of scripts that are not part of this project; what needs one that is not there is
skipped, and the gate says so. Intervals are 95 % bootstrap intervals over samples. `evals/data/README.md` tells how the
annotations were made, `docs/decisions/0005-evals-core.md` why we have a core of our own.
"""
USE = """
| to | say |
| --- | --- |
| see the tasks and how many samples are here | `pa evals list` |
| measure a model: costs are told first, a stopped run goes on | `pa evals run breakdown --model NAME --budget 2` |
| tell the router what was found | the same with `--save`, then `pa models rank --task breakdown` |
| measure on your own people's decisions | `pa evals from-review --model NAME --budget 2 --save` |
| read every sample, differences, quality against cost | `pa evals report --against EARLIER` |
| have synopses judged, by a model that agrees with people | `pa evals run synopsis --judge NAME --budget 2` |
| compare two runs sample by sample | `pa evals compare OLD NEW` |
"""
TWO_READERS = """How far a second reading, made blind, agrees with the first, before anything was put right; `python -m
evals agreement` prints these and every difference, each with what was decided and why.
"""
CALIBRATION = """An element of the built-in breakdown is expected to be as often right as its category was in the other
scripts; here is how often it is. Expected calibration error {error:.3f}.
"""


def tables(bases: Mapping[str, Base]) -> str:
    """Markdown: all tasks, then what lies behind some of them."""
    parts = [HEAD + USE, *_table("task | what | figure | interval | samples", _tasks(bases))]
    for name, title, made in (
        ("breakdown", "Breakdown, script by script", _by_script),
        ("breakdown", "Calibration", _calibration),
        ("retrieval", "Retrieval, by depth", _by_depth),
        ("answers", "Answers, kind by kind", _by_kind),
    ):
        if name in bases:
            parts += ["", f"## {title}", "", *made(bases[name])]
    return "\n".join([*parts, "", "## Two readers", "", *_two_readers()])


def _table(head: str, rows: Iterator[str]) -> list[str]:
    return [f"| {head} |", "| " + " | ".join("---" for _ in head.split("|")) + " |", *(f"| {row} |" for row in rows)]


def _tasks(bases: Mapping[str, Base]) -> Iterator[str]:
    for name, task in TASKS.items():
        if name in bases:
            log = bases[name].log
            value, low, high = interval(log)
            yield f"{name} | {task.about} | {value:.3f} | {low:.3f} – {high:.3f} | {len(log.rows)}"


def _scripts(base: Base) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in base.log.rows:
        found[row.sample.split("/")[0]].append(row.sample)
    return found


def _by_script(base: Base) -> list[str]:
    def rows() -> Iterator[str]:
        for script, names in _scripts(base).items():
            every = [row.score for row in base.log.rows if row.sample in names]
            sums = {part: sum(score.parts[part] for score in every) for part in PARTS}
            cast, rest = (_f1_of([base.facts[name][side] for name in names]) for side in ("cast", "rest"))
            precision, recall = sums["right"] / max(1, sums["claimed"]), sums["found"] / max(1, sums["wanted"])
            figures = (cast, rest, reduced(every, "f1"), precision, recall)
            yield f"{script} | {len(names)} | " + " | ".join(f"{figure:.3f}" for figure in figures)

    return _table("script | scenes | cast F1 | other F1 | all F1 | precision | recall", rows())


def _f1_of(counts: Sequence[Sequence[float]]) -> float:
    return reduced([Score(0.0, dict(zip(PARTS, row, strict=True))) for row in counts], "f1")


def _calibration(base: Base) -> list[str]:
    claims = {
        script: [(str(category), bool(right)) for name in names for category, right in base.facts[name]["claims"]]
        for script, names in _scripts(base).items()
    }
    bins = by_record(claims)
    rows = (f"{b.low:.1f} – {b.high:.1f} | {b.answers} | {b.expected:.3f} | {b.observed:.3f}" for b in bins)
    return [
        CALIBRATION.format(error=error(bins) or 0.0),
        *_table("expected | elements | expected, mean | observed", rows),
    ]


def _by_depth(base: Base) -> list[str]:
    ways = ("words", "vectors", "fused")

    def share(way: str, depth: int) -> str:
        found = [facts[way] is not None and facts[way] < depth for facts in base.facts.values()]
        return f"{sum(found) / len(found):.3f}"

    rows = (f"{depth} | " + " | ".join(share(way, depth) for way in ways) for depth in DEPTHS)
    return _table("among the first | words alone | vectors alone | both", rows)


def _by_kind(base: Base) -> list[str]:
    kinds: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for row in base.log.rows:
        facts = base.facts[row.sample]
        kinds[facts["kind"]].append((row.score.value, facts["refused"]))
    rows = (
        f"{kind} | {len(seen)} | {sum(s for s, _ in seen) / len(seen):.3f} | {sum(r for _, r in seen) / len(seen):.3f}"
        for kind, seen in kinds.items()
    )
    return _table("kind | questions | right | refused", rows)


def _two_readers() -> list[str]:
    rows = (
        f"{one.task} | {one.read} {one.unit} | {name} | {value:.3f} | {len(one.differences)}"
        for one in all_agreements()
        for name, value in one.figures.items()
    )
    return [TWO_READERS, *_table("data | read twice | what | figure | differences", rows)]
